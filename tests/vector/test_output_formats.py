"""What is written in a format says, when it is read again, what the features said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from atlas.check import RULES
from atlas.check.command import check_path
from atlas.check.model import Severity
from atlas.errors import InputError, UsageError
from atlas.geojson.document import read_document_file
from atlas.vector.feature_table import feature_table
from atlas.vector.file_format import FileFormat
from atlas.vector.in_degrees import bring_to_degrees
from atlas.vector.output_format import OUTPUT_FORMATS, encode, format_of
from atlas.vector.source import open_sources, read_source

PLACES: dict[str, Any] = {
    "Point": [-92.123456, 15.5],
    "MultiPoint": [[-92, 15], [-91.5, 16]],
    "LineString": [[-92, 15, 100], [-91, 16, 200], [-90, 15.25, 300]],
    "MultiLineString": [[[-92, 15], [-91, 16]], [[-90, 15], [-89, 16]]],
    "Polygon": [
        [[-92, 15], [-90, 15], [-90, 17], [-92, 17], [-92, 15]],
        [[-91.5, 15.5], [-91.5, 16], [-91, 16], [-91, 15.5], [-91.5, 15.5]],
    ],
    "MultiPolygon": [
        [[[-92, 15], [-91, 15], [-91, 16], [-92, 16], [-92, 15]]],
        [[[-89, 15], [-88, 15], [-88, 16], [-89, 16], [-89, 15]]],
    ],
}
ROWS: list[dict[str, Any]] = [
    {
        "cve": "07001",
        "nombre": "Río Hondo",
        "n": 1,
        "big": 9007199254740993,
        "x": 1.5,
        "b": True,
        "d": "2024-05-31",
        "l": ["a"],
    },
    {"cve": "07002", "nombre": "=1+1", "n": None, "big": None, "x": None, "b": None, "d": None, "l": None},
    {"cve": "10003", "nombre": 'q"u,o\nte;', "n": -3, "big": 5, "x": 0.0004, "b": False, "d": "2024-06-01", "l": []},
]
KINDS: list[list[str | None]] = [[kind] for kind in PLACES] + [
    ["Point", "Polygon", None],
    [None],
    ["Polygon", "MultiPolygon"],
]
# a workbook's numbers and KML's have fewer digits
AS_TEXT = {"xlsx": {"big"}, "kml": {"big"}}


def _features(kinds: list[str | None]) -> list[dict[str, Any]]:
    chosen = [kinds[n % len(kinds)] for n in range(len(ROWS))]
    places = [None if kind is None else {"type": kind, "coordinates": PLACES[kind]} for kind in chosen]
    return [{"type": "Feature", "geometry": place, "properties": row} for place, row in zip(places, ROWS, strict=True)]


def _read(path: Path) -> list[dict[str, Any]]:
    with open_sources(path) as sources:
        if sources[0].form is FileFormat.GEOJSON:
            features: list[dict[str, Any]] = read_document_file(path, remedy="").value["features"]
            return features
        layers = [layer for source in sources for layer in read_source(source, every=True)]
    for layer in layers:
        bring_to_degrees(layer)
    return [feature for layer in layers for feature in layer.features()]


def _parts(geometry: Any) -> list[bytes]:
    if geometry is None:
        return []
    shape = shapely.normalize(shapely.from_geojson(json.dumps(geometry)))
    return sorted(shapely.to_wkb(part, output_dimension=3) for part in shapely.get_parts(shape))


def _expected(form: str, row: dict[str, Any]) -> dict[str, Any]:
    if form in {"geojson", "geojsons", "geojsonl", "topojson"}:
        return row
    lists = form in {"parquet", "parquet2"}
    listed = row["l"] if lists or row["l"] is None else json.dumps(row["l"], separators=(",", ":"))
    texts = {key: None if row[key] is None else str(row[key]) for key in AS_TEXT.get(form, ())}
    return {**row, "l": listed, **texts}


@pytest.mark.parametrize("kinds", KINDS, ids=lambda kinds: "+".join(map(str, kinds)))
@pytest.mark.parametrize("form", [name for name in OUTPUT_FORMATS if name != "pmtiles"])
def test_every_format_gives_back_what_was_written(form: str, kinds: list[str | None], tmp_path: Path) -> None:
    features = _features(kinds)
    encoded = encode(features, OUTPUT_FORMATS[form], "capa")
    assert encoded.data == encode(features, OUTPUT_FORMATS[form], "capa").data
    path = tmp_path / f"capa{OUTPUT_FORMATS[form].ending}"
    path.write_bytes(encoded.data)
    again = {one["properties"]["cve"]: one for one in _read(path)}
    assert len(again) == len(features)
    for one in features:
        read = again[one["properties"]["cve"]]
        assert _parts(read["geometry"]) == _parts(one["geometry"])
        assert read["properties"] == _expected(form, one["properties"])


def test_what_a_shapefile_shortens_is_said(tmp_path: Path) -> None:
    row = {"nombre_del_municipio": "x" * 300, "nombre_del_municipio_2": "y"}
    feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [-92, 15]}, "properties": row}
    encoded = encode([feature], OUTPUT_FORMATS["shp"], "capa")
    assert any("nombre_del_municipio → nombre_del" in note and "→ nombre_d_1" in note for note in encoded.notes)
    assert any("longer ones were cut: nombre_del_municipio (1)" in note for note in encoded.notes)
    (tmp_path / "capa.zip").write_bytes(encoded.data)
    (again,) = _read(tmp_path / "capa.zip")
    assert again["properties"] == {"nombre_del": "x" * 254, "nombre_d_1": "y"}


def test_ids_are_a_column_and_neighbours_share_their_arcs() -> None:
    squares = [[[x, 0], [x + 1, 0], [x + 1, 1], [x, 1], [x, 0]] for x in range(3)]
    features = [
        {"type": "Feature", "id": f"f{n}", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": {}}
        for n, ring in enumerate(squares)
    ]
    topology = json.loads(encode(features, OUTPUT_FORMATS["topojson"], "capa").data)
    # three squares in a row: two edges that are shared, two ends and four other pieces
    assert sum(len(arc) - 1 for arc in topology["arcs"]) == 10
    assert [one["id"] for one in topology["objects"]["capa"]["geometries"]] == ["f0", "f1", "f2"]
    text = encode(features, OUTPUT_FORMATS["csv"], "capa").data.decode()
    assert text.splitlines()[:2] == ['"id","wkt"', '"f0","POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))"']


@pytest.mark.slow
def test_tiles_are_read_by_gdal_and_say_that_they_are_for_showing(tmp_path: Path) -> None:
    import pyogrio

    encoded = encode(_features(["Polygon"]), OUTPUT_FORMATS["pmtiles"], "capa")
    assert any("for showing" in note for note in encoded.notes)
    (tmp_path / "capa.pmtiles").write_bytes(encoded.data)
    assert {str(name) for name, _ in pyogrio.list_layers(tmp_path / "capa.pmtiles")} == {"capa"}
    with pytest.raises(InputError, match="no place in it"):
        encode(_features([None]), OUTPUT_FORMATS["pmtiles"], "capa")


@pytest.mark.parametrize(
    ("name", "words"),
    [("a.shp", "name a .zip"), ("a.gdb", "cannot be written"), ("a.kmz", "cannot be written"), ("a", "says no format")],
)
def test_an_ending_that_is_not_written_is_named(name: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        format_of(Path(name))


@pytest.mark.parametrize("form", list(OUTPUT_FORMATS))
@pytest.mark.parametrize(
    "properties",
    [
        {"a": "x\x0by"},
        {"a": "\ud800"},
        {"a\x00b": 1},
        {"geometry": 1, "bbox": 2, "fid": 3, "geom": 4, "wkt": 5, "id": 6},
        {"": 1},
        {"A": 1, "a": 2},
        {"a": 1e308, "b": -(2**63)},
        {"a": 2**70},
        {"a": {"x": [1, None]}},
        {"a": [1, "b"]},
        {},
    ],
    ids=ascii,
)
def test_odd_columns_are_written_or_named_in_one_sentence(form: str, properties: dict[str, Any]) -> None:
    from atlas.errors import AtlasError

    feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [-92, 15]}, "properties": properties}
    try:
        assert encode([feature, {**feature, "id": 7}], OUTPUT_FORMATS[form], "capa").data
    except AtlasError as error:
        assert len(str(error)) < 400  # noqa: PT017 - either is right


@pytest.mark.parametrize(
    ("coordinates", "expected"),
    [([-90.5, 15.0, 100.0, 7.0], [-90.5, 15.0, 100.0]), ([-90.5, 15.0, 100.0], [-90.5, 15.0, 100.0])],
)
def test_numbers_after_a_height_are_left_out_and_that_is_said(coordinates: list[float], expected: list[float]) -> None:
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": coordinates}}
    table = feature_table([feature], "places")
    assert shapely.get_coordinates(table.shapes[0], include_z=True).tolist() == [expected]
    assert any("left out of 1 feature" in note for note in table.notes) == (len(coordinates) > len(expected))


_POINT = {"type": "Point", "coordinates": [-92.1, 15.2]}
_FEW: dict[str, list[dict[str, Any]]] = {
    "none": [],
    "no place": [{"type": "Feature", "properties": {"cve": "07001"}, "geometry": None}],
    "no fields": [{"type": "Feature", "properties": {}, "geometry": _POINT}],
    "empty fields": [{"type": "Feature", "properties": {"lat": None, "wkt": None}, "geometry": _POINT}],
}


@pytest.mark.parametrize("few", _FEW)
@pytest.mark.parametrize("form", [name for name in OUTPUT_FORMATS if name != "pmtiles"])
def test_check_takes_what_has_next_to_nothing_in_it(form: str, few: str, tmp_path: Path) -> None:
    """Also a file without features is a file that check reads, and finds nothing wrong with."""
    path = tmp_path / f"capa{OUTPUT_FORMATS[form].ending}"
    path.write_bytes(encode(_FEW[few], OUTPUT_FORMATS[form], "capa").data)
    (report,) = check_path(path)
    assert [one for one in report.findings if RULES[one.rule].severity is not Severity.INFO] == []
    assert report.features == len(_FEW[few])


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_feature_of_which_a_table_shows_nothing_is_said(form: str) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"n": n},
            "geometry": {"type": "Point", "coordinates": [-92, 15]} if n else None,
        }
        for n in (1, None)
    ]
    assert any("1 feature has neither" in note for note in encode(features, OUTPUT_FORMATS[form], "a").notes)
    assert not encode(features[:1], OUTPUT_FORMATS[form], "a").notes


@pytest.mark.parametrize("form", ["gpkg", "kml", "shp"])
def test_names_that_differ_in_capitals_only_are_parted_and_said(form: str, tmp_path: Path) -> None:
    properties = {"ID": "a", "id": "b", "Clave": "c", "clave": "d"}
    features = [{"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": [-92, 15]}}]
    encoded = encode(features, OUTPUT_FORMATS[form], "a")
    assert any("clave → clave_" in note for note in encoded.notes)
    path = tmp_path / f"a{OUTPUT_FORMATS[form].ending}"
    path.write_bytes(encoded.data)
    with open_sources(path) as (source,):
        (layer,) = read_source(source)
    assert sorted(value for values in layer.columns.values() for value in values) == ["a", "b", "c", "d"]
