"""GeoParquet 1.1, and 2.0 with Parquet's own type of shapes; lists of one type stay lists."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from atlas.errors import UsageError
from atlas.vector.feature_table import FeatureTable, TableColumn

_CORNERS = ("xmin", "ymin", "xmax", "ymax")
_ROWS_PER_GROUP = 65_536


def geoparquet(table: FeatureTable, version: str) -> bytes:
    """A table as GeoParquet.

    Parameters
    ----------
    version
        ``1.1.0``, which has a box beside each shape for fast reading, or ``2.0.0``.

    Raises
    ------
    UsageError
        pyarrow is not installed, or is too old for 2.0.
    """
    arrow, writer = pyarrow_modules()
    used = {column.name for column in table.columns}
    name = next(one for one in ("geometry", "geom", "the_geom", "shape") if one not in used)
    box = next(one for one in ("bbox", "geometry_bbox", "the_bbox", "box_") if one not in used)
    native = version.startswith("2")
    fields = [_array(arrow, column) for column in table.columns]
    names = [column.name for column in table.columns]
    shapes = shapely.orient_polygons(table.shapes)
    kept = [
        column.name
        for column in table.columns
        if column.listed is not None and not _is_text(fields[names.index(column.name)])
    ]
    if kept:
        table.notes = [note for note in table.notes if not note.startswith("lists and objects")]
    wkb = arrow.array(shapely.to_wkb(shapes, flavor="iso").tolist(), arrow.binary())
    with _registered_type(arrow) if native else contextlib.nullcontext() as kind:
        if native:
            wkb = arrow.ExtensionArray.from_storage(kind, wkb)
        columns, titles = [*fields, wkb], [*names, name]
        if not native:
            columns, titles = [*columns, _boxes(arrow, shapes)], [*titles, box]
        made = arrow.Table.from_arrays(columns, names=titles)
        made = made.replace_schema_metadata({"geo": json.dumps(_geo(shapes, name, None if native else box, version))})
        stream = io.BytesIO()
        writer.write_table(
            made,
            stream,
            compression="zstd",
            version="2.6",
            row_group_size=_ROWS_PER_GROUP,
            # the least and greatest shape as bytes say nothing to anybody
            write_statistics=names or False,
        )
    return stream.getvalue()


def pyarrow_modules() -> tuple[Any, Any]:
    """pyarrow, and its module for Parquet.

    Raises
    ------
    UsageError
        It is not installed.
    """
    try:
        return importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        msg = "GeoParquet needs pyarrow: pip install 'border-atlas[export]', or choose another format, such as gpkg"
        raise UsageError(msg) from error


def _array(arrow: Any, column: TableColumn) -> Any:  # noqa: ANN401 - a module
    types = {"boolean": arrow.bool_(), "integer": arrow.int64(), "number": arrow.float64(), "string": arrow.string()}
    if column.listed is not None:
        held = [one for one in column.listed if one is not None]
        items = [item for one in held if isinstance(one, list) for item in one]
        kinds = {type(item) for item in items} - {type(None)}
        if all(isinstance(one, list) for one in held) and len(kinds) <= 1 and kinds <= {str, int, float, bool}:
            inner = {str: "string", int: "integer", float: "number", bool: "boolean"}[next(iter(kinds), str)]
            with contextlib.suppress(arrow.ArrowException, OverflowError):
                return arrow.array(column.listed, arrow.list_(types[inner]))
    values = column.values
    if column.kind == "string":
        values = [value if value is None else value.encode("utf-8", "replace").decode() for value in values]
    return arrow.array(values, types[column.kind])


def _is_text(array: Any) -> bool:  # noqa: ANN401 - pyarrow's
    return str(array.type) == "string"


@contextlib.contextmanager
def _registered_type(arrow: Any) -> Iterator[Any]:  # noqa: ANN401 - a module
    """The type by which pyarrow knows shapes, and writes Parquet's own; it is known only meanwhile."""

    class Shape(arrow.ExtensionType):  # type: ignore[misc]
        """Well-known binary."""

        def __init__(self) -> None:
            super().__init__(arrow.binary(), "geoarrow.wkb")

        def __arrow_ext_serialize__(self) -> bytes:
            return b"{}"

        @classmethod
        def __arrow_ext_deserialize__(cls, storage_type: Any, serialized: bytes) -> Any:  # noqa: ANN401 - as pyarrow wants it
            return cls()

    kind = Shape()
    registered = True
    try:
        arrow.register_extension_type(kind)
    except arrow.ArrowException:
        # another package knows it already
        registered = False
    try:
        yield kind
    finally:
        if registered:
            arrow.unregister_extension_type("geoarrow.wkb")


def _boxes(arrow: Any, shapes: Any) -> Any:  # noqa: ANN401 - pyarrow's and shapely's arrays
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    missing = np.isnan(bounds[:, 0])
    corners = [arrow.array(bounds[:, i], arrow.float64(), mask=missing) for i in range(4)]
    return arrow.StructArray.from_arrays(corners, names=list(_CORNERS), mask=arrow.array(missing))


def _geo(shapes: Any, name: str, box: str | None, version: str) -> dict[str, Any]:  # noqa: ANN401 - shapely's arrays
    placed = shapes[~shapely.is_missing(shapes)]
    kinds = {f"{shape.geom_type}{' Z' if shape.has_z else ''}" for shape in placed}
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": sorted(kinds),
        "edges": "planar",
        "orientation": "counterclockwise",
    }
    if box:
        column["covering"] = {"bbox": {corner: [box, corner] for corner in _CORNERS}}
    if len(placed):
        column["bbox"] = [float(value) for value in shapely.total_bounds(placed)]
    return {"version": version, "primary_column": name, "columns": {name: column}}
