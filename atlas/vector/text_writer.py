"""GeoJSON in a collection or one a record, CSV with well-known text, and KML."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

import shapely

from atlas.errors import InputError
from atlas.vector.feature_table import FeatureTable
from atlas.vector.table_losses import note_texts, note_wide_integers, rename_places, without_unsayable

_LINE = "\r\n"
_KML = "http://www.opengis.net/kml/2.2"
_KML_TYPES = {"boolean": "bool", "integer": "int", "number": "double", "string": "string"}
_INT32 = 2**31
_NAMES = ("name", "nombre", "nom", "title", "titulo", "label")
# what XML has no way to write
_UNSAYABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _dumped(value: Any) -> str:  # noqa: ANN401 - what JSON can say
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def collection(features: Sequence[Mapping[str, Any]]) -> bytes:
    """A FeatureCollection, one feature a line."""
    body = ",\n".join(map(_dumped, features))
    return f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'.encode()


def sequence(features: Sequence[Mapping[str, Any]]) -> bytes:
    """A GeoJSON text sequence (RFC 8142): a record separator before each feature."""
    return "".join(f"\x1e{_dumped(one)}\n" for one in features).encode()


def lines(features: Sequence[Mapping[str, Any]]) -> bytes:
    """One feature a line, without separators, as GDAL, tippecanoe and databases take them."""
    return "".join(f"{_dumped(one)}\n" for one in features).encode()


def delimited(table: FeatureTable) -> bytes:
    """A table as CSV: texts in quotes, numbers without, what is missing as nothing; the shape as well-known text."""
    table.note_blank_rows()
    without_unsayable(table)
    # the first that readers look for, whatever else is called like a place
    wkt = "wkt"
    rename_places(table, names=(wkt,))
    texts = shapely.to_wkt(table.shapes, rounding_precision=-1, trim=True, output_dimension=3)
    rows = [",".join(_cell(name) for name in [*(column.name for column in table.columns), wkt])]
    held = zip(*(column.values for column in table.columns), strict=True) if table.columns else (() for _ in texts)
    rows += [",".join(_cell(value) for value in (*values, text)) for values, text in zip(held, texts, strict=True)]
    return (_LINE.join(rows) + _LINE).encode("utf-8", "replace")


def _cell(value: Any) -> str:  # noqa: ANN401 - a property of any type
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return '"' + str(value).replace('"', '""') + '"'


def kml(table: FeatureTable) -> bytes:
    """KML 2.2: every field typed in a schema, a missing value left out; shapes in degrees.

    Raises
    ------
    InputError
        A text has a control character, which XML cannot hold.
    """
    table.part_names()
    note_wide_integers(table)
    note_texts(table, "programs cut spaces around texts and make \\r\\n one line end", _is_cut_by_xml)
    root = ET.Element("kml", xmlns=_KML)
    document = ET.SubElement(root, "Document", id="root")
    ET.SubElement(document, "name").text = _text(table.name, 0, "name")
    schema = ET.SubElement(document, "Schema", name="fields", id="fields")
    for column in table.columns:
        kind = _KML_TYPES[column.kind]
        # KML's whole numbers end at 2³¹
        wide = column.kind == "integer" and any(value is not None and abs(value) >= _INT32 for value in column.values)
        ET.SubElement(schema, "SimpleField", name=_text(column.name, 0, "a name"), type="string" if wide else kind)
    if not len(table):
        # without placemarks only a folder is a layer
        ET.SubElement(ET.SubElement(document, "Folder"), "name").text = _text(table.name, 0, "name")
    label = next((one for word in _NAMES for one in table.columns if one.name.lower() == word), None)
    for row, shape in enumerate(table.shapes):
        mark = ET.SubElement(document, "Placemark")
        if label is not None and label.values[row] is not None:
            ET.SubElement(mark, "name").text = _text(label.values[row], row + 1, label.name)
        data = ET.SubElement(ET.SubElement(mark, "ExtendedData"), "SchemaData", schemaUrl="#fields")
        for column in table.columns:
            if column.values[row] is not None:
                ET.SubElement(data, "SimpleData", name=column.name).text = _text(
                    column.values[row], row + 1, column.name
                )
        if shape is not None:
            _place(mark, shape)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _is_cut_by_xml(text: str) -> bool:
    return text != text.strip() or "\r" in text


def _text(value: Any, row: int, name: str) -> str:  # noqa: ANN401 - a property of any type
    if isinstance(value, bool):
        # as good as true and false by the standard, of which GDAL before 3.8 makes 0
        return "1" if value else "0"
    text = value if isinstance(value, str) else repr(value)
    if bad := _UNSAYABLE.search(text):
        where = f"feature {row}, {name}" if row else name
        msg = f"{where}: KML cannot hold the control character {bad[0]!r}; remove it, or choose another format"
        raise InputError(msg)
    return text


def _place(parent: ET.Element, shape: Any) -> None:  # noqa: ANN401 - shapely ships no types
    if hasattr(shape, "geoms"):
        inner = ET.SubElement(parent, "MultiGeometry")
        for part in shape.geoms:
            _place(inner, part)
        return
    element = ET.SubElement(parent, shape.geom_type)
    if shape.has_z:
        ET.SubElement(element, "altitudeMode").text = "absolute"
    if shape.geom_type != "Polygon":
        ET.SubElement(element, "coordinates").text = _positions(shape)
        return
    for name, ring in (("outerBoundaryIs", shape.exterior), *(("innerBoundaryIs", hole) for hole in shape.interiors)):
        boundary = ET.SubElement(ET.SubElement(element, name), "LinearRing")
        ET.SubElement(boundary, "coordinates").text = _positions(ring)


def _positions(line: Any) -> str:  # noqa: ANN401 - shapely ships no types
    rows: Sequence[Sequence[float]] = shapely.get_coordinates(line, include_z=bool(line.has_z)).tolist()
    return " ".join(",".join(map(repr, row)) for row in rows)
