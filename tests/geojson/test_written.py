"""The digits of a user's file, from its text to a reader's eye."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.geojson.written import real, whole, written

NUMBERS = (
    "0.0004", "0.00049", "14.123456", "2019", "6.02e23", "6.02E+23", "1.50", "1e-7", "1E5", "100000.0", "-0", "-0.0",
    "12345678901234567890", "9007199254740993", "0.1000000000000000055511151231257827", "1e16", "10000000000000000.0",
    "0.00001", "123456789.123456789",
)  # fmt: skip


def _read(text: str) -> object:
    return json.loads(text, parse_float=real, parse_int=whole)


@pytest.mark.parametrize("digits", NUMBERS)
def test_a_number_is_written_as_it_was_read(digits: str) -> None:
    number = _read(digits)
    assert written(number) == digits
    assert number == json.loads(digits)
    assert written(_read(f'{{"a": [{digits}, null, true]}}')) == f'{{"a": [{digits}, null, true]}}'


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_what_python_writes_is_written_alike(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)
    assert written(_read(text)) == (value if isinstance(value, str) else text)


def test_a_value_is_written_however_deep_it_is() -> None:
    deep = "[" * 900 + "1.50" + "]" * 900
    assert written(_read(deep)) == deep
