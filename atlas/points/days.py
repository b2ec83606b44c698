"""The month of each row, from a column of times: timestamps, dates, text in ISO 8601, or seconds since 1970."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from atlas.errors import UsageError

NO_MONTH = -1
_NAMES = ("time", "timestamp", "datetime", "date", "fecha", "hora", "day", "dia", "t", "ts")
_MILLIS = 1e11


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
        return _of_seconds(column.to_pandas())
    if pa.types.is_temporal(column.type) and not pa.types.is_time(column.type):
        return _months(pd.to_datetime(column.to_pandas(), errors="coerce", utc=True))
    texts = column.to_pandas()
    times = pd.to_datetime(texts, errors="coerce", utc=True, format="ISO8601")
    if times.isna().all() and len(texts):
        return _of_seconds(pd.to_numeric(texts, errors="coerce"))
    return _months(times)


def _of_seconds(values: Any) -> NDArray[np.int64]:  # noqa: ANN401 - a series
    numbers = values.astype(float)
    # what is too large for seconds of our time is in milliseconds
    return _months(
        pd.to_datetime(numbers.where(numbers < _MILLIS, numbers / 1000), unit="s", errors="coerce", utc=True)
    )


def _months(times: Any) -> NDArray[np.int64]:  # noqa: ANN401 - a series
    months = times.dt.year * 12 + times.dt.month - 1
    return np.asarray(months.fillna(NO_MONTH).to_numpy(), dtype=np.int64)
