"""The other ways in which programs write a time: seconds since 1970, days since 1900, and without marks."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

from atlas.border_project.expected_region import region

TIME_MARK = "T"
_EXCEL = datetime(1899, 12, 30, tzinfo=UTC)
_DAY_S = 86_400
_SECONDS = 19
_MONTHS = (
    ("january", "enero"), ("february", "febrero"), ("march", "marzo"), ("april", "abril"), ("may", "mayo"),
    ("june", "junio"), ("july", "julio"), ("august", "agosto"), ("september", "septiembre"), ("october", "octubre"),
    ("november", "noviembre"), ("december", "diciembre"),
)  # fmt: skip


def _hours() -> tuple[float, ...]:
    """Hours that a clock may be ahead of UTC: those of the region, and none."""
    return (*region().border.utc_offsets_h, 0)


def time_texts(time: str) -> Iterator[bytes]:
    """A local time, ``2026-05-10T06:11:37`` with or without seconds, as other programs write it, in lower case."""
    local = datetime.fromisoformat(time).replace(tzinfo=UTC)
    exact = len(time) == _SECONDS
    clock = "%H:%M:%S" if exact else "%H:%M"
    compact = clock.replace(":", "")
    for form in (
        f"%Y%m%dt{compact}",
        f"%Y%m%d_{compact}",
        f"%Y%m%d-{compact}",
        f"%Y%m%d{compact}",
        f"%Y-%m-%d_{clock.replace(':', '-')}",
        f"%Y-%m-%dt{clock.replace(':', '-')}",
        f"%Y:%m:%d {clock}",
        f"%Y/%m/%d {clock}",
        f"%d/%m/%Y {clock}",
        f"%m/%d/%Y {clock}",
        f"%d.%m.%Y {clock}",
        f"%d-%m-%Y {clock}",
        f"%d/%m/%y {clock}",
        f"%m/%d/%y {clock}",
        f"%Y-%jt{clock}",
        f"%G-w%V-%ut{clock}",
        *(f"%Y-%m-%d{mark}{clock}" for mark in (",", ";", "\t", ", ", '","', '";"')),
    ):
        yield local.strftime(form).encode()
    yield from _in_words(local, local.strftime(clock))
    if not exact:
        return
    for hours in _hours():
        moment = local.replace(tzinfo=timezone(timedelta(hours=hours)))
        # milliseconds and finer begin with the same ten digits
        yield f"{int(moment.timestamp())}".encode()
        if hours:
            yield moment.astimezone(UTC).strftime("%Y-%m-%dt%H:%M:%S").encode()
            yield moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S").encode()
        days = (moment - _EXCEL) / timedelta(days=1)
        # half a second on either side of how the last digits are written
        for shift in (0.0, 0.5 / _DAY_S, -0.5 / _DAY_S):
            yield f"{int((days + shift) * 1e4) / 1e4:.4f}".encode()


def _in_words(local: datetime, clock: str) -> Iterator[bytes]:
    """With the month's name, and without zeros before a digit."""
    english, spanish = _MONTHS[local.month - 1]
    day, year, short = local.day, local.year, clock.removeprefix("0")
    yield f"{local.year}-{local.month}-{day} {short}".encode()
    for hour in dict.fromkeys((clock, short)):
        for name in (english, english[:3]):
            yield f"{day} {name} {year} {hour}".encode()
            yield f"{name} {day}, {year} {hour}".encode()
            yield f"{name} {day}, {year}, {hour}".encode()
        for mark in (" ", ", ", " a las "):
            yield f"{day} de {spanish} de {year}{mark}{hour}".encode()
        for order in (f"{day}/{local.month}/{year} {hour}", f"{local.month}/{day}/{year} {hour}"):
            yield order.encode()


def time_bytes(time: str) -> Iterator[bytes]:
    """The same as numbers of eight bytes: whole seconds and milliseconds since 1970, and seconds as a float."""
    if len(time) != _SECONDS:
        return
    local = datetime.fromisoformat(time)
    for hours in _hours():
        seconds = int(local.replace(tzinfo=timezone(timedelta(hours=hours))).timestamp())
        for order in "<>":
            yield struct.pack(f"{order}q", seconds)
            yield struct.pack(f"{order}q", seconds * 1000)
            yield struct.pack(f"{order}d", float(seconds))
