"""Closed by default: a sensitive row without a decision, or finer than its decision allows, is a fault of the tables.

Sensitive is every row that names, counts or describes informal crossings, and every checkpoint, control post or
naval place. Which rows these are follows from the table that they stand in and not from a mark that could be
forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import cast

from atlas.evidence.decisions import (
    AS_COUNT,
    AS_MUNICIPALITY,
    AS_NAME,
    AS_NOTHING,
    AS_STATE_MONTH,
    AS_STRETCH,
    EMBARGO_MONTHS,
    LEAST_SHARED,
    LEAST_TOLERANCE_KM,
    RECENT_MONTHS,
    PublicationDecision,
    is_embargoed,
    is_month,
    is_recent,
    years_in,
)
from atlas.evidence.project_columns import GUARDED, OFFICES
from atlas.evidence.rows import Reading, Row, fault
from atlas.evidence.spec import Table

DECISIONS = "publication_decisions"
POSTS = "posts"
_POST_WORDS = frozenset({AS_NAME, AS_MUNICIPALITY, AS_STRETCH, AS_STATE_MONTH})
# the tables whose rows need a decision, and the words that it may use there
SENSITIVE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "crossings_informal_named": frozenset({AS_NAME}),
        "crossings_informal_counts": frozenset({AS_COUNT}),
        "crossings_totals": frozenset({AS_COUNT}),
        "checkpoints": _POST_WORDS,
        "facilities": frozenset({AS_NAME, AS_MUNICIPALITY, AS_COUNT}),
        "containment": _POST_WORDS,
        "observations": frozenset({AS_COUNT, AS_MUNICIPALITY}),
    }
)
# figures of people who fled, of places where people are held or lodged, and of control posts
SENSITIVE_INDICATORS = frozenset({"displaced", "review_points", "shelter_places", "station_capacity"})
_WHOLE_MUNICIPALITY = frozenset({"municipality", "municipality_abroad"})
_KILOMETRES = re.compile(r"\b(?:km|kil[oó]met(?:re|er|ro)s?)\b", re.IGNORECASE)
_BETWEEN = "–"
_FINER = "publish it by municipality or stretch"

Readings = Mapping[str, Reading]
Problem = tuple[str, str]


def check_decisions(readings: Readings) -> Iterator[str]:
    """All faults between the sensitive rows and the decisions on them."""
    if not readings[DECISIONS].whole:
        return
    decided = {(made.table, made.row_id): made for _, made in _decisions(readings)}
    yield from _decision_faults(readings)
    for name in SENSITIVE:
        table = readings[name].table
        for row in (row for row in readings[name].rows if _is_sensitive(name, row) and _is_complete(table, row)):
            made = decided.get((name, row.cells[table.key[0]]))
            if made is None:
                wanted = f"expected one in {DECISIONS}.csv with its four answers; decide there, or take the row out"
                yield fault(table, row.line, table.key[0], f"{row.cells[table.key[0]]!r} has no decision, {wanted}")
                continue
            for column, problem in _RULES[name](row, made, readings):
                yield fault(table, row.line, column, f"{row.cells[column]!r}, {problem} ({made.decision_id})")


def _decisions(readings: Readings) -> Iterator[tuple[Row, PublicationDecision]]:
    for row in readings[DECISIONS].rows:
        if _is_complete(readings[DECISIONS].table, row):
            yield row, PublicationDecision(**row.values)  # type: ignore[arg-type]


def _is_complete(table: Table, row: Row) -> bool:
    """Whether every cell could be read; a row with a fault of its own is named already."""
    return row.values.keys() >= {column.attribute for column in table.columns}


def _is_sensitive(table: str, row: Row) -> bool:
    if table == "crossings_totals":
        return row.cells["total_id"].startswith("P")
    if table == "observations":
        return row.cells["indicator"] in SENSITIVE_INDICATORS
    return table != "containment" or row.cells["kind"] == POSTS


def _decision_faults(readings: Readings) -> Iterator[str]:
    """Decisions that say the same twice, speak of no row, or use a word that their table doesn't know."""
    decisions = readings[DECISIONS].table
    first: dict[tuple[str, str], int] = {}
    for row, made in _decisions(readings):
        target = readings[made.table]
        if made.review_by < made.decided_on:
            yield fault(decisions, row.line, "review_by", f"{made.review_by}, expected a day after {made.decided_on}")
        if made.row_id is None:
            if made.published_as != AS_NOTHING:
                yield fault(decisions, row.line, "row_id", f"'', expected a row of {target.table.file}; name it")
            continue
        if (earlier := first.setdefault((made.table, made.row_id), row.line)) != row.line:
            yield fault(
                decisions, row.line, "row_id", f"{made.row_id!r} is decided in line {earlier} already; remove one"
            )
        known = {other.cells[target.table.key[0]] for other in target.rows}
        if target.whole and made.row_id not in known:
            yield fault(
                decisions, row.line, "row_id", f"{made.row_id!r} is not in {target.table.file}; correct or remove it"
            )
        if made.published_as == AS_NOTHING:
            yield fault(
                decisions, row.line, "row_id", f"{made.row_id!r} is withheld; take it out of {target.table.file}"
            )
        elif made.published_as not in SENSITIVE[made.table]:
            words = ", ".join(sorted(SENSITIVE[made.table]))
            yield fault(decisions, row.line, "published_as", f"{made.published_as!r}, expected for this table: {words}")


def _no_rule(_row: Row, _made: PublicationDecision, _readings: Readings) -> Iterator[Problem]:
    """The words that the table allows say it all."""
    yield from ()


def _count_faults(row: Row, _made: PublicationDecision, readings: Readings) -> Iterator[Problem]:
    """As a field note, a crossing that is counted hides among others: those here, or those counted of this stretch."""
    if cast("int", row.values["named"]) >= LEAST_SHARED:
        return
    wanted = f"expected {LEAST_SHARED} or more, or a published count of the same stretch in column 'among'"
    among = row.cells["among"]
    extents = {other.cells["total_id"]: other.cells["extent"] for other in readings["totals_extent"].rows}
    if extents.get(among) != row.cells["extent"]:
        yield "named", f"{wanted}; give a longer stretch"
        return
    counted = [other.values for other in readings["crossings_totals"].rows if other.cells["total_id"] == among]
    if not any((one.get("total") or one.get("vehicular") or 0) >= LEAST_SHARED for one in counted):  # type: ignore[operator]
        yield "among", f"{wanted} that is not smaller; give a longer stretch"


def _checkpoint_faults(row: Row, made: PublicationDecision, readings: Readings) -> Iterator[Problem]:
    """A built booth stays where it is; of any other post, age and number of years say how finely it may be named."""
    cells, as_of = row.cells, cast("str | None", row.values["as_of"])
    if cells["fixity"] == "fixed":
        return
    if is_embargoed(as_of, made.decided_on) != (made.published_as == AS_STATE_MONTH):
        yield "as_of", f"a post younger than {EMBARGO_MONTHS} months, and no other, is published by state and month"
    if made.published_as == AS_NAME and (is_recent(as_of, made.decided_on) or years_in(str(as_of)) == 1):
        yield (
            "as_of",
            f"a name of its own is for posts known for years and older than {RECENT_MONTHS} months; {_FINER}",
        )
    if made.published_as == AS_MUNICIPALITY and cells["name"].lower() not in cells["municipality"].lower():
        yield "name", f"expected the name of the municipality, {cells['municipality']!r}; rename the row"
    if made.published_as == AS_STRETCH and _BETWEEN not in cells["name"]:
        yield "name", f"expected the two ends of a stretch, with {_BETWEEN!r} between them; rename the row"
    if made.published_as == AS_STATE_MONTH:
        yield from _finer_than_state_and_month(row, readings)
    for column in ("position_as_printed", "note"):
        if _KILOMETRES.search(cells[column]):
            yield column, f"a post that is not built has no kilometre here; {_FINER}"
    yield from _reading_faults(row, readings)


def _finer_than_state_and_month(row: Row, readings: Readings) -> Iterator[Problem]:
    if not is_month(cast("str | None", row.values["as_of"])):
        yield "as_of", "expected a month, such as 2026-11, of a post that is published by state and month"
    areas = {other.cells["checkpoint_id"] for other in readings["checkpoint_areas"].rows}
    if row.cells["municipality_cvegeo"] or row.cells["position_as_printed"] or row.cells["checkpoint_id"] in areas:
        yield "checkpoint_id", "expected no municipality, no position and no row in checkpoint_areas.csv; remove them"
    if row.cells["on_corridor"] != "false":
        yield "on_corridor", "expected false of a post that is published by state and month"


def _reading_faults(row: Row, readings: Readings) -> Iterator[Problem]:
    for other in readings["corridor_readings"].rows:
        if other.cells["checkpoint_id"] != row.cells["checkpoint_id"] or other.cells["reading"] != "distance":
            continue
        if cast("float", other.values.get("tolerance_km") or 0.0) < LEAST_TOLERANCE_KM:
            where = f"line {other.line} of corridor_readings.csv"
            yield "checkpoint_id", f"{where} is finer than {LEAST_TOLERANCE_KM:g} km either way; widen its tolerance"


def _facility_faults(row: Row, made: PublicationDecision, _readings: Readings) -> Iterator[Problem]:
    kind, is_new = row.cells["kind"], is_embargoed(cast("str | None", row.values["as_of"]), made.decided_on)
    if kind in {"naval", *GUARDED} and is_new:
        yield "as_of", f"a {kind} place younger than {EMBARGO_MONTHS} months is not published; take the row out"
    if not row.cells.get("longitude"):
        return
    if kind not in OFFICES:
        only = f"only {', '.join(OFFICES)} have a position"
        yield "longitude", f"{only}; empty longitude and latitude, and name the unit in municipality_cvegeo"
    elif made.published_as != AS_NAME:
        yield (
            "longitude",
            f"expected none of what is published as {made.published_as}; empty both, or decide on it anew",
        )


def _posts_faults(row: Row, made: PublicationDecision, _readings: Readings) -> Iterator[Problem]:
    as_of = cast("str | None", row.values["year"])
    if is_embargoed(as_of, made.decided_on) != (made.published_as == AS_STATE_MONTH):
        yield "year", f"a post younger than {EMBARGO_MONTHS} months, and no other, is published by state and month"
    if made.published_as == AS_NAME and is_recent(as_of, made.decided_on):
        yield "year", f"a name of its own is for posts older than {RECENT_MONTHS} months; {_FINER}"
    for column in ("what", "note"):
        if made.published_as != AS_NAME and _KILOMETRES.search(row.cells[column]):
            yield column, f"such a post has no kilometre here; {_FINER}"


def _observation_faults(row: Row, made: PublicationDecision, _readings: Readings) -> Iterator[Problem]:
    """Who fled, is held or is lodged is counted for a municipality or more, never for a building or community."""
    level = row.cells["place_level"]
    if made.published_as == AS_MUNICIPALITY and level not in _WHOLE_MUNICIPALITY:
        yield "place_level", "expected municipality or municipality_abroad, because its decision says so; correct one"
    if made.published_as == AS_COUNT and level in {*_WHOLE_MUNICIPALITY, "office", "crossing"}:
        yield "place_level", "expected a state or more of what is published as a count; decide on it as a municipality"
    if is_embargoed(cast("str | None", row.values["period"]), made.decided_on):
        yield "period", f"a figure younger than {EMBARGO_MONTHS} months is not published; take the row out"


_RULES: Mapping[str, Callable[[Row, PublicationDecision, Readings], Iterator[Problem]]] = MappingProxyType(
    {
        "crossings_informal_named": _no_rule,
        "crossings_informal_counts": _count_faults,
        "crossings_totals": _no_rule,
        "checkpoints": _checkpoint_faults,
        "facilities": _facility_faults,
        "containment": _posts_faults,
        "observations": _observation_faults,
    }
)
