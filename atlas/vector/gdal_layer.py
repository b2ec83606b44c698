"""A layer through GDAL: columns as JSON has them, shapes as they stand, and what GDAL would have hidden."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from atlas.errors import InputError
from atlas.geojson.path import shown
from atlas.geojson.strict import parse
from atlas.vector.coordinate_system import known_system
from atlas.vector.file_format import READABLE, FileFormat
from atlas.vector.gpx_extensions import with_zeros
from atlas.vector.layer import FileFault, VectorLayer
from atlas.vector.lost_shapes import measures_fault
from atlas.vector.placemark_columns import placemark_columns
from atlas.vector.wkb import Geometry, WkbError, geometry_of

_GREATEST_SAFE = 2**53
_REMEDY = "copy or export it again"
_WARNINGS, _LONGEST = 20, 200
_LOSING = ("Invalid content", "Invalid date", "could not be parsed", "not a valid", "out of range", "Truncat")
# about columns that are read all the same
_HARMLESS = ("Skipping field", "More than one layer", "Perhaps")
# standard input, and what was renamed, have other endings than GDAL looks for
_OF_THE_NAME = "non conformant file extension"
_WHOLE = frozenset({"OFTInteger", "OFTInteger64"})
_DATES = frozenset({"OFTDate", "OFTDateTime", "OFTTime"})
_NO_TIME = "NaT"
# how the library of dates says that one is none
_NO_DATE = ("month must be", "day is out of range", "hour must be", "minute must be", "second must be", "year ")
_CURVED = "write it with straight lines, such as by `ogr2ogr -nlt CONVERT_TO_LINEAR OUT.gpkg IN`"
_OPTIONS: Mapping[FileFormat, Mapping[str, str]] = {
    # GDAL would write a file beside the user's, and fetch schemas from servers
    FileFormat.GML: {"WRITE_GFS": "NO", "DOWNLOAD_SCHEMA": "NO"},
}


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """What GDAL raises while a file is read, as one error that names the file."""
    from pyogrio.errors import (  # noqa: PLC0415 - loads GDAL
        DataLayerError,
        DataSourceError,
        FeatureError,
        FieldError,
        GeometryError,
    )

    unreadable = (
        DataSourceError,
        DataLayerError,
        FeatureError,
        FieldError,
        GeometryError,
        ValueError,
        OSError,
        NameError,
    )
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    except unreadable as error:
        words = " ".join(str(error).split())
        # a place in the library's own code says nothing to anybody
        why = "it is damaged" if "Error occurred in" in words or not words else shown(words, quoted=False)
        msg = f"{path} cannot be read as a map file ({why}); {_REMEDY}, as one of {READABLE}"
        raise InputError(msg) from error


@contextmanager
def _heard(faults: list[FileFault], path: Path, target: str) -> Iterator[None]:
    """What GDAL grumbles about while it reads, as faults: values that it makes empty, measures, and anything else."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        yield
    # what was unpacked lies in a folder that nobody knows
    heard_once = dict.fromkeys(" ".join(str(one.message).replace(target, path.name).split()) for one in heard)
    texts = [shown(text, quoted=False, most=_LONGEST) for text in heard_once if _OF_THE_NAME not in text]
    for text in texts[:_WARNINGS]:
        if "Measured (M)" in text:
            message = "Shapes have measures (M), which GeoJSON has no place for: they are left out."
            faults.append(FileFault("measures-lost", message, before="positions with measures", after="without"))
        elif any(word in text for word in _LOSING):
            message = f"GDAL reads a value as empty ({text}): correct it in the source."
            faults.append(FileFault("value-lost", message))
        elif not text.startswith(_HARMLESS):
            faults.append(FileFault("reader-warning", f"GDAL warns: {text}."))


def layer_names(path: Path, target: str) -> dict[str, bool]:
    """The layers of a file, and whether each has shapes."""
    import pyogrio  # noqa: PLC0415 - loads GDAL

    # a file may name a schema on a server
    pyogrio.set_gdal_config_options({"GML_DOWNLOAD_SCHEMA": "NO"})
    with readable(path):
        return {str(name): kind is not None for name, kind in pyogrio.list_layers(target).tolist()}


def read_layer(  # noqa: PLR0913 - what a layer needs to be read
    path: Path, target: str, name: str, form: FileFormat, *, named: bool, encoding: str | None = None
) -> VectorLayer:
    """Read one layer.

    Parameters
    ----------
    path
        What messages call the file.
    target
        What GDAL opens.
    named
        Whether the file has several layers, so that this one is called by its name.
    encoding
        The encoding of its texts, where that of the file would be wrong.

    Raises
    ------
    InputError
        GDAL cannot read it.
    """
    faults: list[FileFault] = []
    with readable(path), _heard(faults, path, target):
        meta, shapes, arrays, dates = _read(target, name, encoding, dict(_OPTIONS.get(form, {})))
    names = [str(column) for column in meta["fields"]]
    columns: dict[str, Sequence[Any]] = {}
    for column, array, kind, subtype in zip(names, arrays, meta["ogr_types"], meta["ogr_subtypes"], strict=True):
        if kind == "OFTBinary":
            message = "The column holds bytes, which a map cannot show: it is left out."
            faults.append(FileFault("value-lost", message, field=column, before="bytes", after="left out"))
            continue
        columns[column] = _values(array, kind, subtype)
        if kind == "OFTInteger64" and any(_unsafe(value) for value in columns[column]):
            columns[column] = _whole_numbers(path, target, name, column) or columns[column]
    for column in dates:
        columns[column] = [_iso_day(text) for text in _as_text(path, target, name, column)]
    if form is FileFormat.GPX:
        with_zeros(columns, Path(target))
    if form in {FileFormat.KML, FileFormat.GPX}:
        columns = placemark_columns(form, columns)
    ids = columns.pop("gml_id", None) if form is FileFormat.GML else None
    count = len(arrays[0]) if arrays else len(shapes) if shapes is not None else 0
    geometries = [None] * count if shapes is None else _geometries(shapes, faults)
    if form is FileFormat.KML:
        _without_zero_heights(geometries)
    return VectorLayer(
        path=path,
        form=form,
        name=name if named else None,
        crs=known_system(meta["crs"]),
        geometries=geometries,
        columns=columns,
        ids=ids,
        faults=faults,
        has_shapes=shapes is not None and meta["geometry_type"] is not None,
    )


def _read(target: str, name: str, encoding: str | None, options: dict[str, str]) -> tuple[Any, Any, Any, list[str]]:
    """What pyogrio gives, and the columns of dates that it cannot, because one of them is none."""
    import pyogrio  # noqa: PLC0415 - loads GDAL

    try:
        meta, _, shapes, arrays = pyogrio.raw.read(
            target, layer=name, encoding=encoding, datetime_as_string=True, **options
        )
    except ValueError as error:
        if not any(word in str(error) for word in _NO_DATE):
            raise
    else:
        return meta, shapes, arrays, []
    info = pyogrio.read_info(target, layer=name, encoding=encoding)
    dates = [
        str(column) for column, kind in zip(info["fields"], info["dtypes"], strict=True) if "datetime" in str(kind)
    ]
    others = [str(column) for column in info["fields"] if str(column) not in dates]
    meta, _, shapes, arrays = pyogrio.raw.read(
        target, layer=name, encoding=encoding, columns=others, datetime_as_string=True, **options
    )
    return meta, shapes, arrays, dates


def _geometries(shapes: Sequence[bytes | None], faults: list[FileFault]) -> list[Geometry | None]:
    geometries: list[Geometry | None] = []
    measured = 0
    for number, data in enumerate(shapes, start=1):
        try:
            geometry = None if data is None else geometry_of(data)
        except WkbError as error:
            remedy = _CURVED if "which GeoJSON" in str(error) else "look at it in the program that wrote it"
            why = str(error) if data else "GDAL gives none of its positions (of a ring that stands by itself, say)"
            message = f"{why[:1].upper()}{why[1:]}, so that the feature has no place here: {remedy}."
            faults.append(FileFault("shape-lost", message, row=number))
            geometry = None
        measured += geometry is not None and geometry.measured
        geometries.append(geometry)
    if measured:
        faults.append(measures_fault(measured))
    return geometries


def _without_zero_heights(geometries: Sequence[Geometry | None]) -> None:
    """Leave heights out where all are zero, which is how KML says that shapes lie on the ground."""
    runs = [pair for one in geometries if one is not None for pair in one.runs]
    if all(not holder[n][:, 2:].any() for holder, n in runs):
        for holder, n in runs:
            holder[n] = np.ascontiguousarray(holder[n][:, :2])


def _values(array: Any, kind: str, subtype: str) -> list[Any]:  # noqa: ANN401 - numpy's arrays of any kind
    if array.dtype.kind == "f" and kind in _WHOLE:
        # numpy has no whole numbers with gaps
        made = bool if subtype == "OFSTBoolean" else _whole
        return [None if math.isnan(value) else made(value) for value in array.tolist()]
    if subtype == "OFSTFloat32" or array.dtype == np.float32:
        # the shortest decimal that is the same number, not its neighbour in double precision
        return [None if math.isnan(value) else float(str(value)) for value in array.astype(np.float32)]
    if array.dtype.kind == "f":
        return [None if math.isnan(value) else value for value in array.tolist()]
    if kind in _DATES:
        return [None if value == _NO_TIME else _value(value) for value in array.tolist()]
    values = [_value(value) for value in array.tolist()]
    return [_parsed(value) for value in values] if subtype == "OFSTJSON" else values


def _whole(value: float) -> int | float:
    """A whole number, unless it is so large that it may have been rounded."""
    return int(value) if abs(value) < _GREATEST_SAFE else value


def _value(value: Any) -> Any:  # noqa: ANN401 - whatever stands in a column
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, np.ndarray):
        return [_value(one) for one in value.tolist()]
    if isinstance(value, np.generic):
        return _value(value.item())
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value


def _parsed(value: Any) -> Any:  # noqa: ANN401 - as above
    try:
        return parse(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _unsafe(value: object) -> bool:
    return isinstance(value, float) and (abs(value) >= _GREATEST_SAFE)


def _whole_numbers(path: Path, target: str, layer: str, column: str) -> list[Any] | None:
    """A column of large whole numbers with gaps, of which arrays make rounded fractions: read as text."""
    try:
        return [None if text is None else int(text) for text in _as_text(path, target, layer, column)]
    except (TypeError, ValueError):
        return None


def _as_text(path: Path, target: str, layer: str, column: str) -> list[Any]:
    """A column as GDAL writes it."""
    import pyogrio  # noqa: PLC0415 - loads GDAL

    name, table = (text.replace('"', '\\"') for text in (column, layer))
    with readable(path):
        sql = f'SELECT CAST("{name}" AS CHARACTER(64)) AS words FROM "{table}"'  # noqa: S608 - quoted, of one file
        _, _, _, (texts,) = pyogrio.raw.read(target, sql=sql, sql_dialect="OGRSQL", read_geometry=False)
    held: list[Any] = texts.tolist()
    return held


def _iso_day(text: Any) -> Any:  # noqa: ANN401 - a text or nothing
    """A day as ISO 8601 has it; what is none stays as GDAL writes it."""
    try:
        return date.fromisoformat(text.replace("/", "-")).isoformat() if isinstance(text, str) else None
    except ValueError:
        return text
