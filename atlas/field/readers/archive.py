"""Zip archives, read in place and never unpacked to disk; what would grow without end is refused unopened."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, BinaryIO, cast

from atlas.errors import InputError
from atlas.field.readers.photos import MOST_PHOTO_BYTES
from atlas.field.readers.source import Source

MOST_PARTS = 50_000
MOST_UNPACKED_BYTES = 8_000_000_000
MOST_RATIO = 250
_SMALL = 20_000_000
_REMEDY = "make the archive again from the files themselves, or give the files"
_JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db")


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive whose list of parts has been looked through."""

    source: Source
    packed: zipfile.ZipFile
    parts: tuple[zipfile.ZipInfo, ...]

    def sources(self) -> Iterator[Source]:
        """Each part as something to be read, with the archive's photos beside it."""
        named: dict[str, list[zipfile.ZipInfo]] = {}
        for part in self.parts:
            named.setdefault(PurePosixPath(part.filename).name, []).append(part)
        for part in self.parts:
            folder = PurePosixPath(part.filename).parent
            yield Source(self.source.path, part.filename, self._opener(part), self._finder(named, folder))

    def _opener(self, part: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
        def opened() -> BinaryIO:
            try:
                return cast("BinaryIO", _Checked(self.packed.open(part), self.source.name, part.filename))
            except _DAMAGED as error:
                raise _damaged(self.source.name, error) from error

        return opened

    def _finder(
        self, named: Mapping[str, Sequence[zipfile.ZipInfo]], folder: PurePosixPath
    ) -> Callable[[str], bytes | None]:
        """Finds a photo by its name beside a part, or else in any folder; a name that two have is none of them."""

        def find(name: str) -> bytes | None:
            found = named.get(name, [])
            parents = [PurePosixPath(part.filename).parent for part in found]
            beside = [part for part, parent in zip(found, parents, strict=True) if parent == folder]
            media = [part for part, parent in zip(found, parents, strict=True) if parent.name == "media"]
            best = beside or media or found
            if len(best) != 1 or best[0].file_size > MOST_PHOTO_BYTES:
                return None
            try:
                return self.packed.read(best[0])
            except _DAMAGED:
                return None

        return find


_DAMAGED = (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError)


class _Checked(io.RawIOBase):
    """A part while it is read: damage in it is one clear error."""

    def __init__(self, packed: IO[bytes], archive: str, part: str) -> None:
        self._packed = io.BufferedReader(cast("io.RawIOBase", packed), 1 << 16)
        self._name = f"{archive}: {part}"

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            return self._packed.readinto(buffer)
        except _DAMAGED as error:
            raise _damaged(self._name, error) from error

    def read(self, size: int = -1) -> bytes:
        try:
            return self._packed.read(size)
        except _DAMAGED as error:
            raise _damaged(self._name, error) from error

    def close(self) -> None:
        self._packed.close()
        super().close()


def _damaged(name: str, error: Exception) -> InputError:
    return InputError(f"{name} is damaged or cut off ({error or type(error).__name__}); {_REMEDY}")


@contextmanager
def archive(source: Source) -> Iterator[Archive]:
    """An archive that is safe to read.

    Raises
    ------
    InputError
        It is damaged, locked by a password, or would unpack to far more than it says anything.
    """
    try:
        with source.open_seekable() as stream, zipfile.ZipFile(stream) as packed:
            yield Archive(source, packed, _looked_through(source.name, packed))
    except zipfile.BadZipFile as error:
        raise _damaged(source.name, error) from error


def _looked_through(name: str, packed: zipfile.ZipFile) -> tuple[zipfile.ZipInfo, ...]:
    parts = [part for part in packed.infolist() if not part.is_dir()]
    if len(parts) > MOST_PARTS:
        msg = f"{name} has {len(parts):,} parts, more than {MOST_PARTS:,}; divide it"
        raise InputError(msg)
    if locked := next((part.filename for part in parts if part.flag_bits & 1), None):
        msg = f"{name} is locked by a password ({locked!r}); unpack it and give the files"
        raise InputError(msg)
    for part in parts:
        if part.file_size > _SMALL and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            msg = (
                f"{name} would unpack {part.filename!r} from {part.compress_size:,} to {part.file_size:,} bytes, as a "
                f"zip bomb does, and was not opened; {_REMEDY}"
            )
            raise InputError(msg)
    total = sum(part.file_size for part in parts)
    if total > MOST_UNPACKED_BYTES:
        msg = f"{name} would unpack to {total / 1e9:,.1f} GB, more than {MOST_UNPACKED_BYTES / 1e9:,.0f}; divide it"
        raise InputError(msg)
    return tuple(part for part in parts if not any(junk in part.filename for junk in _JUNK))
