"""SQLite files, GeoPackages among them: their tables, and what deleting left behind in their pages."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from atlas.disclosure.compressed import Refused
from atlas.disclosure.twice_standing import SIZE, standing_twice
from atlas.errors import InputError
from atlas.foreign_sqlite import ForeignDatabase, foreign_database

_HEADER = 100
_LEAVES_AND_NODES = {2: 12, 5: 12, 10: 8, 13: 8}
_TRACE = 5
_RUNS = re.compile(rb"[^\x00]+")
_NODE_HEAD, _CELL = 4, struct.Struct(">q4f")
# which pieces of a trace are looked for, the first before the others, and how many at once
_STAGES, _AT_ONCE = ((0, 1), (1, 8), (8, 64), (64, 400)), 200_000
# what is taken into memory at once
_MOST_ROWS, _MOST_BYTES = 25_000, 8_000_000


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a database: its name, columns and rows, or those from some number on, which is 0 for the first."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    first: int = 0


@dataclass(frozen=True, slots=True)
class Trace:
    """Bytes in a database file that belong to no row."""

    kind: str
    page: int
    data: bytes


def batches(source: Path | bytes) -> Iterator[list[Table]]:
    """The tables of a database, some rows at a time; all at once, where they are few. Nothing beside it is touched.

    Raises
    ------
    Refused
        It is damaged, or reading it takes unreasonably long.
    """
    try:
        with foreign_database(source, name="the database", remedy="look at it in another way", is_alone=True) as base:
            yield from _gathered(base)
    except (InputError, ValueError) as error:
        msg = f"damaged database: {error}"
        raise Refused(msg) from error


def _gathered(base: ForeignDatabase) -> Iterator[list[Table]]:
    gathered: list[Table] = []
    count = size = 0
    for name in sorted(base.tables):
        columns = base.columns(name)
        rows: list[Sequence[Any]] = []
        first = 0
        for row in base.rows(name, columns):
            rows.append(row)
            count += 1
            size += sum(len(value) for value in row if isinstance(value, str | bytes))
            if count >= _MOST_ROWS or size >= _MOST_BYTES:
                yield [*gathered, Table(name, columns, rows, first)]
                first += len(rows)
                gathered, rows, count, size = [], [], 0, 0
        if rows or not first:
            gathered.append(Table(name, columns, rows, first))
    yield gathered


def is_rtree_node(value: bytes) -> bool:
    """Whether a value is a node of a spatial index: ids with boxes of four floats, and zeros."""
    end = _NODE_HEAD + _CELL.size * int.from_bytes(value[2:4])
    if not _NODE_HEAD < end <= len(value) or value[end:].strip(b"\x00"):
        return False
    cells = _CELL.iter_unpack(value[_NODE_HEAD:end])
    return all(number >= 0 and west <= east and south <= north for number, west, east, south, north in cells)


def size_of(data: bytes) -> int:
    """Bytes that a database takes by its own head; all, where the head does not say."""
    if len(data) < _HEADER or data[24:28] != data[92:96]:
        return len(data)
    size = int.from_bytes(data[16:18])
    return (65536 if size == 1 else size) * int.from_bytes(data[28:32]) or len(data)


def traces(data: bytes) -> Iterator[Trace]:
    """What is left of deleted rows: pages that are free, and room within pages that is not empty."""
    size = struct.unpack(">H", data[16:18])[0] if len(data) >= _HEADER else 0
    size = 65536 if size == 1 else size
    if size < 512 or size & (size - 1):  # noqa: PLR2004 - the least page there is
        return
    reserved = data[20]
    pages = len(data) // size
    free, trunks = _free(data, size, pages)
    for number in sorted(free):
        page = data[(number - 1) * size : number * size]
        # a trunk lists other free pages; what follows its list is old
        start = 8 + 4 * struct.unpack(">I", page[4:8])[0] if number in trunks else 0
        if (rest := page[start:]).strip(b"\x00"):
            yield Trace("free page", number, rest)
    for number in range(1, pages + 1):
        if number not in free:
            page = data[(number - 1) * size : number * size]
            if rest := _unused(page, _HEADER if number == 1 else 0, size - reserved):
                yield Trace("unused part of page", number, rest)
    if tail := data[pages * size :].strip(b"\x00"):
        yield Trace("bytes after page", pages, tail)


def _free(data: bytes, size: int, pages: int) -> tuple[set[int], set[int]]:
    trunk = struct.unpack(">I", data[32:36])[0]
    free: set[int] = set()
    trunks: set[int] = set()
    while 0 < trunk <= pages and trunk not in trunks:
        start = (trunk - 1) * size
        trunks.add(trunk)
        following, count = struct.unpack(">II", data[start : start + 8])
        count = min(count, size // 4 - 2)
        free |= {trunk, *struct.unpack(f">{count}I", data[start + 8 : start + 8 + 4 * count])}
        trunk = following
    return {number for number in free if 0 < number <= pages}, trunks


def _unused(page: bytes, head: int, usable: int) -> bytes:
    """Room between the list of cells and the cells, and freed cells; empty when nothing is left there."""
    kind = page[head]
    if kind not in _LEAVES_AND_NODES:
        return b""
    freed, cells, content = struct.unpack(">HHH", page[head + 1 : head + 7])
    gap = page[head + _LEAVES_AND_NODES[kind] + 2 * cells : min(content or 65536, usable)]
    pieces = [] if _only_pointers(gap, len(page)) else [gap]
    visited: set[int] = set()
    while freed and freed not in visited and freed + 4 <= len(page):
        visited.add(freed)
        following, length = struct.unpack(">HH", page[freed : freed + 4])
        pieces.append(page[freed + 4 : freed + length])
        freed = following
    rest = b"".join(piece for piece in pieces if piece.strip(b"\x00"))
    return rest if len(rest.strip(b"\x00")) > _TRACE else b""


def _only_pointers(gap: bytes, size: int) -> bool:
    """Whether a gap holds no more than the list of cells that were there: offsets within the page, then zeros."""
    old = gap.rstrip(b"\x00")
    old += b"\x00" * (len(old) % 2)
    return all(0 < pointer < size for (pointer,) in struct.iter_unpack(">H", old))


def strange_traces(data: bytes) -> list[Trace]:
    """The traces that hold anything which the file does not hold elsewhere as well, in their order."""
    listed = list(traces(data))
    strange: set[int] = set()
    # most traces tell by their first pieces
    for stage in _STAGES:
        rest = [
            (number, piece)
            for number, trace in enumerate(listed)
            if number not in strange
            for piece in islice(_pieces(trace), *stage)
        ]
        for start in range(0, len(rest), _AT_ONCE):
            some = rest[start : start + _AT_ONCE]
            twice = standing_twice(data, [piece for _, piece in some])
            strange |= {number for (number, _), known in zip(some, twice.tolist(), strict=True) if not known}
    return [listed[number] for number in sorted(strange)]


def _pieces(trace: Trace) -> Iterator[bytes]:
    for run in _RUNS.findall(trace.data):
        if len(run) >= SIZE:
            for start in {0, (len(run) - SIZE) // 2}:
                yield run[start : start + SIZE]
