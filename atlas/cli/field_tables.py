"""What the commands of the field notes print: tables, one record, one history."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from atlas.errors import UsageError
from atlas.field.change import Change, Json
from atlas.field.current import placed
from atlas.field.exact_records import exact_feature
from atlas.field.overview import HIDDEN, Overview, open_proposals, safe_value, without_values
from atlas.field.state import RecordState

if TYPE_CHECKING:
    from atlas.field.store import Store

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
_NOTE, _SHORT, _DIGITS = 40, 8, 12
_LINES = 10
_PLACING = ("chainage_km", "border_distance_m")


def print_overview(address: str, overview: Overview, *, limit: int) -> None:
    """A line a record, then likely duplicates and totals; at most ``limit`` lines, or all with 0."""
    console = Console(soft_wrap=False)
    names = _short_ids([str(record["id"]) for record in overview.records])
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("id", "observed", "category", "where", "class", "status", "note"):
        table.add_column(column, no_wrap=column != "note", overflow="ellipsis")
    shown = overview.records[:limit] if limit else overview.records
    for record in shown:
        cells = [names[str(record["id"])], record["observed_at"], record["category"], _where(record)]
        cells += [record["sensitivity"], _status(record), _cut(record["note"])]
        table.add_row(*(escape(clean(cell)) for cell in cells))
    console.print(table)
    if more := len(overview.records) - len(shown):
        typer.echo(f"… and {more:,} more records (--limit 0, or --format json)")
    _print_pairs(overview.proposals, names)
    counts = overview.counts
    parts = [
        f"{counts['records']} records",
        f"{counts['conflicts']} in conflict",
        f"{counts['proposals']} likely duplicates",
    ]
    if overview.hidden:
        parts.append(f"{overview.hidden} positions not shown (--exact)")
    typer.echo(f"{', '.join(parts)}; {overview.changes} changes. {address}, digest {overview.digest[:16]}")


def print_record(store: Store, name: str, *, form: str, exact: bool) -> None:
    """One record, field by field."""
    _refuse_form(form)
    with store.reading() as view:
        record_id = view.find(name)
        state = view.state(record_id)
        alike = [(a, b, why) for a, b, why in open_proposals(view) if record_id in {a, b}]
    shown = _shown(state, store, exact=exact or state.sensitivity == "open")
    others = [{"id": b if a == record_id else a, "why": why} for a, b, why in alike]
    if form == "json":
        typer.echo(json.dumps({**shown, "looks_like": others}, ensure_ascii=True, indent=1))
        return
    typer.echo(f"{record_id}")
    if shown["geometry"] is not None:
        typer.echo(f"  geometry: {json.dumps(shown['geometry'])}")
    elif state.geometry:
        typer.echo("  geometry: not shown, because the record is not open (--exact shows it)")
    for field, value in shown["properties"].items():
        if value is not None and field != "conflicts":
            typer.echo(f"  {clean(field)}: {clean(value)}")
    for field, sides in (shown["properties"].get("conflicts") or {}).items():
        typer.echo(f"  conflict over {clean(field)}; decide with --keep {clean(field)}=CHANGE:")
        for side in sides:
            edited = "" if side["field"] == field else f" ({clean(side['field'])} was edited)"
            by = clean(side["author"] or "nobody known")
            typer.echo(f"    {side['change_id'][:_DIGITS]}  {clean(side['value'])}{edited}, by {by}")
    for other in others:
        typer.echo(f"  looks like {other['id']}: {clean(other['why'])} (--same-as or --different-from)")


def print_history(store: Store, name: str, *, form: str, exact: bool) -> None:
    """The changes of a record in the order of their arrival."""
    _refuse_form(form)
    with store.reading() as view:
        record_id = view.find(name)
        state = view.state(record_id)
        changes = list(view.changes([record_id]))
        sql = "SELECT change_id, origin, received_at FROM changes WHERE record_id = ?"
        arrived = {change_id: (origin, at) for change_id, origin, at in view.session.rows(sql, [record_id])}
    open_ = exact or state.sensitivity == "open"
    heads = {head.change_id for field_state in state.fields.values() for head in field_state.heads}
    rows = [_entry(change, arrived[change.change_id], heads, exact=open_) for change in changes]
    if form == "json":
        typer.echo(json.dumps({"id": record_id, "changes": rows}, ensure_ascii=True, indent=1))
        return
    typer.echo(record_id)
    for row in rows:
        by = clean(row["author"] or "nobody known")
        clock = f", {clean(row['claimed_at'])} by that clock" if row["claimed_at"] else ""
        typer.echo(f"  {row['change_id'][:_DIGITS]}  {clean(row['field'])} = {clean(row['value'])}")
        mark = "holds" if row["head"] else "superseded"
        typer.echo(f"    {mark}; by {by}{clock}; arrived {row['received_at']} with {clean(row['origin'])}")


def clean(value: Json) -> str:
    """A value as text that moves no cursor and colours nothing."""
    if value is None:
        return ""
    return _CONTROL.sub(" ", value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _entry(change: Change, arrived: tuple[str, str], heads: set[str], *, exact: bool) -> dict[str, Json]:
    value = change.value if exact else safe_value(change.field, change.value)
    row = {**change.as_json(), "value": value, "head": change.change_id in heads}
    return {**row, "origin": arrived[0], "received_at": arrived[1]}


def _shown(state: RecordState, store: Store, *, exact: bool) -> dict[str, Json]:
    place = placed([state], store.placer)[0]
    feature = exact_feature(state, place)
    if state.deleted:
        feature["properties"]["deleted"] = True
    if state.same_as:
        feature["properties"]["same_as"] = state.same_as
    if exact:
        return feature
    properties = {name: safe_value(name, value) for name, value in feature["properties"].items()}
    properties |= {name: HIDDEN for name in _PLACING if feature["properties"][name] is not None}
    if conflicts := feature["properties"].get("conflicts"):
        properties["conflicts"] = {name: without_values(sides) for name, sides in conflicts.items()}
    return {**feature, "geometry": None, "properties": properties}


def _refuse_form(form: str) -> None:
    if form not in {"text", "json"}:
        msg = f"--format {form!r}: expected text or json"
        raise UsageError(msg)


def _short_ids(ids: Sequence[str]) -> Mapping[str, str]:
    """The beginnings by which the records can be told apart."""
    length = _SHORT
    while len({record_id[:length] for record_id in ids}) < len(ids) and length < max(map(len, ids)):
        length += 4
    return {record_id: record_id[:length] for record_id in ids}


def _where(record: Mapping[str, Json]) -> str:
    reach = record["reach"] or record["nearest_reach"] or ""
    return " ".join(part for part in (reach, record["municipality_name"]) if part)


def _status(record: Mapping[str, Json]) -> str:
    marks = [str(record["status"])]
    if record["conflicts"]:
        marks.append(f"conflict: {', '.join(record['conflicts'])}")
    if record["deleted"]:
        marks.append("deleted")
    if record["same_as"]:
        marks.append(f"same as {str(record['same_as'])[:_SHORT]}")
    return "; ".join(marks)


def _cut(note: Json) -> str:
    text = clean(note)
    return text if len(text) <= _NOTE else f"{text[: _NOTE - 1]}…"


def _print_pairs(proposals: Sequence[Mapping[str, str]], names: Mapping[str, str]) -> None:
    for pair in proposals[:_LINES]:
        first, second = (names.get(pair[key], pair[key][:_SHORT]) for key in ("first_id", "second_id"))
        typer.echo(f"{first} looks like {second}: {clean(pair['why'])}")
    if len(proposals) > _LINES:
        typer.echo(f"… and {len(proposals) - _LINES} more likely duplicates (--format json has all)")
