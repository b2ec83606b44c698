"""A lock on an open file that ends with the process, however that ends."""

from __future__ import annotations

import sys
from typing import IO

if sys.platform == "win32":
    import msvcrt

    # far behind any content, as other programs could not read what is locked
    _AT = 1 << 40

    def lock(stream: IO[bytes]) -> None:
        """Take the lock until the file is closed.

        Raises
        ------
        OSError
            Somebody else has it.
        """
        before = stream.tell()
        stream.seek(_AT)
        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        finally:
            stream.seek(before)

else:
    import fcntl

    def lock(stream: IO[bytes]) -> None:
        """Take the lock until the file is closed.

        Raises
        ------
        OSError
            Somebody else has it.
        """
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
