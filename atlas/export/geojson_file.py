"""GeoJSON: a layer's file as it is, or moved into another system, which RFC 7946 does not know.

A moved file names its system in the member ``crs`` of GeoJSON 2008 and in its own name, so that nobody takes metres
for degrees.
"""

from __future__ import annotations

import json

from atlas.export.layer_tables import Table
from atlas.export.reprojection import Places
from atlas.geojson.collection import dumps
from atlas.geojson.shapely_geometries import geometry_member


def collection(table: Table, places: Places) -> bytes:
    """A layer as a FeatureCollection, one feature a line."""
    if places.native:
        return dumps(table.layer.features)
    moved = [
        {**feature, "geometry": None if shape is None else geometry_member(shape)}
        for feature, shape in zip(table.layer.features, table.shapes, strict=True)
    ]
    authority, _, code = places.code.partition(":")
    named = json.dumps({"type": "name", "properties": {"name": f"urn:ogc:def:crs:{authority}::{code}"}})
    opening = b'{"type":"FeatureCollection",'
    return dumps(moved).replace(opening, opening + f'"crs":{named},'.encode(), 1)
