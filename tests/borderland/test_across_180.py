"""A border across 180° of longitude as a whole project: cut in its files as RFC 7946 has it, in one piece elsewhere."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from playwright.sync_api import Browser

from atlas.border_project.details import box_of
from atlas.borderland.new_project import Wanted, new_project
from atlas.field.place import Placer
from atlas.geojson.meridian_features import cut_box, cut_features, turned_features
from atlas.geojson.shapely_geometries import placed_shape
from atlas.geometry.meridian_frame import MeridianFrame
from atlas.pipeline.build import build
from atlas.pipeline.refresh import refresh
from atlas.project import find_project
from atlas.published import open_published_layers
from atlas.release.box_project import make_boxes
from atlas.release.boxes import open_boxes
from tests.borderland.made_up import write
from tests.borderland.test_modules import SOURCES, table

Command = Callable[..., subprocess.CompletedProcess[str]]
pytestmark = pytest.mark.slow

UNITS = ("border", "border_reaches", "municipalities", "neighbour_regions")


def _bands(middle: float, far: float, shift: float, count: int) -> list[shapely.Geometry]:
    """Units between a winding line around a longitude and a parallel, one beside the other."""
    xs = np.linspace(middle - 0.8, middle + 0.8, 81)
    line = [(float(x), float(-17 + 0.02 * np.sin(30 * (x - middle)) + shift)) for x in xs]
    size = (len(line) - 1) // count
    parts = [line[n * size : (n + 1) * size + 1] for n in range(count)]
    return [shapely.Polygon([*part, (part[-1][0], far), (part[0][0], far)]) for part in parts]


def _project(folder: Path, middle: float) -> Path:
    here, there = _bands(middle, -16.3, 0, 4), _bands(middle, -17.7, -0.0004, 5)
    frame = MeridianFrame(0.0)
    files = [
        write(
            folder / f"{name}.geojson",
            frame.back(areas, 7),
            [{"code": f"{name}{n}", "name": f"{name} {n}"} for n in range(len(areas))],
        )
        for name, areas in (("north", here), ("south", there))
    ]
    new_project(
        folder / "made",
        Wanted(here=files[0], neighbours=(files[1],), title="Date line", names=("NOR=North", "SOU=South")),
    )
    refresh(find_project(folder / "made"))
    return folder / "made"


@pytest.fixture(scope="module")
def dateline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose line goes from 179.2° east to 179.2° west; one of its units lies on both sides."""
    folder = _project(tmp_path_factory.mktemp("dateline"), 180.0)
    build(find_project(folder))
    make_boxes(find_project(folder))
    return folder


def _rows(folder: Path, layer: str) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads((folder / f"geodata/layers/{layer}.geojson").read_bytes())["features"]
    return features


def test_files_are_cut_at_180_and_pass_check(dateline: Path, command_line: Command) -> None:
    for layer in UNITS:
        for feature in _rows(dateline, layer):
            parts = shapely.get_parts(placed_shape(feature["geometry"]))
            boxes = shapely.bounds(parts)
            assert (boxes[:, 2] - boxes[:, 0] < 2).all(), feature["id"]
            assert np.abs(boxes[:, [0, 2]]).max() <= 180
    boxes = [json.loads((dateline / f"geodata/layers/{layer}.geojson").read_bytes())["bbox"] for layer in UNITS]
    assert all(west > 179 and east < -179 for west, _, east, _ in boxes)
    done = command_line("check", *(dateline / f"geodata/layers/{layer}.geojson" for layer in UNITS))
    assert done.returncode == 0, done.stdout


def test_the_line_is_as_long_as_elsewhere_and_in_one_piece(dateline: Path, tmp_path: Path) -> None:
    other = _project(tmp_path, 10.0)
    lengths = [[row["properties"]["length_km"] for row in _rows(folder, "border")] for folder in (dateline, other)]
    # a position on 180° itself is rounded to six decimals, which lengthens the line by a millimetre at most
    assert lengths[0] == pytest.approx(lengths[1], abs=0.0015)
    features = open_published_layers(find_project(dateline)).features("border")
    line = shapely.line_merge(shapely.union_all([placed_shape(one["geometry"]) for one in features]))
    assert line.geom_type == "LineString"
    assert shapely.bounds(line)[[0, 2]] == pytest.approx([179.2, 180.8], abs=1e-4)


def test_both_sides_share_the_line_across_180(dateline: Path) -> None:
    published = open_published_layers(find_project(dateline))
    areas = [
        placed_shape(one["geometry"])
        for name in ("municipalities", "neighbour_regions")
        for one in published.features(name)
    ]
    assert [area.geom_type for area in areas] == ["Polygon"] * 9
    assert shapely.coverage_is_valid(areas)


def test_verify_makes_the_same(dateline: Path, command_line: Command) -> None:
    done = command_line("--project", dateline, "verify")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "No difference in 19 files."), done.stdout


def test_positions_of_either_sign_have_their_place(dateline: Path) -> None:
    project = find_project(dateline)
    places = Placer.of(project).places([(179.99, -16.9), (-179.99, -16.9), (-179.7, -16.9), (-179.3, -16.9)])
    assert [place.municipality_cvegeo for place in places] == ["north1", "north2", "north2", "north3"]
    assert [place.border_distance_m < 12_000 for place in places] == [True] * 4  # type: ignore[operator]
    assert places[0].chainage_km < places[1].chainage_km < places[3].chainage_km  # type: ignore[operator]
    boxes = open_boxes(project)
    atoms = boxes.atoms_at(np.array([(179.99, -16.99), (-179.99, -16.99), (179.99, -17.05), (-179.3, -17.05)]))
    assert None not in atoms
    published = [boxes.place(name) for name in boxes.names("box")]
    assert max(place.radius_m for place in published if place) < 60_000
    for place in published:
        rim = shapely.get_coordinates(placed_shape(place.geometry))  # type: ignore[union-attr]
        assert np.abs(rim[:, 0]).max() <= 180


def test_points_are_located_on_both_sides_of_180(dateline: Path, command_line: Command, tmp_path: Path) -> None:
    points = tmp_path / "points.csv"
    points.write_text("name,lat,lon\na,-16.9,179.99\nb,-16.9,-179.99\nc,-17.1,-179.99\n", encoding="utf-8")
    done = command_line("--project", dateline, "locate", points, "-o", tmp_path / "out.csv")
    assert done.returncode == 0, done.stderr
    rows = [row.replace('"', "").split(",") for row in (tmp_path / "out.csv").read_text().splitlines()[1:]]
    assert [row[-1] for row in rows] == ["NOR", "NOR", "SOU"]


def test_a_box_across_180_is_read_as_rfc_7946_has_it(dateline: Path) -> None:
    border = find_project(dateline).border
    assert border is not None
    west, _, east, _ = border.box
    assert (west < 180 < east, border.frame_start) == (True, pytest.approx((west + east) / 2 - 180))
    assert box_of([179.0, -18.0, -179.0, -16.0]) == (179.0, -18.0, 181.0, -16.0)
    assert cut_box([179.0, -18.0, 181.0, -16.0]) == [179.0, -18.0, -179.0, -16.0]
    assert cut_box([181.0, -18.0, 182.0, -16.0]) == [-179.0, -18.0, -178.0, -16.0]


def test_crossings_of_either_sign_stand_on_the_line(dateline: Path, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    shutil.copytree(dateline, folder)
    settings = (folder / "atlas.toml").read_text("utf-8")
    (folder / "atlas.toml").write_text(settings.replace("crossings = false", "crossings = true"), encoding="utf-8")
    rows = [
        f"{name},{name},{name},road,true,open,{unit},SOU,{longitude},-17.0,100,order,gazette,seen,,\n"
        for name, unit, longitude in (("west", "north0", 179.5), ("east", "north3", -179.5))
    ]
    table(folder, "sources", SOURCES)
    table(folder, "crossings_formal", "".join(rows))
    refresh(find_project(folder))
    east, west = _rows(folder, "crossings_formal")
    chainages_km = [one["properties"]["chainage_km"] for one in (west, east)]
    assert chainages_km == pytest.approx([34.1, 151.1], abs=0.1)
    assert [placed_shape(one["geometry"]).x for one in (west, east)] == [179.5, -179.5]


def test_features_come_back_as_they_were() -> None:
    shapes = [
        {"type": "LineString", "coordinates": [[179.5, 1.0], [180.0, 1.5], [180.5, 2.0]]},
        {"type": "Point", "coordinates": [181.0, 2.0]},
        {
            "type": "Polygon",
            "coordinates": [
                [[179.0, 1.0], [180.0, 1.0], [181.0, 1.0], [181.0, 2.0], [180.0, 2.0], [179.0, 2.0], [179.0, 1.0]]
            ],
        },
    ]
    features = [{"type": "Feature", "id": str(n), "geometry": one, "properties": {}} for n, one in enumerate(shapes)]
    features.append({"type": "Feature", "id": "none", "geometry": None, "properties": {}})
    cut = cut_features(features, 0.0)
    assert [one["geometry"] and one["geometry"]["type"] for one in cut] == [
        "MultiLineString",
        "Point",
        "MultiPolygon",
        None,
    ]
    back = turned_features(cut, 0.0)
    for one, other in zip(features[:3], back, strict=False):
        assert shapely.equals(placed_shape(one["geometry"]), placed_shape(other["geometry"]))
    assert turned_features(features, None) == features


@pytest.mark.browser
def test_the_page_draws_either_sign_in_one_place_and_notes_stay_within_180(dateline: Path, browser: Browser) -> None:
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    stopped: list[str] = []
    page.on("pageerror", lambda error: stopped.append(str(error)))
    page.goto(f"{(dateline / 'maps/border.html').as_uri()}#lang=en")
    drawn = page.evaluate(
        "() => [[-17, 180.5], [-17, -179.5], [-17, 179.5]]"
        ".map((at) => Math.round(Atlas.view.map.latLngToContainerPoint(at).x))"
    )
    assert drawn[0] == drawn[1] > drawn[2] > 0
    assert drawn[0] < 1280
    # the line is drawn from one side to the other, without a step around the earth
    box = page.evaluate("() => { const b = Atlas.view.home; return [b.getWest(), b.getEast()]; }")
    assert (179 < box[0] < 180, 180 < box[1] < 181) == (True, True)
    page.goto(f"{(dateline / 'maps/annotate.html').as_uri()}#lang=en")
    # a finger that stays at a place east of 180°, until the page listens
    page.wait_for_function(
        "() => { Atlas.view.map.fire('contextmenu', { latlng: L.latLng(-17, 180.5) });"
        " return document.body.innerText.includes('17.00000° S, 179.50000° W'); }",
        polling=500,
    )
    assert stopped == []
    context.close()


POINTS = 50_400


@pytest.fixture(scope="module")
def points(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So many points that they are one cloud, half of them on either side of 180°."""
    steps = np.linspace(0.01, 0.79, POINTS // 2).round(5)
    path = tmp_path_factory.mktemp("points") / "points.csv"
    rows = [f"{180 - step:.5f},{-17 + 0.2 * np.sin(40 * step):.5f}" for step in steps]
    rows += [f"{step - 180:.5f},{-17 + 0.2 * np.cos(40 * step):.5f}" for step in steps]
    path.write_text("\n".join(["lon,lat", *rows, ""]), encoding="utf-8")
    return path


@pytest.fixture(params=["page.html", "folder/"])
def map_page(
    request: pytest.FixtureRequest, dateline: Path, points: Path, command_line: Command, tmp_path: Path
) -> Path:
    """The page of a map of the points: alone, or beside its archive."""
    done = command_line("--project", dateline, "map", points, "-o", f"{tmp_path}/{request.param}")
    assert done.returncode == 0, done.stderr
    return tmp_path / request.param / "index.html" if request.param.endswith("/") else tmp_path / request.param


@pytest.mark.browser
def test_a_cloud_of_points_lies_in_one_piece(map_page: Path, browser: Browser) -> None:
    page = browser.new_context(offline=True, viewport={"width": 1280, "height": 800}).new_page()
    stopped: list[str] = []
    page.on("pageerror", lambda error: stopped.append(str(error)))
    page.goto(f"{map_page.as_uri()}#lang=en")
    if archives := list(map_page.parent.glob("*.pmtiles")):
        page.set_input_files("#archive-file", archives)
        page.wait_for_function("() => Atlas.cloud.begun() && Atlas.cloud.drawn > 0")
    else:
        page.evaluate("async () => { await Atlas.ready; }")
    home = page.evaluate("() => { const b = Atlas.view.home; return [b.getWest(), b.getEast()]; }")
    assert home == pytest.approx([179.2, 180.8], abs=0.2)
    look = """async ([lon, zoom]) => {
      const { cloud, view: { map } } = Atlas;
      map.setView([-17, lon], zoom, { animate: false });
      await cloud.draw();
      return [cloud.drawn, cloud.inSight()];
    }"""
    assert page.evaluate(look, [180, 8]) == [POINTS, POINTS]
    for lon in (179.5, 180.5):
        drawn, sight = page.evaluate(look, [lon, 13])
        assert 0 < sight <= drawn < POINTS / 2
    # what a tap shows lies where it was tapped, on the turn of the map
    page.evaluate(look, [180.5, 18])
    east = page.evaluate(
        """() => {
          const { cloud, view: { map } } = Atlas;
          const { x, y } = map.getPixelBounds().getCenter();
          return cloud.around(x, y, 1e5).slice(0, 3).map((one) => cloud.feature(one).shape.positions[0][1]);
        }"""
    )
    assert all(180.4 < lon < 180.6 for lon in east)
    assert len(east) == 3
    assert stopped == []
    page.context.close()
