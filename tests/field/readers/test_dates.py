"""Dates as people write them: read exactly, or refused with the reason; never guessed."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.field.readers.dates import moment, needs_order, order_in
from atlas.field.readers.fault import RowFaultError

_ZONES = st.sampled_from([None, dt.UTC, dt.timezone(dt.timedelta(hours=-6)), dt.timezone(dt.timedelta(hours=5.5))])


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-05-04", "2026-05-04"),
        ("2026-05", "2026-05"),
        ("2026-05-04T16:20:01.123-06:00", "2026-05-04T16:20:01.123-06:00"),
        ("2026-05-04 16:20", "2026-05-04T16:20"),
        ("2026/05/04", "2026-05-04"),
        ("20260504T162001Z", "2026-05-04T16:20:01Z"),
        ("31/05/2026", "2026-05-31"),
        ("05/31/2026 4:20 PM", "2026-05-31T16:20"),
        ("05.05.2026", "2026-05-05"),
        ("4 de mayo de 2026, 12:05 a. m.", "2026-05-04T00:05"),
        ("lunes, 4 mayo 2026", "2026-05-04"),
        ("May 4, 2026", "2026-05-04"),
        ("04-SEP-2026", "2026-09-04"),
        ("2026-05-04T16:20:00 UTC", "2026-05-04T16:20:00Z"),
        ("2026-05-04T16:20-0600", "2026-05-04T16:20-06:00"),
        ("4 de mayo de 2026 a las 15:11", "2026-05-04T15:11"),
        ("Mon, 04 May 2026 15:11:40 GMT", "2026-05-04T15:11:40Z"),
    ],
)
def test_a_date_that_can_only_be_one_is_read(written: str, read: str) -> None:
    assert moment(written, order=None) == read


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("03/05/2026", "could be day/month or month/day"),
        ("03/05/26", "a year of two digits"),
        ("31/02/2026", "does not exist"),
        ("2026-02-30", "does not exist"),
        ("45415", "a spreadsheet's day number"),
        ("yesterday", "cannot be read"),
        ("2026-05-04T25:00", "does not exist"),
        ("2026-05-04 14:00 pm", "a clock of 12 hours"),
        ("=1+1", "cannot be read"),
    ],
)
def test_a_date_that_cannot_be_read_says_why(written: str, reason: str) -> None:
    with pytest.raises(RowFaultError, match=reason):
        moment(written, order=None)


def test_the_order_that_a_person_says_holds_for_all_dates() -> None:
    assert moment("03/05/2026", order="dmy") == "2026-05-03"
    assert moment("03/05/2026", order="mdy") == "2026-03-05"
    with pytest.raises(RowFaultError, match="does not exist"):
        moment("31/05/2026", order="mdy")


def test_a_weekday_hides_no_order() -> None:
    assert needs_order("lunes 04/05/2026")
    assert order_in(["lunes 04/05/2026", "mi\u00e9rcoles 13/05/2026"]) == "dmy"


def test_a_file_decides_the_order_only_when_all_its_dates_agree() -> None:
    assert order_in(["03/05/2026", "31/05/2026"]) == "dmy"
    assert order_in(["03/05/2026", "05/31/2026"]) == "mdy"
    assert order_in(["31/05/2026", "05/31/2026"]) is None
    assert order_in(["03/05/2026", "2026-05-31"]) is None


@given(st.datetimes(min_value=dt.datetime(1900, 1, 1), max_value=dt.datetime(2999, 12, 31), timezones=_ZONES))  # noqa: DTZ001 - bounds
def test_iso_moments_come_back_as_they_were(instant: dt.datetime) -> None:
    assert moment(instant.isoformat(), order=None) == instant.isoformat()


@given(st.dates(min_value=dt.date(1900, 1, 1)), st.sampled_from("/.-"))
def test_numbers_are_read_in_the_order_said_or_not_at_all(day: dt.date, mark: str) -> None:
    written = f"{day:%d}{mark}{day:%m}{mark}{day.year:04d}"
    assert moment(written, order="dmy") == day.isoformat()
    if needs_order(written):
        with pytest.raises(RowFaultError, match="could be day/month"):
            moment(written, order=None)
    else:
        assert moment(written, order=None) == day.isoformat()


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_dates(words: str) -> None:
    try:
        read = moment(words, order=None)
    except RowFaultError as fault:
        assert fault.reason  # noqa: PT017 - the reason is what is tested
    else:
        assert dt.datetime.fromisoformat(read if len(read) > 7 else f"{read}-01")
