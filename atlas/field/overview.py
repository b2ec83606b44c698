"""What `list` shows of a store: every record, and no position of one that is not open unless it is asked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from atlas.field.change import Json
from atlas.field.current import COLUMNS
from atlas.field.database import GEOMETRY_COLUMN
from atlas.field.duplicate_records import SAME_SOURCE, sketches, why_duplicate
from atlas.field.shape import from_wkb
from atlas.field.store_view import View
from atlas.geojson.stored import stored
from atlas.work_steps import OnStep, counted, unheard

# where a record lies, more or less directly
_PLACING = ("chainage_km", "border_distance_m", "extra")
_FROM_JSON = ("photos", "conflicts", "extra")
# numbers that may be a position: decimals, degrees and minutes, grid references
_POSITION = re.compile(
    r"(?<!\d)\d+[.,]\d+|(?<!\d)\d+\s*°[^\s,;]*(?:\s*\d+(?:[.,]\d+)?\s*['′’\"″”]+)*|\b\d{1,3}\s+\d{1,2}\s+\d{1,2}\b"
    r"|\b\d{1,2}\s?[C-X]\s?[A-Z]{2}[\s\d]{4,}|\b\d{6,}\b"
)
HIDDEN = "…"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records: all conditions together; deleted and repeated ones only with ``everything``."""

    status: str | None = None
    sensitivity: str | None = None
    category: str | None = None
    conflicts: bool = False
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Overview:
    """A store at one moment, for people and programs."""

    digest: str
    changes: int
    records: Sequence[Mapping[str, Json]]
    proposals: Sequence[Mapping[str, str]]
    hidden: int

    @property
    def counts(self) -> dict[str, Json]:
        """How many records there are by status and by class, in conflict, and with their position kept back."""
        return {
            "records": len(self.records),
            "changes": self.changes,
            "status": dict(sorted(Counter(str(record["status"]) for record in self.records).items())),
            "sensitivity": dict(sorted(Counter(str(record["sensitivity"]) for record in self.records).items())),
            "conflicts": sum(bool(record["conflicts"]) for record in self.records),
            "proposals": len(self.proposals),
            "positions_hidden": self.hidden,
        }


def overview(view: View, wanted: Wanted, *, exact: bool = False, on_step: OnStep = unheard) -> Overview:
    """Look at a store.

    Parameters
    ----------
    exact
        Show positions of records that are not open as well.
    on_step
        Is called with how many records have been read.
    """
    records, hidden, repeated = [], 0, view.repeated()
    ((total,),) = view.session.rows("SELECT count(*) FROM annotations")
    for record in counted(_rows(view), int(total), on_step, "records"):
        if _is_wanted(record, wanted) and (wanted.everything or record["id"] not in repeated):
            kept_back = not exact and record["sensitivity"] != "open"
            hidden += kept_back and record["geometry"] is not None
            records.append(_kept_back(record) if kept_back else record)
    on_step("likely duplicates")
    proposals = [{"first_id": first, "second_id": second, "why": why} for first, second, why in open_proposals(view)]
    return Overview(view.digest(), view.change_count(), records, proposals, hidden)


def open_proposals(view: View) -> Iterator[tuple[str, str, str]]:
    """Pairs of records that look alike still, and that nobody has decided upon."""
    decided = {
        frozenset((str(record), str(name).partition(":")[2]))
        for record, name in view.session.rows(
            "SELECT record_id, field FROM changes WHERE substr(field, 1, 15) = 'different_from:'"
        )
    }
    pairs = list(view.session.rows("SELECT first_id, second_id, why FROM proposals ORDER BY first_id, second_id"))
    known = sketches(view.session, {str(record_id) for pair in pairs for record_id in pair[:2]})
    for first, second, stated in pairs:
        if frozenset((first, second)) in decided or not (first in known and second in known):
            continue
        if why := why_duplicate(known[first], known[second]) or (SAME_SOURCE if stated == SAME_SOURCE else None):
            yield str(first), str(second), why


def as_feature(record: Mapping[str, Json]) -> dict[str, Json]:
    """A record of an overview as a GeoJSON feature."""
    properties = {name: value for name, value in record.items() if name not in {"id", "geometry"}}
    return {"type": "Feature", "id": record["id"], "geometry": record["geometry"], "properties": properties}


def _rows(view: View) -> Iterator[dict[str, Any]]:
    names = ", ".join(f'"{column}"' for column in COLUMNS)
    for row in view.session.rows(f"SELECT {names} FROM annotations ORDER BY observed_at DESC, id"):  # noqa: S608 - names of our own
        record = dict(zip(COLUMNS, row, strict=True))
        data = view.session.wkb(record.pop(GEOMETRY_COLUMN))
        record["geometry"] = from_wkb(data) if data else None
        record["deleted"] = bool(record["deleted"])
        for name in _FROM_JSON:
            record[name] = stored(record[name]) if record[name] else None
        yield record


def _is_wanted(record: Mapping[str, Json], wanted: Wanted) -> bool:
    if not wanted.everything and record["deleted"]:
        return False
    asked = {"status": wanted.status, "sensitivity": wanted.sensitivity, "category": wanted.category}
    if any(value is not None and record[name] != value for name, value in asked.items()):
        return False
    return bool(record["conflicts"]) or not wanted.conflicts


def _kept_back(record: Mapping[str, Json]) -> dict[str, Json]:
    shown = {**record, "geometry": None, **dict.fromkeys(_PLACING)}
    if isinstance(record["note"], str):
        shown["note"] = without_positions(record["note"])
    if record["conflicts"]:
        shown["conflicts"] = {name: without_values(sides) for name, sides in record["conflicts"].items()}
    return shown


def without_positions(text: str) -> str:
    """Text in which every number that may be part of a position is hidden."""
    return _POSITION.sub(HIDDEN, text)


def without_values(sides: Sequence[Mapping[str, Json]]) -> list[dict[str, Json]]:
    """The sides of a conflict; a place is hidden, and positions in texts are."""
    return [{**side, "value": safe_value(str(side["field"]), side["value"])} for side in sides]


def safe_value(name: str, value: Json) -> Json:
    """The value of a field without a position."""
    if isinstance(value, bool) or value is None or name in _HARMLESS:
        return value
    # a field that nobody described may be called lat, or anything else
    return without_positions(value) if name == "note" and isinstance(value, str) else HIDDEN


_HARMLESS = frozenset(
    {"category", "observed_at", "position_basis", "reach", "coordinateUncertaintyInMeters", "confidence", "sensitivity"}
    | {
        "consent",
        "photos",
        "status",
        "decision",
        "municipality_cvegeo",
        "municipality_name",
        "nearest_reach",
        "same_as",
    }
)
