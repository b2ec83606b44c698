"""Heights and whatever numbers follow them stay with their positions through every repair."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from atlas.check import RULES, Severity, check_file
from atlas.clean import Options, clean_files, options
from atlas.errors import InputError

BOW = [[178, -10], [182, -8], [182, -10], [178, -8], [178, -10]]
AT_HOME = [[-90, 40], [-89, 41], [-89, 40], [-90, 41], [-90, 40]]
LOOP = [[20, -5], [21, -5], [21, -4], [20.5, -4], [20.49, -4.01], [20.51, -4.01], [20.495, -3.995], [20, -4], [20, -5]]
OVERLAPPING = [
    [[[-90, 40], [-89, 40], [-89, 41], [-90, 41], [-90, 40]]],
    [[[-89.5, 40.5], [-88.5, 40.5], [-88.5, 41.5], [-89.5, 41.5], [-89.5, 40.5]]],
]
TIPPED = [[178, -18], [-179, -18], [-179, -16], [-179, -15], [-179, -16], [178, -16], [178, -18]]
POLE = [[-170, -70], [-90, -72], [0, -70], [90, -68], [170, -70], [-170, -70]]


def _raised(value: Any, further: tuple[float, ...]) -> Any:
    """The same coordinates with further numbers, the first of which is ten times the latitude."""
    if isinstance(value[0], int | float):
        return [*value, value[1] * 10, *further[1:]][: 2 + len(further)]
    return [_raised(one, further) for one in value]


def _positions(value: Any) -> list[list[float]]:
    if isinstance(value[0], int | float):
        return [value]
    return [position for one in value for position in _positions(one)]


def _clean(folder: Path, geometry: dict[str, Any], answers: Options) -> list[dict[str, Any]]:
    """The geometries of the cleaned file, which passes check and stays as it is."""
    path, out, again = folder / "in.geojson", folder / "out.geojson", folder / "again.geojson"
    path.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": geometry}), encoding="utf-8")
    clean_files([path], out, answers)
    assert not {rule for rule in check_file(out).counts if RULES[rule].severity is not Severity.INFO}
    assert clean_files([out], again, answers).total["changes"] == 0
    made = json.loads(out.read_bytes())["geometry"]
    return made.get("geometries", [made])


@pytest.mark.parametrize("further", [(5.0,), (5.0, 1_700_000_000.0)], ids=["height", "height and time"])
@pytest.mark.parametrize(
    ("kind", "coordinates", "answer"),
    [
        ("Polygon", [BOW], None),
        ("Polygon", [AT_HOME], None),
        ("Polygon", [AT_HOME], "self-intersection=linework"),
        ("Polygon", [LOOP], "self-intersection"),
        ("MultiPolygon", OVERLAPPING, "overlap-parts"),
        ("Polygon", [TIPPED], "spike"),
        ("Polygon", [POLE], "antimeridian"),
        ("LineString", [[170, 1], [-170, 3]], "antimeridian"),
        ("MultiPoint", [[190, 1], [200, 3]], None),
        ("Point", [190, 1], None),
    ],
)
def test_no_repair_leaves_out_what_follows_latitude(
    tmp_path: Path, kind: str, coordinates: Any, answer: str | None, further: tuple[float, ...]
) -> None:
    geometry = {"type": kind, "coordinates": _raised(coordinates, further)}
    repair = () if answer is None else (answer,)
    (made,) = _clean(tmp_path, geometry, options(repair=repair))
    for position in _positions(made["coordinates"]):
        assert len(position) == 2 + len(further)
        # at a pole the numbers are those of where the edge goes there from
        if abs(position[1]) < 90:
            assert position[2] == pytest.approx(position[1] * 10, abs=0.1)
        assert tuple(position[3:]) == further[1:]


def test_where_edges_of_two_heights_cross_the_height_is_between_them(tmp_path: Path) -> None:
    ring = [[-90, 40, 0], [-89, 41, 0], [-89, 40, 100], [-90, 41, 100], [-90, 40, 0]]
    (made,) = _clean(tmp_path, {"type": "Polygon", "coordinates": [ring]}, options())
    crossing = {one[2] for one in _positions(made["coordinates"]) if one[:2] == [-89.5, 40.5]}
    assert crossing == {50.0}


def test_parts_and_rings_keep_what_each_of_them_has(tmp_path: Path) -> None:
    lines = [[[170, 1, 10], [-170, 1, 10]], [[160, 1], [165, 2]]]
    (made,) = _clean(tmp_path, {"type": "MultiLineString", "coordinates": lines}, options(repair=("antimeridian",)))
    assert [[len(position) for position in line] for line in made["coordinates"]] == [[3, 3], [3, 3], [2, 2]]
    outline = [[178, -18, 1], [-178, -18, 1], [-178, -16, 1], [178, -16, 1], [178, -18, 1]]
    hole = [[179, -17.5], [179, -16.5], [-179, -16.5], [-179, -17.5], [179, -17.5]]
    (made,) = _clean(tmp_path, {"type": "Polygon", "coordinates": [outline, hole]}, options(repair=("antimeridian",)))
    assert made["type"] == "MultiPolygon"


def test_heights_that_only_some_positions_have_are_asked_about(tmp_path: Path) -> None:
    path, out = tmp_path / "in.geojson", tmp_path / "out.geojson"
    line = [[-90.0, 15.0, 100.0], [-90.1, 15.1]]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": line}}
    path.write_text(json.dumps(feature), encoding="utf-8")
    with pytest.raises(InputError, match=r"position-mixed.*--repair position-mixed.*--keep position-mixed"):
        clean_files([path], out, options())
    clean_files([path], out, options(repair=("position-mixed",)))
    assert json.loads(out.read_bytes())["geometry"]["coordinates"] == [[-90.0, 15.0], [-90.1, 15.1]]
    clean_files([path], out, options(keep=("position-mixed",)))
    assert out.read_bytes() == path.read_bytes()


def test_a_fourth_number_is_left_out_only_for_who_says_so(tmp_path: Path) -> None:
    path, out = tmp_path / "in.geojson", tmp_path / "out.geojson"
    point = {"type": "Point", "coordinates": [-90.5, 15.0, 100.0, 1_700_000_000.0]}
    path.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": point}), encoding="utf-8")
    clean_files([path], out, options())
    assert out.read_bytes() == path.read_bytes()
    clean_files([path], out, options(repair=("position-extra",)))
    assert json.loads(out.read_bytes())["geometry"]["coordinates"] == [-90.5, 15.0, 100.0]


def test_quoted_numbers_keep_their_fourth(tmp_path: Path) -> None:
    geometry = {"type": "Point", "coordinates": ["-90.5", "15.0", "100", "7"]}
    (made,) = _clean(tmp_path, geometry, options())
    assert made["coordinates"] == [-90.5, 15.0, 100.0, 7.0]
