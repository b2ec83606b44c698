"""Shapes at hand become the layer that the same features in GeoJSON are."""

from __future__ import annotations

import shapely

from atlas.admission.layer_of_shapes import layer_of_shapes
from atlas.admission.user_features import UserLayer, read_user_layer
from atlas.geojson.shapely_geometries import plain_member

HOLED = shapely.box(-92, 15, -91, 16).difference(shapely.box(-91.7, 15.2, -91.4, 15.6))
SHAPES = (
    shapely.Point(-92.123456789, 15),
    shapely.Point(-92, 15, 30),
    shapely.MultiPoint([(-92, 15), (-91, 15)]),
    shapely.LineString([(-92, 15), (-92, 15), (-91, 16)]),
    shapely.LineString([(-92, 15), (-92.00000001, 15)]),
    HOLED,
    shapely.MultiPolygon([HOLED]),
    shapely.MultiPolygon([HOLED, shapely.box(-90, 15, -89, 16), shapely.Polygon([(-90, 15), (-89, 16), (-88, 17)])]),
    shapely.GeometryCollection([shapely.Point(-92, 15), shapely.GeometryCollection([HOLED, shapely.Point(-91, 14)])]),
    None,
)


def drawn(layer: UserLayer) -> list[tuple[int, str | None, str]]:
    return [(one.row, one.shape and one.shape.wkt, str(one.properties)) for one in layer.features]


def test_it_is_the_layer_that_a_file_of_the_same_features_is() -> None:
    rows = [(shape, {"n": number}) for number, shape in enumerate(SHAPES)]
    features = [
        {"type": "Feature", "geometry": shape and plain_member(shape), "properties": properties}
        for shape, properties in rows
    ]
    expected = read_user_layer({"type": "FeatureCollection", "features": features})
    got = layer_of_shapes(rows)
    assert drawn(got) == drawn(expected)
    assert (got.name, got.notes, got.columns) == (expected.name, expected.notes, expected.columns)
    # what it is once, it stays
    assert read_user_layer(got) is got


def test_no_feature_is_an_empty_layer() -> None:
    assert layer_of_shapes([]).notes == read_user_layer({"type": "FeatureCollection", "features": []}).notes
