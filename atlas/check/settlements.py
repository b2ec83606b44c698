"""Where people live on Earth, and where large cities are by their names: enough to see that axes are swapped.

The table is made by ``python -m tools.settlements`` out of GeoNames (geonames.org, CC BY 4.0).
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TABLE = Path(__file__).parent / "settlements.npz"
CELL_DEG = 0.25
_ROWS, _COLUMNS = int(180 / CELL_DEG), int(360 / CELL_DEG)

Positions = NDArray[np.float64]


def folded(name: str) -> str:
    """A name without accents, in small letters."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold().strip()


@cache
def _cells() -> NDArray[np.bool_]:
    with np.load(TABLE) as table:
        bits = np.unpackbits(table["cells"])[: _ROWS * _COLUMNS]
    return np.asarray(bits.reshape(_ROWS, _COLUMNS), dtype=np.bool_)


@cache
def _surroundings() -> NDArray[np.bool_]:
    """Cells with a settlement in them or beside them."""
    cells = _cells()
    tall = cells.copy()
    tall[1:] |= cells[:-1]
    tall[:-1] |= cells[1:]
    return np.asarray(tall | np.roll(tall, 1, axis=1) | np.roll(tall, -1, axis=1), dtype=np.bool_)


@cache
def _cities() -> dict[str, list[tuple[float, float]]]:
    with np.load(TABLE) as table:
        names = table["names"].tobytes().decode().split("\n")
        positions = table["positions"].astype(np.float64).tolist()
    cities: dict[str, list[tuple[float, float]]] = {}
    for name, (lon, lat) in zip(names, positions, strict=True):
        cities.setdefault(name, []).append((lon, lat))
    return cities


def cities_named(name: str) -> list[tuple[float, float]]:
    """Positions of large cities of a name, folded, to a tenth of a degree."""
    return _cities().get(name, [])


@cache
def _countries() -> dict[str, tuple[float, float, float, float]]:
    with np.load(TABLE) as table:
        names = table["countries"].tobytes().decode().split("\n")
        boxes = table["boxes"].astype(np.float64).tolist()
    return {name: (box[0], box[1], box[2], box[3]) for name, box in zip(names, boxes, strict=True)}


def country_named(name: str) -> tuple[float, float, float, float] | None:
    """West, south, east and north of nearly all settlements of a country of a name or ISO code, folded."""
    return _countries().get(name)


def cell_numbers(xy: Positions) -> NDArray[np.int64]:
    """The cell that each position (longitude, latitude) is in, which must be on the globe."""
    row = np.minimum(((xy[:, 1] + 90) / CELL_DEG).astype(np.int64), _ROWS - 1)
    column = np.minimum(((xy[:, 0] + 180) / CELL_DEG).astype(np.int64), _COLUMNS - 1)
    return np.asarray(row * _COLUMNS + column, dtype=np.int64)


def is_settled(xy: Positions) -> NDArray[np.bool_]:
    """Positions in whose cell somebody lives."""
    return np.asarray(_cells().ravel()[cell_numbers(xy)], dtype=np.bool_)


def is_near_settled(xy: Positions) -> NDArray[np.bool_]:
    """Positions in whose cell, or in one beside it, somebody lives."""
    return np.asarray(_surroundings().ravel()[cell_numbers(xy)], dtype=np.bool_)
