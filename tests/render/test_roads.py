"""Roads of a user's own file: as much of them as a page has room for, and none to an informal crossing."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from shapely.ops import nearest_points

from atlas.admission.published_atlas import PublishedAtlas
from atlas.admission.road_lines import GATE_M, HELD_BACK_M, Roads, read_roads
from atlas.errors import InputError
from atlas.geojson.shapely_geometries import shape_of
from atlas.geometry.geodesy import distance_m, length_km
from atlas.render import roads as fitting
from atlas.render.build_context import BuildContext
from atlas.render.packing import unpack
from atlas.render.pages import crossings
from tests.osm_files import Way, packed_osm, xml_osm

pytestmark = pytest.mark.slow

# from Tapachula over the Suchiate where there is no formal crossing, and along the coast
ACROSS: Way = ({"highway": "primary"}, [(-92.27, 14.9), (-92.14, 14.82), (-91.9, 14.8)])
ALONG: Way = ({"highway": "trunk", "name": "R & D"}, [(-92.27, 14.9), (-92.6, 15.2), (-93.2, 15.7)])
TRACK: Way = ({"highway": "track"}, [(-92.4, 15.0), (-92.5, 15.4)])
RIVER: Way = ({"waterway": "river"}, [(-92.4, 15.0), (-92.5, 15.5)])


def _geopackage(path: Path, ways: list[Way], field: str | None) -> Path:
    shapes = shapely.to_wkb([shapely.LineString(line) for _, line in ways])
    kinds = [np.array([tags.get("highway") for tags, _ in ways], dtype=object)] if field else []
    names = [field] if field else []
    pyogrio.raw.write(path, shapes, kinds, names, geometry_type="LineString", crs="EPSG:4326", driver="GPKG")
    return path


def _block(html: str) -> dict[str, Any]:
    match = re.search(r'<script type="application/json" id="atlas-roads">(.*?)</script>', html)
    assert match
    block: dict[str, Any] = json.loads(match[1])
    return block


def _drawn(block: dict[str, Any]) -> list[Any]:
    arcs = [arc for part in block["ranks"] for arc in unpack(part["steps"], part["sizes"])]
    return [shapely.LineString(arc / block["perDegree"]) for arc in arcs]


@pytest.mark.parametrize("form", ["gpkg", "pbf", "osm"])
def test_roads_of_every_form_are_the_same(form: str, release: PublishedAtlas, tmp_path: Path) -> None:
    ways = [ACROSS, ALONG, TRACK]
    path = tmp_path / f"roads.{form}"
    if form == "gpkg":
        _geopackage(path, ways, "fclass")
    elif form == "pbf":
        path.write_bytes(packed_osm([*ways, RIVER]))
    else:
        path.write_text(xml_osm([*ways, RIVER]), encoding="utf-8")
    roads = read_roads(path, release)
    # trunk and primary; neither track nor river
    assert sorted(roads.lines) == [1, 2]
    expected = sum(length_km(shapely.LineString(line)) for _, line in (ACROSS, ALONG))
    assert roads.length_km == pytest.approx(expected, rel=1e-6)


def test_no_road_runs_to_the_line_but_to_a_formal_crossing(release: PublishedAtlas, tmp_path: Path) -> None:
    formal = [shape_of(feature["geometry"]) for feature in release.features("crossings_formal")]
    bridge = next(shape for shape in formal if shape is not None and shape.geom_type == "Point")
    to_bridge: Way = ({"highway": "primary"}, [(bridge.x - 0.3, bridge.y + 0.1), (bridge.x, bridge.y)])
    roads = read_roads(_geopackage(tmp_path / "r.gpkg", [ACROSS, ALONG, to_bridge], "highway"), release)
    html = crossings.PAGE.render(BuildContext(release, roads=roads))
    line = shapely.union_all([shape_of(feature["geometry"]) for feature in release.features("border")])
    nearest = []
    for road in _drawn(_block(html)):
        here, there = (point.coords[0] for point in nearest_points(road, line))
        nearest.append((distance_m(here, there), here))
    near = [place for metres, place in nearest if metres < HELD_BACK_M]
    assert near
    assert all(
        min(distance_m(place, one.coords[0]) for one in formal if one is not None and one.geom_type == "Point")
        <= HELD_BACK_M + GATE_M
        for place in near
    )
    assert len(near) < len(nearest)


def test_page_names_whose_roads_they_are_and_what_is_not_stated(release: PublishedAtlas, tmp_path: Path) -> None:
    path = _geopackage(tmp_path / "r.gpkg", [ALONG], None)
    context = BuildContext(release, roads=read_roads(path, release, credit="Own <b>work</b>"))
    html = crossings.PAGE.render(context)
    assert "<bdi>Own &lt;b&gt;work&lt;/b&gt;</bdi>" in html
    assert "Under which licence is not stated." in html
    assert "The file does not say how important each road is." in html
    assert "r.gpkg" in html
    # nothing of the file but its lines
    assert "R & D" not in html


def test_page_without_roads_has_nothing_of_them(edition: BuildContext) -> None:
    html = crossings.PAGE.render(edition)
    assert "atlas-roads" not in html
    assert "roads." not in html


def test_roads_beyond_all_room_are_fewer_and_coarser(release: PublishedAtlas, tmp_path: Path) -> None:
    rng = np.random.default_rng(16)
    ways: list[Way] = []
    for number in range(300):
        start, end = rng.uniform((-94, 15.2), (-90, 18.5), (2, 2))
        share = np.linspace(0, 1, 400)[:, None]
        wound = start * (1 - share) + end * share + rng.normal(0, 0.003, (400, 2)).cumsum(axis=0)
        ways.append(({"highway": ("motorway", "tertiary")[number % 2]}, [tuple(place) for place in wound.tolist()]))
    roads = read_roads(_geopackage(tmp_path / "r.gpkg", ways, "highway"), release)
    html = crossings.PAGE.render(BuildContext(release, roads=roads))
    assert len(html.encode()) <= fitting.PAGE_BYTES
    assert [part["rank"] for part in _block(html)["ranks"]] == [0]
    # where not even the greatest find room, the longest of them do; of the ranks that there are
    scarce = fitting.fitted(roads, "x" * (fitting.PAGE_BYTES - 3_000))
    assert scarce is not None
    assert 0 < scarce.size <= 2_000
    # no room at all: the page is as it was
    assert fitting.fitted(roads, "x" * fitting.PAGE_BYTES) is None


@pytest.mark.parametrize(
    ("ways", "message"),
    [
        ([TRACK], "has no roads to draw: no line, or none of motorway"),
        ([({"highway": "primary"}, [(10.0, 50.0), (10.1, 50.2)])], "has no road between|has no roads to draw"),
    ],
)
def test_file_without_roads_is_an_error(ways: list[Way], message: str, release: PublishedAtlas, tmp_path: Path) -> None:
    path = tmp_path / "roads.osm.pbf"
    path.write_bytes(packed_osm(ways))
    with pytest.raises(InputError, match=message):
        read_roads(path, release)
    with pytest.raises(InputError, match=message):
        read_roads(_geopackage(tmp_path / "r.gpkg", ways, "highway"), release)


def test_damaged_file_of_openstreetmap_is_an_error(release: PublishedAtlas, tmp_path: Path) -> None:
    path = tmp_path / "roads.osm.pbf"
    path.write_bytes(packed_osm([ALONG])[:150])
    with pytest.raises(InputError, match=r"roads\.osm\.pbf"):
        read_roads(path, release)


def test_missing_driver_is_an_error_with_a_way_out(
    release: PublishedAtlas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "roads.osm.pbf"
    path.write_bytes(packed_osm([ALONG]))
    monkeypatch.setattr(pyogrio, "list_drivers", lambda: {"GPKG": "rw"})
    with pytest.raises(InputError, match=r"without its driver; convert .*ogr2ogr"):
        read_roads(path, release)


def test_roads_are_the_same_to_the_byte(release: PublishedAtlas, tmp_path: Path) -> None:
    path = _geopackage(tmp_path / "r.gpkg", [ACROSS, ALONG], "highway")

    def page() -> str:
        roads: Roads = read_roads(path, release, licence="CC0")
        return crossings.PAGE.render(BuildContext(release, roads=roads))

    assert page() == page()
