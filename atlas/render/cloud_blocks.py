"""A cloud of points as blocks of a page: sorted by cells of a grid, in planes of bytes, deflated, as letters."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from atlas.cartography.archive.archived_layer import ArchivedPoints
from atlas.cartography.assembly import DrawnLayer
from atlas.cartography.coded_values import Coded, described, field_pieces, planes
from atlas.cartography.world_grid import BITS, MOST_OFF_M, grid_steps

if TYPE_CHECKING:
    from atlas.cartography.point_cloud import PointCloud

ROW = "#"
# cells along the longer side of all points
_CELLS = 256
_TILE_BITS = 8
# in squares of so many pixels, single points are told apart where a point shares its square with few
_SHARED = 2.0
_SPREAD_PX = 8
_ZOOMS = (5, 18)

# printing letters but for those that end a text or a block
_LETTERS = np.array([code for code in range(35, 127) if chr(code) not in "&'<>\\`"][:85], np.uint8)

Planes = list[NDArray[np.uint8]]


def cloud_blocks(drawn: DrawnLayer) -> dict[str, Any]:
    """The blocks of data of a layer's points, by their ids.

    Returns
    -------
    dict
        ``cloud`` says what there is, the others hold it: ``cloud-places``, ``cloud-classes`` and ``cloud-N`` for each
        field.
    """
    cloud = drawn.cloud
    if cloud is None or isinstance(cloud, ArchivedPoints):
        return {}
    x, y = grid_steps(cloud.positions)
    shift, west, north = _cells(x, y)
    column, row = (x >> shift) - west, (y >> shift) - north
    wide, high = (int(one.max(initial=-1)) + 1 for one in (column, row))
    order = np.lexsort((x, y, row * wide + column))
    x, y, cell = x[order], y[order], (row * wide + column)[order]
    counts = np.bincount(cell, minlength=wide * high)
    within = np.diff(y, prepend=0)
    first = np.diff(cell, prepend=-1) != 0
    within[first] = y[first] & ((1 << shift) - 1)
    bytes_a_step = -(-shift // 8)
    places = [*planes(counts, 4), *planes(within, bytes_a_step), *planes(x & ((1 << shift) - 1), bytes_a_step)]
    fields = _coded_fields(drawn, cloud)
    blocks: dict[str, Any] = {"cloud-places": [_packed(_joined(places))]}
    of = np.array(drawn.portrayal.of, np.int64)
    table = _class_by_code(fields, drawn, of)
    if len(of) and table is None:
        blocks["cloud-classes"] = [_packed(_joined(planes(of[order], 1)))]
    blocks |= {f"cloud-{n}": [*map(_packed, field_pieces(one, order))] for n, one in enumerate(fields)}
    about = {
        "layer": drawn.name,
        "count": len(x),
        "shift": shift,
        "west": west,
        "north": north,
        "wide": wide,
        "high": high,
        "bits": BITS,
        "within_m": MOST_OFF_M,
        "single": _single_from(x, y),
        "classes": bool(drawn.portrayal.of),
        "classed": table,
        "fields": [described(one) for one in fields],
        "time": next((number for number, one in enumerate(fields) if one.kind == "time"), None),
    }
    return {"cloud": about} | blocks


def heavy_fields(blocks: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Fields and the bytes that each takes of the page, the largest first."""
    if "cloud" not in blocks:
        return []
    sizes = [
        (one["name"], sum(map(len, blocks[f"cloud-{number}"]))) for number, one in enumerate(blocks["cloud"]["fields"])
    ]
    return sorted(sizes, key=lambda pair: -pair[1])


def _cells(x: NDArray[np.int64], y: NDArray[np.int64]) -> tuple[int, int, int]:
    """Bits of a step within a cell, and the first column and row of cells."""
    if not len(x):
        return _TILE_BITS, 0, 0
    shift = _TILE_BITS
    while max(int((one.max() >> shift) - (one.min() >> shift)) for one in (x, y)) >= _CELLS:
        shift += 1
    return shift, int(x.min() >> shift), int(y.min() >> shift)


def _single_from(x: NDArray[np.int64], y: NDArray[np.int64]) -> int:
    """The zoom from which points are drawn singly: most have a square of some pixels nearly to themselves."""
    # points on one spot stay on one spot at any zoom, and have a number
    spots = np.unique(x << BITS | y)
    x, y = spots >> BITS, spots & ((1 << BITS) - 1)
    least, most = _ZOOMS
    for zoom in range(least, most):
        step = _SPREAD_PX << (BITS - _TILE_BITS - zoom)
        shared = np.unique((x // step) << BITS | y // step, return_counts=True)[1]
        if (shared.astype(float) ** 2).sum() <= _SHARED * max(1, len(spots)):
            return zoom
    return most


def in_letters(data: bytes) -> str:
    """Bytes as text that may stand in a page: how many zeros fill up its end, then four bytes in five letters of 85."""
    spare = -len(data) % 4
    words = np.frombuffer(data + bytes(spare), "<u4").astype(np.int64)
    digits = np.stack([words // 85**power % 85 for power in range(5)], axis=1)
    letters: str = _LETTERS[digits].tobytes().decode()
    return f"{spare}{letters}"


def _coded_fields(drawn: DrawnLayer, cloud: PointCloud) -> list[Coded]:
    """The fields that a reader is shown; the number of the row where there are none."""
    from atlas.cartography.value_coding import coded  # noqa: PLC0415 - it needs pyarrow

    fields = [coded(name, cloud.columns[name]) for name in drawn.fields]
    row_numbers = np.arange(1, len(cloud.positions) + 1)
    return fields or [Coded(ROW, "number", row_numbers, {"least": 1, "decimals": 0})]


def _class_by_code(fields: Sequence[Coded], drawn: DrawnLayer, of: NDArray[np.int64]) -> dict[str, Any] | None:
    """Where the field that has colours is one of few words: its number, and the class of each of its integers."""
    at = next((n for n, one in enumerate(fields) if one.name == drawn.portrayal.style.colour), None)
    if at is None or not len(of) or fields[at].kind != "word":
        return None
    codes = fields[at].codes
    if codes is None:
        return None
    classes = np.zeros(int(codes.max()) + 1, np.int64)
    classes[codes] = of
    return {"field": at, "of": classes.tolist()} if (classes[codes] == of).all() else None


def _joined(parts: Planes) -> bytes:
    return b"".join(plane.tobytes() for plane in parts)


def _packed(data: bytes) -> str:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return in_letters(packer.compress(data) + packer.flush())
