"""The bytes of a large file, read again where they are needed, so that they need not be held."""

from __future__ import annotations

import os
import weakref
from pathlib import Path

from atlas.errors import InputError

# smaller ones are held, so that not many files are open at a time
_LARGE_BYTES = 4_000_000
# systems read no more than 2 GB at a time
_MOST_BYTES = 2**30


class FileText:
    """A file that stays open; its bytes are those that it had when it was opened, or asking for them is an error."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle = os.open(path, os.O_RDONLY)
        self._state = self._now()
        weakref.finalize(self, os.close, self._handle)

    def _now(self) -> tuple[int, int]:
        state = os.fstat(self._handle)
        return state.st_size, state.st_mtime_ns

    def piece(self, start: int, end: int) -> bytes:
        """Some of its bytes.

        Raises
        ------
        InputError
            The file was written to meanwhile.
        """
        data = os.pread(self._handle, end - start, start)
        if self._now() != self._state or len(data) != end - start:
            msg = f"{self._path} was changed while it was read; nothing was written: run the command again"
            raise InputError(msg)
        return data

    def whole(self) -> bytes:
        """All of its bytes.

        Raises
        ------
        InputError
            The file was written to meanwhile.
        """
        size = self._state[0]
        return b"".join([self.piece(at, min(size, at + _MOST_BYTES)) for at in range(0, size, _MOST_BYTES)])


def file_text(path: Path) -> FileText | None:
    """A large file, to be read; nothing where it is small, no plain file, or the system reads no pieces.

    Raises
    ------
    OSError
        It cannot be opened.
    """
    if not hasattr(os, "pread") or not path.is_file() or path.stat().st_size < _LARGE_BYTES:
        return None
    return FileText(path)
