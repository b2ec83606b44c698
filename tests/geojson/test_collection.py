from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.errors import GeometryError, InputError
from atlas.geojson.collection import bounding_box, dumps, feature, kilometres, read_collection, rounded

Faults = Callable[[bytes], list[str]]

DEGREES = st.tuples(st.floats(-179, 179), st.floats(-89, 89))
SHAPES = st.one_of(
    DEGREES.map(shapely.Point),
    st.lists(DEGREES, min_size=1, max_size=4).map(shapely.MultiPoint),
    st.lists(DEGREES, min_size=2, max_size=8, unique_by=lambda p: (round(p[0], 4), round(p[1], 4))).map(
        shapely.LineString
    ),
    st.tuples(DEGREES, st.floats(0.001, 3)).map(lambda t: shapely.Point(t[0]).buffer(t[1])),
    st.tuples(DEGREES, st.floats(0.01, 3)).map(
        lambda t: shapely.Point(t[0]).buffer(t[1]).difference(shapely.Point(t[0]).buffer(t[1] / 2))
    ),
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None)
@given(
    shapes=st.lists(st.none() | SHAPES, max_size=5),
    properties=st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), VALUES, max_size=4),
)
def test_what_is_written_keeps_to_the_standard_and_comes_back(
    tmp_path_factory: pytest.TempPathFactory, faults_of: Faults, shapes: list[shapely.Geometry | None], properties: dict
) -> None:
    features = [feature(f"f{i}", shape, properties) for i, shape in enumerate(shapes)]
    data = dumps(features)
    faults = [
        fault for fault in faults_of(data) if "mojibake" not in fault and "no longitude and latitude" not in fault
    ]
    assert not faults
    path = tmp_path_factory.mktemp("written") / "layer.geojson"
    path.write_bytes(data)
    assert read_collection(path) == features
    assert dumps(read_collection(path)) == data


def test_a_shape_that_vanishes_at_six_decimals_is_refused() -> None:
    speck = shapely.box(-92, 15, -92 + 1e-8, 15 + 1e-8)
    with pytest.raises(GeometryError, match="Polygon does not survive rounding to 6 decimals"):
        feature("speck", speck, {})


def test_a_bow_tie_is_never_written() -> None:
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    with pytest.raises(GeometryError, match="Self-intersection"):
        rounded(bow)


def test_there_is_no_negative_zero() -> None:
    assert b"-0" not in dumps([feature("nought", shapely.Point(-1e-9, -1e-9), {})])


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_figure_that_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(GeometryError, match="not a finite number"):
        dumps([feature("f", None, {"length_km": value})])
    with pytest.raises(GeometryError, match="cannot be written"):
        kilometres(value)


def test_features_without_a_place_have_no_box() -> None:
    assert bounding_box([feature("f", None, {})]) is None
    assert "bbox" not in json.loads(dumps([feature("f", None, {})]))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", r"is not JSON \(line 1, column 1"),
        (b'{"type":"FeatureCollection","features":[\n{"type":"Fea', r"is not JSON \(line 2"),
        (b"[]", "is not a GeoJSON FeatureCollection"),
        (b'{"type":"Feature"}', "is not a GeoJSON FeatureCollection"),
        (b'{"type":"FeatureCollection","features":{}}', "it has no list of features"),
        (b'{"type":"FeatureCollection","features":[NaN]}', "NaN is not a number of JSON"),
        ("{'Cacahoatán'}".encode("latin-1"), r"is not UTF-8 \(byte 10"),
    ],
)
def test_a_damaged_file_is_refused_with_the_remedy(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "border.geojson"
    path.write_bytes(data)
    with pytest.raises(InputError, match=f"border.geojson.*{message}") as caught:
        read_collection(path)
    assert "restore the file" in str(caught.value)


def test_a_missing_file_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"border\.geojson does not exist; run `atlas refresh`"):
        read_collection(tmp_path / "border.geojson")


@pytest.mark.parametrize(
    ("geometry", "fault"),
    [
        ('{"type":"Point","coordinates":[15.0,-95.0]}', "is no longitude and latitude"),
        ('{"type":"Point","coordinates":[-92.0,15.0,3]}', "is no longitude and latitude"),
        ('{"type":"Point","coordinates":[-92.1234567,15.0]}', "more than six decimals"),
        ('{"type":"LineString","coordinates":[[-92,15],[-92,15]]}', "twice in a row"),
        ('{"type":"Polygon","coordinates":[[[0,0],[0,1],[1,0],[0,0]]]}', "wrong way round"),
        ('{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,1],[0,0.5]]]}', "not closed"),
        ('{"type":"GeometryCollection","geometries":[]}', "geometry of type GeometryCollection"),
    ],
)
def test_the_reader_of_the_standard_sees_what_is_wrong(faults_of: Faults, geometry: str, fault: str) -> None:
    one = f'{{"type":"Feature","id":"a","geometry":{geometry},"properties":{{}}}}'
    faults = faults_of(f'{{"type":"FeatureCollection","crs":{{}},"features":[{one},{one}]}}'.encode())
    for expected in (fault, "foreign members", "the id a stands 2 times"):
        assert any(expected in text for text in faults), expected
