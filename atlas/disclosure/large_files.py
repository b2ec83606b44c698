"""Files that are too large to be read whole: which of them are read piece by piece, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from atlas.disclosure import json_blocks, row_blocks
from atlas.disclosure.byte_view import MEGABYTE, Budget
from atlas.disclosure.compressed import deflated
from atlas.disclosure.packed_stream import PackedStream
from atlas.disclosure.row_blocks import Block
from atlas.disclosure.sniff import form_of
from atlas.disclosure.windows import OVERLAP, WINDOW

# smaller files are read whole
LARGE = 8 * MEGABYTE
HEAD = 65_536
# bytes of no known form, of which a stretch is no file by itself
STRETCH = "stretch"


@dataclass(frozen=True, slots=True)
class Pieces:
    """How files of a form are read piece by piece: whether a beginning lets them, the pieces, what can't be read."""

    fits: Callable[[bytes], bool]
    blocks: Callable[[Path | PackedStream], Iterator[Block]]
    fault: str = ""


def _has_lines(start: bytes) -> bool:
    return b"\n" in start


def _is_no_stream(start: bytes) -> bool:
    """Whether bytes are not deflated, as far as a beginning tells: a beginning is no whole stream, but unpacks."""
    return deflated(start, Budget(), probe=True) is None


def _stretches(path: Path | PackedStream) -> Iterator[Block]:
    with path.open("rb") as stream:
        before, start = b"", 0
        while data := stream.read(WINDOW):
            yield Block(STRETCH, start, data, before)
            before, start = data[-OVERLAP:], start + len(data)


_LINES = Pieces(_has_lines, row_blocks.blocks)
PIECES: Mapping[str, Pieces] = MappingProxyType(
    {
        "csv": _LINES,
        "text": _LINES,
        "json": Pieces(json_blocks.is_list, json_blocks.json_blocks),
        "bytes": Pieces(_is_no_stream, _stretches, "a form that is not known here"),
    }
)


def pieces_of(path: Path) -> Pieces | None:
    """How a file is read piece by piece; nothing, where it is small, or can only be read whole.

    Raises
    ------
    OSError
        It can't be read.
    """
    if path.stat().st_size <= LARGE:
        return None
    with path.open("rb") as stream:
        return pieces_by(stream.read(HEAD))


def pieces_by(start: bytes) -> Pieces | None:
    """How what begins like this is read piece by piece; nothing, where it can only be read whole."""
    pieces = PIECES.get(form_of(start))
    return pieces if pieces is not None and pieces.fits(start) else None
