"""What a tile of the archive holds: a head, counts by square, and points with their values.

A tile is a length, a head of JSON and the sections that the head gives the bytes of, one after the other. Integers lie
in planes: the lowest byte of all, the next byte of all, and so on. Squares are 64 to a side.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from atlas.cartography.archive.quadrants import steps_of
from atlas.cartography.coded_values import byte_width, described, field_pieces, planes
from atlas.cartography.value_coding import coded
from atlas.cartography.world_grid import BITS

# squares along the side of a tile, as bits
SQUARE_BITS = 6

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Squares:
    """How many points there are of each square, class and bin of time.

    Attributes
    ----------
    keys
        Of the squares, along the curve of `quadrants`.
    """

    keys: NDArray[np.uint64]
    classes: Integers
    bins: Integers
    counts: Integers


@dataclass(frozen=True, slots=True)
class TilePoints:
    """Points in the order of their keys, with their class and bin of time, and the texts of the fields."""

    keys: NDArray[np.uint64]
    classes: Integers
    bins: Integers
    texts: Mapping[str, pa.DictionaryArray]


def squares_of(parts: Sequence[Squares], levels: int) -> Squares:
    """The sum of counts, in squares that are ``levels`` times coarser by half."""
    keys = np.concatenate([one.keys for one in parts]) >> np.uint64(2 * levels)
    classes, bins, counts = (
        np.concatenate([getattr(one, name) for one in parts]) for name in ("classes", "bins", "counts")
    )
    order = np.lexsort((bins, classes, keys))
    keys, classes, bins, counts = keys[order], classes[order], bins[order], counts[order]
    new = np.ones(len(keys), bool)
    new[1:] = (np.diff(keys) != 0) | (np.diff(classes) != 0) | (np.diff(bins) != 0)
    first = np.flatnonzero(new)
    return Squares(keys[first], classes[first], bins[first], np.add.reduceat(counts, first) if len(first) else counts)


def tile_bytes(zoom: int, corner: tuple[int, int], squares: Squares | None, points: TilePoints | None) -> bytes:
    """A tile as bytes; ``corner`` is its column and row."""
    sections: list[bytes] = []
    head: dict[str, object] = {"squares": 0, "points": 0, "fields": []}
    if squares is not None:
        head["squares"] = len(squares.keys)
        head["most"] = int(squares.counts.max(initial=0))
        left, top = (one << SQUARE_BITS for one in corner)
        x, y = steps_of(squares.keys)
        width = byte_width(squares.counts)
        head["width"] = width
        sections += [_joined(values, 1) for values in (x - left, y - top, squares.classes, squares.bins)]
        sections.append(_joined(squares.counts, width))
    if points is not None:
        head["points"] = len(points.keys)
        side = BITS - zoom
        x, y = steps_of(points.keys)
        width = -(-side // 8)
        sections += [_joined(values & ((1 << side) - 1), width) for values in (x, y)]
        sections += [_joined(values, 1) for values in (points.classes, points.bins)]
        fields = [coded(name, texts) for name, texts in points.texts.items()]
        pieces = [b"".join(field_pieces(one)) for one in fields]
        head["fields"] = [{**described(one), "size": len(piece)} for one, piece in zip(fields, pieces, strict=True)]
        sections += pieces
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    return struct.pack("<I", len(text)) + text + b"".join(sections)


def _joined(values: Integers, count: int) -> bytes:
    return b"".join(plane.tobytes() for plane in planes(values, count))
