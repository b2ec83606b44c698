"""Where a row says that it is: one of its positions, a cell with both numbers, or well-known text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from atlas.field.readers import angles, positions
from atlas.field.readers.cell_values import number, text
from atlas.field.readers.fault import RowFaultError
from atlas.field.readers.row_cells import Cells
from atlas.field.readers.table_columns import GRID
from atlas.field.readers.uncertainty import uncertainty
from atlas.geojson.geometries import coordinates_in

_NEAR = 1e-7
_NUMBERS = re.compile(r"[-+]?\d+(?:\.\d+)?(?: [-+]?\d+(?:\.\d+)?){1,3}\Z", re.ASCII)
_WKT = ("POINT", "LINES", "POLYG", "MULTI", "SRID=")
_WITH_ACCURACY = 4


class Site(NamedTuple):
    """A place, the metres around it that a device gave, the headers that said so, and whether a ring was closed."""

    shape: positions.Geometry | None = None
    accuracy: float | None = None
    used: frozenset[str] = frozenset()
    closed: bool = False


def site(cells: Cells, given: positions.Geometry | None, move: positions.Move | None) -> Site:
    """Where a row is.

    Parameters
    ----------
    cells
        The row.
    given
        The geometry that the format itself has, which comes first.
    move
        Brings the numbers of the row to degrees.

    Raises
    ------
    RowFaultError
        It says a place that cannot be read or meant.
    """
    if given is not None:
        return next(_same(cells, given), Site(given))
    if (datum := cells.text("datum")) and move is None and not positions.same_datum(datum):
        msg = f"its coordinate system {datum!r} is not WGS 84; convert it, or say --crs when all are in one"
        raise RowFaultError(msg)
    return _of_numbers(cells, move) or next(_of_pairs(cells), None) or _of_grid(cells) or _of_wkt(cells) or Site()


def left_over(cells: Cells, used: frozenset[str]) -> Iterator[str]:
    """Headers with a value about a place that was not taken, such as a second position; they are kept."""
    for header in cells.layout.beside:
        if header not in used and cells.filled(header):
            yield header


def settle(values: dict[str, Any], *, placed: bool) -> None:
    """A reach beside a position: the store works it out itself, unless the person chose not to give a position.

    Raises
    ------
    RowFaultError
        There is neither, or both where one was not to be given.
    """
    if not placed and values.get("reach") is None:
        msg = "it has no position and no reach; fill in longitude and latitude, or name a reach such as R012"
        raise RowFaultError(msg)
    if not placed or values.get("reach") is None:
        return
    if values.get("position_basis") == "reach":
        msg = (
            "it is placed by reach and has coordinates as well; take out the coordinates, or say how the position "
            "was found"
        )
        raise RowFaultError(msg)
    values["reach_as_written"] = values.pop("reach")


def _of_numbers(cells: Cells, move: positions.Move | None) -> Site | None:
    parts = cells.position()
    if not parts or not (cells.filled(parts["lat"]) or cells.filled(parts["lon"])):
        return None
    longitude, latitude = cells.row.get(parts["lon"]), cells.row.get(parts["lat"])
    if move is None:
        shape = positions.point(angles.angle(longitude, "longitude"), angles.angle(latitude, "latitude"))
    else:
        x, y = number(longitude, name="the easting"), number(latitude, name="the northing")
        shape = positions.point(x, y) if x is None or y is None else positions.point(*move(x, y))
    accuracy = cells.row.get(parts["accuracy"]) if "accuracy" in parts else None
    # a form's text of the same position says nothing more
    repeated = [header for header, point, _ in _points(cells) if _is_near(point, shape)]
    return Site(shape, uncertainty(accuracy), frozenset({*parts.values(), *repeated}))


def _of_pairs(cells: Cells) -> Iterator[Site]:
    for header in cells.layout.roles.get("pair", ()):
        if words := text(cells.row.get(header)):
            if words[:5].upper() in _WKT:
                shape, mended = positions.from_wkt(words)
                yield Site(shape, None, frozenset({header}), mended)
            else:
                longitude, latitude, accuracy = _pair(words)
                yield Site(positions.point(longitude, latitude), accuracy, frozenset({header}))


def _of_grid(cells: Cells) -> Site | None:
    """UTM in three columns, as if it stood in one."""
    easting, northing = cells.text("easting"), cells.text("northing")
    if not (easting or northing):
        return None
    zone = cells.text("zone") or ""
    if zone.isdecimal():
        # the name of the easting that follows would be taken for its band
        msg = f"the zone {zone} has no band; write it with its letter, such as 15P, or as 15 north or 15 south"
        raise RowFaultError(msg)
    longitude, latitude, _ = angles.pair(f"{zone} E {easting or ''} N {northing or ''}")
    used = frozenset(header for role in GRID for header in cells.layout.roles[role])
    return Site(positions.point(longitude, latitude), None, used)


def _of_wkt(cells: Cells) -> Site | None:
    words = cells.text("wkt")
    if not words:
        return None
    shape, mended = positions.from_wkt(words)
    return Site(shape, None, frozenset(cells.layout.roles["wkt"]), mended)


def _same(cells: Cells, given: positions.Geometry) -> Iterator[Site]:
    """A cell that repeats the format's own geometry, with the accuracy that the geometry cannot carry."""
    for header, point, accuracy in _points(cells):
        if _is_near(point, given):
            yield Site(given, accuracy, frozenset({header}))


def _points(cells: Cells) -> Iterator[tuple[str, positions.Geometry, float | None]]:
    """What a form's cells with ``latitude longitude altitude accuracy`` say, under any header."""
    for header, value in cells.row.items():
        if isinstance(value, str) and " " in value and not value[0].isalpha() and _NUMBERS.match(value):
            try:
                longitude, latitude, accuracy = _pair(value)
                yield header, positions.point(longitude, latitude), accuracy
            except RowFaultError:
                continue


def _is_near(geometry: positions.Geometry, other: positions.Geometry) -> bool:
    if geometry["type"] != "Point" or other["type"] != "Point":
        return False
    return all(abs(a - b) <= _NEAR for a, b in zip(coordinates_in(geometry), coordinates_in(other), strict=True))


def _pair(words: str) -> tuple[float | None, float | None, float | None]:
    if not _NUMBERS.match(words):
        return angles.pair(words)
    parts = words.split()
    accuracy = uncertainty(parts[3]) if len(parts) == _WITH_ACCURACY else None
    return angles.angle(parts[1], "longitude"), angles.angle(parts[0], "latitude"), accuracy
