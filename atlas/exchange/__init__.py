"""Files that others read: RFC 7946 GeoJSON, written the same to the byte every time."""

from atlas.geojson.collection import dumps, feature, read_collection, read_json

__all__ = ["dumps", "feature", "read_collection", "read_json"]
