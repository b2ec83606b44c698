"""One small file for each rule yields that rule and no other; sound files yield nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from atlas.check import RULES, check_file
from atlas.geojson import streaming as reader_module

DATA = Path(__file__).parent.parent / "data"
INVALID = {path.stem: path for path in sorted((DATA / "invalid").iterdir())}
VALID = sorted((DATA / "valid").iterdir())
SCHEMA = {
    "type": "object",
    "required": ["type", "features"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"properties": {"type": "object", "properties": {"name": {"type": "string"}}}},
            },
        },
    },
}
# its file would be longer than 32 million characters
WITHOUT_FILE = {"feature-large"}


def test_every_rule_has_its_file() -> None:
    assert set(INVALID) == set(RULES) - WITHOUT_FILE


@pytest.mark.parametrize("rule", sorted(INVALID))
def test_the_file_of_a_rule_breaks_that_rule_alone(rule: str) -> None:
    report = check_file(INVALID[rule], schema=SCHEMA if rule == "schema" else None)
    assert set(report.counts) == {rule}
    first = report.findings[0]
    assert first.severity is RULES[rule].severity
    assert first.message.endswith(".")
    assert first.line is not None


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_sound_file_yields_nothing(path: Path) -> None:
    assert check_file(path).findings == ()


def test_a_feature_too_long_is_skipped_and_the_next_one_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_module, "LONGEST", 2_000_000)
    long = '{"type":"Feature","geometry":null,"properties":{"a":"{[\\"' + "x" * 1_900_000 + '","b":"' + "]" * 900_000
    after = '{"type":"Feature","geometry":{"type":"Point","coordinates":[0,0]},"properties":{}}'
    path = tmp_path / "long.geojson"
    path.write_text(f'{{"type":"FeatureCollection","features":[{long}"}}}},\n{after}]}}', encoding="utf-8")
    report = check_file(path)
    assert dict(report.counts) == {"feature-large": 1, "null-island": 1}
    assert [one.line for one in report.findings] == [1, 2]


@pytest.mark.parametrize(
    ("rule", "line", "path", "words"),
    [
        ("json-syntax", 14, "$.features[0]", "double quotes"),
        ("json-truncated", 10, "$.features[0].geometry.coordinates[1]", "still open"),
        ("json-trailing", 2, "$", "FeatureCollection"),
        ("encoding-not-utf8", 14, "$", "Windows-1252"),
        ("key-twice", 14, "$.features[0].properties.name", "remove one"),
        ("axes-swapped", 8, "$.features[0].geometry.coordinates", "longitude first"),
        ("crs-projected", 4, "$.features[0]", r"EPSG:32615 \(UTM zone 15N\)"),
        ("text-mojibake", 14, "$.features[0].properties.name", "Río Lacantún"),
        ("position-range", 13, "$.features[0].geometry.coordinates[1]", "not on the globe"),
        ("gap", 4, "$.features[0]", "between “west” and “east”"),
        ("overlap", 4, "$.features[0]", "Overlaps “east”"),
    ],
)
def test_a_finding_says_where_and_what_to_do(rule: str, line: int, path: str, words: str) -> None:
    first = check_file(INVALID[rule]).findings[0]
    assert (first.line, first.json_path) == (line, path)
    assert re.search(words, first.message)


def test_gaps_and_overlaps_are_measured() -> None:
    # triangles of 0.02 degrees of latitude by 0.001 of longitude: 2,213 m by 107 m
    for rule in ("gap", "overlap"):
        first = check_file(INVALID[rule]).findings[0]
        assert "a strip 53 m wide" in first.message.lower() or "A gap 53 m wide" in first.message
        assert "m²" in first.message


def test_personal_data_is_not_repeated() -> None:
    first = check_file(INVALID["personal-data"]).findings[0]
    assert "someone@example.org" not in first.message
