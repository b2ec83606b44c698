"""FlatGeobuf with its spatial index; what has no place has a file without one, because the index takes none."""

from __future__ import annotations

from atlas.export.layer_tables import Table, table_title
from atlas.export.ogr import scratch, write_table
from atlas.export.reprojection import Places


def flatgeobuf(table: Table, places: Places) -> bytes:
    """A table as FlatGeobuf; the index orders the features by place."""
    indexed = "YES" if table.geometry_type else "NO"
    options = {"SPATIAL_INDEX": indexed, "TITLE": table_title(table)}
    with scratch() as folder:
        path = folder / f"{table.name}.fgb"
        write_table(path, table, places, driver="FlatGeobuf", options=options)
        return path.read_bytes()
