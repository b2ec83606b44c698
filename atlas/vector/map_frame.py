"""A map file as a table of features, with its coordinate system; whoever takes it brings it to degrees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from atlas.errors import InputError
from atlas.geojson.encoding import unicode_encoding

# as GDAL and QGIS name a layer of a file
_LAYER = "|layername="
_JSON = ("{", "[", "\x1e")
_TEXT_SUFFIXES = frozenset({".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson", ".jsonl", ".txt"})
_HEAD = 512


def is_geojson(path: Path) -> bool:
    """Whether a file is for the readers of GeoJSON: by what it begins with, or because nothing else can be told.

    A file that is missing is for them, too: they say so.
    """
    if _LAYER in path.name or path.suffix.lower() == ".zip":
        return False
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError:
        return True
    shown = unicode_encoding(head)
    text = head[shown.mark_bytes :].decode(shown.name, "ignore").lstrip(" \t\r\n\ufeff")
    return not text or text.startswith(_JSON) or path.suffix.lower() in _TEXT_SUFFIXES


def read_map_frame(path: Path) -> Any:  # noqa: ANN401 - geopandas is loaded only where a file is read
    """The features of a file that GDAL reads, as a GeoDataFrame.

    Parameters
    ----------
    path
        A shapefile, GeoPackage, FlatGeobuf, KML or anything else of GDAL's, or a zip with one of them; one layer of
        several as ``FILE|layername=NAME``.

    Raises
    ------
    InputError
        It cannot be read, holds no shapes, or several layers of which none is named.
    """
    import pyogrio  # noqa: PLC0415 - pandas comes with it, which nothing else here needs

    from atlas.vector.map_file import open_map_file, readable  # noqa: PLC0415 - as above

    name, mark, layer = str(path).partition(_LAYER)
    file = open_map_file(Path(name), layer if mark else None, naming=f"give one as '{name}{_LAYER}{{layer}}'")
    with readable(file.path):
        frame = pyogrio.read_dataframe(file.target, layer=file.layer)
    if frame.crs is None:
        msg = f"{file.path} does not say which coordinate system it is in (a shapefile: its .prj file); add it"
        raise InputError(msg)
    return frame
