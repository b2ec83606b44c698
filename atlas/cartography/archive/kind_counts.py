"""Classes of a field of millions of rows, from how often it has each value."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from atlas.cartography.composition import Style
from atlas.cartography.portrayal import Portrayal, portray_values
from atlas.errors import UsageError

# values that stand for all rows: ends of classes are off by no more than one row in so many
_SAMPLE = 1_000_000
MOST_VALUES = 1_000_000


class KindCounts:
    """Counts the values of a field, and finds its classes once all are counted.

    Parameters
    ----------
    name
        The field.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._counts: Counter[str | None] = Counter()
        self._class_of: dict[str | None, int] = {}

    def take(self, column: pa.DictionaryArray) -> None:
        """Count some of the values.

        Raises
        ------
        UsageError
            There are too many different ones.
        """
        codes = pc.fill_null(column.indices.cast(pa.int64()), len(column.dictionary)).to_numpy(zero_copy_only=False)
        counts = np.bincount(codes, minlength=len(column.dictionary) + 1).tolist()
        words = [*column.dictionary.to_pylist(), None]
        self._counts.update({word: count for word, count in zip(words, counts, strict=True) if count})
        if len(self._counts) > MOST_VALUES:
            msg = (
                f"the field {self._name!r} has more than {MOST_VALUES:,} different values, too many to be put into "
                "classes; round them, or choose a field of kinds"
            )
            raise UsageError(msg)

    def portrayal(self, style: Style) -> Portrayal:
        """Classes and legend, with the true number of rows of each class.

        Raises
        ------
        UsageError
            The field cannot be shown in the way that the style asks for.
        """
        total = sum(self._counts.values())
        share = min(1.0, _SAMPLE / max(1, total))
        values: list[str | None] = []
        first: dict[str | None, int] = {}
        for word, count in self._counts.items():
            first[word] = len(values)
            values += [word] * max(1, round(count * share))
        made = portray_values(self._name, values, style)
        self._class_of = {word: int(made.of[at] or 0) for word, at in first.items()}
        counts = [0] * len(made.entries)
        for word, number in self._class_of.items():
            counts[number] += self._counts[word]
        entries = tuple(replace(entry, count=count) for entry, count in zip(made.entries, counts, strict=True))
        return replace(made, of=(), entries=entries)

    def classes(self, column: pa.DictionaryArray) -> NDArray[np.int64]:
        """The class of each value, once `portrayal` has found them."""
        table = np.array([self._class_of[word] for word in column.dictionary.to_pylist()] + [0], np.int64)
        table[-1] = self._class_of.get(None, 0)
        codes = pc.fill_null(column.indices.cast(pa.int64()), len(column.dictionary)).to_numpy(zero_copy_only=False)
        of: NDArray[np.int64] = table[codes]
        return of
