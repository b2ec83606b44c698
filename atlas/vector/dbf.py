"""The attribute table of a shapefile as bytes: its columns, its texts before anybody decodes them, its odd values."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_HEAD, _COLUMN = 32, 32
_END = 0x0D
_DELETED = ord("*")
# of the many numbers for languages, those that are met; ESRI's are the last
CODE_PAGES = {
    0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x08: "cp865", 0x09: "cp437", 0x0A: "cp850", 0x0B: "cp437",
    0x0D: "cp437", 0x0E: "cp850", 0x0F: "cp437", 0x10: "cp850", 0x11: "cp437", 0x12: "cp850", 0x13: "cp932",
    0x14: "cp850", 0x15: "cp437", 0x16: "cp850", 0x17: "cp865", 0x18: "cp437", 0x19: "cp437", 0x1A: "cp850",
    0x1B: "cp437", 0x1C: "cp863", 0x1D: "cp850", 0x1F: "cp852", 0x22: "cp852", 0x23: "cp852", 0x24: "cp860",
    0x25: "cp850", 0x26: "cp866", 0x37: "cp850", 0x40: "cp852", 0x4D: "cp936", 0x4E: "cp949", 0x4F: "cp950",
    0x50: "cp874", 0x57: "cp1252", 0x58: "cp1252", 0x59: "cp1252", 0x64: "cp852", 0x65: "cp866", 0x66: "cp865",
    0x67: "cp861", 0x6A: "cp737", 0x6B: "cp857", 0x6C: "cp863", 0x78: "cp950", 0x79: "cp949", 0x7A: "cp936",
    0x7B: "cp932", 0x7C: "cp874", 0x86: "cp737", 0x87: "cp852", 0x88: "cp857", 0xC8: "cp1250", 0xC9: "cp1251",
    0xCA: "cp1254", 0xCB: "cp1253", 0xCC: "cp1257",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name as bytes, its letter of type, and where in a record it stands."""

    name: bytes
    kind: str
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class AttributeTable:
    """The records of a table as an array of bytes, of shape (rows, width)."""

    columns: tuple[Column, ...]
    language: int
    stated_rows: int
    records: NDArray[np.uint8]

    @property
    def deleted(self) -> NDArray[np.bool_]:
        """Which records are marked as deleted, so that programs pass over them."""
        return np.asarray(self.records[:, 0] == _DELETED)

    def cells(self, column: Column) -> Iterator[bytes]:
        """A column's cells with their padding."""
        block = np.ascontiguousarray(self.records[:, column.start : column.start + column.width])
        data, width = block.tobytes(), column.width
        for at in range(0, len(data), width):
            yield data[at : at + width]

    def has_high_bytes(self, column: Column) -> bool:
        """Whether anything in a column is beyond ASCII."""
        return bool((self.records[:, column.start : column.start + column.width] >= 0x80).any())  # noqa: PLR2004 - ASCII


def read_attribute_table(path: Path) -> AttributeTable | None:
    """The table of a ``.dbf`` file; nothing where its head cannot be read, which GDAL will say.

    Raises
    ------
    OSError
        The file cannot be read.
    """
    data = path.read_bytes()
    if len(data) < _HEAD + 1:
        return None
    rows, head, width = struct.unpack_from("<IHH", data, 4)
    if head > len(data) or width < 1:
        return None
    columns: list[Column] = []
    at, start = _HEAD, 1
    while at + _COLUMN <= head and data[at] != _END:
        name = data[at : at + 11].split(b"\0")[0]
        column = Column(name, chr(data[at + 11]), start, data[at + 16])
        if start + column.width > width:
            return None
        if column.width:
            columns.append(column)
        start += column.width
        at += _COLUMN
    held = min(rows, (len(data) - head) // width)
    records = np.frombuffer(data, dtype=np.uint8, count=held * width, offset=head).reshape(held, width)
    return AttributeTable(tuple(columns), data[29], rows, records)
