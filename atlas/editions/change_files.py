"""What `atlas diff` writes: a table and a layer of changes, the new edition with its ids, and a ledger."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from atlas._version import __version__
from atlas.editions.changes import Change, Comparison, Kind
from atlas.editions.edition import Edition
from atlas.geojson.collection import feature_texts

COLUMNS = (
    "change", "also", "old_code", "old_name", "old_id", "new_code", "new_name", "new_id", "id", "share_of_old",
    "share_of_new", "displacement_m", "gained_ha", "lost_ha", "confidence", "why",
)  # fmt: skip


def stable_ids(comparison: Comparison) -> Sequence[str]:
    """The id of each feature of the new edition: that of the old one which it continues, else one of its own.

    An edition without ids has its codes for them, and where it has none, its rows.
    """
    old, new = _ids_of(comparison.old), _ids_of(comparison.new)
    carried = {c.new: old[c.old] for c in comparison.changes if c.continues and c.old is not None and c.new is not None}
    taken = {*old, *carried.values()}
    ids = []
    for index, wanted in enumerate(new):
        if index in carried:
            ids.append(carried[index])
            continue
        # an id of the old edition names what it named there, also when that is gone
        free = next(one for one in (wanted, *(f"{wanted}-{n}" for n in range(2, len(new) + 3))) if one not in taken)
        taken.add(free)
        ids.append(free)
    return ids


def change_rows(comparison: Comparison) -> list[dict[str, Any]]:
    """A row a change, by the names of `COLUMNS`; what there is nothing of is None."""
    old_ids, new_ids, ids = _ids_of(comparison.old), _ids_of(comparison.new), stable_ids(comparison)
    return [_row(comparison, change, old_ids, new_ids, ids) for change in comparison.changes]


def _row(
    comparison: Comparison, change: Change, old_ids: Sequence[str], new_ids: Sequence[str], ids: Sequence[str]
) -> dict[str, Any]:
    old, new = change.old, change.new
    values = (
        change.kind.value,
        " ".join(change.kinds[1:]) or None,
        None if old is None else comparison.old.codes[old],
        None if old is None else comparison.old.names[old],
        None if old is None else old_ids[old],
        None if new is None else comparison.new.codes[new],
        None if new is None else comparison.new.names[new],
        None if new is None else new_ids[new],
        None if new is None else ids[new],
        _rounded(change.share_of_old, 4),
        _rounded(change.share_of_new, 4),
        _rounded(change.displacement_m, 2),
        _rounded(change.gained_ha, 4),
        _rounded(change.lost_ha, 4),
        change.confidence.value,
        change.why,
    )
    return dict(zip(COLUMNS, values, strict=True))


def table_bytes(comparison: Comparison) -> bytes:
    """The changes as CSV, RFC 4180, UTF-8."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(
        stream, COLUMNS, quoting=csv.QUOTE_NOTNULL if hasattr(csv, "QUOTE_NOTNULL") else csv.QUOTE_MINIMAL
    )
    writer.writeheader()
    writer.writerows(
        {key: "" if value is None else value for key, value in row.items()} for row in change_rows(comparison)
    )
    return stream.getvalue().encode()


def layer_bytes(comparison: Comparison) -> bytes:
    """What changed as GeoJSON: each with its place in the new edition, or in the old one where it has none there."""
    members, shapes, texts = [], [], []
    for change, row in zip(comparison.changes, change_rows(comparison), strict=True):
        if change.kind is not Kind.UNCHANGED:
            name, edition, at = (
                ("old", comparison.old, change.old) if change.new is None else ("new", comparison.new, change.new)
            )
            shapes.append(edition.shapes[at])
            texts.append(edition.texts[at or 0] if edition.texts else None)
            members.append({"properties": {**row, "edition": name}})
    return feature_texts(members, shapes, texts)


def edition_bytes(comparison: Comparison) -> bytes:
    """The new edition as GeoJSON, its features with the ids that they keep."""
    new, ids = comparison.new, stable_ids(comparison)
    members = [{"id": one, "properties": dict(row)} for one, row in zip(ids, new.properties, strict=True)]
    return feature_texts(members, list(new.shapes), new.texts)


def ledger_bytes(comparison: Comparison, inputs: Mapping[str, Mapping[str, Any]]) -> bytes:
    """All of it as JSON: what was compared and how, the sums, the changes, and which id became which.

    Parameters
    ----------
    inputs
        ``old`` and ``new``: name of the file, its hash.
    """
    editions = {"old": comparison.old, "new": comparison.new}
    document = {
        "atlas": __version__,
        **{key: {**inputs[key], **_about(edition)} for key, edition in editions.items()},
        "tolerance_m": comparison.tolerance_m,
        "near_m": comparison.near_m,
        "same": comparison.is_same,
        "counts": {kind.value: comparison.counts.get(kind, 0) for kind in Kind},
        "events": _events(comparison),
        "changes": change_rows(comparison),
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _events(comparison: Comparison) -> list[dict[str, Any]]:
    """What happened, each once: a split with all its parts, a merger with all that went into it."""
    rows = change_rows(comparison)
    events: list[dict[str, Any]] = []
    by_whole: dict[tuple[Kind, int], dict[str, Any]] = {}
    number = count(1)
    for change, row in zip(comparison.changes, rows, strict=True):
        for kind in change.kinds:
            whole = change.old if kind is Kind.SPLIT else change.new if kind is Kind.MERGED else None
            if whole is None:
                if kind is not Kind.UNCHANGED:
                    events.append(
                        {
                            "event": next(number),
                            "change": kind.value,
                            "old": _side(row, "old"),
                            "new": _side(row, "new"),
                        }
                    )
                continue
            event = by_whole.get((kind, whole))
            if event is None:
                event = {"event": next(number), "change": kind.value, "old": [], "new": []}
                by_whole[kind, whole] = event
                events.append(event)
            for side in ("old", "new"):
                event[side] += [one for one in _side(row, side) if one not in event[side]]
    return events


def _side(row: Mapping[str, Any], side: str) -> list[Any]:
    shown = row[f"{side}_code"] or row[f"{side}_id"]
    return [] if shown is None else [shown]


def _about(edition: Edition) -> dict[str, Any]:
    return {"features": len(edition), "code_field": edition.code_field, "name_field": edition.name_field}


def _ids_of(edition: Edition) -> Sequence[str]:
    """What a feature of an edition is called by: its id, else its code, else its row; each once."""
    ids, taken = [], set()
    for index, (identifier, code) in enumerate(zip(edition.identifiers, edition.codes, strict=True)):
        wanted = next((one for one in (identifier, code) if one is not None and one not in taken), f"row-{index + 1}")
        taken.add(wanted)
        ids.append(wanted)
    return ids


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(value, decimals) + 0.0
