"""The reader against the whole-file parser: the same features at the right lines, wherever a block of the file ends."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.check.model import Findings
from atlas.check.rule_catalogue import RULES
from atlas.geojson import text_stream
from atlas.geojson.streaming import Reader

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))
features = st.lists(values, max_size=6)
others = st.dictionaries(texts.filter(lambda key: key != "features"), values, max_size=3)


@pytest.fixture(params=[5, 1 << 20])
def block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    size: int = request.param
    monkeypatch.setattr(text_stream, "_BLOCK", size)
    monkeypatch.setattr("atlas.geojson.streaming._BLOCK", size)
    return size


def _read(data: bytes) -> tuple[list[Any], list[int | None], Reader, Findings]:
    findings = Findings(RULES)
    reader = Reader(io.BytesIO(data), findings)
    items = list(reader.items())
    return [item.value for item in items], [item.line for item in items], reader, findings


@pytest.mark.usefixtures("block")
@settings(max_examples=40, deadline=None)
@given(before=others, features=features, after=others, indent=st.sampled_from([None, 0, 2]), raw=st.booleans())
def test_the_same_features_as_the_whole_file_parser(
    before: dict[str, Any], features: list[Any], after: dict[str, Any], indent: int | None, *, raw: bool
) -> None:
    document = {**before, "features": features, **{key: after[key] for key in after if key not in before}}
    data = json.dumps(document, indent=indent, ensure_ascii=not raw).encode()
    read_features, _, reader, findings = _read(data)
    assert not findings.counts
    assert reader.root.whole
    assert read_features == json.loads(data)["features"]
    assert reader.root.members == {key: value for key, value in json.loads(data).items() if key != "features"}


@pytest.mark.usefixtures("block")
@settings(max_examples=30, deadline=None)
@given(features=st.lists(st.dictionaries(texts, scalars, max_size=2), max_size=6), blank=st.integers(0, 3))
def test_each_feature_has_the_line_it_begins_in(features: list[dict[str, Any]], blank: int) -> None:
    data = '{"type": "FeatureCollection", "features": ['
    lines = []
    for n, feature in enumerate(features):
        data += ("," if n else "") + "\n" * blank + " "
        lines.append(data.count("\n") + 1)
        data += json.dumps(feature, indent=1)
    assert _read(f"{data}]}}".encode())[1] == lines


@pytest.mark.usefixtures("block")
@settings(max_examples=40, deadline=None)
@given(features=st.lists(st.dictionaries(texts, values, max_size=3), min_size=1, max_size=4), data=st.data())
def test_a_file_cut_off_anywhere_is_said_to_be_cut_off(features: list[dict[str, Any]], data: st.DataObject) -> None:
    whole = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    read_features, _, reader, findings = _read(cut)
    assert not reader.root.whole
    # a letter of several bytes may be what was cut
    assert set(findings.counts) <= {"json-truncated", "encoding-not-utf8"}
    assert len(findings.counts) == 1
    assert read_features == json.loads(whole)["features"][: len(read_features)]


@pytest.mark.parametrize(
    ("data", "rule", "words"),
    [
        (b'{"type": "FeatureCollection", "features": [1, 2,]}', "json-syntax", "comma too many"),
        (b'{"type": "FeatureCollection" "features": []}', "json-syntax", "expected a comma or a closing brace"),
        (b"{// a comment\n}", "json-syntax", "no comments"),
        (b"<html>", "json-syntax", "HTML"),
        (b"\x1f\x8b\x08\x00\x00\x00", "json-syntax", "gzip"),
        (b"\x1e{}", "json-sequence", "one after the other"),
        (b"", "json-truncated", "empty"),
        (b"   \n ", "json-truncated", "empty"),
        (b'{"type":"Point","coordinates":[-90.5,16.5', "json-truncated", "coordinates"),
        (b'{"features": [tru', "json-truncated", "features"),
        (b"[" * 100_000, "nesting-deep", "nested"),
        (b'{"a":' * 100_000, "nesting-deep", "nested"),
        (b'{"features": [' + b"[" * 100_000, "nesting-deep", "nested"),
    ],
)
def test_what_is_no_json_is_said_once(data: bytes, rule: str, words: str) -> None:
    _, _, _, findings = _read(data)
    assert dict(findings.counts) == {rule: 1}
    assert words in findings.kept[0].message


def test_a_number_of_thousands_of_digits_is_no_traceback() -> None:
    read_features, _, _, findings = _read(b'{"features": [{"n": ' + b"9" * 10_000 + b', "m": 3}, 4]}')
    assert read_features[0]["m"] == 3
    assert read_features[1] == 4
    assert not findings.counts


@pytest.mark.parametrize("data", [b"", b" \n"])
def test_a_named_sequence_may_be_empty_and_nothing_else(data: bytes) -> None:
    findings = Findings(RULES)
    reader = Reader(io.BytesIO(data), findings, named_sequence=True)
    assert list(reader.items()) == []
    assert reader.root.whole
    assert not findings.counts
    assert _read(data)[3].counts["json-truncated"] == 1
