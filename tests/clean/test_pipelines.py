"""`atlas clean` in a pipeline: standard input and output, answers in a file, questions once and early."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import atlas.clean.cleaner as cleaner_module
from atlas.check import EVERY_RULE
from atlas.clean import Answers, answered, clean_files, options, read_answers
from atlas.clean.options import Options
from atlas.errors import InputError, UsageError

POINT = {"type": "Feature", "properties": {"name": "RÃ­o"}, "geometry": {"type": "Point", "coordinates": [-90.5, 16.5]}}
LOST = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [-905, 16]}}


def _file(path: Path, *features: dict[str, Any], **members: Any) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", **members, "features": features}), encoding="utf-8")
    return path


def _run(data: bytes, *words: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "atlas.cli", *map(str, words)]
    return subprocess.run(command, input=data, capture_output=True, check=False, timeout=120)


@pytest.mark.slow
def test_a_file_goes_through_standard_input_and_output(tmp_path: Path) -> None:
    data = _file(tmp_path / "in.geojson", POINT).read_bytes()
    done = _run(data, "clean", "-", "-o", "-")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["features"][0]["properties"] == {"name": "Río"}
    assert b"text-mojibake" in done.stderr
    checked = _run(done.stdout, "check", "-")
    assert checked.returncode == 0
    assert checked.stdout.startswith(b"standard input: nothing")
    assert [path.name for path in tmp_path.iterdir()] == ["in.geojson"]


@pytest.mark.slow
def test_nothing_is_lost_beside_standard_output(tmp_path: Path) -> None:
    data = _file(tmp_path / "in.geojson", POINT, LOST).read_bytes()
    done = _run(data, "clean", "-", "-o", "-")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"standard input: 1 feature would be put aside; say where they go by --rejected FILE" in done.stderr
    done = _run(data, "clean", "-", "-o", "-", "--rejected", tmp_path / "r.geojson", "--ledger", tmp_path / "l.json")
    assert done.returncode == 1
    assert len(json.loads(done.stdout)["features"]) == 1
    assert len(json.loads((tmp_path / "r.geojson").read_bytes())["features"]) == 1
    assert json.loads((tmp_path / "l.json").read_bytes())["total"]["rejected"] == 1


TOML = """
all-safe = true
precision = 5
text-empty = "repair"
type-mixed = "keep"
crs-projected = "EPSG:32615"
self-intersection = "repair=linework"
gap = 15

["b.geojson"]
crs = "EPSG:32616"
text-empty = "reject"
"""


def test_answers_stand_in_a_file_for_all_files_or_for_one(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(TOML, encoding="utf-8")
    made = answered({"keep": ("spike",), "precision": 6}, read_answers(tmp_path / "a.toml"))
    assert (made.precision, made.snap_m) == (6, 15)
    assert "overlap-parts" in made.repair
    assert made.keep == {"type-mixed", "spike"}
    assert made.linework == {"self-intersection"}
    other = made.of(tmp_path / "b.geojson")
    assert made.crs is not None
    assert other.crs is not None
    assert (made.crs.to_epsg(), other.crs.to_epsg()) == (32615, 32616)
    assert "text-empty" in made.repair & other.reject
    assert made.of(tmp_path / "c.geojson") is made


def test_what_is_said_on_the_command_line_goes_before_the_file() -> None:
    made = answered({"reject": ("text-empty",)}, Answers({"repair": ("text-empty", "all-safe")}))
    assert "text-empty" in made.reject
    assert "type-mixed" in made.repair


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.txt", "", r"ends in \.toml or \.json"),
        ("a.toml", "spike repair", "is no TOML"),
        ("a.json", "[1]", "expected an object"),
        ("a.json", '{"spikes": "repair"}', "neither a rule"),
        ("a.json", '{"spike": "mend"}', "expected one of repair, reject, keep"),
        ("a.json", '{"spike": true}', "expected one of repair, reject, keep"),
        ("a.json", '{"precision": "six"}', "a whole number"),
        ("a.json", '{"snap-m": true}', "a number"),
        ("a.json", '{"swap-axes": "yes"}', "true or false"),
        ("a.json", '{"crs": 32615}', "expected text"),
        ("a.json", '{"b.geojson": {"spike": "mend"}}', "b.geojson: spike"),
        ("a.json", '{"gap": "repair"}', "gap = 'repair': expected one of reject, keep, metres from 0 to 200$"),
        ("a.json", '{"gap": "repair=foo"}', "expected one of reject, keep, metres from 0 to 200$"),
        ("a.json", '{"crs-missing": 3}', "expected one of keep, a coordinate system such as EPSG:32615$"),
        ("a.json", '{"file-encoding": "repair=x"}', "expected one of keep, an encoding such as cp1252$"),
        ("a.json", '{"overlap-parts": "x"}', "one of repair, repair=structure, repair=linework, reject, keep$"),
        ("a.json", '{"crs-projected": "EPSG:0"}', "is not known"),
    ],
)
def test_answers_that_are_none_are_refused_with_what_is_expected(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises((UsageError, InputError), match=message):
        answered({}, read_answers(tmp_path / name))


VALUES = {"a coordinate system such as EPSG:32615": "EPSG:32615", "an encoding such as cp1252": "cp1252"}


@pytest.mark.parametrize("rule", sorted(EVERY_RULE))
def test_what_no_question_has_is_refused_with_all_that_it_has(tmp_path: Path, rule: str) -> None:
    """Each answer that the refusal names is taken, and each that it leaves out is refused."""
    path = tmp_path / "a.json"

    def given(value: str | float) -> Options:
        path.write_text(json.dumps({rule: value}), encoding="utf-8")
        return answered({}, read_answers(path))

    with pytest.raises(UsageError, match="expected one of ") as refused:
        given("repair=foo")
    named = str(refused.value).partition("expected one of ")[2].split(", ")
    for answer in named:
        made = given(150 if answer.startswith("metres") else VALUES.get(answer, answer))
        assert made != options()
    for answer in {"repair", "repair=structure", "repair=linework", "reject=x", "keep=x"} - {*named}:
        with pytest.raises(UsageError, match="expected one of "):
            given(answer)


def test_each_file_is_read_by_its_own_answers(tmp_path: Path) -> None:
    metres = {**POINT, "geometry": {"type": "Point", "coordinates": [500000, 1800000]}}
    files = [_file(tmp_path / f"{name}.geojson", metres) for name in "ab"]
    answers = Answers({"crs": "EPSG:32615"}, {"b.geojson": {"crs": "EPSG:32616"}})
    clean_files(files, tmp_path / "out", answered({}, answers))
    lons = [
        json.loads((tmp_path / "out" / one.name).read_bytes())["features"][0]["geometry"]["coordinates"][0]
        for one in files
    ]
    assert lons == [-93, -87]


def test_a_coordinate_system_is_asked_about_once(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "EPSG:99999"}}
    metres = {**POINT, "geometry": {"type": "Point", "coordinates": [500000, 1800000]}, "crs": crs}
    files = [_file(tmp_path / f"{name}.geojson", metres, {**metres, "properties": {}}, crs=crs) for name in "abcde"]
    with pytest.raises(InputError) as caught:
        clean_files(files, tmp_path / "out", options())
    asked = [line for line in str(caught.value).splitlines() if " — " in line]
    assert len(asked) == 1
    assert "c.geojson and 2 more" in asked[0]
    assert "--crs EPSG:CODE" in asked[0]
    assert clean_files(files, tmp_path / "out", options(crs="EPSG:32615")).rejected == 0


def test_metres_without_a_name_are_one_question_and_two_names_are_two(tmp_path: Path) -> None:
    metres = [{**POINT, "geometry": {"type": "Point", "coordinates": [691928, 5335080 + n]}} for n in (0, 900_000)]
    files = [_file(tmp_path / f"{n}.geojson", one) for n, one in enumerate(metres)]
    with pytest.raises(InputError) as caught:
        clean_files(files, tmp_path / "out", options())
    assert str(caught.value).count(" — ") == 1
    named = [
        _file(tmp_path / f"n{n}.geojson", one, crs={"type": "name", "properties": {"name": f"EPSG:9999{n}"}})
        for n, one in enumerate(metres)
    ]
    with pytest.raises(InputError, match=r"--answers FILE can name a system for each file") as caught:
        clean_files(named, tmp_path / "out", options())
    assert str(caught.value).count(" — ") == 2


def test_degrees_among_metres_stay(tmp_path: Path) -> None:
    metres = {**POINT, "geometry": {"type": "Point", "coordinates": [500000, 1800000]}}
    path = _file(tmp_path / "in.geojson", metres, POINT)
    clean_files([path], tmp_path / "out.geojson", options(crs="EPSG:32615"))
    features = json.loads((tmp_path / "out.geojson").read_bytes())["features"]
    assert [one["geometry"]["coordinates"][0] for one in features] == [-93, -90.5]


LOOP = [[0, 1], [4, 1], [4, 5], [2, 5], [2, 3], [3, 3], [3, 4], [1, 4], [1, 5], [0, 5], [0, 1]]
QUICK: dict[str, list[dict[str, Any]]] = {
    "type-mixed": [{**POINT, "properties": {"a": 1}}, {**LOST, "geometry": None, "properties": {"a": "x"}}],
    "id-twice": [{**POINT, "id": 1}, {**POINT, "id": 1, "properties": {}}],
    "null-island": [{**POINT, "geometry": {"type": "Point", "coordinates": [0, 0]}}],
    "axes-swapped": [{**POINT, "geometry": {"type": "Point", "coordinates": [16.5, -90.5]}}],
    "crs-projected": [{**POINT, "geometry": {"type": "Point", "coordinates": [500000, 1800000]}}],
    "text-lost": [{**POINT, "properties": {"a": "R\ufffdo"}}],
    "self-intersection": [
        {
            **POINT,
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[0, 1], [4, 1], [4, 5], [2, 5], [2, 3], [3, 3], [3, 4], [1, 4], [1, 5], [0, 5], [0, 1]]
                ],
            },
        }
    ],
}


@pytest.mark.parametrize("rule", QUICK)
def test_questions_come_before_the_long_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule: str) -> None:
    def long_work(*_args: object) -> None:
        time.sleep(1)
        pytest.fail("neighbours were compared before the question")

    monkeypatch.setattr(cleaner_module, "mend_neighbours", long_work)
    with pytest.raises(InputError, match=f"{rule}: "):
        clean_files([_file(tmp_path / "in.geojson", *QUICK[rule])], tmp_path / "out.geojson", options())
