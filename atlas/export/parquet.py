"""GeoParquet 1.1: lists stay lists, a box of each shape for fast reading, titles in both languages on every column."""

from __future__ import annotations

import importlib
import io
import json
from typing import Any

import numpy as np
import shapely

from atlas.errors import UsageError
from atlas.export.layer_tables import Table
from atlas.export.material import Material
from atlas.export.ogr import ID
from atlas.export.reprojection import Places

_VERSION = "1.1.0"
_CORNERS = ("xmin", "ymin", "xmax", "ymax")
_GEOMETRY, _BOX = "geometry", "bbox"


def parquet(table: Table, material: Material, places: Places) -> bytes:
    """A layer as GeoParquet.

    Raises
    ------
    UsageError
        pyarrow is not installed.
    """
    arrow, writer = _pyarrow()
    columns, fields = [arrow.array(table.ids, arrow.string())], [arrow.field(ID, arrow.string(), nullable=False)]
    types = _types(arrow)
    for described in table.layer.fields:
        kind = types[described["type"]]
        columns.append(arrow.array([row[described["name"]] for row in table.rows], kind))
        fields.append(arrow.field(described["name"], kind, metadata=_comment(described)))
    shapes = shapely.orient_polygons(table.shapes)
    columns.append(arrow.array(shapely.to_wkb(shapes).tolist(), arrow.binary()))
    fields.append(arrow.field(_GEOMETRY, arrow.binary()))
    columns.append(_boxes(arrow, shapes))
    fields.append(arrow.field(_BOX, columns[-1].type))
    record = table.layer.record
    metadata = {
        "geo": _text(_geo(shapes, places)),
        "title": _text(record["title"]),
        "description": _text(record["description"]),
        **{key: record[key] for key in ("licence", "licence_es", "attribution", "attribution_es")},
        "sources": _text({key: material.sources[key] for key in record["source_ids"]}),
    }
    arrow_table = arrow.Table.from_arrays(columns, schema=arrow.schema(fields, metadata=metadata))
    stream = io.BytesIO()
    writer.write_table(arrow_table, stream, compression="zstd", version="2.6")
    return stream.getvalue()


def _pyarrow() -> tuple[Any, Any]:
    try:
        return importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        msg = "GeoParquet needs pyarrow: pip install 'border-atlas[export]', or choose --format gpkg or fgb"
        raise UsageError(msg) from error


def _types(arrow: Any) -> dict[str, Any]:  # noqa: ANN401 - a module
    return {
        "string": arrow.string(),
        "integer": arrow.int64(),
        "number": arrow.float64(),
        "boolean": arrow.bool_(),
        "strings": arrow.list_(arrow.string()),
        "numbers": arrow.list_(arrow.float64()),
        "intervals": arrow.list_(arrow.list_(arrow.float64())),
    }


def _comment(described: Any) -> dict[str, str]:  # noqa: ANN401 - a record of the registry
    comment = {"title_en": described["title"]["en"], "title_es": described["title"]["es"]}
    if described["unit"]:
        comment["unit"] = described["unit"]
    if described.get("values"):
        comment["values"] = _text(described["values"])
    return comment


def _boxes(arrow: Any, shapes: Any) -> Any:  # noqa: ANN401 - pyarrow's and shapely's arrays
    bounds = shapely.bounds(shapes)
    missing = np.isnan(bounds[:, 0])
    corners = [arrow.array(bounds[:, i], arrow.float64(), mask=missing) for i in range(4)]
    return arrow.StructArray.from_arrays(corners, names=list(_CORNERS), mask=arrow.array(missing))


def _geo(shapes: Any, places: Places) -> dict[str, Any]:  # noqa: ANN401 - shapely's arrays
    placed = shapes[~shapely.is_missing(shapes)]
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": sorted({shape.geom_type for shape in placed}),
        "edges": "planar",
        "orientation": "counterclockwise",
        "covering": {_BOX: {corner: [_BOX, corner] for corner in _CORNERS}},
    }
    if len(placed):
        column["bbox"] = [float(value) for value in shapely.total_bounds(placed)]
    if not places.native:
        # without a crs, GeoParquet means longitude and latitude of WGS 84, as the layers are
        column["crs"] = places.crs.to_json_dict()
    return {"version": _VERSION, "primary_column": _GEOMETRY, "columns": {_GEOMETRY: column}}


def _text(value: Any) -> str:  # noqa: ANN401 - what JSON can say
    return json.dumps(value, ensure_ascii=False)
