"""The three forms of a report, the cap, and the command with its exit codes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from atlas.check import FILE_RULES, RULES, check_file, check_files, read_schema, render, rules_text
from atlas.errors import InputError, UsageError

pytestmark = pytest.mark.slow

DATA = Path(__file__).parent.parent / "data"
INVALID = DATA / "invalid"
SOUND = DATA / "valid" / "feature.geojson"


@pytest.fixture
def many(tmp_path: Path) -> Path:
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [0, 0]}, "properties": {"n": n}}
        for n in range(50)
    ]
    path = tmp_path / "many.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_all_are_counted_and_the_first_are_shown(many: Path) -> None:
    report = check_file(many)
    assert report.counts == {"null-island": 50}
    assert len(report.findings) == 20
    text = render([report], "text")
    assert "0 errors, 50 warnings, 0 for information (50 features, 50 positions)" in text
    assert "… and 30 more" in text
    assert len(check_file(many, cap=3).findings) == 3


def test_json_is_the_same_every_time(many: Path) -> None:
    first = render([check_file(many), check_file(SOUND)], "json")
    assert first == render([check_file(many), check_file(SOUND)], "json")
    finding = json.loads(first)["files"][0]["findings"][1]
    assert finding == {
        "rule": "null-island",
        "severity": "warning",
        "json_path": "$.features[1].geometry.coordinates",
        "line": 1,
        "feature_id": None,
        "position": [0.0, 0.0],
        "message": "A position at 0, 0 is mostly an empty cell: make the geometry null, or look the place up.",
    }


def test_annotations_have_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "50 %, odd: name.geojson"
    path.write_bytes((INVALID / "ring-open.geojson").read_bytes())
    line = render([check_file(path)], "github")
    assert line.startswith("::error file=")
    assert "50 %25%2C odd%3A name.geojson,line=9,title=ring-open::The ring" in line
    assert line.count("\n") == 1


def test_a_file_cannot_write_on_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "evil.geojson"
    feature = {
        "type": "Feature",
        "id": "a\u001b[2J\n::error::x",
        "geometry": None,
        "properties": {"\u001b]0;x": "\u202e"},
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature, feature]}), encoding="utf-8")
    report = check_file(path)
    for form in ("text", "github"):
        rendered = render([report], form)
        assert "\u001b" not in rendered
        assert "\u202e" not in rendered
        assert not any(line.startswith("::error::x") for line in rendered.splitlines())


def test_the_list_of_rules_is_complete() -> None:
    listed = {line.split()[0] for line in rules_text().splitlines() if line.startswith("  ")}
    assert listed == {*RULES, *FILE_RULES}


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ([SOUND], 0, "nothing found"),
        ([INVALID / "ring-open.geojson"], 1, "1 error, 0 warnings"),
        ([SOUND, INVALID / "spike.geojson"], 1, "1 warning"),
        ([INVALID / "spike.geojson", "--fail-on", "error"], 0, "1 warning"),
        ([INVALID / "geometry-null.geojson"], 0, "1 for information"),
        ([INVALID / "encoding-utf16.geojson", "--format", "json"], 1, '"rule": "encoding-utf16"'),
        (["--rules"], 0, "ring-open"),
        (["nowhere.geojson"], 2, "cannot be read"),
        ([DATA], 2, "is a folder without a shapefile"),
        ([], 2, "give one map file or more"),
        ([SOUND, "--format", "xml"], 2, "expected one of text, json, github"),
        ([SOUND, "--fail-on", "info"], 2, "expected one of error, warning"),
        ([SOUND, "--schema", "nothing"], 2, "basemap, border"),
        ([SOUND, "--schema", "border"], 1, "The schema wants"),
    ],
)
def test_exit_codes(
    command_line: Callable[..., subprocess.CompletedProcess[str]], options: list[Path | str], code: int, words: str
) -> None:
    done = command_line("check", *options, cwd=DATA.parent.parent)
    assert done.returncode == code, done.stderr
    assert words in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_the_library_refuses_as_the_command_does(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="one map file or more"):
        check_files([])
    with pytest.raises(UsageError, match="not that of a layer"):
        check_file(SOUND, schema={"type": "object"})
    with pytest.raises(UsageError, match="uses oneOf, which"):
        check_file(SOUND, schema={"oneOf": []})
    with pytest.raises(InputError, match="cannot be read"):
        check_file(tmp_path)
    with pytest.raises(UsageError, match="there is no such layer"):
        read_schema(tmp_path, "../secret")
