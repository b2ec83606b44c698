"""What stands where a row or a layer stood that was withdrawn or got another id: when, why, and what to use instead.

Ids are cited in papers, so that one is never given to another thing and never only goes. What was withdrawn because
its name leads to a place has no tombstone: that would repeat the name. Those are counted in the decisions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from atlas.evidence.cells import answer, day, list_of, matching, one_of
from atlas.evidence.rows import Reading, Row, fault
from atlas.evidence.spec import Column, Table

TOMBSTONES = "tombstones"
CAUSES = ("withdrawn", "recoded", "merged", "split")
_LAYERS = "layers"
# ids of these are, or were, names of places that are kept out
_NAMES_KEPT_OUT = frozenset({"crossings_informal_named", "crossings_informal_counts"})
_ID = matching(r"[a-z][a-z0-9_]*/[A-Za-z0-9][A-Za-z0-9_.-]*", "claims/C42 (table, stroke, id)")


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An id that names nothing any more."""

    withdrawn_id: str
    cause: str
    withdrawn_on: date
    replaced_by: tuple[str, ...]
    reason_en: str
    reason_es: str


TOMBSTONE_TABLE = Table(
    TOMBSTONES,
    Tombstone,
    (
        Column("withdrawn_id", _ID),
        Column("cause", one_of(*CAUSES)),
        Column("withdrawn_on", day),
        Column("replaced_by", list_of(_ID), optional=True, empty=()),
        Column("reason_en", answer),
        Column("reason_es", answer),
    ),
    key=("withdrawn_id",),
    positions=False,
)


def check_tombstones(readings: Mapping[str, Reading]) -> Iterator[str]:
    """Faults of the tombstones: one of what is still there, one that repeats a name, one that leads nowhere."""
    reading = readings[TOMBSTONES]
    buried = {row.cells["withdrawn_id"] for row in reading.rows}
    for row in reading.rows:
        yield from _row_faults(reading, row, readings)
        for name in row.cells["replaced_by"].split(";"):
            if name and name not in buried and not _is_there(name, readings):
                problem = f"{name!r} is in no table; name what takes the place, or leave the cell empty"
                yield fault(reading.table, row.line, "replaced_by", problem)


def _row_faults(reading: Reading, row: Row, readings: Mapping[str, Reading]) -> Iterator[str]:
    name = row.cells["withdrawn_id"]
    table = name.partition("/")[0]
    if table != _LAYERS and table not in readings:
        yield fault(reading.table, row.line, "withdrawn_id", f"{table!r} is no table; write table, stroke, id")
    elif table in _NAMES_KEPT_OUT:
        problem = f"an id of {table} may be a name that is kept out; remove the row, and count it in the decisions"
        yield fault(reading.table, row.line, "withdrawn_id", problem)
    elif table != _LAYERS and _is_there(name, readings):
        yield fault(reading.table, row.line, "withdrawn_id", f"{name!r} is still in {table}.csv; remove one of the two")
    if row.cells["cause"] in {"recoded", "merged", "split"} and not row.cells["replaced_by"]:
        problem = f"'' of a row that was {row.cells['cause']}; name what takes its place"
        yield fault(reading.table, row.line, "replaced_by", problem)


def _is_there(name: str, readings: Mapping[str, Reading]) -> bool:
    table, _, key = name.partition("/")
    if table == _LAYERS:
        return True
    reading = readings.get(table)
    return reading is not None and any(key == ".".join(_key(row, reading)) for row in reading.rows)


def _key(row: Row, reading: Reading) -> list[str]:
    return [row.cells[name].replace(" ", "_") for name in reading.table.key]
