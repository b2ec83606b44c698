"""The door of `user_layers` for points without end: rows are held against it as they are read, and none is kept.

The same rules: where nothing states a class the rows are the user's own and pass; where anything does, each row has to
say ``open``. What calls itself generalised is refused: a page of single points cannot show that it was released.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from atlas.admission.stated_class import FIELD, Stated, may_hold_one, names_the_class, stated_classes
from atlas.admission.user_layers import (
    FORMALITY,
    NONE,
    NOT_SHOWN,
    OF_NOTES,
    WITHOUT,
    Fault,
    class_fault,
    decided_by,
    is_closed_word,
    is_of_notes,
    refuse_faults,
)
from atlas.errors import InputError, UsageError
from atlas.published import publishable
from atlas.published.sensitivity import Sensitivity, published_class

_A_POINT = {"id": "of a row", "geometry": {"type": "Point"}}
_ELSEWHERE = "take these rows out"
_PLAIN_MEMBERS = frozenset({"type", "id", "geometry", "properties", "bbox"})
_LIKE_JSON = r"^\s*[\[{]"


class PointDoor:
    """Holds the rows of one file against the door.

    Parameters
    ----------
    name
        How messages call the file.
    sensitivity_field
        As in `atlas.admission.user_layers.open_user_layer`.
    """

    def __init__(self, name: str, sensitivity_field: str | None) -> None:
        self._name = name
        self._chosen = sensitivity_field
        self._named = None if sensitivity_field == NONE else sensitivity_field
        self._path = f"properties.{self._named or FIELD}"
        self._faults: dict[Fault, list[int]] = defaultdict(list)
        self._without: list[int] = []
        # of tables whose columns can hold no class: first row and the one after the last
        self._plain_rows: list[range] = []
        self._classified = 0
        self._rows = 0
        self._has_named = False
        # whether the names in a feature can neither hold a class nor say that it is a note
        self._plain: dict[tuple[tuple[str, ...], tuple[str, ...]], bool] = {}

    def feature(self, row: int, members: Mapping[str, Any]) -> None:
        """Hold a feature against the door.

        Raises
        ------
        InputError
            A value is nested without end.
        """
        self._rows += 1
        properties = members.get("properties")
        properties = properties if isinstance(properties, Mapping) else {}
        if self._named and self._named in properties:
            self._has_named = True
        elif self._is_plain(members, properties):
            self._without.append(row)
            return
        try:
            classes = list(self._classes(members))
        except InputError as error:
            msg = f"{self._name}: {error}"
            raise InputError(msg) from error
        if is_of_notes(members) and not classes:
            self._faults[OF_NOTES].append(row)
        elif not classes:
            self._without.append(row)
        else:
            self._classified += 1
            self._judge(row, classes, members)

    def table(self, table: pa.Table, first: int) -> None:
        """Hold the rows of a table against the door; ``first`` is the number of its first row."""
        by_name = {name for name in table.column_names if names_the_class(name) or name == self._named}
        noted = is_of_notes(dict.fromkeys(table.column_names))
        wanted = {name: pa.array([True] * len(table)) for name in by_name} if by_name or noted else {}
        for name in table.column_names:
            if name not in wanted and (mask := _nested(table[name])) is not None:
                wanted[name] = mask
        rows = range(len(table))
        if not (by_name or noted):
            rows = sorted({int(n) for mask in wanted.values() for n in pc.indices_nonzero(mask).to_pylist()})  # type: ignore[assignment]
            passed = set(rows)
            if passed:
                self._without += [first + n for n in range(len(table)) if n not in passed]
            elif len(table):
                self._plain_rows.append(range(first, first + len(table)))
            self._rows += len(table) - len(rows)
        if not rows:
            return
        names = [*wanted, *(name for name in ("atlas", "atlas_base", FORMALITY) if name in table.column_names)]
        chosen = table.select(list(dict.fromkeys(names))).take(pa.array(list(rows), pa.int64())).to_pylist()
        for number, properties in zip(rows, chosen, strict=True):
            self.feature(first + number, {"properties": properties})

    def close(self, members: Mapping[str, Any]) -> None:
        """Decide, once all rows have been held against it, with what the file says of all of them.

        Raises
        ------
        UsageError
            No row has the field of classes that was named.
        PolicyError
            A row must not be shown.
        """
        if self._named and self._rows and not self._has_named:
            msg = f"{self._name} has no field {self._named!r}; name the field that holds the class, or {NONE!r}"
            raise UsageError(msg)
        of_all = list(self._classes(members))
        if of_all:
            self._judge(1, of_all, {})
        has_without = bool(self._without or self._plain_rows)
        if is_of_notes(members) and has_without and not of_all:
            self._faults[OF_NOTES] += self._rows_without()
        elif self._classified and has_without and not of_all and self._chosen != NONE:
            self._faults[WITHOUT] += self._rows_without()
        refuse_faults(self._name, self._faults)

    def _rows_without(self) -> list[int]:
        return sorted([*self._without, *(row for rows in self._plain_rows for row in rows)])

    def _is_plain(self, members: Mapping[str, Any], properties: Mapping[str, Any]) -> bool:
        key = tuple(members), tuple(properties)
        plain = self._plain.get(key)
        if plain is None:
            plain = (
                _PLAIN_MEMBERS.issuperset(members)
                and not any(names_the_class(name) for name in properties)
                and not is_of_notes(members)
            )
            self._plain[key] = plain
        return plain and not any(may_hold_one(value) for value in properties.values())

    def _classes(self, members: Mapping[str, Any]) -> Iterator[Stated]:
        properties = members.get("properties")
        if self._named and isinstance(properties, Mapping) and self._named in properties:
            yield Stated(self._path, properties[self._named])
        for one in stated_classes(members):
            if self._chosen is None or (is_closed_word(one.value) and not (self._named and one.path == self._path)):
                yield one

    def _judge(self, row: int, classes: Sequence[Stated], members: Mapping[str, Any]) -> None:
        for one in classes:
            if one.path == self._path and published_class(one.value) is Sensitivity.GENERALISED:
                what = f"{str(Sensitivity.GENERALISED)!r}, and single points cannot show that they were released"
                self._faults[what, NOT_SHOWN].append(row)
            elif fault := class_fault(one):
                self._faults[fault].append(row)
            elif why := publishable.fault(self._name, {**_A_POINT, "properties": decided_by(one, members)}):
                self._faults[why.removeprefix(f"{self._name}: "), _ELSEWHERE].append(row)


def _nested(column: pa.ChunkedArray) -> pa.Array | None:
    """Which cells of a column may hold something within themselves; nothing where none can."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_nested(kind):
        mask = column.is_valid()
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        mask = pc.fill_null(pc.match_substring_regex(column, _LIKE_JSON), False)  # noqa: FBT003 - what null becomes
    else:
        return None
    return mask.combine_chunks() if isinstance(mask, pa.ChunkedArray) else mask
