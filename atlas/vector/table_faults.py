"""What is said of rows and heads of tables, whatever file they stand in."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from atlas.vector.layer import FileFault, VectorLayer

_INFINITE = (math.inf, -math.inf)


def blank_rows(numbers: Sequence[int]) -> list[FileFault]:
    """Of rows in which nothing stands."""
    if not numbers:
        return []
    rows = "1 row has" if len(numbers) == 1 else f"{len(numbers):,} rows have"
    message = f"{rows} neither a place nor a value, and so no feature: what is blank is left out."
    return [FileFault("row-blank", message, row=numbers[0])]


def names_twice(head: Sequence[Any]) -> list[FileFault]:
    """Of names that stand twice in a head."""
    counts = Counter(str(cell).strip() for cell in head if cell is not None)
    twice = [name for name, count in counts.items() if count > 1 and name]
    if not twice:
        return []
    message = (
        f"{', '.join(twice[:8])} stands twice in the head: the first is read under its name, the others with the "
        "number of their column behind it."
    )
    return [FileFault("name-twice", message)]


def cells_beyond(
    rows: Iterable[tuple[int, Sequence[Any]]], names: int, blank: Callable[[object], bool]
) -> list[FileFault]:
    """Of the first row, by its number, that has more cells than the head has names."""
    row = next((number for number, row in rows if not all(map(blank, row[names:]))), None)
    if row is None:
        return []
    message = (
        f"The row has more cells than the head has names ({names}); the rest is left out: look for a delimiter within "
        "a text."
    )
    return [FileFault("value-lost", message, row=row)]


def without_infinity(layer: VectorLayer) -> None:
    """Make numbers without an end null in a layer's columns, as JSON has none, and say it."""
    for name, values in layer.columns.items():
        if not any(one in values for one in _INFINITE):
            continue
        rows = [n for n, value in enumerate(values) if isinstance(value, float) and value in _INFINITE]
        if not rows:
            continue
        times = "1 value is" if len(rows) == 1 else f"{len(rows):,} values are"
        message = f"{times} infinite, which JSON has no number for: null is read."
        layer.faults.append(
            FileFault("value-lost", message, row=layer.row(rows[0]), field=name, before="Infinity", after="null")
        )
        infinite = frozenset(rows)
        layer.columns[name] = [None if n in infinite else value for n, value in enumerate(values)]
