"""Every vector format besides GeoJSON, read through GDAL by one door."""

from atlas.vector.map_file import MapFile, open_map_file
from atlas.vector.map_frame import is_geojson, read_map_frame

__all__ = ["MapFile", "is_geojson", "open_map_file", "read_map_frame"]
