"""Values in few bytes: whatever the coding, a reader gets the very text of the file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.cartography.value_coding import Coded, coded, texts_of


def _text(one: Coded, number: int) -> str | None:
    """What the page makes of a value; `web/src/points/lanes.js` does the same."""
    if one.codes is None:
        return one.texts[number] or None
    code = int(one.codes[number])
    if code == 0:
        return None
    if one.kind == "word":
        return one.words[code - 1]
    value = code - 1 + one.about["least"]
    if one.kind == "number":
        return _number(value, one.about["decimals"], short=one.about.get("short", False))
    moment = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=value * one.about["unit"])).isoformat()
    if not one.about["between"]:
        return moment[:10]
    return moment[:10] + one.about["between"] + moment[11 : 19 if one.about["seconds"] else 16] + one.about["tail"]


def _number(value: int, decimals: int, *, short: bool) -> str:
    if not decimals:
        return str(value)
    digits = str(abs(value)).rjust(decimals + 1, "0")
    text = f"{'-' if value < 0 else ''}{digits[:-decimals]}.{digits[-decimals:]}"
    while short and text.endswith("0") and text[-2] != ".":
        text = text[:-1]
    return text


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "20", None, "-3", "0"], "number"),
        (["1.50", "2.25", "-0.75"], "number"),
        (["0.25", "2.5", "-3.0"], "number"),
        ([3.5, 0.25, None], "number"),
        ([7, 8, -9], "number"),
        (["-0.5", "0.1"], "number"),
        (["2025-01-31", None, "2024-02-29"], "time"),
        (["2025-01-31T10:00:00Z", "2025-01-31T10:00:01Z"], "time"),
        (["2025-01-31 10:00", "1969-12-31 23:59"], "time"),
        (["2025-01-31T10:00:00-06:00", "2025-02-01T00:00:00-06:00"], "time"),
        # what no integer gives back stays the text that it is
        (["007", "012"], "word"),
        (["1.5", "1.50"], "word"),
        (["-0", "1"], "word"),
        (["-0.0", "1.0"], "word"),
        (["1e5", "2"], "word"),
        (["2025-02-30", "2025-01-01"], "word"),
        (["2025-01-31T10:00:00Z", "2025-01-31T10:00:00"], "word"),
        (["2025-01-31T24:00:00", "2025-01-31T10:00:00"], "word"),
        (["bus", "boat", "", None, "bus"], "word"),
        (["٣", "1"], "word"),
        ([True, False], "word"),
        ([None, None], "word"),
    ],
)
def test_each_text_comes_back(values: list[object], kind: str) -> None:
    column = texts_of(values)
    one = coded("f", column)
    assert one.kind == kind
    assert [_text(one, number) for number in range(len(values))] == column.to_pylist()


def test_texts_that_all_differ_are_kept_as_they_are() -> None:
    values = [f"dev-{number:06d}" for number in range(70_000)]
    values[3] = "a\0b"
    one = coded("device", texts_of(pa.chunked_array([values[:10], values[10:]])))
    assert one.kind == "text"
    assert one.texts[3] == "a\u2400b"
    assert list(one.texts[4:]) == values[4:]


@given(st.lists(st.one_of(st.none(), st.integers(-(10**16), 10**16), st.floats(allow_nan=False, allow_infinity=False))))
def test_numbers_come_back(values: list[float | None]) -> None:
    column = texts_of(values)
    one = coded("f", column)
    assert [_text(one, number) for number in range(len(values))] == column.to_pylist()


@given(st.lists(st.one_of(st.none(), st.text(max_size=12), st.datetimes().map(lambda moment: moment.isoformat()))))
def test_words_come_back(values: list[str | None]) -> None:
    column = texts_of(values)
    one = coded("f", column)
    assert [_text(one, number) for number in range(len(values))] == column.to_pylist()
    assert [text or None for text in column.to_pylist()] == [
        None if not value else value.replace("\0", "\u2400") for value in values
    ]
