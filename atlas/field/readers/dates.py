"""Dates and times as people and programs write them, as ISO 8601; nothing is guessed, zones stay as written."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from atlas.field.readers.cell_values import key
from atlas.field.readers.fault import RowFaultError
from atlas.field.readers.read_options import DateOrder

# as programs write them
_PLAIN = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(?::\d{2})?(?:Z|[-+]\d{2}:[0-5]\d)?)?\Z", re.ASCII)
_TIME = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<fraction>[.,]\d{1,9})?)?"
    r"(?:\s*(?P<half>[aApP]\.?\s?[mM]\.?))?(?:\s*(?P<zone>[zZ]|UTC|GMT|[-+]\d{2}(?::?\d{2})?))?"
)
_ISO = re.compile(rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})(?:[T ,]+{_TIME})?\Z", re.ASCII)
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})[/.](?P<month>\d{{1,2}})[/.](?P<day>\d{{1,2}})(?:[T ,]+{_TIME})?\Z", re.ASCII
)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z)?)?\Z", re.ASCII)
_NUMBERS = re.compile(
    rf"(?P<a>\d{{1,2}})[/.\-](?P<b>\d{{1,2}})[/.\-](?P<year>\d{{4}}|\d{{2}})(?:[T ,]+{_TIME})?\Z", re.ASCII
)
_DAY_NAMED = re.compile(
    rf"(?P<day>\d{{1,2}})[ .\-/]+(?:de )?(?P<name>[^\W\d_]+)\.?[ ,.\-/]+(?:de )?(?P<year>\d{{4}})(?:[T ,]+{_TIME})?\Z"
)
_NAMED_DAY = re.compile(
    r"(?P<name>[^\W\d_]+)\.?[ .\-/]+(?P<day>\d{1,2})(?:,|st,?|nd,?|rd,?|th,?)?[ .\-/]+(?P<year>\d{4})"
    rf"(?:[T ,]+{_TIME})?\Z"
)
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])\Z", re.ASCII)
_CLOCK = re.compile(rf"{_TIME}\Z", re.ASCII)
_WEEKDAY = re.compile(
    r"\b(?:lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)\.?,? ",
    re.IGNORECASE,
)
# 4 de mayo de 2026 a las 15:11; 4 May 2026 at 15:11
_AT = re.compile(r",? (?:a las?|at|@) (?=\d{1,2}:)", re.IGNORECASE)
_SERIAL = re.compile(r"[34]\d{4}(?:[.,]\d+)?\Z")

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "enero ene january jan",
            "febrero feb february",
            "marzo mar march",
            "abril abr april apr",
            "mayo may",
            "junio jun june",
            "julio jul july",
            "agosto ago august aug",
            "septiembre setiembre sep sept set september",
            "octubre oct october",
            "noviembre nov november",
            "diciembre dic december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_WRITE = "write it as 2024-05-31 or 2024-05-31T14:30"
_NOON = 12


def order_in(texts: Iterable[str]) -> DateOrder | None:
    """What a file decides about day and month: a number above 12 in one of the places, and never in the other."""
    orders: set[DateOrder] = set()
    for words in texts:
        match = _NUMBERS.match(_bare(words))
        if match and int(match["a"]) > _NOON >= int(match["b"]):
            orders.add("dmy")
        elif match and int(match["b"]) > _NOON >= int(match["a"]):
            orders.add("mdy")
        if len(orders) > 1:
            return None
    return next(iter(orders), None)


def needs_order(words: str) -> bool:
    """Whether a text is a date whose day and month could be either."""
    match = _NUMBERS.match(_bare(words))
    return match is not None and int(match["a"]) <= _NOON and int(match["b"]) <= _NOON and match["a"] != match["b"]


def moment(words: str, *, order: DateOrder | None, clock: str | None = None) -> str:
    """A date, or a date and time, as ISO 8601 with what was written and no more.

    Parameters
    ----------
    words
        The date, perhaps with a time.
    order
        Order of day and month where both are numbers.
    clock
        A time that stands in a column of its own.

    Raises
    ------
    RowFaultError
        It is no date, or could be two.
    """
    if (plain := _PLAIN.match(words)) and _exists(words):
        return words if plain[1] else words + _after(clock)
    bare = _bare(words)
    if _MONTH.match(bare):
        return bare
    if compact := _COMPACT.match(bare):
        day = _day(int(compact["year"]), int(compact["month"]), int(compact["day"]), words)
        hour, minute, second, zone = compact.groups()[3:]
        written = f"{hour}:{minute}" + (f":{second}" if second else "") + (zone or "") if hour else clock
        return day + _after(written)
    match = _ISO.match(bare) or _YEAR_FIRST.match(bare)
    if match:
        day = _day(int(match["year"]), int(match["month"]), int(match["day"]), words)
    elif match := _NUMBERS.match(bare):
        day = _from_numbers(match, order, words)
    elif (match := _DAY_NAMED.match(bare) or _NAMED_DAY.match(bare)) and key(match["name"]) in _MONTHS:
        day = _day(int(match["year"]), _MONTHS[key(match["name"])], int(match["day"]), words)
    else:
        raise RowFaultError(_unknown(words))
    return day + (_time(match, words) if match["hour"] else _after(clock))


def _bare(words: str) -> str:
    """A date without its weekday and the word before its time."""
    plain = " ".join(words.split())
    # most dates have no letters, and a table has millions of them
    return plain if plain.upper() == plain.lower() else _AT.sub(" ", _WEEKDAY.sub("", plain, count=1))


def _exists(words: str) -> bool:
    try:
        dt.datetime.fromisoformat(words)
    except ValueError:
        return False
    return True


def _unknown(words: str) -> str:
    if _SERIAL.match(words):
        return f"the date {words!r} is a spreadsheet's day number; format the column as a date, or {_WRITE}"
    return f"the date {words!r} cannot be read; {_WRITE}"


def _day(year: int, month: int, day: int, words: str) -> str:
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        msg = f"the date {words!r} does not exist in the calendar; {_WRITE}"
        raise RowFaultError(msg) from None


def _from_numbers(match: re.Match[str], order: DateOrder | None, words: str) -> str:
    a, b, year = int(match["a"]), int(match["b"]), match["year"]
    if len(year) == 2:  # noqa: PLR2004 - digits
        msg = f"the date {words!r} has a year of two digits; write all four"
        raise RowFaultError(msg)
    if order is not None:
        return _day(int(year), *((b, a) if order == "dmy" else (a, b)), words)
    if a > _NOON or a == b:
        return _day(int(year), b, a, words)
    if b <= _NOON:
        msg = (
            f"the date {words!r} could be day/month or month/day, and no date of the file decides it; "
            "say --dates dmy or --dates mdy, or write 2024-05-31"
        )
        raise RowFaultError(msg)
    return _day(int(year), a, b, words)


def _after(clock: str | None) -> str:
    if not clock or not clock.strip():
        return ""
    match = _CLOCK.match(" ".join(clock.split()))
    if match is None:
        msg = f"the time {clock!r} cannot be read; write it as 14:30"
        raise RowFaultError(msg)
    return _time(match, clock)


def _time(match: re.Match[str], words: str) -> str:
    hour, half = int(match["hour"]), key(match["half"] or "")
    if half:
        if not 1 <= hour <= _NOON:
            msg = f"the time in {words!r} has an hour that a clock of 12 hours lacks; write it as 14:30"
            raise RowFaultError(msg)
        hour = hour % _NOON + (_NOON if half.startswith("p") else 0)
    zone = match["zone"] or ""
    zone = "Z" if zone.upper() in {"UTC", "GMT", "Z"} else zone
    if zone not in {"", "Z"} and ":" not in zone:
        zone = f"{zone[:3]}:{zone[3:] or '00'}"
    seconds = f":{match['second']}{(match['fraction'] or '').replace(',', '.')}" if match["second"] else ""
    clock = f"{hour:02d}:{match['minute']}{seconds}"
    try:
        dt.datetime.fromisoformat(f"2000-01-01T{clock}{zone}")
        # Python takes any minutes of a zone
        dt.time.fromisoformat(zone[1:] if len(zone) > 1 else "00:00")
    except ValueError:
        msg = f"the time in {words!r} does not exist; {_WRITE}"
        raise RowFaultError(msg) from None
    return f"T{clock}{zone}"
