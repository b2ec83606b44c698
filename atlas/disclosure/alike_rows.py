"""Rows of a large table that are alike in all that is judged of them: one stands for the others, which are counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat

from atlas.disclosure.scanned_feature import LATITUDES, LONGITUDES, SHAPES
from atlas.disclosure.telling_texts import TellingTexts, may_tell
from atlas.layers.schema import layer_specs
from atlas.published.sensitivity import Sensitivity
from atlas.release.terms import CROSSINGS

_FEWEST = 1000
_JUDGED = ("sensitivity", "category", "formality")
_FREE = frozenset({"note", "photos"})
_LON, _LAT = 180.0, 90.0

_UNPLACED = frozenset({str(Sensitivity.GENERALISED), *CROSSINGS})

Row = Sequence[str | None]
# what a value tells, for each that tells something
Facts = Mapping[str | None, object]


def without_alike(layer: str | None, names: Sequence[str], rows: list[Row]) -> tuple[list[int], list[int]]:
    """The numbers of the rows that stand for all, and of how many more each stands for.

    Rows of plain points are alike that have the same classes and as many decimals, and whose texts tell a day or
    coordinates in the same columns; where a row is of something that has no position, every row is judged.
    """
    lower = [str(name).strip().lower() for name in names]
    lon_at = next((at for at, name in enumerate(lower) if name in LONGITUDES), None)
    lat_at = next((at for at, name in enumerate(lower) if name in LATITUDES), None)
    every = list(range(len(rows))), [0] * len(rows)
    special = layer in layer_specs() or not _FREE.isdisjoint(names) or not set(SHAPES).isdisjoint(lower)
    width = len(names)
    uneven = any(len(row) != width for row in rows)
    if len(rows) < _FEWEST or lon_at is None or lat_at is None or special or uneven:
        return every
    columns = list(zip(*rows, strict=True))
    telling = [(column, facts) for column in columns if (facts := _facts(column))]
    classes = [columns[names.index(name)] for name in _JUDGED if name in names]
    kinds = zip(
        map(_decimals, columns[lon_at], repeat(_LON)),
        map(_decimals, columns[lat_at], repeat(_LAT)),
        *classes,
        *(map(facts.get, column) for column, facts in telling),
        strict=True,
    )
    return _counted(kinds, 2 + len(classes))


def _facts(column: Sequence[str | None]) -> Facts:
    """What the values of a column tell: mostly nothing, which is asked of all at once."""
    texts = {text for text in set(column) if text is not None}
    if not may_tell(texts):
        return {}
    read = TellingTexts()
    facts = ((text, read.facts(text)) for text in texts)
    return {text: (one.day, tuple(match.rule for match in one.pairs)) for text, one in facts if one is not None}


def _counted(kinds: Iterable[tuple[object, ...]], classes_to: int) -> tuple[list[int], list[int]]:
    kept: list[int] = []
    more: list[int] = []
    known: dict[object, int] = {}
    for number, kind in enumerate(kinds):
        if (first := known.get(kind)) is not None:
            more[first] += 1
            continue
        # of what has no plain place, every row is judged
        if kind[0] is not None and kind[1] is not None and _UNPLACED.isdisjoint(kind[2:classes_to]):
            known[kind] = len(kept)
        kept.append(number)
        more.append(0)
    return kept, more


def _decimals(text: str | None, most: float) -> int | None:
    """How many decimals a coordinate has; none, where it is no plain one."""
    if text is None:
        return None
    whole, point, rest = text.partition(".")
    if not point or not (rest.isdigit() and rest.isascii()):
        return None
    try:
        return len(rest.rstrip("0")) if abs(int(whole)) < most else None
    except ValueError:
        return None
