"""Every answer that a question offers ends it, and what is written then passes check."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from atlas.check import RULES, Severity, check_file
from atlas.clean import clean_files, options
from atlas.errors import InputError

DATA = Path(__file__).parent.parent / "data"
CORPUS = sorted(path for folder in ("invalid", "valid", "gis") for path in (DATA / folder).iterdir())
WITH_VALUE = {"--snap-m METRES": {"snap_m": 150.0}, "--crs EPSG:CODE": {"crs": "EPSG:32615"}}


def _point(properties: dict[str, Any], position: tuple[float, float] = (-90.5, 16.5)) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": position}}


def _shape(kind: str, coordinates: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {}, "geometry": {"type": kind, "coordinates": coordinates}}


MADE: dict[str, Any] = {
    "objects among numbers": [_point({"p": 1}), _point({"p": {"that": "x"}}), _point({"p": ["á"]})],
    "text and number in many": [_point({"p": n if n % 3 else f"n{n}", "n": n}) for n in range(30)],
    "dates of no calendar": [_point({"date": f"31/02/{2000 + n}", "n": n}) for n in range(12)],
    "words for nothing": [_point({"p": "N/A" if n % 2 else "so", "n": n}) for n in range(12)],
    "a point at 0, 0 among others": [_shape("MultiPoint", [[0, 0], [-90, 15]])],
    "a needle": [_shape("Polygon", [[[-90, 15], [-89, 15], [-89, 15.001], [-90, 15]]])],
    "a line across 180": [_shape("LineString", [[170, 1], [-170, 1]])],
    "crs of the file": {"crs": {"type": "name", "properties": {"name": "EPSG:99999"}}, "features": [_point({})]},
    "a point at 0, 0 in a collection": [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {
                "type": "GeometryCollection",
                "geometries": [{"type": "Point", "coordinates": [0, 0]}, {"type": "Point", "coordinates": [-90, 15]}],
            },
        }
    ],
}


def _questions(path: Path, out: Path, answer: dict[str, Any]) -> dict[str, str]:
    """The rules that are asked about, each with its line."""
    try:
        clean_files([path], out, options(**answer, allow_empty=True))
    except InputError as error:
        lines = [line.removeprefix("  - ") for line in str(error).splitlines()[1:]]
        return {line.removeprefix(f"{path}: ").split(":")[0]: line for line in lines if " — " in line}
    return {}


def _answers(line: str) -> Iterator[dict[str, Any]]:
    remedies = line.rsplit(" — ", 1)[1]
    for name, rule in re.findall(r"--(repair|reject|keep) ([a-z0-9-]+(?:=[a-z]+)?)", remedies):
        yield {name: (rule,)}
    if "--swap-axes" in remedies:
        yield {"swap_axes": True}
    for text, answer in WITH_VALUE.items():
        if text in remedies:
            yield answer


def _tried(path: Path, folder: Path) -> int:
    """Give each answer to each question of a file; how many there were."""
    out, count = folder / "out.geojson", 0
    for rule, line in _questions(path, out, {}).items():
        for answer in _answers(line):
            count += 1
            left = _questions(path, out, answer)
            assert rule not in left, answer
            if not left:
                kept = set(answer.get("keep", ()))
                rules = {one for one in check_file(out).counts if RULES[one].severity is not Severity.INFO}
                assert rules <= kept, answer
                out.unlink()
    return count


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_each_answer_to_a_question_about_the_corpus_ends_it(tmp_path: Path, path: Path) -> None:
    _tried(path, tmp_path)


@pytest.mark.parametrize("name", MADE)
def test_each_answer_ends_a_question_that_was_asked_again(tmp_path: Path, name: str) -> None:
    members = MADE[name] if isinstance(MADE[name], dict) else {"features": MADE[name]}
    path = tmp_path / "made.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", **members}), encoding="utf-8")
    assert _tried(path, tmp_path)


def test_dates_of_the_basic_format_are_iso_8601(tmp_path: Path) -> None:
    path = tmp_path / "dates.geojson"
    texts = ["20130102", "20130102T1030Z", "20130102/20130105"]
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": [_point({"date": one, "n": one}) for one in texts]}),
        encoding="utf-8",
    )
    assert "date-not-iso" not in check_file(path).counts
    path.write_text(json.dumps(_point({"date": "20131302"})), encoding="utf-8")
    assert "date-not-iso" in check_file(path).counts


@pytest.mark.parametrize(
    ("text", "is_date"),
    [
        *((one, True) for one in ("2013", "2013-01", "2013-01-02", "20130102", "2013-W05", "2013-W05-3", "2013W053")),
        *((one, True) for one in ("2013-032", "2012-366", "2013032", "2013-01-02T10:30:00,5+01:00", "20130102T10Z")),
        *((one, True) for one in ("P1Y2M", "PT36H", "P2W", "2013-01-01/P1M", "P1M/2013-01-01", "2013-01-02/05")),
        *((one, True) for one in ("2013-01-02T10:30/11:30", "2013-01-02/..", "../2013", "R5/2013-01-02/P1D")),
        *((one, False) for one in ("20131302", "2013-W54", "2013-366", "2013-W05-8", "2013-01T10:30", "31/12/2013")),
        *((one, False) for one in ("2013/01", "2013/01/02", "2013-13", "1/2/13", "2013-1-2", "2013-01-02T")),
    ],
)
def test_every_form_of_iso_8601_is_a_date(tmp_path: Path, text: str, is_date: bool) -> None:  # noqa: FBT001 - a table
    path = tmp_path / "date.geojson"
    path.write_text(json.dumps(_point({"date": text})), encoding="utf-8")
    counts = check_file(path).counts
    assert ("date-not-iso" not in counts) is is_date


def test_of_metres_that_are_kept_no_box_is_asked_about(tmp_path: Path) -> None:
    feature = {**_point({}, (500_000, 1_700_000)), "bbox": [500_000, 1_700_000, 500_000, 1_700_000]}
    path, out = tmp_path / "in.geojson", tmp_path / "out.geojson"
    members = {"type": "FeatureCollection", "bbox": [0, 0, 1, 9e9], "features": [feature, _point({"n": 1}, (-90, 15))]}
    path.write_text(json.dumps(members), encoding="utf-8")
    clean_files([path], out, options(keep=("crs-projected",)))
    assert "bbox" not in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("box", [[1, 2, 3], [0, 0, 1, 1], [0, 9, 1, 8]])
@pytest.mark.parametrize("root", ["geometry", "feature", "collection", "nested"])
def test_boxes_inside_are_held_against_what_they_claim_to_hold(tmp_path: Path, box: list[float], root: str) -> None:
    ring = [[-92, 15], [-91, 15], [-91, 16], [-92, 16], [-92, 15]]
    geometry: dict[str, Any] = {"type": "Polygon", "coordinates": [ring], "bbox": box}
    if root == "nested":
        geometry = {"type": "GeometryCollection", "geometries": [{**geometry, "bbox": box}], "bbox": box}
    value: dict[str, Any] = geometry
    if root != "geometry":
        value = {"type": "Feature", "properties": {}, "geometry": geometry}
    if root in {"collection", "nested"}:
        value = {"type": "FeatureCollection", "features": [value]}
    path, out = tmp_path / "in.geojson", tmp_path / "out.geojson"
    path.write_text(json.dumps(value), encoding="utf-8")
    rules = {"bbox-form", "bbox-false", "bbox-order"} & set(check_file(path).counts)
    assert len(rules) == 1
    clean_files([path], out, options())
    assert not {rule for rule in check_file(out).counts if RULES[rule].severity is not Severity.INFO}
    written = out.read_text(encoding="utf-8")
    assert written.count("[-92.0,15.0,-91.0,16.0]") == written.count("bbox") > 0


def test_a_date_that_nobody_can_read_does_not_take_the_others_along(tmp_path: Path) -> None:
    """The answer says how the day is read; only what it leaves open is put aside."""
    path = tmp_path / "a.geojson"
    dates = ["03/04/2024", "2024-05-06", "2024-13-01", "4 mayo 2024"]
    rows = [{"type": "Feature", "properties": {"date": day}, "geometry": None} for day in dates]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), "utf-8")
    clean_files([path], tmp_path / "out.geojson", options(repair=["date-not-iso"]))
    written = json.loads((tmp_path / "out.geojson").read_text("utf-8"))["features"]
    assert [one["properties"]["date"] for one in written] == ["2024-04-03", "2024-05-06"]
    assert len(json.loads((tmp_path / "out.rejected.geojson").read_text("utf-8"))["features"]) == 2
