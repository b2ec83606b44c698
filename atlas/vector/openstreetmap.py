"""Roads out of a file of OpenStreetMap, packed (``.osm.pbf``) or as XML (``.osm``), by GDAL's own driver."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.errors import InputError

DRIVER = "OSM"
_PACKED = b"OSMHeader"
_XML = b"<osm"
_HEAD = 512
_LINES = "lines"
_KIND = "highway"

Box = tuple[float, float, float, float]


def is_openstreetmap(path: Path) -> bool:
    """Whether a file begins as those of OpenStreetMap do, whatever it is called."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError:
        return False
    return _PACKED in head[:32] or _XML in head


def read_highways(path: Path, box: Box) -> tuple[NDArray[np.object_], list[str]]:
    """The lines that have a ``highway``, and what it says of each.

    Parameters
    ----------
    box
        West, south, east, north in degrees: only lines that meet it are read.

    Raises
    ------
    InputError
        This GDAL has no driver for such files, or the file is damaged.
    """
    import pyogrio  # noqa: PLC0415 - loads GDAL

    if "r" not in pyogrio.list_drivers().get(DRIVER, ""):
        msg = (
            f"{path} is of OpenStreetMap, and the GDAL of this Python was built without its driver; convert the file "
            f"where GDAL has it: ogr2ogr -where 'highway IS NOT NULL' roads.gpkg {path.name} {_LINES}"
        )
        raise InputError(msg)
    from atlas.vector.gdal_layer import readable  # noqa: PLC0415 - loads GDAL

    # otherwise GDAL takes any file of more than a page of XML for one that a server sends in pieces
    pyogrio.set_gdal_config_options({"OGR_INTERLEAVED_READING": "NO"})
    with readable(path):
        _, _, shapes, columns = pyogrio.raw.read(
            os.fspath(path), layer=_LINES, columns=[_KIND], where=f"{_KIND} IS NOT NULL", bbox=box
        )
    return shapely.from_wkb(shapes), [str(kind) for kind in columns[0]]
