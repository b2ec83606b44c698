"""KML, GML and GPX: no position stands in what is read that is not written in the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from atlas.check import check_path
from atlas.errors import InputError
from atlas.vector.file_format import FileFormat
from atlas.vector.source import open_sources, read_source
from atlas.vector.xml_positions import without_odd_positions
from tests.vector.odd_files import GML, written

KML = (
    '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>\n'
    "{}</Document></kml>"
)
GPX = '<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="x">{}</gpx>'


def _read(path: Path) -> tuple[list[Any], set[str]]:
    with open_sources(path) as sources:
        layers = [one for source in sources for one in read_source(source, every=True)]
    shapes = [row["geometry"] for layer in layers for row in layer.features()]
    return [None if one is None else one["coordinates"] for one in shapes], {
        fault.rule for layer in layers for fault in layer.faults
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-92.1,15.5", [-92.1, 15.5]),
        (" -92.1 ,\n15.5 ", [-92.1, 15.5]),
        ("-92.1, 15.5, 7", [-92.1, 15.5, 7]),
        ("-9.21e1,+15.5", [-92.1, 15.5]),
        ("-92.1,15.5,", [-92.1, 15.5]),
        # of each of these GDAL makes a place, most often 0, 0
        ("-92.1 15.5", None),
        ("-92,1,15,5", None),
        ("-92.1;15.5", None),
        ("-92.1", None),
        ("-92.1,abc", None),
        ("92°W,15°N", None),
        ("\u221292.1,15.5", None),
        ("NaN,NaN", None),
        ("", None),
    ],
)
def test_a_placemark_has_its_own_place_or_none(text: str, expected: Any, tmp_path: Path) -> None:
    mark = f"<Placemark><name>Peñasco</name><Point><coordinates>{text}</coordinates></Point></Placemark>"
    shapes, rules = _read(written(tmp_path / "a.kml", KML.format(mark)))
    assert shapes == [expected]
    assert rules == (set() if expected else {"shape-lost"})


def test_a_line_with_one_odd_position_is_left_out_and_its_neighbours_stay(tmp_path: Path) -> None:
    line = "<Placemark><LineString><coordinates>-92,15 {} -91,16</coordinates></LineString></Placemark>"
    text = KML.format("\n".join(line.format(one) for one in ("-91.5,15.5", "-91.5 15.5", "-91.5,15.5")))
    shapes, _ = _read(written(tmp_path / "a.kml", text))
    assert [one and len(one) for one in shapes] == [3, None, 3]
    (report,) = check_path(tmp_path / "a.kml")
    (finding,) = (one for one in report.findings if one.rule == "shape-lost")
    assert "Line 3" in finding.message
    assert "-91.5 15.5" in finding.message


def test_a_hole_without_positions_does_not_cost_the_area(tmp_path: Path) -> None:
    ring = "<LinearRing><coordinates>{}</coordinates></LinearRing>"
    outer = ring.format("-92,15 -91,15 -91,16 -92,15")
    hole = ring.format("")
    area = f"<Polygon><outerBoundaryIs>{outer}</outerBoundaryIs><innerBoundaryIs>{hole}</innerBoundaryIs></Polygon>"
    shapes, rules = _read(written(tmp_path / "a.kml", KML.format(f"<Placemark>{area}</Placemark>")))
    assert shapes[0][0][0] == [-92, 15]
    assert "shape-lost" not in rules


def test_a_moment_of_a_track_without_a_place_is_none(tmp_path: Path) -> None:
    moments = "".join(f"<gx:coord>{one}</gx:coord>" for one in ("-92.1 15.5 10", "", "abc", "-92 15.6 20"))
    shapes, rules = _read(
        written(tmp_path / "a.kml", KML.format(f"<Placemark><gx:Track>{moments}</gx:Track></Placemark>"))
    )
    assert shapes == [[[-92.1, 15.5, 10], [-92, 15.6, 20]]]
    assert rules == {"shape-lost"}


@pytest.mark.parametrize(
    ("latitude", "expected", "rules"),
    [
        ('lat="15.5"', [[-92.1, 15.5]], set()),
        ("lat='15.5'", [[-92.1, 15.5]], set()),
        ('lat="15,5"', [[-92.1, 15.5]], {"decimal-comma"}),
        ('lat="abc"', [], {"shape-lost"}),
        ('lat="15.5N"', [], {"shape-lost"}),
        ('lat=""', [], {"shape-lost"}),
        ("", [], {"shape-lost"}),
    ],
)
def test_a_waypoint_has_its_own_place_or_is_said(
    latitude: str, expected: list[Any], rules: set[str], tmp_path: Path
) -> None:
    assert _read(written(tmp_path / "a.gpx", GPX.format(f'<wpt {latitude} lon="-92.1"/>'))) == (expected, rules)


@pytest.mark.parametrize("pos", ["abc -92.1", "15,5 -92,1", "", "15.5", "15.5 -92.1W"])
def test_gml_has_its_own_place_or_none(pos: str, tmp_path: Path) -> None:
    odd, sound = (GML.format(srs="urn:ogc:def:crs:EPSG::4326", pos=one) for one in (pos, "15.5 -92.1"))
    member = sound[sound.index("<wfs:member>") : sound.index("</wfs:FeatureCollection>")]
    both = odd.replace("</wfs:FeatureCollection>", f"{member}</wfs:FeatureCollection>")
    assert _read(written(tmp_path / "a.gml", both)) == ([None, [-92.1, 15.5]], {"shape-lost"})
    with pytest.raises(InputError, match=r"b\.gml: Line \d+ of the file"):
        _read(written(tmp_path / "b.gml", odd))


@pytest.mark.parametrize("form", [FileFormat.KML, FileFormat.GML, FileFormat.GPX])
def test_sound_text_is_the_very_same(form: FileFormat) -> None:
    comment = "<!-- <Point><coordinates>abc</coordinates></Point> --><![CDATA[<Point><pos>abc</pos></Point>]]>"
    data = f"{comment}<Point><pos>15 -92</pos><coordinates>-92,15</coordinates></Point>".encode()
    assert without_odd_positions(form, data) == (data, [])


def test_what_is_said_does_not_grow_with_the_file() -> None:
    data = b"<Point><coordinates>x</coordinates></Point>" * 5_000
    text, faults = without_odd_positions(FileFormat.KML, data)
    assert text == b""
    assert len(faults) == 21
    assert "4,980 more" in faults[-1].message
