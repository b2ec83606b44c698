"""Events with a position, one a row: each is put to its municipality and month at once, and its position is let go.

What leaves this module are counts by municipality and month; neither a position nor a description of a place is kept.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from atlas.errors import InputError
from atlas.publishers.figure_rows import Figure, Reading
from atlas.publishers.header import column_if_there, columns_of, refuse_other_units
from atlas.publishers.layout import Layout
from atlas.publishers.numerals import whole_number
from atlas.publishers.row_period import row_month
from atlas.publishers.sheet import Sheet
from atlas.publishers.unit_names import UnitNames

_DEGREES = r"-?[0-9]{1,3}(?:\.[0-9]{1,20})?"
_PAIR = re.compile(rf"({_DEGREES})(?:[,;] ?| )({_DEGREES})\Z")
_EAST, _NORTH = 180, 90


def count_incidents(sheet: Sheet, layout: Layout, names: UnitNames) -> Reading:
    """Counts by municipality and month.

    Raises
    ------
    InputError
        The header, a count, a date or a position is not as declared; nothing is taken then.
    """
    refuse_other_units(sheet, layout)
    columns = columns_of(sheet, layout)
    _refuse_twice(sheet, layout)
    rows, positions, counts, months, nowhere = [], [], [], [], 0
    for number in range(layout.header_row + 1, sheet.rows + 1):
        if not any(sheet.cell(number, column) is not None for column in columns.values()):
            continue
        value, _ = whole_number(sheet, (number, columns[layout.values["column"]]), layout)
        position = _position(sheet, layout, columns, number)
        if value is None or position is None:
            nowhere += 1
            continue
        rows.append(number)
        counts.append(value)
        positions.append(position)
        months.append(row_month(sheet, layout, columns, number))
    sums: dict[tuple[str, str], int] = defaultdict(int)
    outside = 0
    degrees = np.array(positions).reshape(-1, 2)
    places = names.municipalities_at(degrees)
    _refuse_swapped(
        sheet, layout, names, [(row, at) for row, at, code in zip(rows, degrees, places, strict=True) if not code]
    )
    for code, month, value in zip(places, months, counts, strict=True):
        if code is None:
            outside += 1
        else:
            sums[code, month] += value
    reading = Reading()
    reading.figures.extend(_figure(names, code, month, value) for (code, month), value in sorted(sums.items()))
    if outside:
        reading.notes.append(f"{outside:,} of {len(rows):,} events lie in no municipality of the outlines; not kept")
    if nowhere:
        reading.notes.append(f"rows without a count or a position: {nowhere:,}; not kept")
    return reading


def _refuse_twice(sheet: Sheet, layout: Layout) -> None:
    """An event that stands in two rows would count twice: by its id, or, without one, by all its cells."""
    ids = column_if_there(sheet, layout, layout.values.get("incident", ""))
    rows_by_event: dict[tuple[str, ...], int] = {}
    for number in range(layout.header_row + 1, sheet.rows + 1):
        texts = sheet.row_text(number)
        if not any(texts):
            continue
        event = (texts[ids - 1],) if ids and texts[ids - 1] else tuple(texts)
        first = rows_by_event.setdefault(event, number)
        if first != number:
            what = f"the same event as in row {first}, which would count twice; take one of the rows out"
            msg = f"{sheet.where(number, ids or 1)}: {what}"
            raise InputError(msg)


def _refuse_swapped(sheet: Sheet, layout: Layout, names: UnitNames, outside: Sequence[tuple[int, np.ndarray]]) -> None:
    """Degrees of this part of the world are possible in either order, and the other one is far out at sea."""
    positions = np.array([at[::-1] for _row, at in outside if abs(at[0]) <= _NORTH]).reshape(-1, 2)
    rows = [row for row, at in outside if abs(at[0]) <= _NORTH]
    for row, code in zip(rows, names.municipalities_at(positions), strict=True):
        if code is not None:
            what = "a position that lies in a municipality only with its axes swapped; set [position] order"
            msg = f"{sheet.where(row, 1)}: {what}: {layout.remedy}"
            raise InputError(msg)


def _figure(names: UnitNames, code: str, month: str, value: int) -> Figure:
    return Figure(
        place_level="municipality", place_code=code, place=names.names_by_code[code],
        within=names.names_by_code.get(code[:2]), period=month, value=value, footnote=None, cell="",
    )  # fmt: skip


def _position(sheet: Sheet, layout: Layout, columns: Mapping[str, int], number: int) -> tuple[float, float] | None:
    position = layout.position
    if "column" in position:
        at = (number, columns[position["column"]])
        value = sheet.cell(*at)
        if value is None:
            return None
        match = _PAIR.match(" ".join(str(value).strip("() \t").split()).replace(" ,", ","))
        # what stands in the cell is a place where somebody died: no message repeats it
        if match is None:
            what = "no pair of degrees with decimal points, such as 14.5, -92.2; set [position]"
            msg = f"{sheet.where(*at)}: {what}: {layout.remedy}"
            raise InputError(msg)
        first, second = map(float, match.groups())
        lat, lon = (first, second) if position.get("order", "lat,lon") == "lat,lon" else (second, first)
    else:
        at = (number, columns[position["lon_column"]])
        cells = [sheet.cell(number, columns[position[name]]) for name in ("lon_column", "lat_column")]
        if None in cells:
            return None
        try:
            lon, lat = (float(str(cell).strip()) for cell in cells)
        except ValueError as error:
            msg = f"{sheet.where(*at)}: no degrees in decimals; {layout.remedy}"
            raise InputError(msg) from error
    if not (abs(lon) <= _EAST and abs(lat) <= _NORTH):
        msg = f"{sheet.where(*at)}: no position on Earth; are the axes swapped? Set [position] order: {layout.remedy}"
        raise InputError(msg)
    return lon, lat
