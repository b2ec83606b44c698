"""What an exported row remembers, so that it merges three-way when it comes home: the heads it was exported from.

The text goes as ``atlas_base`` through spreadsheets, QGIS and QField: by field the heads, and a digest of the value
that was exported. A field that still has it was not edited; one with another value supersedes exactly these heads.
In a store that never had these heads, what was not edited is news as well: it is said as a plain value (`echoes`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType

from atlas.field.change import Change, ChangeError, Json, canonical
from atlas.field.state import RecordState
from atlas.geojson.strict import JsonFaultError, parse

_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Origin:
    """The heads of one field at the time of an export, and the digest of the value that was written."""

    heads: tuple[str, ...]
    was: str


@dataclass(frozen=True, slots=True)
class UnchangedValue:
    """What an exported row repeats: news to a store that lacks one of the heads it was exported from.

    The change has no parents and no author: where the heads arrive later it says what they say, or what they
    replaced, and is neither another opinion nor an edit.
    """

    change: Change
    heads: tuple[str, ...]


def base_text(state: RecordState) -> str:
    """The ``atlas_base`` of a record: one line of JSON."""
    fields = {
        name: [_digest(field_state.value), *(head.change_id for head in field_state.heads)]
        for name, field_state in state.fields.items()
    }
    return canonical({"record": state.record_id, "fields": fields})


def read_base(stated: Json, record_id: str) -> Mapping[str, Origin]:
    """The heads by field of a row that comes home; nothing where the row carries none, or those of another record.

    Raises
    ------
    ChangeError
        The text is not what an export wrote.
    """
    if stated in (None, ""):
        return MappingProxyType({})
    try:
        document = parse(stated) if isinstance(stated, str) else stated
        fields = {name: _origin(parts) for name, parts in document["fields"].items()}
    except JsonFaultError as fault:
        msg = f"atlas_base {fault}; leave that column as it is, or empty it"
        raise ChangeError(msg) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        msg = f"atlas_base is not what an export wrote ({stated!r:.60}); leave that column as it is, or empty it"
        raise ChangeError(msg) from error
    # a row that was copied to start a new one has the heads of the old
    return MappingProxyType(fields if document.get("record") == record_id else {})


def unchanged(value: Json, origin: Origin) -> bool:
    """Whether a value is the one that was exported."""
    return _digest(value) == origin.was


def was_empty(origin: Origin) -> bool:
    """Whether nothing was exported, or nothing that a table can show."""
    return origin.was in {_digest(None), _digest("")}


def unchanged_values(
    record_id: str, asserted: Mapping[str, Json], base: Mapping[str, Origin], conflicts: Json
) -> Iterator[UnchangedValue]:
    """What a row repeats of its base: each value that nobody edited, with all sides where it was in conflict.

    Parameters
    ----------
    conflicts
        The column of that name of the row: the sides by field, as text or object.
    """
    sides = _sides(conflicts)
    for name, value in asserted.items():
        origin = base.get(name)
        if origin is not None and unchanged(value, origin):
            for side in sides.get(name) or [value]:
                yield UnchangedValue(Change.of(record_id, name, side), origin.heads)


def _sides(stated: Json) -> dict[str, list[Json]]:
    """The values of each conflict; nothing where the column does not hold what an export wrote."""
    with suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError):
        document = parse(stated) if isinstance(stated, str) else stated
        return {name: [side["value"] for side in sides if side["field"] == name] for name, sides in document.items()}
    return {}


def _origin(parts: list[str]) -> Origin:
    was, *heads = parts
    if not all(isinstance(part, str) for part in parts):
        msg = "heads are text"
        raise TypeError(msg)
    return Origin(tuple(heads), was)


def _digest(value: Json) -> str:
    return sha256(_loose(value).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def _loose(value: Json) -> str:
    """A value as a spreadsheet gives it back: numbers and lists as text, blanks around it gone."""
    if not isinstance(value, str):
        return canonical(value)
    # a leading apostrophe keeps a spreadsheet from taking a text for a formula
    return value.replace("\r\n", "\n").strip().removeprefix("'")
