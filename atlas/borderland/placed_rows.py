"""What rows of a project's tables are placed by: positions in the frame of its region, units of both sides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

import numpy as np

from atlas.borderland.side_units import Units
from atlas.evidence.placings import Place
from atlas.evidence.records import Facility, FormalCrossing
from atlas.layers.outline_areas import Areas
from atlas.sources.outlines import Outlines

Row = TypeVar("Row", FormalCrossing, Facility, Place)

_TURN = 360.0
# codes that a message lists
_SHOWN = 8


def in_frame(row: Row, start: float | None) -> Row:
    """A row whose longitude goes on beyond 180° where the region does."""
    if start is None or row.longitude is None or row.longitude >= start:
        return row
    return replace(row, longitude=row.longitude + _TURN)


def units_of_region(*sides: Units) -> Outlines:
    """The units of all sides by code; a code that two sides have is that of this side, or of the first neighbour."""
    known: dict[str, tuple[str, object]] = {}
    for units in sides:
        for code, name, area in zip(units.codes, units.names, units.areas, strict=True):
            known.setdefault(code, (name, area))
    codes = tuple(sorted(known))
    return Outlines(codes, tuple(known[c][0] for c in codes), np.array([known[c][1] for c in codes], dtype=object))


def areas_of(units: Outlines, codes: Iterable[str], *, accuracy_m: float) -> Areas:
    """The units with these codes as areas to place things in."""
    nothing = Outlines((), (), np.array([], dtype=object))
    if not (wanted := frozenset(codes)):
        return Areas(nothing, nothing, accuracy_m)
    return Areas.of(units, nothing, wanted, accuracy_m=accuracy_m)


def wrong_codes(units: Outlines, named: Iterable[tuple[str, str, str, str]]) -> Iterator[str]:
    """Faults of codes that no unit has.

    Parameters
    ----------
    units
        The units.
    named
        Table, row, column and code of each cell.
    """
    more = f" … ({len(units.codes)} in all, as in the outlines)" if len(units.codes) > _SHOWN else ""
    shown = ", ".join(units.codes[:_SHOWN]) + more
    for table, row, column, code in named:
        if code not in units.codes:
            yield f"{table}.csv, {row}, {column}: {code!r} is no unit of the region; write one of {shown}"
