"""The answers to a form, and those to its repeats, as records: the same for tables of a server and for submissions."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from atlas.field.readers.record_rows import Rows
from atlas.field.readers.row_cells import is_photo
from atlas.field.readers.table_columns import TOGETHER, Columns
from atlas.field.row import FieldRow, Rejected

# a branch of Epicollect5 is a table beside the form, each row with the one that it belongs to
EPICOLLECT = ("ec5_uuid", "ec5_branch_owner_uuid")
# the columns by which a row is known and a repeat finds its parent: (own, parent's)
KEYS = (("KEY", "PARENT_KEY"), ("_index", "_parent_index"), ("GlobalID", "ParentGlobalID"), EPICOLLECT)
_NAMESPACE = uuid.UUID("3f2f8e0c-6f1c-5d0b-9a53-0f6f6a1d7b11")
_IDS = ("root_id", "key", "deprecated_id", "id")

Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Child:
    """The answers to one repeat.

    Attributes
    ----------
    name
        The repeat's name.
    place
        Where it stands, for messages.
    key
        Its key, as ODK Central has it: that of its parent, its name and its number.
    row
        Its answers.
    """

    name: str
    place: str
    key: str | None
    row: Answers


def answered(
    rows: Rows, row: Answers, children: Iterable[Child], where: str, *, raw: str | Callable[[], str]
) -> Iterator[FieldRow | Rejected]:
    """The records of one submission.

    A repeat with a position of its own is a record of its own that has what the main row says; any other repeat is kept
    in the record under the repeat's name, and its photos are the record's.

    Parameters
    ----------
    rows
        Makes records of the rows of the file.
    row
        The answers outside of repeats.
    children
        The repeats.
    where, raw
        The place of the row, and its text as it came, or what makes that.
    """
    joined = _Joined(rows, row)
    placed, beside = joined.repeats(children)
    record = rows.record(row, where, raw=raw, fields=beside)
    # a main row without a place of its own is only what its placed repeats have in common
    if not (placed and isinstance(record, Rejected) and not joined.has_place()):
        yield record
    yield from placed


class _Joined:
    """A main row and what it has in common with its repeats."""

    def __init__(self, rows: Rows, row: Answers) -> None:
        self._rows = rows
        self._row = row
        self._layout = rows.columns(tuple(row))

    def has_place(self) -> bool:
        return _has_place(self._row, self._layout)

    def repeats(self, children: Iterable[Child]) -> tuple[list[FieldRow | Rejected], dict[str, Any]]:
        placed: list[FieldRow | Rejected] = []
        beside: dict[str, Any] = {}
        photos: list[str] = []
        for order, child in enumerate(children):
            layout = self._rows.columns(tuple(child.row))
            if _has_place(child.row, layout):
                placed.append(self._placed(child, layout, order))
                continue
            names = [h for h, v in child.row.items() if h in layout.roles.get("photos", ()) or is_photo(v)]
            photos += [child.row[name] for name in names if child.row[name]]
            kept = {h: v for h, v in child.row.items() if v and h not in names and not _is_key(h)}
            if kept:
                if above := "/".join((child.key or "").split("/")[1:-1]):
                    kept["within"] = above
                name = f"{child.name}_repeat" if child.name in self._rows.words.fields else child.name
                beside.setdefault(name, []).append(kept)
        if photos:
            beside["photos"] = [*photos]
        return placed, beside

    def _placed(self, child: Child, layout: Columns, order: int) -> FieldRow | Rejected:
        """A repeat as a record: what it says itself, and for the rest what the main row says."""
        row = self._row
        answered_roles = {role for role, names in layout.roles.items() if any(child.row[name] for name in names)}
        roles = answered_roles - set(TOGETHER)
        theirs = {*self._layout.of_place, *(name for role in roles for name in self._layout.roles.get(role, ()))}
        above = {name: value for name, value in row.items() if name not in theirs and name not in child.row}
        merged = {**{name: value for name, value in child.row.items() if not _is_key(name)}, **above}
        main = self._rows.identifier(row)
        key = child.key if child.key and "/" in child.key else f"{child.name}/{order}"
        made = str(uuid.uuid5(_NAMESPACE, f"{main}/{key}")) if main else None
        without = {name: value for name, value in merged.items() if name not in self._ids()}
        return self._rows.record(without, child.place, record_id=made, version=self._rows.version(row))

    def _ids(self) -> set[str]:
        return {name for role in _IDS for name in self._layout.roles.get(role, ())}


def _has_place(row: Answers, layout: Columns) -> bool:
    return any(row.get(name) for name in layout.of_place)


def _is_key(header: str) -> bool:
    return header.startswith("_submission_") or any(header in pair for pair in KEYS) or header == "_parent_table_name"
