"""CSV with shapes as WKT and, where wanted, a second row of HXL hashtags.

Text stands in quotes, numbers and true/false do not, and what is missing is nothing at all: so an empty text and a
missing one differ, and a code keeps its leading zero in every program that heeds quotes. UTF-8 without a mark,
lines end as RFC 4180 has it. A ``.csvt`` file beside tells GDAL and QGIS the types and which column is the shape. The
row of hashtags is an option, because programs that do not know it take it for a row of data.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import shapely

from atlas.export.layer_tables import Table, flat
from atlas.export.ogr import ID

WKT = "wkt"
_LINE = "\r\n"
_TYPES: Mapping[str, str] = {"integer": "Integer", "number": "Real", "boolean": "Integer(Boolean)"}
_LARGEST = 2**31 - 1


@cache
def hashtags() -> Mapping[str, str]:
    """HXL's hashtag of each column, by the field's name."""
    return tomllib.loads(resources.files("atlas.export").joinpath("hxl.toml").read_text("utf-8"))


def delimited(table: Table, *, hxl: bool = False) -> bytes:
    """A table as CSV: names, hashtags where wanted, then a line a feature; the shape is the last column."""
    names = [ID, *(field["name"] for field in table.layer.fields), WKT]
    texts = shapely.to_wkt(table.shapes, rounding_precision=-1, trim=True)
    lines = [",".join(names)]
    if hxl:
        lines.append(",".join(hashtags().get(name, "") for name in names))
    for feature_id, row, text in zip(table.ids, table.rows, texts, strict=True):
        values = [flat(field, row[field["name"]]) for field in table.layer.fields]
        lines.append(",".join(_cell(value) for value in (feature_id, *values, text)))
    return (_LINE.join(lines) + _LINE).encode()


def column_types(table: Table) -> bytes:
    """The types of a table's columns as a ``.csvt`` file, one line."""
    types = ["String", *(_type(table, field) for field in table.layer.fields), "WKT"]
    return (",".join(f'"{name}"' for name in types) + _LINE).encode()


def _type(table: Table, field: Mapping[str, Any]) -> str:
    name = _TYPES.get(field["type"], "String")
    values = [row[field["name"]] for row in table.rows] if name == "Integer" else []
    return "Integer64" if any(value is not None and abs(value) > _LARGEST for value in values) else name


def _cell(value: Any) -> str:  # noqa: ANN401 - a property of any type
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return '"' + str(value).replace('"', '""') + '"'
