"""What was read of a file and waits for the store: in memory, and beyond a size in a file that nobody can read.

A large file takes minutes to read, and others must be able to write to the store in the meantime. The waiting file has
no name where the system can do that, vanishes with the process, and is encrypted with a key that exists only in memory:
it may hold what was unsealed and must not touch the disk.
"""

from __future__ import annotations

import pickle
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Generic, TypeVar

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from atlas.errors import OutputError

T = TypeVar("T")

_IN_MEMORY_BYTES = 32_000_000
_NONCE_BYTES = 12


class SpillFile(Generic[T]):
    """Things in the order in which they were added.

    Parameters
    ----------
    folder
        Where the file may lie; without one, where the system keeps such files.
    in_memory
        From how many bytes on a file is used.
    """

    def __init__(self, folder: Path | None, *, in_memory: int = _IN_MEMORY_BYTES) -> None:
        self._folder = folder
        self._room = in_memory
        self._held: list[bytes] = []
        self._sizes: list[int] = []
        self._file: IO[bytes] | None = None
        self._cipher = AESGCM(secrets.token_bytes(32))

    def __enter__(self) -> SpillFile[T]:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The file vanishes."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()

    def add(self, thing: T) -> None:
        """Put something behind the rest.

        Raises
        ------
        OutputError
            The disk is full, or the folder cannot be written.
        """
        data = pickle.dumps(thing, protocol=pickle.HIGHEST_PROTOCOL)
        if not self._sizes and len(data) <= self._room:
            self._held.append(data)
            self._room -= len(data)
            return
        try:
            self._file = self._file or tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - closed on leaving
            sealed = self._cipher.encrypt(self._nonce(len(self._sizes)), data, None)
            self._file.write(sealed)
            self._file.flush()
        except OSError as error:
            where = self._folder or tempfile.gettempdir()
            msg = (
                f"what was read cannot wait in {where} ({error.strerror}), and nothing of it is in the store. "
                "Free some space there, or divide the file"
            )
            raise OutputError(msg) from error
        self._sizes.append(len(sealed))

    def __iter__(self) -> Iterator[T]:
        """Everything, once; what was held in memory is let go on the way."""
        while self._held:
            yield pickle.loads(self._held.pop(0))  # noqa: S301 - made above
        if self._file is not None:
            self._file.seek(0)
            for number, size in enumerate(self._sizes):
                # decrypting finds out what somebody altered
                data = self._cipher.decrypt(self._nonce(number), self._file.read(size), None)
                yield pickle.loads(data)  # noqa: S301 - made above

    @staticmethod
    def _nonce(number: int) -> bytes:
        return number.to_bytes(_NONCE_BYTES, "big")
