"""KML 2.2: always in degrees, every field typed, a missing value left out.

A feature's id is the element's, and stands among its facts too: GDAL before 3.8 reads it nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import shapely

from atlas.errors import InputError
from atlas.export.layer_tables import KINDS, Table, flat, titles
from atlas.export.ogr import ID
from atlas.export.style import environment, signs

_TYPES: Mapping[str, str] = {"integer": "int", "number": "double", "boolean": "bool"}
# what KML's own element <name> shows, the first that a feature has
_NAMES = ("name", "name_other_side", "item", "what", "reach", "order", ID)
# what XML has no way to write
_UNSAYABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_COLOURS = ("line_color", "color", "outline_color")


def kml(table: Table) -> bytes:
    """A layer as KML; shapes must be in degrees of WGS 84 (longitude, latitude)."""
    record = table.layer.record
    colour = _colour(table)
    text = (
        environment()
        .get_template("layer.kml.j2")
        .render(
            name=table.layer.name,
            title=titles(record),
            description="\n\n".join(
                [
                    record["description"]["en"],
                    record["description"]["es"],
                    *(record[key] for key in ("attribution", "attribution_es", "licence", "licence_es")),
                ]
            ),
            colour=f"ff{colour}",
            fill=f"33{colour}",
            fields=list(_fields(table)),
            marks=list(_marks(table)),
        )
    )
    return text.encode()


def _fields(table: Table) -> Iterator[dict[str, str]]:
    yield {"name": ID, "type": "string", "title": ID}
    for field in table.layer.fields:
        yield {"name": field["name"], "type": _TYPES.get(field["type"], "string"), "title": titles(field)}


def _marks(table: Table) -> Iterator[dict[str, Any]]:
    for feature_id, row, shape in zip(table.ids, table.rows, table.shapes, strict=True):
        values = [(field["name"], flat(field, row[field["name"]])) for field in table.layer.fields]
        named = {ID: feature_id, **{key: value for key, value in values if value is not None}}
        yield {
            "id": feature_id,
            "name": next(named[key] for key in _NAMES if key in named),
            "facts": [
                (key, _text(feature_id, key, value)) for key, value in [(ID, feature_id), *values] if value is not None
            ],
            "place": None if shape is None else _place(shape),
        }


def _text(feature_id: str, key: str, value: Any) -> str:  # noqa: ANN401 - a property of any type
    if isinstance(value, bool):
        # as good as true and false by the standard, of which GDAL before 3.8 makes 0
        return "1" if value else "0"
    text = value if isinstance(value, str) else repr(value)
    if bad := _UNSAYABLE.search(text):
        msg = (
            f"{feature_id!r}, {key}: KML cannot hold the control character {bad[0]!r}; remove it, "
            "or choose another format"
        )
        raise InputError(msg)
    return text


def _place(shape: Any) -> dict[str, Any]:  # noqa: ANN401 - shapely ships no types
    if shape.geom_type == "Polygon":
        inner = [_positions(ring) for ring in shape.interiors]
        return {"kind": "Polygon", "outer": _positions(shape.exterior), "inner": inner}
    if shape.geom_type in {"Point", "LineString"}:
        return {"kind": shape.geom_type, "positions": _positions(shape)}
    return {"kind": "MultiGeometry", "parts": [_place(part) for part in shape.geoms]}


def _positions(line: Any) -> str:  # noqa: ANN401 - shapely ships no types
    pairs: Sequence[Sequence[float]] = shapely.get_coordinates(line).tolist()
    return " ".join(f"{lon!r},{lat!r}" for lon, lat in pairs)


def _colour(table: Table) -> str:
    """The colour of a layer's first sign, in KML's order: blue, green, red."""
    names = [table.layer.name, *(f"{table.layer.name}_{kind}" for kind in KINDS)]
    rules = [rule for name in names for rule in signs().get(name, {}).get("rules", ())]
    colours = [sign[key] for rule in rules for sign in rule["signs"] for key in _COLOURS if key in sign]
    red_green_blue = colours[0].removeprefix("#")[-6:] if colours else "5b5b5b"
    return red_green_blue[4:6] + red_green_blue[2:4] + red_green_blue[0:2]
