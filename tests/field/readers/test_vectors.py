"""Dates and numbers are read as the vectors say, which the page of field notes reads too (``web/test``)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from atlas.field.readers.cell_values import number
from atlas.field.readers.dates import moment
from atlas.field.readers.fault import RowFaultError
from atlas.field.readers.uncertainty import uncertainty

VECTORS = Path(__file__).parents[2] / "vectors"


def _cases(name: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads((VECTORS / name).read_text(encoding="utf-8"))["cases"]
    return cases


@pytest.mark.parametrize("case", _cases("dates.json"), ids=lambda case: case["text"] or "nothing")
def test_a_date_is_read_as_the_vectors_say(case: dict[str, Any]) -> None:
    try:
        iso = moment(case["text"], order=None)
    except RowFaultError:
        iso = None
    assert iso == case["iso"]


@pytest.mark.parametrize("case", _cases("numbers.json"), ids=lambda case: ascii(case["text"][:20]))
def test_a_number_is_read_as_the_vectors_say(case: dict[str, Any]) -> None:
    try:
        value = number(case["text"], name="the number")
    except RowFaultError:
        value = None
    assert value == case["number"]


@pytest.mark.parametrize("case", _cases("metres.json"), ids=lambda case: ascii(case["text"][:20]))
def test_metres_around_a_position_are_read_as_the_vectors_say(case: dict[str, Any]) -> None:
    metres = case["metres"]
    if metres is None or metres < 0:
        with pytest.raises(RowFaultError, match=r"is no number; write digits|is below zero; write metres"):
            uncertainty(case["text"])
    else:
        # devices write 0 where they don't know
        assert uncertainty(case["text"]) == (metres or None)


def test_a_number_beyond_all_is_refused() -> None:
    with pytest.raises(RowFaultError, match="larger than any number that a record can hold"):
        number("9" * 400, name="the uncertainty")


@pytest.mark.parametrize("words", ["20240531T9999", "20240531T2560Z", "20240531T143099"])
def test_a_time_without_colons_that_does_not_exist_is_refused(words: str) -> None:
    with pytest.raises(RowFaultError, match="does not exist"):
        moment(words, order=None)


def test_a_time_without_colons_keeps_what_was_written() -> None:
    assert moment("20240531T1430", order=None) == "2024-05-31T14:30"
    assert moment("20240531T143005Z", order=None) == "2024-05-31T14:30:05Z"
