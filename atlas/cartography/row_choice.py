"""Rows of a table, or features of a file, by what their fields say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from atlas.admission.user_features import UserLayer
from atlas.cartography.composition import Bilingual
from atlas.cartography.fields import chosen_fields
from atlas.cartography.map_words import worded
from atlas.errors import InputError, UsageError
from atlas.geojson.written import written


def chosen_rows(
    columns: Mapping[str, Sequence[Any]], where: Sequence[tuple[str, str]], what: str, notes: list[Bilingual]
) -> dict[str, list[Any]]:
    """The rows of a table that meet all conditions; a note says how many of how many.

    Raises
    ------
    UsageError
        The table has no such column.
    InputError
        No row meets them.
    """
    if missing := next((name for name, _ in where if name not in columns), None):
        msg = f"{what} has no column {missing!r} to choose rows by; it has {', '.join(columns)}"
        raise UsageError(msg)
    count = len(next(iter(columns.values())))
    kept = [row for row in range(count) if all(_matches(columns[name][row], text) for name, text in where)]
    notes.append(_where_note(where, len(kept), count, what))
    return {name: [cells[row] for row in kept] for name, cells in columns.items()}


def choose_features(file: UserLayer, where: Sequence[tuple[str, str]], notes: list[Bilingual]) -> None:
    """Leave only the features that meet all conditions; as `chosen_rows`."""
    chosen_fields(file, [name for name, _ in where])
    kept = [f for f in file.features if all(_matches(f.properties.get(name), text) for name, text in where)]
    notes.append(_where_note(where, len(kept), len(file.features), file.name))
    file.features = kept


def _matches(value: Any, text: str) -> bool:  # noqa: ANN401 - a cell or a property
    return value is not None and written(value).strip() == text


def _where_note(where: Sequence[tuple[str, str]], kept: int, count: int, what: str) -> Bilingual:
    conditions = ", ".join(f"{name} = {text}" for name, text in where)
    if not kept:
        msg = f"{what} has no row with {conditions}"
        raise InputError(msg)
    return worded("note.where", count=kept, all=count, conditions=conditions)
