"""Times of many points in a few dozen bins, by which a reader may filter at every zoom."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from atlas.cartography.coded_values import Coded
from atlas.cartography.value_coding import times_of

MOST_BINS = 48
_DAY_S = 86_400


class TimeField:
    """Looks on while a field is read, whether all its values are times that are written alike, and from when to when.

    Parameters
    ----------
    name
        The field.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._about: dict[str, Any] | None = None
        self._ends: tuple[int, int] | None = None
        self._is_time = True

    def take(self, column: pa.DictionaryArray) -> None:
        """Look at some of the values."""
        if not self._is_time or not len(column.dictionary):
            return
        times = times_of(self.name, column)
        about = None if times is None else _format(times)
        if times is None or about != (self._about or about):
            self._is_time = False
            return
        least = int(times.about["least"])
        most = least + int((times.codes if times.codes is not None else np.zeros(1)).max()) - 1
        self._about = about
        before = self._ends or (least, most)
        self._ends = min(before[0], least), max(before[1], most)

    def bins(self) -> TimeBins | None:
        """The bins; nothing where the field has no times, or only one."""
        if not self._is_time or self._about is None or self._ends is None or self._ends[0] == self._ends[1]:
            return None
        first, last = self._ends
        width = -(-(last - first + 1) // MOST_BINS)
        a_day = _DAY_S // self._about["unit"]
        if width > a_day:
            # whole days, beginning at midnight
            width = -(-width // a_day) * a_day
            first -= first % a_day
        return TimeBins(self.name, self._about, (first, last), width)


class TimeBins:
    """Spans of equal length; 0 stands for no time, 1 for the first of them.

    Attributes
    ----------
    about
        How the field writes its times; ``unit`` is in seconds.
    first, width
        Beginning of the first span and length of each, in units since 1970.
    last
        The last time of all.
    """

    def __init__(self, name: str, about: dict[str, Any], ends: tuple[int, int], width: int) -> None:
        self.name, self.about, self.width = name, about, width
        self.first, self.last = ends
        self.count = (self.last - self.first) // width + 1

    def of(self, column: pa.DictionaryArray) -> NDArray[np.int64]:
        """The bin of each value."""
        coded = times_of(self.name, column)
        if coded is None or coded.codes is None:
            return np.zeros(len(column), np.int64)
        moments = coded.codes - 1 + int(coded.about["least"])
        return np.where(coded.codes > 0, (moments - self.first) // self.width + 1, 0)

    @property
    def described(self) -> dict[str, Any]:
        """What a page has to know of them."""
        return {"field": self.name, **self.about, "first": self.first, "last": self.last} | {
            "width": self.width,
            "count": self.count,
        }


def _format(times: Coded) -> dict[str, Any] | None:
    return {key: value for key, value in times.about.items() if key != "least"} if times.kind == "time" else None
