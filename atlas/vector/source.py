"""The one door: any map file that a user names, as layers of features with their faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from atlas.errors import InputError
from atlas.vector.archive import Member, unpacked
from atlas.vector.chosen_source import Source, chosen
from atlas.vector.file_format import FileFormat, file_format
from atlas.vector.gml_file import look_at_axes
from atlas.vector.layer import LAYER_MARK, FileFault, VectorLayer
from atlas.vector.lost_shapes import geodatabase_curves, geopackage_faults, gml_curves, gpx_values
from atlas.vector.lying_alone import lying_alone
from atlas.vector.table_faults import without_infinity

_GPX_LAYERS = ("waypoints", "routes", "tracks")


@contextmanager
def open_source(named: Path) -> Iterator[Source]:
    """Find out what a path is: ``FILE``, ``FILE|layername=NAME``, a folder, or a zip with a map file in it.

    Raises
    ------
    InputError
        It is of no format that is read, or a zip with several map files.
    """
    with open_sources(named, every=False) as (source,):
        yield source


@contextmanager
def open_sources(named: Path, *, every: bool = True) -> Iterator[list[Source]]:
    """The same, with all map files of a zip (``every``) where none of them is named.

    Raises
    ------
    InputError
        It is of no format that is read.
    """
    name, mark, layer = str(named).partition(LAYER_MARK)
    path, wanted = Path(name), layer if mark else None
    if mark and not path.exists():
        msg = f"{path} does not exist; give the path of a map file before '{LAYER_MARK}'"
        raise InputError(msg)
    form = file_format(path)
    if form is not FileFormat.ZIP:
        yield [Source(path, path, form, wanted)]
        return
    with unpacked(path, wanted, every=every) as members:
        yield [_inner(path, member) for member in members]


def _inner(path: Path, member: Member) -> Source:
    try:
        form = file_format(member.path)
    except InputError as error:
        msg = str(error).replace(str(member.path), f"{path}, in which {member.path.name}", 1)
        raise InputError(msg) from None
    return Source(path, member.path, form, member.layer, member.title)


def read_source(source: Source, *, encoding: str | None = None, every: bool = False) -> list[VectorLayer]:
    """The layers of a source that is not GeoJSON.

    Parameters
    ----------
    encoding
        That of its texts, where it is known better than the file states it.
    every
        Whether all layers are wanted where there are several and none is named; otherwise that is an error.

    Raises
    ------
    InputError
        It cannot be read, or has no such layer, none with shapes, or several.
    """
    if source.form is FileFormat.GEOJSON:
        # GDAL takes of two members the last one, and numbers in quotes
        msg = f"{source.named} is GeoJSON, which is read by atlas.geojson alone"
        raise InputError(msg)
    layers = _READERS.get(source.form, _by_gdal)(source, encoding, every)
    for layer in layers:
        without_infinity(layer)
        if source.title is not None:
            layer.name = source.title if layer.name is None else f"{source.title}/{layer.name}"
        if layer.has_shapes and layer.crs is None and not any(one.rule.startswith("crs") for one in layer.faults):
            layer.faults.append(_crs_missing(layer))
    return layers


def read_layer_of(named: Path, *, encoding: str | None = None) -> VectorLayer:
    """The one layer that a path means, of a file that is not GeoJSON.

    Raises
    ------
    InputError
        As `read_source`; also where the layer has no shapes.
    """
    with open_source(named) as source:
        (layer,) = read_source(source, encoding=encoding)
        if not layer.has_shapes:
            msg = f"{layer.title} holds no shapes, only a table; give a layer with shapes"
            raise InputError(msg)
        return layer


def is_geojson(named: Path) -> bool:
    """Whether a path is for the readers of GeoJSON; also what is missing, of which they speak.

    Raises
    ------
    InputError
        It is of no format that is read.
    """
    if LAYER_MARK in str(named):
        return False
    return file_format(named) is FileFormat.GEOJSON


@contextmanager
def geojson_in(named: Path) -> Iterator[Path | None]:
    """Where the GeoJSON lies that a path means, in a zip or not; nothing where it means another format.

    Raises
    ------
    InputError
        As `open_source`.
    """
    if is_geojson(named):
        yield named
        return
    with open_source(named) as source:
        yield source.path if source.form is FileFormat.GEOJSON else None


def _by_gdal(source: Source, encoding: str | None, every: bool) -> list[VectorLayer]:  # noqa: FBT001 - a reader
    computed = frozenset[str]()
    if source.form is FileFormat.GEOPACKAGE:
        from atlas.vector.map_file import refuse_views  # noqa: PLC0415 - as above

        computed = refuse_views(source.named, source.path)
    with lying_alone(source) as (target, faults):
        try:
            layers = _layers(source, target, encoding, every=every, computed=computed)
        except InputError as error:
            if not faults:
                raise
            # what is left of it may be a table, or nothing
            msg = f"{source.named}: {faults[0].message}"
            raise InputError(msg) from error
    if source.form is FileFormat.KML:
        from atlas.vector.kml_content import kml_faults  # noqa: PLC0415 - only for such a file

        faults += kml_faults(source)
    layers[0].faults += faults
    return layers


def _layers(
    source: Source, target: str, encoding: str | None, *, every: bool, computed: frozenset[str]
) -> list[VectorLayer]:
    from atlas.vector.gdal_layer import layer_names, read_layer, readable  # noqa: PLC0415 - loads GDAL

    shaped = {name: kind for name, kind in layer_names(source.named, target).items() if name not in computed}
    if source.form is FileFormat.GPX and source.layer is None:
        layers = [
            read_layer(source.named, target, name, source.form, named=True) for name in _GPX_LAYERS if name in shaped
        ]
        held = [layer for layer in layers if len(layer)] or layers[:1]
        names = chosen(source, dict.fromkeys([str(layer.name) for layer in held], True), every=every)
        for layer in held:
            layer.faults += gpx_values(source.named, source.path, layer.name)
        return [layer for layer in held if layer.name in names]
    names = chosen(source, shaped, every=every)
    named = len(shaped) > 1
    layers = [read_layer(source.named, target, name, source.form, named=named, encoding=encoding) for name in names]
    tables = [name for name, has_shapes in shaped.items() if not has_shapes]
    if tables and source.layer is None:
        message = (
            f"{', '.join(tables[:8])}: no shapes; a table alone is read as '{source.named}{LAYER_MARK}{tables[0]}'."
        )
        layers[0].faults.append(FileFault("layer-table", message))
    if source.form is FileFormat.GML:
        layers[0].faults += [*look_at_axes(source.path), *gml_curves(source.path)]
    for layer, name in zip(layers, names, strict=True):
        if source.form is FileFormat.GEOPACKAGE:
            rules = {one.rule for one in layer.faults}
            layer.faults += [one for one in geopackage_faults(source.named, source.path, name) if one.rule not in rules]
        elif source.form is FileFormat.GPX:
            layer.faults += gpx_values(source.named, source.path, name)
        elif source.form is FileFormat.FILE_GDB and layer.has_shapes:
            with readable(source.named):
                layer.faults += geodatabase_curves(target, name)
    return layers


def _shapefile(source: Source, encoding: str | None, every: bool) -> list[VectorLayer]:  # noqa: FBT001 - a reader
    from atlas.vector.shapefile import read_shapefile, shapefiles_in  # noqa: PLC0415 - loads GDAL

    if not source.path.is_dir():
        stem = source.path.stem
        if source.layer not in {None, stem}:
            chosen(source, {stem: True}, every=every)
        return [read_shapefile(source.named, source.path, encoding=encoding)]
    files = {one.stem: one for one in shapefiles_in(source.path)}
    names = chosen(source, dict.fromkeys(files, True), every=every)
    title = len(files) > 1
    return [
        read_shapefile(source.named, files[name], title=name if title else None, encoding=encoding) for name in names
    ]


def _parquet(source: Source, encoding: str | None, every: bool) -> list[VectorLayer]:  # noqa: ARG001, FBT001 - a reader
    from atlas.vector.parquet_reader import read_parquet  # noqa: PLC0415 - loads pyarrow

    return [read_parquet(source)]


def _topojson(source: Source, encoding: str | None, every: bool) -> list[VectorLayer]:  # noqa: ARG001, FBT001 - a reader
    from atlas.vector.topojson_reader import read_topojson  # noqa: PLC0415 - only for such a file

    return read_topojson(source, every=every)


def _esri_json(source: Source, encoding: str | None, every: bool) -> list[VectorLayer]:  # noqa: ARG001, FBT001 - a reader
    from atlas.vector.esri_json_reader import read_esri_json  # noqa: PLC0415 - only for such a file

    return [read_esri_json(source)]


def _table(source: Source, encoding: str | None, every: bool) -> list[VectorLayer]:  # noqa: FBT001 - a reader
    from atlas.vector.table_reader import read_table_file  # noqa: PLC0415 - only for such a file

    return read_table_file(source, encoding=encoding, every=every)


Reader = Callable[[Source, str | None, bool], list[VectorLayer]]
_READERS: Mapping[FileFormat, Reader] = {
    FileFormat.SHAPEFILE: _shapefile,
    FileFormat.PARQUET: _parquet,
    FileFormat.TOPOJSON: _topojson,
    FileFormat.ESRI_JSON: _esri_json,
    FileFormat.CSV: _table,
    FileFormat.XLSX: _table,
}


def _crs_missing(layer: VectorLayer) -> FileFault:
    from atlas.vector.coordinate_system import on_globe_in_some_order, positions_of  # noqa: PLC0415 - loads PROJ

    where = "(a shapefile: its .prj file) " if layer.form is FileFormat.SHAPEFILE else ""
    degrees = on_globe_in_some_order(positions_of(layer.geometries))
    if degrees:
        remedy = "its numbers may be degrees: --crs EPSG:4326 if they are"
    else:
        remedy = "its numbers are no degrees: find out the system at the source and name it by --crs EPSG:CODE"
    what = f"{layer.title} does not say which coordinate system it is in {where}".rstrip()
    return FileFault("crs-missing", f"{what}; {remedy}.", what=what)
