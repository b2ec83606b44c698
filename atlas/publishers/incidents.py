"""Events with a position, one a row: each is put to its municipality and month at once, and its position is let go.

What leaves this module are counts by municipality and month; neither a position nor a description of a place is kept.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from atlas.errors import InputError
from atlas.publishers.figure_rows import Figure, Reading, row_month
from atlas.publishers.header import columns_of
from atlas.publishers.layout import Layout
from atlas.publishers.numerals import whole_number
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
    columns = columns_of(sheet, layout)
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
    places = names.municipalities_at(np.array(positions).reshape(-1, 2))
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
        reading.notes.append(f"{nowhere:,} rows without a count or a position; not kept")
    return reading


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
            msg = f"{sheet.where(*at)}: no pair of degrees; [position] order is lat,lon: {layout.remedy}"
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
