"""Files of layers by the writers for anybody's features: whole, and as the flat edition that any library can read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from atlas.export.export_formats import MEDIA
from atlas.export.layer_tables import Table, flat, split_tables, table_title, titles
from atlas.export.material import Layer, Output
from atlas.export.ogr import ID
from atlas.export.reprojection import places
from atlas.geojson.shapely_geometries import geometry_member
from atlas.vector.output_format import OUTPUT_FORMATS, encode

FLAT_FOLDER = "flat"


def plain_file(layer: Layer, form: str) -> tuple[Output, tuple[str, ...]]:
    """A layer in a format, in degrees, and what the format could not hold."""
    chosen = OUTPUT_FORMATS[form]
    encoded = encode(layer.features, chosen, layer.name)
    path = f"{form.removesuffix('2')}/{layer.name}{chosen.ending}"
    output = Output(path, encoded.data, titles(layer.record), MEDIA[form], layer.name)
    return output, tuple(f"{path}: {note}" for note in encoded.notes)


def flat_files(layer: Layer, form: str) -> Iterator[tuple[Output, tuple[str, ...]]]:
    """A file for each kind of shape of a layer: lists as text, dates as text, one type in each column."""
    for table in split_tables(layer, places(None)):
        encoded = encode(_flat_features(table), OUTPUT_FORMATS[form], table.name)
        path = f"{FLAT_FOLDER}/{table.name}{OUTPUT_FORMATS[form].ending}"
        yield (
            Output(path, encoded.data, table_title(table), MEDIA[form], table.layer.name),
            tuple(f"{path}: {note}" for note in encoded.notes),
        )


def _flat_features(table: Table) -> list[dict[str, Any]]:
    features = []
    for feature_id, row, shape in zip(table.ids, table.rows, table.shapes, strict=True):
        values = {field["name"]: flat(field, row[field["name"]]) for field in table.layer.fields}
        geometry = None if shape is None else geometry_member(shape)
        features.append({"type": "Feature", "geometry": geometry, "properties": {ID: feature_id, **values}})
    return features
