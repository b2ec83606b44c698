"""A table put onto a layer by a key, with a report of every row and feature that found no partner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from atlas.cartography.composition import Join
from atlas.cartography.numeric_field import folded
from atlas.cartography.time_steps import TimeSteps, time_steps
from atlas.errors import InputError, UsageError, listed

Feature = Mapping[str, Any]
Columns = Mapping[str, Sequence[Any]]
_NAMED = 8


@dataclass(slots=True)
class JoinReport:
    """What happened to the rows of a table and to the features of a layer.

    Attributes
    ----------
    padded, respelt
        Pairs of a table's key and the layer's that were taken for the same: a zero was lost, or accents and case.
    strays
        Keys of rows that no feature has.
    bare
        Keys of features without a row.
    gaps
        How many times, of all features that have a row at all, have none.
    """

    joined: int = 0
    padded: list[tuple[str, str]] = field(default_factory=list)
    respelt: list[tuple[str, str]] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)
    gaps: int = 0


def join_table(
    columns: Columns, features: Sequence[Feature], join: Join, named: str, time: str | None = None
) -> tuple[dict[str, Any], JoinReport]:
    """The features of a layer with the cells of their rows, as a GeoJSON document.

    Parameters
    ----------
    columns
        The table, by the name of each column.
    features
        GeoJSON features of the layer.
    named
        What to call the table in a message.
    time
        Column that says when: each feature is made once for each time of the table.

    Raises
    ------
    UsageError
        The table or the layer has no such column or field.
    InputError
        Two rows or two features have one key, or nothing matches.
    """
    column = _column(columns, join, named)
    keys = [_text(cell) for cell in columns[column]]
    by_key = _features_by_key(features, join)
    report = JoinReport()
    rows: dict[str, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        partner = _partner(key, by_key, report)
        if partner is None:
            report.strays.append(key or f"(empty, row {row + 2})")
        else:
            rows[partner].append(row)
    when = _when(columns, time, named)
    _refuse_doubles(rows, keys, named, when)
    if not rows:
        raise InputError(_nothing(keys, list(by_key), join, named))
    report.joined = len(rows)
    report.bare = [key for key in by_key if key not in rows]
    if when is None or time is None:
        made = [_joined(feature, columns, rows[key][0] if key in rows else None) for key, feature in by_key.items()]
        return {"type": "FeatureCollection", "features": made}, report
    made = []
    for key, feature in by_key.items():
        at = {when.of[row]: row for row in rows.get(key, ())}
        report.gaps += len(when.steps) - len(at) if at else 0
        for step, text in enumerate(when.steps):
            one = _joined(feature, columns, at.get(step))
            made.append({**one, "id": f"{key} {text}", "properties": {**one["properties"], time: text}})
    return {"type": "FeatureCollection", "features": made}, report


def _when(columns: Columns, time: str | None, named: str) -> TimeSteps | None:
    if time is None:
        return None
    if time not in columns:
        msg = f"{named} has no column {time!r} that says when; it has {', '.join(columns)}"
        raise UsageError(msg)
    when = time_steps(time, columns[time])
    if None in when.of:
        rows = [str(row + 2) for row, number in enumerate(when.of) if number is None]
        msg = f"{named} has no {time} in row {', '.join(rows[:_NAMED])}; write it there, or choose rows by --where"
        raise InputError(msg)
    return when


def _column(columns: Columns, join: Join, named: str) -> str:
    wanted = join.column or join.key
    if wanted in columns:
        return wanted
    alike = [name for name in columns if folded(name) == folded(wanted)]
    if len(alike) == 1 and join.column is None:
        return alike[0]
    msg = (
        f"{named} has no column {wanted!r}; it has {', '.join(columns)}. Where its column has another name, "
        f"say --join {join.layer}:{join.key}=COLUMN"
    )
    raise UsageError(msg)


def _features_by_key(features: Sequence[Feature], join: Join) -> dict[str, Feature]:
    by_key: dict[str, Feature] = {}
    fields = dict.fromkeys(name for feature in features for name in feature["properties"] or {})
    if features and join.key not in fields:
        msg = f"the layer {join.layer!r} has no field {join.key!r}; it has {', '.join(list(fields)[:20])}"
        raise UsageError(msg)
    doubled = []
    for feature in features:
        key = _text((feature["properties"] or {}).get(join.key))
        if key in by_key:
            doubled.append(key)
        by_key[key] = feature
    if doubled:
        msg = (
            f"the layer {join.layer!r} has more than one feature with {join.key} {doubled[0]!r}; "
            "choose a field that each feature has for itself"
        )
        raise InputError(msg)
    return by_key


def _partner(key: str, by_key: Mapping[str, Feature], report: JoinReport) -> str | None:
    """The layer's key that a row means; spelling is forgiven only where one key alone can be meant."""
    if not key:
        return None
    if key in by_key:
        return key
    widths = {len(known) for known in by_key if known.isdigit()}
    # a program that takes codes for numbers, and has a gap among them, writes 4010.0
    whole, _, zeros = key.partition(".")
    digits = whole if not zeros.strip("0") else key
    if digits.isdigit() and len(widths) == 1 and (padded := digits.zfill(max(widths))) in by_key:
        report.padded.append((key, padded))
        return padded
    alike = [known for known in by_key if folded(known) == folded(key)]
    if len(alike) == 1:
        report.respelt.append((key, alike[0]))
        return alike[0]
    return None


def _refuse_doubles(rows: Mapping[str, Sequence[int]], keys: Sequence[str], named: str, when: TimeSteps | None) -> None:
    together: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    for key, places in rows.items():
        for row in places:
            together[key, None if when is None else when.of[row]].append(row)
    doubled = {key: places for key, places in together.items() if len(places) > 1}
    if not doubled:
        return
    # the head is the first row
    faults = [
        f"{keys[places[0]]!r}{'' if when is None or step is None else f' in {when.steps[step]}'}: "
        f"rows {', '.join(str(row + 2) for row in places[:_NAMED])}"
        for (_, step), places in doubled.items()
    ]
    advice = "or keep one of each (such as one year) by --where"
    head = (
        f"{named} has more than one row for a feature; add them up, show one time after another by --time, {advice}:"
        if when is None
        else f"{named} has more than one row for a feature at a time; add them up, {advice}:"
    )
    raise InputError(listed(head, faults))


def _nothing(keys: Sequence[str], known: Sequence[str], join: Join, named: str) -> str:
    return (
        f"no row of {named} matches {join.layer}:{join.key}; the table has {', '.join(keys[:3])}, "
        f"the layer has {', '.join(known[:3])}. Name the column that does, as --join {join.layer}:FIELD=COLUMN"
    )


def _joined(feature: Feature, columns: Columns, row: int | None) -> dict[str, Any]:
    """The feature with the cells of its row; a column that is called like a field stands in its place."""
    cells = {name: None if row is None else cells[row] for name, cells in columns.items()}
    return {**feature, "properties": {**(feature["properties"] or {}), **cells}}


def _text(value: Any) -> str:  # noqa: ANN401 - a cell or a property
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()
