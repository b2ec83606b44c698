"""A map file of any format that GDAL reads: where it is, in a zip or not, which layer is meant, and that nothing runs.

GDAL reads more than it should of a stranger's file: a view of a GeoPackage is a program, and a zip may hold several
files of which it takes the first. What is opened here is one file, one layer, and plain tables only.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from atlas.errors import InputError
from atlas.foreign_sqlite import MAGIC, foreign_database

REMEDY = "give a GeoPackage, a shapefile or a zip of one"
_READABLE_IN_ZIP = (".gpkg", ".shp", ".geojson", ".fgb", ".gml", ".kml")
_UNREADABLE = (DataSourceError, DataLayerError, FeatureError, FieldError, GeometryError, UnicodeError)


@dataclass(frozen=True, slots=True)
class MapFile:
    """One layer of one file.

    Attributes
    ----------
    path
        The file on disk.
    target
        How GDAL calls it, which leads into a zip.
    layer
        The layer's name.
    """

    path: Path
    target: str
    layer: str


def open_map_file(path: Path, layer: str | None = None, *, naming: str = "name one") -> MapFile:
    """Find the file and the layer that a path means.

    Parameters
    ----------
    path
        A file, or a zip with one map file in it.
    layer
        A layer's name; if not given, the only one that has shapes.
    naming
        How a layer is named where there are several, as the end of a message.

    Raises
    ------
    InputError
        There is no such file or layer, several could be meant, or a layer is a view.
    """
    target = f"/vsizip/{path}/{_inside(path)}" if path.suffix.lower() == ".zip" else str(path)
    refuse_views(path, path)
    with readable(path):
        return MapFile(path, target, _layer_of(path, target, layer, naming))


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """What GDAL raises while a file is read, as one error that names the file; what it grumbles about is left out."""
    try:
        # that is either an error soon after or caught by the checks
        with warnings.catch_warnings(action="ignore"):
            yield
    except (*_UNREADABLE, OSError) as error:
        msg = f"{path} cannot be read as a map file ({error}); {REMEDY}"
        raise InputError(msg) from error


def refuse_views(named: Path, path: Path) -> frozenset[str]:
    """Refuse a GeoPackage whose layers are computed: GDAL would run what a stranger wrote, and cannot be stopped.

    Parameters
    ----------
    named
        What messages call the file.
    path
        Where it lies.

    Returns
    -------
    What is computed and no layer: GDAL offers it as a table all the same.

    Raises
    ------
    InputError
        It is no GeoPackage, damaged, or has a view for a layer.
    """
    try:
        source = _database_in(path)
        if source is None:
            return frozenset()
        with foreign_database(source, name=named.name, remedy=REMEDY) as database:
            if "gpkg_contents" not in database.tables | database.others:
                msg = "it is a database, but no GeoPackage"
                raise InputError(msg)  # noqa: TRY301 - with the same remedy as all others
            listed = {str(name) for (name,) in database.rows("gpkg_contents", ("table_name",))}
            computed = sorted(name for name in database.others if name in listed or name.startswith("gpkg_"))
            unlisted = frozenset(database.others)
    except (OSError, zipfile.BadZipFile, RuntimeError, InputError) as error:
        msg = f"{named} cannot be read as a map file ({error}); {REMEDY}"
        raise InputError(msg) from error
    if computed:
        msg = (
            f"{named.name}: {computed[0]!r} is a view, which is not read; export the layer into a GeoPackage of its own"
        )
        raise InputError(msg)
    return unlisted


def _database_in(path: Path) -> Path | bytes | None:
    """The database that a file is, or that stands in a zip file, by its first bytes; nothing for what is none."""
    if path.suffix.lower() != ".zip":
        with path.open("rb") as stream:
            return path if stream.read(len(MAGIC)) == MAGIC else None
    with zipfile.ZipFile(path) as archive, archive.open(_inside(path)) as stream:
        head = stream.read(len(MAGIC))
        return head + stream.read() if head == MAGIC else None


def _layer_of(path: Path, target: str, layer: str | None, naming: str) -> str:
    """The layer to read: the one named, or the only one that has shapes."""
    kinds = {str(name): kind for name, kind in pyogrio.list_layers(target).tolist()}
    if layer is not None and layer not in kinds:
        msg = f"{path.name} has no layer {layer!r}; it has {', '.join(kinds)}"
        raise InputError(msg)
    shaped = [name for name, kind in kinds.items() if kind is not None and layer in {None, name}]
    if not shaped:
        msg = f"{path.name} holds no shapes, only a table; {REMEDY}"
        raise InputError(msg)
    if len(shaped) > 1:
        msg = f"{path.name} holds several layers ({', '.join(shaped)}); {naming.format(layer=shaped[0])}"
        raise InputError(msg)
    return shaped[0]


def _inside(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = sorted(name for name in archive.namelist() if name.lower().endswith(_READABLE_IN_ZIP))
    except (OSError, zipfile.BadZipFile) as error:
        msg = f"{path} is not a readable zip file ({error}); download or install it again"
        raise InputError(msg) from error
    if len(names) != 1:
        msg = f"{path} holds {len(names)} map files ({', '.join(names) or 'none'}); unpack it and name one"
        raise InputError(msg)
    return names[0]
