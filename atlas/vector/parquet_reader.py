"""GeoParquet 1.0, 1.1 and 2.0, and Parquet with shapes in a plain column: by pyarrow, shapes by geopandas."""

from __future__ import annotations

import base64
import importlib
import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from atlas.errors import InputError, UsageError
from atlas.geojson.strict import parse
from atlas.vector.coordinate_system import DEGREES, known_system
from atlas.vector.file_format import FileFormat
from atlas.vector.layer import FileFault, VectorLayer
from atlas.vector.table_columns import shapes_of_columns
from atlas.vector.wkb import Geometry, WkbError, geometry_of

if TYPE_CHECKING:
    import pyproj

    from atlas.vector.chosen_source import Source

_USUAL = frozenset({"geometry", "geom", "wkb_geometry"})
_MOST_ROWS = 10_000_000
_ARROW_KEYS = (b"ARROW:extension:name", b"ARROW:extension:metadata")


def read_parquet(source: Source) -> VectorLayer:
    """The features of a Parquet file.

    Raises
    ------
    InputError
        It cannot be read, or has no column of shapes.
    UsageError
        pyarrow is not installed.
    """
    reader = _pyarrow()
    arrow = importlib.import_module("pyarrow")
    try:
        _refuse_too_many(source, reader)
        table = reader.read_table(source.path)
        geo = _geo(table.schema)
        native = _native(reader.ParquetFile(source.path).schema)
        column = _shape_column(table.schema, geo) or next(iter(native), None)
        geometries, faults = _shapes(source, table, column, geo)
        # the box of each shape is there for fast reading only
        boxes = {_covering(one) for one in geo.get("columns", {}).values() if isinstance(one, dict)}
        names = [name for name in table.column_names if name not in {column, *boxes}]
        columns = _columns(table, names, geo, faults)
    except (arrow.ArrowException, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"{source.named} cannot be read as GeoParquet ({' '.join(str(error).split())[:160]}); write it again"
        raise InputError(msg) from error
    if column is None:
        return _from_columns(source, columns)
    return VectorLayer(
        source.named,
        FileFormat.PARQUET,
        None,
        _system(table.schema, column, geo, native),
        geometries,
        columns,
        faults=faults,
    )


def _columns(
    table: Any,  # noqa: ANN401 - pyarrow's
    names: Sequence[str],
    geo: Mapping[str, Any],
    faults: list[FileFault],
) -> dict[str, Sequence[Any]]:
    """Values as JSON has them; other shapes of a feature as well-known text, and bytes left out."""
    columns: dict[str, Sequence[Any]] = {}
    for name in names:
        kind = str(getattr(table[name].type, "storage_type", table[name].type))
        values = table[name].to_pylist()
        if not kind.startswith(("binary", "large_binary", "fixed_size_binary")):
            columns[name] = [_value(one) for one in values]
        elif name in geo.get("columns", {}) or hasattr(table[name].type, "storage_type"):
            columns[name] = [_well_known_text(one) for one in values]
            message = (
                "The column holds a second shape of each feature, which GeoJSON has no place for: it is read as text."
            )
            faults.append(FileFault("shape-second", message, field=name, before="shapes", after="well-known text"))
        else:
            message = "The column holds bytes, which a map cannot show: it is left out."
            faults.append(FileFault("value-lost", message, field=name, before="bytes", after="left out"))
    return columns


def _well_known_text(value: Any) -> str | None:  # noqa: ANN401 - bytes or nothing
    import shapely  # noqa: PLC0415 - only for a second shape

    try:
        return None if value is None else str(shapely.to_wkt(shapely.from_wkb(bytes(value)), rounding_precision=-1))
    except (shapely.errors.ShapelyError, TypeError):
        return None


def _refuse_too_many(source: Source, reader: Any) -> None:  # noqa: ANN401 - pyarrow's
    """A small file can have more rows than any memory holds: its head says how many before one is read."""
    with reader.ParquetFile(source.path) as opened:
        rows = opened.metadata.num_rows
    if rows > _MOST_ROWS:
        msg = (
            f"{source.named} has {rows:,} rows; at most {_MOST_ROWS:,} are read at once. Give a part of it; points of "
            "any number go through `atlas locate` and `atlas count`"
        )
        raise InputError(msg)


def _pyarrow() -> Any:  # noqa: ANN401 - a module
    try:
        return importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        msg = "GeoParquet needs pyarrow: pip install 'border-atlas[export]', or give the layer as GeoPackage"
        raise UsageError(msg) from error


def _geo(schema: Any) -> dict[str, Any]:  # noqa: ANN401 - pyarrow's
    stated = (schema.metadata or {}).get(b"geo")
    geo = parse(stated.decode()) if stated else {}
    return geo if isinstance(geo, dict) else {}


def _shape_column(schema: Any, geo: Mapping[str, Any]) -> str | None:  # noqa: ANN401 - as above
    primary = geo.get("primary_column")
    if isinstance(primary, str) and primary in schema.names:
        return primary
    for field in schema:
        extension = (
            getattr(field.type, "extension_name", None) or (field.metadata or {}).get(_ARROW_KEYS[0], b"").decode()
        )
        if extension.startswith("geoarrow."):
            return str(field.name)
    usual = (field for field in schema if field.name.lower() in _USUAL and "binary" in str(field.type))
    return next((str(field.name) for field in usual), None)


def _shapes(
    source: Source,
    table: Any,  # noqa: ANN401 - pyarrow's
    column: str | None,
    geo: Mapping[str, Any],
) -> tuple[list[Geometry | None], list[FileFault]]:
    if column is None:
        return [], []
    binary = table[column]
    if hasattr(binary.type, "storage_type"):
        binary = importlib.import_module("pyarrow").chunked_array(
            [chunk.storage for chunk in binary.chunks], binary.type.storage_type
        )
    if "binary" in str(binary.type):
        data = binary.to_pylist()
    else:
        import geopandas  # noqa: PLC0415 - only for shapes in arrays of numbers
        import shapely  # noqa: PLC0415 - as above

        frame = geopandas.read_parquet(source.path, columns=[column])
        data = [None if one is None else shapely.to_wkb(one) for one in frame[column]]
    geometries: list[Geometry | None] = []
    faults = []
    for row, one in enumerate(data, start=1):
        try:
            geometries.append(None if one is None else geometry_of(one))
        except WkbError as error:
            geometries.append(None)
            faults.append(FileFault("shape-lost", f"The shape is not read ({error}): write it again.", row=row))
    edges = geo.get("columns", {}).get(column, {}).get("edges") if geo else None
    if edges not in {None, "planar"}:
        message = f"Edges are {edges}, that is the shortest way on the globe; they are read as straight in degrees."
        faults.append(FileFault("crs-disagrees", message))
    return geometries, faults


def _covering(column: Mapping[str, Any]) -> str | None:
    try:
        return str(column["covering"]["bbox"]["xmin"][0])
    except (KeyError, IndexError, TypeError):
        return None


def _native(schema: Any) -> dict[str, str]:  # noqa: ANN401 - pyarrow's
    """The columns of Parquet's own types of shapes, with the system that each names."""
    columns = {}
    for number in range(len(schema)):
        kind = parse(schema.column(number).logical_type.to_json())
        if kind.get("Type") in {"Geometry", "Geography"}:
            columns[str(schema.column(number).name)] = str(kind.get("crs") or "")
    return columns


def _system(schema: Any, column: str, geo: Mapping[str, Any], native: Mapping[str, str]) -> pyproj.CRS | None:  # noqa: ANN401 - pyarrow's
    described = geo.get("columns", {}).get(column)
    if isinstance(described, dict):
        # no member means longitude and latitude, null means that it is not known
        return known_system(described["crs"]) if "crs" in described else known_system(DEGREES)
    metadata = (schema.field(column).metadata or {}).get(_ARROW_KEYS[1])
    if metadata:
        stated = parse(metadata.decode())
        if isinstance(stated, dict) and stated.get("crs"):
            return known_system(stated["crs"])
    # Parquet's own type of shapes means longitude and latitude unless it says otherwise
    if column in native:
        stated = native[column]
        code = stated.removeprefix("srid:")
        return known_system(f"EPSG:{code}" if code.isascii() and code.isdigit() else stated or DEGREES)
    return None


def _from_columns(source: Source, columns: dict[str, Sequence[Any]]) -> VectorLayer:
    read = shapes_of_columns({name: list(values) for name, values in columns.items()})
    if read is None:
        msg = f"{source.named} has no column of shapes and none of coordinates; write it as GeoParquet"
        raise InputError(msg)
    return VectorLayer(
        source.named, FileFormat.PARQUET, None, read.crs, read.geometries, read.columns, faults=read.faults
    )


def _value(value: Any) -> Any:  # noqa: ANN401, PLR0911 - whatever a column holds, one a type
    """A value as JSON has it."""
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and value.as_tuple().exponent == 0 else float(value)
    if isinstance(value, list | tuple):
        return [_value(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _value(one) for key, one in value.items()}
    return value if value is None or isinstance(value, str | int | bool) else str(value)
