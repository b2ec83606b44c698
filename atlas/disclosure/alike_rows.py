"""Rows of a large table that are alike in all that is judged of them: one stands for the others, which are counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from atlas.disclosure.csv_tables import Table
from atlas.disclosure.place_kinds import points_of, shapes_of
from atlas.disclosure.scanned_feature import LATITUDES, LONGITUDES, SHAPES
from atlas.disclosure.telling_texts import TellingTexts, may_tell
from atlas.layers.schema import layer_specs
from atlas.published.sensitivity import Sensitivity
from atlas.release.terms import CROSSINGS

_FEWEST = 1000
_JUDGED = ("sensitivity", "category", "formality")
_FREE = ("note", "photos")
_UNPLACED = frozenset({str(Sensitivity.GENERALISED), *CROSSINGS})
_KEYS = frozenset({"id", "fid"})

_Codes = NDArray[np.int64]
# what a value tells, for each that tells something
Facts = Mapping[str, object]


def without_alike(layer: str | None, table: Table) -> tuple[list[int], list[int]]:
    """The numbers of the rows that stand for all, and of how many more each stands for.

    Rows are alike that have the same classes and kind of shape and as many decimals, that have or lack the same free
    texts, and whose texts tell a day or coordinates in the same columns; where a row is of something that has no
    position, every row is judged.
    """
    lower = [name.strip().lower() for name in table.names]
    shape_at = next((lower.index(name) for name in SHAPES if name in lower), None)
    lon_at = next((at for at, name in enumerate(lower) if name in LONGITUDES), None)
    lat_at = next((at for at, name in enumerate(lower) if name in LATITUDES), None)
    at = None if lon_at is None or lat_at is None else (lon_at, lat_at)
    if table.count < _FEWEST or layer in layer_specs() or (shape_at is None and at is None):
        return list(range(table.count)), [0] * table.count
    places = np.zeros(len(table.numbers), dtype=np.int64) if at is None else points_of(table, *at)
    # numbers by themselves tell nothing
    numbers = () if at is None or not places.all() else at
    if shape_at is not None:
        places = shapes_of(table, shape_at, places)
    skipped = {shape_at, *numbers, *(lower.index(name) for name in _KEYS if name in lower)}
    read = [at for at in range(len(lower)) if at not in skipped]
    codes = [places, *_class_codes(table), *(_telling_codes(table, read))]
    return _counted(table, codes, _unplaced(table))


def _column(names: Sequence[str], name: str) -> int | None:
    """Where a column of a name is: the last of several, which is the one that counts."""
    return len(names) - 1 - names[::-1].index(name) if name in names else None


def _class_codes(table: Table) -> Iterator[_Codes]:
    for name in _JUDGED:
        if (at := _column(table.names, name)) is not None:
            yield _coded(table.texts(at))
    for name in _FREE:
        if (at := _column(table.names, name)) is not None:
            yield (table.lengths(at) > 0).astype(np.int64)


def _telling_codes(table: Table, columns: Sequence[int]) -> Iterator[_Codes]:
    for at in columns:
        texts = table.texts(at)
        if facts := _facts(texts):
            yield _coded([facts.get(text) for text in texts])


def _facts(column: Sequence[str]) -> Facts:
    """What the values of a column tell: mostly nothing, which is asked of all at once."""
    texts = set(column)
    if not may_tell(texts):
        return {}
    read = TellingTexts()
    facts = ((text, read.facts(text)) for text in texts)
    return {text: (one.day, tuple(match.rule for match in one.pairs)) for text, one in facts if one is not None}


def _coded(values: Sequence[object]) -> _Codes:
    """A number for each value, the same for the same."""
    numbers = {value: number for number, value in enumerate(dict.fromkeys(values))}
    return np.fromiter((numbers[value] for value in values), dtype=np.int64, count=len(values))


def _unplaced(table: Table) -> NDArray[np.bool_]:
    """Rows of what may have no position, whose names are looked up one by one."""
    flags = np.zeros(len(table.numbers), dtype=bool)
    for name in _JUDGED:
        if (at := _column(table.names, name)) is not None:
            texts = table.texts(at)
            other = {text for text in set(texts) if text in _UNPLACED or (name == "formality" and text != "formal")}
            if other:
                flags |= np.fromiter((text in other for text in texts), dtype=bool, count=len(texts))
    return flags


def _counted(table: Table, codes: Sequence[_Codes], single: NDArray[np.bool_]) -> tuple[list[int], list[int]]:
    kinds = np.zeros(len(table.numbers), dtype=np.int64)
    for code in codes:
        _, kinds = np.unique(kinds * (int(code.max(initial=0)) + 1) + code, return_inverse=True)
    rows = np.flatnonzero(~single)
    _, first, counts = np.unique(kinds[rows], return_index=True, return_counts=True)
    more = dict(zip(table.numbers[rows[first]].tolist(), (counts - 1).tolist(), strict=True))
    kept = sorted({*more, *table.numbers[single].tolist(), *table.uneven})
    return kept, [more.get(number, 0) for number in kept]
