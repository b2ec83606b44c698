"""What others wrote is read so that it says one thing, or is refused with the member and the place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.errors import InputError
from atlas.geojson.repeated import repeated_members
from atlas.geojson.strict import JsonFaultError, parse, read_json_file

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "json" / "repeated.json").read_text(encoding="utf-8")
)
_json = st.recursive(
    st.none() | st.booleans() | st.text(max_size=5) | st.integers(-(2**53), 2**53),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["what"])
def test_repeated_members_are_named_with_their_place(vector: dict[str, Any]) -> None:
    assert [list(one) for one in repeated_members(vector["text"])] == vector["repeated"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["what"])
def test_the_parser_refuses_what_the_scanner_names(vector: dict[str, Any]) -> None:
    if not vector["repeated"]:
        assert parse(vector["text"]) == json.loads(vector["text"])
        return
    with pytest.raises(JsonFaultError, match=r"says two things: .* stands twice in \$.*, again in line \d"):
        parse(vector["text"])


@given(_json, st.booleans())
def test_what_a_program_writes_has_nothing_twice(value: Any, ascii_only: bool) -> None:  # noqa: FBT001 - drawn
    text = json.dumps(value, ensure_ascii=ascii_only)
    assert parse(text) == value
    assert list(repeated_members(text)) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[NaN]", r"is not JSON \(NaN is not a number"),
        ("[-Infinity]", r"-Infinity is not a number"),
        ("[1e400]", r"the number 1e400 is larger than programs can hold"),
        ("[-1e400]", r"the number -1e400 is larger"),
        (f"[{'9' * 400}]", r"the number 9{20}… of 400 digits is larger"),
        (f"[{'9' * 400}.5]", r"the number 9{20}… is larger"),
        (f"[{'9' * 20_000}]", r"of 20,000 digits is larger"),
        ("[" * 100_000 + "]" * 100_000, r"nested too deeply"),
        ('{"a": 1', r"line 1, column \d+: .*was it cut off\?"),
        ('{"a": 1,}', r"line 1, column 9"),
        ("", r"line 1, column 1"),
    ],
    ids=lambda words: words[:20],
)
def test_what_programs_read_differently_is_refused(text: str, why: str) -> None:
    with pytest.raises(JsonFaultError, match=why):
        parse(text)


@pytest.mark.parametrize("text", ["[1e308]", f"[{'9' * 308}]", "[1e-400]", "[-0.0]"])
def test_numbers_of_a_double_pass(text: str) -> None:
    assert parse(text) == json.loads(text)


def test_half_of_a_pair_becomes_the_sign_for_what_is_lost() -> None:
    text = r'{"a\ud800": "b\udc00c", "d": "\ud83d\ude00 \ud83d"}'
    assert parse(text) == {"a\ufffd": "b\ufffdc", "d": "\U0001f600 \ufffd"}
    assert json.dumps(parse(text), ensure_ascii=False).encode()


@pytest.mark.slow
def test_the_scanner_goes_as_deep_as_a_text_and_stays_quick() -> None:
    text = '{"a":' * 100_000 + '{"b":1,"b":2}' + "}" * 100_000
    assert [one.name for one in repeated_members(text)] == ["b"]


def test_a_file_is_refused_by_its_name_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "two.json"
    path.write_text('{"sensitivity": "withheld",\n "sensitivit\\u0079": "open"}', encoding="utf-8")
    with pytest.raises(
        InputError, match=r"two\.json says two things: “sensitivity” stands twice in \$, .*line 2; take"
    ):
        read_json_file(path, remedy="choose another")
