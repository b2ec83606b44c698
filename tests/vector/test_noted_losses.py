"""What a written file gives back is what was written, or a note says what is not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from atlas.vector.output_format import OUTPUT_FORMATS, encode
from atlas.vector.source import open_sources, read_source

AREA = {"type": "Polygon", "coordinates": [[[-92.1, 15], [-91, 15], [-91, 16], [-92.1, 15]]]}


def _point(*position: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(position)}


def _feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _back(form: str, features: list[dict[str, Any]], folder: Path) -> tuple[list[Mapping[str, Any]], str]:
    chosen = OUTPUT_FORMATS[form]
    encoded = encode(features, chosen, "layer")
    path = folder / f"layer{chosen.ending}"
    path.write_bytes(encoded.data)
    with open_sources(path) as sources:
        rows = [row for one in sources for layer in read_source(one, every=True) for row in layer.features()]
    return rows, "; ".join(encoded.notes)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("geometry", [_point(-92.1, 15.1), AREA])
def test_a_column_that_is_called_like_a_place_is_not_taken_for_it(form: str, geometry: Any, tmp_path: Path) -> None:
    properties = {"wkt": "POINT (1 2)", "WKT": "x", "lat": 3.5, "lon": 4.5, "x": 1, "y": 2, "longitude": 7.5}
    (row,), notes = _back(form, [_feature(geometry, **properties)], tmp_path)
    assert row["geometry"] == geometry
    assert row["properties"] == {"wkt_2": "POINT (1 2)", "WKT_3": "x"} | {
        key: value for key, value in properties.items() if key.lower() != "wkt"
    }
    assert "wkt → wkt_2, WKT → WKT_3" in notes


@pytest.mark.parametrize(
    ("form", "kept"), [("gpkg", True), ("csv", True), ("fgb", False), ("shp", False), ("xlsx", False)]
)
def test_a_height_that_only_some_have_is_kept_or_said_and_none_is_made_up(
    form: str,
    kept: bool,  # noqa: FBT001 - a case
    tmp_path: Path,
) -> None:
    rows, notes = _back(form, [_feature(_point(-92.1, 15, 100.5)), _feature(_point(-92, 15))], tmp_path)
    positions = sorted(row["geometry"]["coordinates"] for row in rows)
    assert positions == [[-92.1, 15, 100.5] if kept else [-92.1, 15], [-92, 15]]
    assert ("heights are left out of 1 feature" in notes) is not kept


def test_heights_of_several_kinds_of_shapes_are_said_where_they_are_lost(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[-92, 15, 1], [-91, 15, 2]]}
    _, notes = _back("fgb", [_feature(_point(-92.1, 15, 100.5)), _feature(line)], tmp_path)
    assert "heights are left out of 2 features" in notes


def test_numbers_of_a_workbook_have_all_digits(tmp_path: Path) -> None:
    properties = {"a": 123456789.12345679, "b": 0.1, "c": 1e300, "d": 5e-324, "e": -92.1, "f": 1 / 3}
    (row,), notes = _back("xlsx", [_feature(_point(-92.09999999999998, 15.1), **properties)], tmp_path)
    assert row["properties"] == properties
    assert row["geometry"] == _point(-92.09999999999998, 15.1)
    assert not notes


@pytest.mark.parametrize(
    ("form", "value", "expected", "words"),
    [
        ("shp", " x ", "x", "spaces around"),
        ("shp", "", None, "blank texts"),
        ("shp", 1 / 3, 0.333333333333333, "15 decimals"),
        ("kml", "a\r\nb", "a\nb", "line end"),
        ("kml", 2**40, str(2**40), "end at 2³¹"),
        ("xlsx", "", None, "blank texts"),
        ("xlsx", "a\r\nb", "a\nb", "line end"),
        ("csv", "a\0b", "ab", "signs that are no text"),
        ("gpkg", "a\0b", "ab", "signs that are no text"),
        ("gpkg", "a\ud800b", "a?b", "signs that are no text"),
    ],
)
def test_a_value_that_becomes_another_is_said(form: str, value: Any, expected: Any, words: str, tmp_path: Path) -> None:
    (row,), notes = _back(form, [_feature(_point(-92.1, 15.1), v=value, w="x")], tmp_path)
    assert row["properties"]["v"] == expected
    assert words in notes


@pytest.mark.parametrize("form", ["gpkg", "csv", "parquet"])
def test_a_shape_without_positions_is_said(form: str, tmp_path: Path) -> None:
    rows, notes = _back(
        form, [_feature({"type": "MultiPolygon", "coordinates": []}, v=1), _feature(AREA, v=2)], tmp_path
    )
    assert [row["geometry"] is None for row in rows] == [True, False]
    assert "shapes without positions are written as no place: 1" in notes


def test_ids_find_a_name_beside_what_is_called_so(tmp_path: Path) -> None:
    feature = {**_feature(AREA, id=1, Feature_ID=2, feature_id_2=3), "id": "a"}
    (row,), _ = _back("gpkg", [feature], tmp_path)
    assert row["properties"] == {"feature_id_3": "a", "id": 1, "Feature_ID": 2, "feature_id_2": 3}


@pytest.mark.parametrize("form", ["gpkg", "fgb", "shp"])
def test_single_shapes_that_become_multiple_are_counted(form: str, tmp_path: Path) -> None:
    several = {"type": "MultiPoint", "coordinates": [[-92, 15], [-91, 15]]}
    rows, notes = _back(form, [_feature(_point(-92.1, 15)), _feature(several)], tmp_path)
    assert {row["geometry"]["type"] for row in rows} == {"MultiPoint"}
    assert "1 single shape is written as multiple" in notes


def test_a_multiple_shape_of_one_part_comes_back_single_from_a_shapefile_and_that_is_said(tmp_path: Path) -> None:
    alone = {"type": "MultiPolygon", "coordinates": [AREA["coordinates"]]}
    (row,), notes = _back("shp", [_feature(alone)], tmp_path)
    assert row["geometry"]["type"] == "Polygon"
    assert "1 multiple shape of one part comes back as single" in notes


def test_the_order_of_flatgeobufs_index_is_said(tmp_path: Path) -> None:
    places = [(-90, 15), (-60, -15), (-90.1, 15), (-60.1, -15)]
    rows, notes = _back("fgb", [_feature(_point(*at), n=n) for n, at in enumerate(places)], tmp_path)
    assert [row["properties"]["n"] for row in rows] != [0, 1, 2, 3]
    assert "in order of place" in notes
    assert "in order of place" not in _back("fgb", [_feature(_point(-90, 15))], tmp_path)[1]


@pytest.mark.parametrize("form", ["csv", "xlsx", "gpkg", "fgb", "kml", "parquet"])
def test_a_column_without_a_name_is_said(form: str, tmp_path: Path) -> None:
    assert "empty name" in _back(form, [_feature(_point(-90, 15), **{"": "x"})], tmp_path)[1]
