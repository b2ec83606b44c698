"""Features one after the other: with separators, a line each or over several lines, and one of them damaged."""

from __future__ import annotations

import io
import json

import pytest

from atlas.geojson import sequence
from atlas.geojson.document import document_of
from atlas.geojson.sequence import sequence_rule, texts_in, texts_of

ONE = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [-92.1, 14.9]}, "properties": {"n": 1}}
TWO = {**ONE, "properties": {"n": 2}}
LINES = f"{json.dumps(ONE)}\n{json.dumps(TWO)}\n"
PRETTY = f"{json.dumps(ONE, indent=2)}\n{json.dumps(TWO, indent=2)}\n"
FORMS = {
    "lines": LINES,
    "pretty": PRETTY,
    "separators": "".join(f"\x1e{json.dumps(one)}\n" for one in (ONE, TWO)),
    "separators, pretty": "".join(f"\x1e{json.dumps(one, indent=1)}\n" for one in (ONE, TWO)),
    "a separator at the start only": f"\x1e{LINES}",
    "empty records": f"\x1e\x1e{json.dumps(ONE)}\n\x1e \n\x1e{json.dumps(TWO)}",
    "no line break": json.dumps(ONE) + json.dumps(TWO),
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("block", [7, 1 << 20])
def test_every_form_has_the_same_features(text: str, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequence, "_BLOCK", block)
    assert document_of(text.encode()).value["features"] == [ONE, TWO]
    assert [json.loads(one) for _, one in texts_of(text)] == [ONE, TWO]
    if not text.startswith("{\n"):
        # over several lines without separators only the streaming reader takes them
        assert [json.loads(one) for _, one in texts_in(io.StringIO(text, newline="\n"))] == [ONE, TWO]


def test_a_damaged_one_keeps_its_line_and_the_others() -> None:
    text = f"{json.dumps(ONE)}\n\n{{broken\n{json.dumps(TWO)}"
    assert list(texts_in(io.StringIO(text))) == [(1, json.dumps(ONE)), (3, "{broken"), (4, json.dumps(TWO))]
    parted = f"\x1e{json.dumps(ONE)}\n\x1e{{broken\n\x1e{json.dumps(TWO)}"
    assert list(texts_in(io.StringIO(parted))) == [(1, json.dumps(ONE)), (2, "{broken"), (3, json.dumps(TWO))]


@pytest.mark.parametrize("text", ["", "[1]", '{"type": "Feature"}', '{"type": "Point"}\n{"type": "Point"}', "{}{}"])
def test_what_is_one_value_or_no_feature_is_no_sequence(text: str) -> None:
    assert sequence_rule(text) is None
