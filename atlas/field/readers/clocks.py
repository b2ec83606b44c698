"""When something was seen: what a person wrote, else the time of the device; a clock that cannot be decides nothing."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from atlas.field.readers import dates
from atlas.field.readers.cell_values import text
from atlas.field.readers.fault import RowFaultError
from atlas.field.readers.read_options import DateOrder
from atlas.field.readers.row_cells import Cells, Row, number_of_server

AS_WRITTEN, FAULT = "observed_at_as_written", "clock_fault"
_DAY = len("2026-01-31")
_HAS_DAY = re.compile(r"(?:\d{4}[-/.]\d|\d{1,2}[-/.]\d{1,2}[-/.]\d|\d{8}T)", re.ASCII)
# ``Mon, 04 May 2026 15:11:40 GMT``; what is none in the end is said
_NAME, _YEAR = re.compile(r"[^\W\d_]{3}"), re.compile(r"\b20\d{2}\b")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?(?:\.0+)?\Z", re.ASCII)
_EPOCH_DAY, _DAY_S = date(1970, 1, 1), 86_400
# no phone or receiver whose notes are read here is older
_FIRST = date(2010, 1, 1)
# where clocks begin that nobody set: Unix, GPS, DOS, Excel, Macintosh, receivers
_UNSET = frozenset({"1970-01-01", "1980-01-01", "1980-01-06", "1900-01-01", "1904-01-01", "2000-01-01", "0001-01-01"})
_UNSET_ANYWHERE = frozenset({"1970-01-01", "0001-01-01"})
# the week of GPS has ten bits: a receiver that does not know that it began anew is so many days wrong
_ROLLOVER = timedelta(weeks=1024)


def observed(cells: Cells, order: Callable[[str], DateOrder | None]) -> dict[str, Any]:
    """What a row says of its time, as fields of a record.

    Parameters
    ----------
    cells
        The row.
    order
        The order of day and month for a text that could be both.

    Raises
    ------
    RowFaultError
        What a person wrote is no date.
    """
    typed, clock = cells.text("observed_at"), cells.text("time")
    whole = clock if clock and _is_moment(clock) else None
    fields: dict[str, Any] = {}
    if typed and _EPOCH.match(typed):
        whole, typed = typed, None
    if typed:
        stated = dates.moment(typed, order=order(typed), clock=None if whole else clock)
        if _take(fields, stated, typed, device=False):
            return {**fields, **({"time": clock} if whole and whole != typed else {})}
    elif clock and not whole:
        fields["time"] = clock
    for words in ([whole] if whole else []) + cells.texts("device_time"):
        try:
            stated = moment_of_device(words, order)
        except RowFaultError:
            fields.setdefault(AS_WRITTEN, words)
            continue
        if _take(fields, stated, words, device=True):
            break
    return fields


def moment_of_device(words: str, order: Callable[[str], DateOrder | None]) -> str:
    """A time that a program wrote: as people write it, or counted from 1970 on in seconds or thousandths of them.

    Raises
    ------
    RowFaultError
        It is none.
    """
    if _EPOCH.match(words):
        number = float(words)
        stamp = datetime.fromtimestamp(number / 1000 if number >= 1e11 else number, UTC)  # noqa: PLR2004 - seconds reach 1e11 in 5138
        return stamp.isoformat().replace("+00:00", "Z")
    return dates.moment(words, order=order(words))


def sortable(words: str, order: Callable[[str], DateOrder | None]) -> str:
    """A time of a device as a text that sorts: in UTC, to a microsecond; without a zone it is taken for UTC.

    Raises
    ------
    RowFaultError
        It is none.
    """
    stamp = datetime.fromisoformat(moment_of_device(words, order))
    stamp = stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp.astimezone(UTC)
    return stamp.isoformat(timespec="microseconds")


def finished(row: Row, order: Callable[[str], DateOrder | None]) -> tuple[str, str] | None:
    """When a submission of KoboToolbox was finished, by which its versions are ordered; nothing where it is not said.

    Whoever edits one finishes it again: ``end`` is later, and the time at which it came in stays.
    """
    words = text(row.get("end")) if number_of_server(row) else None
    with suppress(RowFaultError):
        return ("end", sortable(words, order)) if words else None
    return None


def fault_in_clock(stated: str, *, device: bool) -> str | None:
    """Why a time cannot be that of an observation, as a sentence; nothing where it can."""
    return _fault_in_day(stated[:_DAY], _tomorrow(int(time.time() // _DAY_S)), device=device)


@lru_cache(maxsize=2)
def _tomorrow(days: int) -> date:
    """The day after so many of UTC since 1970."""
    return _EPOCH_DAY + timedelta(days=days + 1)


@lru_cache(maxsize=10_000)
def _fault_in_day(stated: str, last: date, *, device: bool) -> str | None:
    try:
        day = date.fromisoformat(stated)
    except ValueError:
        return None
    if stated in (_UNSET if device else _UNSET_ANYWHERE):
        return f"{stated} is where a clock begins that nobody set"
    if day > last:
        return _with_rollover(f"{stated} has not come yet", day - _ROLLOVER, last, "earlier")
    if device and day < _FIRST:
        why = f"{stated} is before any device of these notes"
        return _with_rollover(why, day + _ROLLOVER, last, "later")
    return None


def _with_rollover(why: str, day: date, last: date, way: str) -> str:
    rolled = f"; GPS week rollover? 1024 weeks {way} is {day.isoformat()}" if _FIRST <= day <= last else ""
    return f"{why}{rolled}"


def _take(fields: dict[str, Any], stated: str, words: str, *, device: bool) -> bool:
    """Put a time in, or mark it; whether it decides."""
    if fault := fault_in_clock(stated, device=device):
        if FAULT not in fields:
            fields |= {AS_WRITTEN: words, FAULT: fault}
        return False
    fields["observed_at"] = stated
    return True


def _is_moment(words: str) -> bool:
    name = _NAME.search(words)
    has_named_month = name is not None and _YEAR.search(words, name.end())
    return bool(_HAS_DAY.match(words) or _EPOCH.match(words) or has_named_month)
