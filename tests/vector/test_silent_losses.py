"""What a library would leave out of a file without a word is said, and written into the ledger."""

from __future__ import annotations

import math
import subprocess
from pathlib import Path
from typing import Any

import geopandas
import pytest
from shapely.geometry import Point

from atlas.clean import Options, clean
from atlas.vector.layer import VectorLayer
from atlas.vector.source import open_sources, read_source

_SHAPES = {
    "CIRCULARSTRING (-92 15,-91.5 15.5,-91 15)": {"curve-straight"},
    "CURVEPOLYGON (COMPOUNDCURVE (CIRCULARSTRING (-92 15,-91.5 15.5,-91 15),(-91 15,-92 15)))": {"curve-straight"},
    "MULTISURFACE (((-92 15,-91 15,-91 16,-92 15)))": set(),
    "POINT M (-92 15 7)": {"measures-lost"},
    "POINT ZM (-92 15 7 8)": {"measures-lost"},
    "LINESTRING Z (-92 15 7,-91 15 8)": set(),
}
_GPX = """<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">
<rte><name>r</name><rtept lat="15" lon="-92"/><rtept lat="15.1" lon="-92"/></rte>
<trk><name>t</name><trkseg><trkpt lat="15" lon="-92"><ele>1</ele><time>2024-01-01T10:00:00Z</time></trkpt>
<trkpt lat="15.1" lon="-92"/></trkseg></trk></gpx>"""
_GML = """<?xml version="1.0"?>
<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml" xmlns:o="http://o">
<gml:featureMember><o:a fid="1"><o:g><gml:Curve
srsName="http://www.opengis.net/gml/srs/epsg.xml#4326"><gml:segments>
<gml:{kind}><gml:posList>-92 15 -91.5 15.5 -91 15</gml:posList></gml:{kind}></gml:segments></gml:Curve>
</o:g><o:n>1</o:n>
</o:a></gml:featureMember></gml:FeatureCollection>"""


def _layers(path: Path) -> list[VectorLayer]:
    with open_sources(path) as sources:
        return [layer for source in sources for layer in read_source(source, every=True)]


def _rules(path: Path) -> set[str]:
    return {one.rule for layer in _layers(path) for one in layer.faults}


@pytest.mark.parametrize("wkt", _SHAPES)
def test_curves_and_measures_of_a_geopackage_are_said(wkt: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f'WKT,n\n"{wkt}",1\n', "utf-8")
    arguments = ["ogr2ogr", "-f", "GPKG", "-a_srs", "EPSG:4326", tmp_path / "a.gpkg", tmp_path / "a.csv"]
    subprocess.run(arguments, check=True, capture_output=True)
    assert _rules(tmp_path / "a.gpkg") == _SHAPES[wkt]


def test_the_ledger_says_that_a_curve_was_made_straight(tmp_path: Path) -> None:
    (tmp_path / "a.gml").write_text(_GML.format(kind="ArcString"), "utf-8")
    cleaned = clean([tmp_path / "a.gml"], Options())
    assert [change.rule for change in cleaned.ledger.changes].count("curve-straight") == 1


@pytest.mark.parametrize(("kind", "curved"), [("ArcString", True), ("LineStringSegment", False)])
def test_arcs_of_gml_are_said(kind: str, curved: Any, tmp_path: Path) -> None:
    (tmp_path / "a.gml").write_text(_GML.format(kind=kind), "utf-8")
    assert ("curve-straight" in _rules(tmp_path / "a.gml")) is curved


def test_heights_and_times_of_a_tracks_points_are_where_the_fault_says(tmp_path: Path) -> None:
    path = tmp_path / "a.gpx"
    path.write_text(_GPX, "utf-8")
    routes, tracks = _layers(path)
    assert (routes.name, routes.faults) == ("routes", [])
    (fault,) = tracks.faults
    assert "heights and times" in fault.message
    (points,) = _layers(Path(fault.message.split("'")[1]))
    assert list(points.columns["ele"]) == [1.0, None]


def test_an_infinite_number_is_null_and_the_feature_stays(tmp_path: Path) -> None:
    shapes = [Point(-92, 15), Point(-91, 15), Point(-90, 15)]
    frame: Any = geopandas.GeoDataFrame({"v": [1.5, math.inf, None], "t": ["NaT", "b", "c"]}, geometry=shapes, crs=4326)
    frame.to_file(tmp_path / "a.gpkg")
    (layer,) = _layers(tmp_path / "a.gpkg")
    assert list(layer.columns["v"]) == [1.5, None, None]
    assert list(layer.columns["t"]) == ["NaT", "b", "c"]
    assert [(one.rule, one.row, one.field, one.after) for one in layer.faults] == [("value-lost", 2, "v", "null")]


def test_a_name_that_stands_twice_in_a_head_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,lat,lon,lat\n1,15,-92,3\n", "utf-8")
    (layer,) = _layers(tmp_path / "a.csv")
    assert [one.rule for one in layer.faults] == ["name-twice"]
    assert list(layer.columns) == ["id", "lat_4"]


def test_curves_of_a_geodatabase_are_said() -> None:
    """Of its two areas one is half a circle."""
    assert _rules(Path(__file__).parents[1] / "data" / "curve.gdb.zip") == {"curve-straight"}
