"""The month of each row, from a column of times: timestamps, dates, text in ISO 8601, numbers since 1970 or of days."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from atlas.errors import UsageError

NO_MONTH = -1
_NAMES = ("time", "timestamp", "datetime", "date", "fecha", "hora", "day", "dia", "t", "ts")
# seconds, milliseconds, microseconds and nanoseconds since 1970 lie between these in any year from 1973 on; what is
# less is no time: a year, a month, a nought
_LEAST, _MILLIS, _MICROS, _NANOS, _MOST = 1e8, 1e11, 1e14, 1e17, 1e20
# a day as one number, 20250131, also with hours and minutes, and seconds
_DAY, _MINUTE, _SECOND = 1, 10_000, 1_000_000
_FIRST_DAY, _LAST_DAY = 19_000_101, 21_001_231


def time_column(table: pa.Table, stated: str | None) -> str:
    """The column of times: the one that is named, or one that is called so.

    Raises
    ------
    UsageError
        There is none.
    """
    names = table.column_names
    by_name = {name.lower(): name for name in reversed(names)}
    usual = next((by_name[word] for word in _NAMES if word in by_name), None)
    chosen = stated or usual
    if chosen is None or chosen not in names:
        which = f"{stated!r} " if stated else ""
        msg = f"there is no column of times {which}among {', '.join(names[:30])}; name it with --time"
        raise UsageError(msg)
    return chosen


def months_of(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Months counted from the year 0, as the times are written, with a zone in UTC; -1 where there is none."""
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        return _of_numbers(column.to_pandas())
    if pa.types.is_temporal(column.type) and not pa.types.is_time(column.type):
        return _months(pd.to_datetime(column.to_pandas(), errors="coerce", utc=True))
    if pa.types.is_boolean(column.type):
        return np.full(len(column), NO_MONTH, dtype=np.int64)
    texts = column.to_pandas()
    months = _months(pd.to_datetime(texts, errors="coerce", utc=True, format="ISO8601"))
    rest = months == NO_MONTH
    if rest.any():
        months[rest] = _of_numbers(pd.to_numeric(texts[rest], errors="coerce"))
    return months


def _of_numbers(values: Any) -> NDArray[np.int64]:  # noqa: ANN401 - a series
    numbers = values.astype(float).to_numpy()
    numbers = np.where(np.abs(numbers) < _MOST, numbers, np.nan)
    seconds = np.full(len(numbers), np.nan)
    for power, (least, most) in enumerate(pairwise((_LEAST, _MILLIS, _MICROS, _NANOS, _MOST))):
        inside = (numbers >= least) & (numbers < most)
        seconds[inside] = numbers[inside] / 1000**power
    months = _months(pd.Series(pd.to_datetime(seconds, unit="s", errors="coerce", utc=True)))
    for unit in (_DAY, _MINUTE, _SECOND):
        days = np.floor(numbers / unit)
        inside = (days >= _FIRST_DAY) & (days <= _LAST_DAY)
        texts = pd.Series(np.where(inside, days, 0).astype(np.int64).astype(str))
        written = _months(pd.to_datetime(texts, errors="coerce", utc=True, format="%Y%m%d"))
        months = np.where(written == NO_MONTH, months, written)
    return months


def _months(times: Any) -> NDArray[np.int64]:  # noqa: ANN401 - a series
    months = times.dt.year * 12 + times.dt.month - 1
    return np.asarray(months.fillna(NO_MONTH).to_numpy(), dtype=np.int64)
