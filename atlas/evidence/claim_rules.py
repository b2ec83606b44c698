"""What a check of a claim may be: never the claim against its own source, and never one that nothing could fail.

A claim that is held against a figure of its own source can at most be consistent in itself, and an inequality of two
figures of one source (a longer period beside a shorter one) tests neither. Where a check looks at rows that the
claim's source stands behind, it would find what the source said. Such checks are refused here, before a verdict can
be made of them; what layers are made of is looked at in ``atlas.claims``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from atlas.evidence.rows import Reading, Row, fault

# checks whose argument names claims, and how many
OF_CLAIMS: Mapping[str, int] = MappingProxyType(
    {"other_claim": 1, "ratio": 1, "drop": 1, "difference": 2, "remainder": 2}
)
# checks that ask for the figure of the claim's own words: doubled, a fall of 30 percent
_WITH_REFERENCE = frozenset({"ratio", "drop"})
# checks that look at the rows of a table: the table, and the column that the argument names
_OF_ROWS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"place_pair": ("containment", "item"), "facilities": ("facilities", "kind")}
)
# the relation of a measured figure to a claimed one that a bound asks for
_RELATIONS: Mapping[str, str] = MappingProxyType({">": "more", "≥": "at_least", "≤": "at_most"})
_MEASURING = frozenset({"border_length", "border_rivers", "municipalities", "facilities"})
_REMEDY = "set the check to 'none'"


def check_claims(readings: Mapping[str, Reading]) -> list[str]:
    """All faults of ``claim_checks.csv`` that only show beside the claims and the tables of facts."""
    checks, claims = readings["claim_checks"], readings["claims"]
    if not claims.whole:
        return []
    by_id = {row.cells["claim_id"]: row for row in claims.rows}
    faults: list[str] = []
    for row in checks.rows:
        claim = by_id.get(row.cells["claim_id"])
        if claim is None or row.cells["check"] == "none":
            continue
        faults += _argument_faults(checks, row, by_id)
        faults += _reference_faults(checks, row)
        faults += _relation_faults(checks, row, claim)
        faults += _same_source_faults(checks, row, claim, by_id)
        faults += _same_rows_faults(checks, row, claim, readings)
    return faults


def named_claims(argument: str | None) -> list[str]:
    """The claims that an argument names, separated by ``;``."""
    return [part for part in (argument or "").split(";") if part]


def _argument_faults(checks: Reading, row: Row, claims: Mapping[str, Row]) -> Iterator[str]:
    wanted = OF_CLAIMS.get(row.cells["check"])
    if wanted is None:
        return
    named = named_claims(row.cells["argument"])
    numbers = [name for name in named if name in claims and isinstance(claims[name].values.get("value"), int | float)]
    if len(named) != wanted or len(numbers) != wanted:
        counted = "one claim" if wanted == 1 else f"{wanted} claims, separated by ';',"
        problem = f"{row.cells['argument']!r}, expected {counted} of claims.csv with a number; correct the argument"
        yield fault(checks.table, row.line, "argument", problem)


def _reference_faults(checks: Reading, row: Row) -> Iterator[str]:
    reference, kind = row.cells["reference"], row.cells["check"]
    if reference and kind not in _WITH_REFERENCE:
        problem = (
            f"{reference!r} has no source; give the figure a row of its own in claims.csv with a source, "
            f"and name that in the argument, or {_REMEDY}"
        )
        yield fault(checks.table, row.line, "reference", problem)
    if not reference and kind in _WITH_REFERENCE:
        problem = f"'', expected the figure of the claim's words (2 for doubled); fill it in, or {_REMEDY}"
        yield fault(checks.table, row.line, "reference", problem)


def _relation_faults(checks: Reading, row: Row, claim: Row) -> Iterator[str]:
    relation, bound = row.cells["relation"], claim.cells["bound"]
    if row.cells["check"] not in _MEASURING or relation == "part":
        return
    wanted = _RELATIONS.get(bound, "equal")
    if relation != wanted:
        problem = f"{relation!r} for a claim that binds by {bound!r}, expected {wanted!r}; correct one of the two"
        yield fault(checks.table, row.line, "relation", problem)


def _same_source_faults(checks: Reading, row: Row, claim: Row, claims: Mapping[str, Row]) -> Iterator[str]:
    if row.cells["check"] != "other_claim" or row.cells["relation"] == "equal":
        return
    for name in named_claims(row.cells["argument"]):
        shared = _shared(claim, "source_id", claims[name], "source_id") if name in claims else ""
        if shared:
            problem = (
                f"{row.cells['relation']!r} between {row.cells['claim_id']} and {name}, both of {shared}: "
                f"an inequality of two figures of one source tests neither; {_REMEDY}"
            )
            yield fault(checks.table, row.line, "relation", problem)


def _same_rows_faults(checks: Reading, row: Row, claim: Row, readings: Mapping[str, Reading]) -> Iterator[str]:
    if row.cells["check"] not in _OF_ROWS:
        return
    table, column = _OF_ROWS[row.cells["check"]]
    for other in readings[table].rows:
        if other.cells[column] != row.cells["argument"]:
            continue
        shared = _shared(claim, "source_id", other, "source_ids")
        if shared:
            problem = (
                f"{row.cells['check']!r} holds {row.cells['claim_id']} against {table}.csv, line {other.line}, "
                f"which rests on the claim's own source {shared}; {_REMEDY}"
            )
            yield fault(checks.table, row.line, "check", problem)


def _shared(one: Row, column: str, other: Row, other_column: str) -> str:
    ids = set(other.cells[other_column].split(";")) - {""}
    return ", ".join(source_id for source_id in one.cells[column].split(";") if source_id in ids)
