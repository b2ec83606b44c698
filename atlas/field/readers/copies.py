"""Rows of a copy that the atlas exported: what nobody touched is what it was, in whatever spelling it comes back."""

from __future__ import annotations

from typing import Any

from atlas.field.change import STATUS, ChangeError
from atlas.field.export_base import read_base, unchanged
from atlas.field.readers import row_cells as cell
from atlas.field.readers.cell_values import text
from atlas.field.readers.fault import RowFaultError
from atlas.field.readers.row_cells import NOT_FROM_TABLES, Row
from atlas.field.row import BASE
from atlas.field.state import PENDING

CLOSED = "restricted"
_RENAMED = frozenset(f"{name}_as_written" for name in NOT_FROM_TABLES)


def as_exported(row: Row, values: dict[str, Any], unused: dict[str, None]) -> dict[str, Any]:
    """Values of a row that the atlas exported, to the letter where nobody touched them: another spelling is no edit.

    ``unused`` hears of a status that somebody wrote there: only a review decides it.
    """
    given = cell.record_id(words) if (words := text(row.get("id"))) else ""
    try:
        base = read_base(row[BASE], given)
    except ChangeError as error:
        raise RowFaultError(str(error)) from error
    if base and "sensitivity" not in base and values.get("sensitivity") == CLOSED:
        # the store shows this where nobody said anything
        del values["sensitivity"]
    status = text(row.get(STATUS))
    if base and status and not (unchanged(status, base[STATUS]) if STATUS in base else status == PENDING):
        unused[STATUS] = None
    same: dict[str, Any] = {}
    for name in base:
        spellings = (value for value in (values.get(name), *cell.spellings(row.get(name))) if value is not None)
        same[name] = next((value for value in spellings if unchanged(value, base[name])), values.get(name))
    kept = {name.removesuffix("_as_written"): value for name, value in values.items() if name in _RENAMED}
    made = {**{name: value for name, value in values.items() if name not in _RENAMED}, **kept, **same}
    return {name: value for name, value in made.items() if value is not None}
