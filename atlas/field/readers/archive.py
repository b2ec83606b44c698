"""Zip archives, read in place and never unpacked to disk; what would grow without end is refused unopened."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

from atlas.errors import InputError
from atlas.field.readers.attachments import Attachments
from atlas.field.readers.input_source import Room, Source
from atlas.field.readers.photos import MOST_PHOTO_BYTES

MOST_PARTS = 50_000
MOST_UNPACKED_BYTES = 8_000_000_000
# tables and maps pack to a tenth or so; what packs to less than a hundredth says next to nothing
MOST_RATIO = 100
_SMALL = 20_000_000
_LOCAL_HEADER = 30
_REMEDY = "make the archive again from the files themselves, or give the files"
_JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db")


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive whose list of parts has been looked through."""

    source: Source
    packed: zipfile.ZipFile
    parts: tuple[zipfile.ZipInfo, ...]
    room: Room

    def sources(self, attachments: Attachments) -> Iterator[Source]:
        """Each part as something to be read, with the archive's photos beside it."""
        for part in self.parts:
            find = attachments.finder(part.filename)
            yield Source(self.source.path, part.filename, self._opener(part), find, self.room)

    def attachments(self) -> Attachments:
        """Its parts, as far as they can be photos."""
        by_name = {part.filename: part for part in self.parts}

        def read(name: str) -> bytes | None:
            if by_name[name].file_size > MOST_PHOTO_BYTES:
                return None
            try:
                return self.packed.read(by_name[name])
            except _DAMAGED:
                return None

        return Attachments(lambda: by_name, read)

    def _opener(self, part: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
        def opened() -> BinaryIO:
            try:
                return cast("BinaryIO", _Checked(self.packed.open(part), self.source.name, part.filename))
            except _DAMAGED as error:
                raise _damaged(self.source.name, error) from error

        return opened


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
            # archives in an archive have the room of the outermost
            room = source.room or _room(source)
            yield Archive(source, packed, _examined(source.name, packed, room), room)
    except zipfile.BadZipFile as error:
        raise _damaged(source.name, error) from error


def _room(source: Source) -> Room:
    return Room(min(max(_SMALL, MOST_RATIO * source.size()), MOST_UNPACKED_BYTES), MOST_PARTS)


def _examined(name: str, packed: zipfile.ZipFile, room: Room) -> tuple[zipfile.ZipInfo, ...]:
    """The parts of an archive, once its list is seen to be one of an honest archive."""
    parts = [part for part in packed.infolist() if not part.is_dir()]
    room.parts -= len(parts)
    if room.parts < 0:
        msg = f"{name} has {len(parts):,} parts, more than the {MOST_PARTS:,} that are read; divide it"
        raise InputError(msg)
    if locked := next((part.filename for part in parts if part.flag_bits & 1), None):
        msg = f"{name} is locked by a password ({locked!r}); unpack it and give the files"
        raise InputError(msg)
    _refuse_overlaps(name, packed, parts)
    total = sum(part.file_size for part in parts)
    if total > room.size:
        packed_size = sum(part.compress_size for part in parts)
        what = "a zip bomb does" if total <= MOST_UNPACKED_BYTES else "nothing that is read here does"
        msg = (
            f"{name} would unpack from {packed_size:,} to {total:,} bytes, as {what}, and was not opened; "
            "give the files by themselves, or divide it"
        )
        raise InputError(msg)
    room.size -= total
    return tuple(part for part in parts if not any(junk in part.filename for junk in _JUNK))


def _refuse_overlaps(name: str, packed: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse parts that share their bytes, so that a small archive unpacks to a large one."""
    end = 0
    for part in sorted(parts, key=lambda each: each.header_offset):
        if part.header_offset < end or part.header_offset > packed.start_dir:
            msg = f"{name} has parts that overlap ({part.filename!r}), as a zip bomb has, and was not opened; {_REMEDY}"
            raise InputError(msg)
        end = part.header_offset + _LOCAL_HEADER + len(part.orig_filename.encode()) + part.compress_size
    if end > packed.start_dir:
        msg = f"{name} has a part that is longer than the archive and was not opened; {_REMEDY}"
        raise InputError(msg)
