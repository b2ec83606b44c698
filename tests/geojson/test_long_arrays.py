"""Long arrays of coordinates, read run by run: the same as read at once, or not at all."""

from __future__ import annotations

import json
import re
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.geojson import long_arrays
from atlas.geojson.long_arrays import nested_runs

_NUMBERS = st.floats(-180, 180).map(lambda one: round(one, 3)) | st.integers(-180, 180)
_RUNS = st.lists(st.lists(_NUMBERS, min_size=2, max_size=3), min_size=1, max_size=9)
_NESTED = {
    1: _RUNS,
    2: st.lists(_RUNS, min_size=1, max_size=4),
    3: st.lists(st.lists(_RUNS, min_size=1, max_size=3), min_size=1, max_size=3),
}


def _read(text: str, depth: int) -> Any:
    return nested_runs(text.encode(), depth, lambda run: run, lambda runs: list(chain.from_iterable(runs)), json.loads)


@pytest.mark.parametrize("depth", _NESTED)
@given(data=st.data())
def test_runs_and_pieces_are_what_stands_there(depth: int, data: st.DataObject) -> None:
    value = data.draw(_NESTED[depth])
    spaced = data.draw(st.sampled_from(["", " ", "\n  "]))
    text = re.sub(r"([\[\],])", rf"{spaced}\1{spaced}", json.dumps(value)).strip()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(long_arrays, "AT_ONCE", data.draw(st.sampled_from([4, 30, 1 << 20])))
        assert _read(text, depth) == value


@pytest.mark.parametrize(
    "text",
    [
        "[[1,2],[3,4],]",
        "[[1,2],,[3,4]]",
        "[[1,2][3,4]]",
        "[[1,2],[3,4]",
        "[[1,2],[3,4]]]",
        "[[1,2],[3,4]],[[1,2]]",
        "[[1,2],[3,04]]",
        "[[1,2],[3,--4]]",
        "[[[1,2],[3,4]]]",
        "[[1,2],[3,4]] 5",
        "[[1,2],5]",
        "[0]",
        "[]",
        "",
    ],
)
@pytest.mark.parametrize("at_once", [4, 1 << 20])
def test_what_is_no_line_is_left_to_be_read_at_once(monkeypatch: pytest.MonkeyPatch, text: str, at_once: int) -> None:
    monkeypatch.setattr(long_arrays, "AT_ONCE", at_once)
    read = _read(text, 1)
    assert read is None or read == json.loads(text)


@pytest.mark.parametrize("text", ["[[[1,2],[3,4]],0]", "[0,[[1,2],[3,4]]]", "[[[1,2]],[]]", "[[[1,2]],[3,4]]"])
def test_runs_among_others_are_left_to_be_read_at_once(text: str) -> None:
    assert _read(text, 2) is None
