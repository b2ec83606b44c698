"""The table of counts that goes with a release, made of nothing but what the release says of each record."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from atlas.release.restricted import Released
from atlas.release.suppress import Suppressed, suppressed

HEADER = ("area", "area_name", "category", "year", "records")
ALL, REST, NOT_SHOWN = "total", "other", "suppressed"
_UNDATED = "undated"


def counts_csv(released: Released) -> bytes:
    """Records by area and category, and by area and year, with totals.

    As every record here stands in ``records.geojson`` as well, with as much of its place and time, the table tells
    nothing more; small counts are suppressed nevertheless, for open records may be few.
    """
    names: dict[str, str] = {}
    by_category: Counter[tuple[str, str]] = Counter()
    by_year: Counter[tuple[str, str]] = Counter()
    for feature, number in released.alike():
        properties = feature["properties"]
        area, names_it = _area(properties)
        names[area] = names_it
        by_category[area, str(properties.get("category") or ALL)] += number
        by_year[area, str(properties.get("year") or _UNDATED)] += number
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADER)
    for table, column in ((by_category, "category"), (by_year, "year")):
        writer.writerows(_rows(suppressed(table, k=released.k, rest=REST), names, column))
    return stream.getvalue().encode()


def _area(properties: Mapping[str, Any]) -> tuple[str, str]:
    """Code and name of the area that a record is counted in: as fine as its place, and no finer."""
    code, state = properties.get("municipality_cvegeo"), properties.get("state")
    if code:
        return str(code), f"{properties['municipality_name']}, {state}"
    if state:
        return f"border of {state}", f"{state}, border municipalities"
    return ("corridor", "corridor") if properties.get("place_kind") == "corridor" else ("elsewhere", "elsewhere")


def _rows(table: Suppressed | None, names: Mapping[str, str], column_is: str) -> Iterable[tuple[str, ...]]:
    if table is None:
        return

    def line(area: str, column: str, count: int | None) -> tuple[str, ...]:
        category, year = (column, ALL) if column_is == "category" else (ALL, column)
        return area, names.get(area, area), category, year, NOT_SHOWN if count is None else str(count)

    for row in table.rows:
        for column in table.columns:
            if table.counts.get((row, column)) or (row, column) in table.hidden:
                yield line(row, column, table.shown(row, column))
        if column_is == "category":
            yield line(row, ALL, table.row_total(row))
    for column in table.columns:
        yield line(ALL, column, table.column_total(column))
    if column_is == "category":
        yield line(ALL, ALL, sum(table.counts.values()))
