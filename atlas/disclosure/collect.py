"""Finds the features in JSON, HTML, XML, CSV and tables."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import PurePosixPath
from typing import Any
from xml.etree import ElementTree as ET

from atlas.disclosure.alike_rows import without_alike
from atlas.disclosure.byte_view import View
from atlas.disclosure.csv_tables import csv_table
from atlas.disclosure.markup import blocks
from atlas.disclosure.opened import Opened
from atlas.disclosure.placemarks import local_name, placemark
from atlas.disclosure.readings import readings
from atlas.disclosure.scanned_feature import LATITUDES, LONGITUDES, POINTS, Collection, ScannedFeature, from_rows
from atlas.disclosure.sniff import decoded
from atlas.evidence.tables import TABLES
from atlas.geojson.geometries import coordinates_in, geometry_of, point
from atlas.geojson.shared_shapes import read_sharing_shapes
from atlas.geojson.tolerant import read_lenient, repeated_in, value_at

_JSON_TYPE = re.compile(r"application/(?:[\w.-]+\+)?json", re.IGNORECASE)
_INSIDE_CODE = re.compile(r'["\']type["\']\s*:\s*["\']Feature(?:Collection)?["\']')
# where an argument or a value begins that may be JSON
_OPENING = re.compile(r'[(=]\s*(?=\{\s*"|\[\s*[\[{"])')
_MARKER = re.compile(r"\bL\.(?:marker|circleMarker|circle)\(\s*\[\s*(-?\d+\.\d{3,})\s*,\s*(-?\d+\.\d{3,})\s*\]")
_KINDS = {"p": "Point", "l": "LineString", "a": "Polygon"}
_LISTS = ("fields", "rows", "shapes")
_PAGE_LAYER = {*_LISTS, "name"}
_SYSTEM_TABLES = ("gpkg_", "rtree_", "sqlite_", "layer_styles")


class Unreadable(Exception):  # noqa: N818 - says what happened, and never leaves this room
    """Text that begins like data and can't be read as such."""


def collections(opened: Opened) -> Iterator[Collection]:
    """Every list of features in a view.

    Raises
    ------
    Unreadable
        The text is damaged.
    """
    view = opened.view
    name = layer_name(view)
    if opened.tables:
        yield from _of_tables(opened, name)
    elif view.form == "json":
        yield from _of_json(view, name)
    elif view.form == "html":
        yield from _of_html(view)
    elif view.form == "xml":
        yield from _of_xml(view, name)
    elif view.form == "csv":
        yield from _of_csv(view, name)


def layer_name(view: View) -> str | None:
    """The name that a layer would have by its file: without folder, ending and frame."""
    inner = next((step.removeprefix("member ") for step in reversed(view.trail) if step.startswith("member ")), None)
    return PurePosixPath(inner or view.file.replace("\\", "/")).name.split(".")[0] or None


def _of_tables(opened: Opened, name: str | None) -> Iterator[Collection]:
    for table in opened.tables:
        if not table.name.startswith(_SYSTEM_TABLES):
            layer = name if table.name == "rows" else table.name
            where = f"table {table.name}"
            if collection := from_rows(where, layer, table.columns, iter(table.rows), first=table.first):
                yield collection


def _of_json(view: View, name: str | None) -> Iterator[Collection]:
    text = decoded(view.data)
    try:
        document = read_sharing_shapes(text.encode())
    except RecursionError as error:
        msg = "nested too deep"
        raise Unreadable(msg) from error
    except ValueError as error:
        documents = list(_by_line(text))
        if not documents:
            msg = f"damaged JSON ({error})"
            raise Unreadable(msg) from error
        document = documents
    yield from walk(document, "$", name)


def _by_line(text: str) -> Iterator[Any]:
    """One document a line, if every line is one."""
    for line in text.replace("\x1e", "").splitlines():
        if line.strip():
            try:
                yield read_lenient(line)
            except (ValueError, RecursionError):
                return


def walk(document: Any, path: str, name: str | None) -> Iterator[Collection]:  # noqa: ANN401 - whatever JSON can say
    """The lists of features anywhere in a document; single features and things with coordinates as one list more.

    Where members stand twice, the document is gone through in every reading.
    """
    for number, reading in enumerate(readings(document)):
        if not number and (twice := repeated_in(document)):
            yield Collection(path, name, repeated=twice)
        yield from _walk(reading, path, name)


def _walk(document: Any, path: str, name: str | None) -> Iterator[Collection]:  # noqa: ANN401 - as above
    loose = Collection(path, name)
    waiting: list[tuple[str, Any]] = [(path, document)] if isinstance(document, dict | list) else []
    while waiting:
        where, one = waiting.pop()
        if isinstance(one, list):
            waiting += [(f"{where}[{at}]", inner) for at, inner in enumerate(one) if isinstance(inner, dict | list)]
            continue
        if one.keys() >= _PAGE_LAYER and all(isinstance(one[key], list) for key in _LISTS):
            yield page_layer(where, one)
        elif one.get("type") == "FeatureCollection" and isinstance(one.get("features"), list):
            features = [
                _feature(f"{where}.features[{at}]", inner) for at, inner in enumerate(one["features"]) if inner != {}
            ]
            yield Collection(where, name, features)
            rest = {key: inner for key, inner in one.items() if key != "features"}
            waiting += [(f"{where}.{key}", inner) for key, inner in rest.items() if isinstance(inner, dict | list)]
        elif one.get("type") == "Feature":
            loose.features.append(_feature(where, one))
        elif (placed := _placed(where, one)) is not None:
            loose.features.append(placed)
        elif isinstance(one.get("type"), str) and one["type"] in POINTS and isinstance(coordinates_in(one), list):
            loose.features.append(ScannedFeature(where, None, one, {}))
        else:
            waiting += [(f"{where}.{key}", inner) for key, inner in one.items() if isinstance(inner, dict | list)]
    if loose.features:
        yield loose


def _feature(where: str, one: Any) -> ScannedFeature:  # noqa: ANN401 - whatever stands there
    if not isinstance(one, dict):
        return ScannedFeature(where, None, None, {})
    properties = one.get("properties")
    known = dict(properties) if isinstance(properties, dict) else {}
    # what stands beside the members of a feature is published as well; folium adds a box
    known |= {key: inner for key, inner in one.items() if key not in {"type", "id", "geometry", "properties", "bbox"}}
    return ScannedFeature(where, one.get("id", known.get("id")), one.get("geometry"), known)


def _placed(where: str, one: Mapping[str, Any]) -> ScannedFeature | None:
    """An object with a longitude and a latitude."""
    lower = {str(key).lower(): inner for key, inner in one.items()}
    lon = next((lower[key] for key in lower if key in LONGITUDES), None)
    lat = next((lower[key] for key in lower if key in LATITUDES), None)
    if not isinstance(lon, float) or not isinstance(lat, float):
        return None
    return ScannedFeature(where, one.get("id"), point(lon, lat), dict(one))


def page_layer(where: str, one: Mapping[str, Any]) -> Collection:
    """A layer as the atlas' own pages carry it: rows beside shapes."""
    fields = [str(field[0]) if isinstance(field, list) and field else str(field) for field in one["fields"]]
    collection = Collection(where, str(one["name"]), sensitivity=one.get("sensitivity"))
    shapes, ids = list(one["shapes"]), list(one.get("ids") or [])
    for at, row in enumerate(one["rows"]):
        packed: Any = shapes[at] if at < len(shapes) else None
        packed = packed if isinstance(packed, list) and len(packed) > 1 else [None, None]
        kind = _KINDS.get(str(packed[0]))
        shape = geometry_of("MultiPoint", packed[1]) if kind == "Point" else None
        feature_id = ids[at] if at < len(ids) else None
        properties = dict(zip(fields, row, strict=False)) if isinstance(row, list) else {}
        collection.features.append(ScannedFeature(f"{where} row {at + 1}", feature_id, shape, properties, kind))
    return collection


def _of_html(view: View) -> Iterator[Collection]:
    text = decoded(view.data)
    for block in blocks(text):
        where, body = f"script at byte {block.start}", block.content
        if block.name == "style":
            continue
        if _JSON_TYPE.search(block.attributes):
            try:
                yield from walk(read_lenient(body), where, None)
            except (ValueError, RecursionError) as error:
                msg = f"damaged JSON in a {where} ({error})"
                raise Unreadable(msg) from error
        elif "Feature" in body or "L." in body:
            yield from _in_code(body, where)


def _in_code(body: str, where: str) -> Iterator[Collection]:
    """Features and markers written into a script, as folium does."""
    done = 0
    for match in _OPENING.finditer(body) if _INSIDE_CODE.search(body) else ():
        if match.end() < done:
            continue
        try:
            document, done = value_at(body, match.end())
        except (ValueError, RecursionError):
            continue
        # a library's code has empty features of its own
        listed = list(walk(document, f"{where} + {match.end()}", None))
        yield from (one for one in listed if any(map(_has_content, one.features)))
    markers = [
        ScannedFeature(
            f"{where} + {marker.start()}",
            None,
            point(float(marker.group(2)), float(marker.group(1))),
            {},
        )
        for marker in _MARKER.finditer(body)
    ]
    if markers:
        yield Collection(where, None, markers)


def _has_content(feature: ScannedFeature) -> bool:
    return bool(feature.properties or not feature.is_readable or feature.geometry)


def _of_csv(view: View, name: str | None) -> Iterator[Collection]:
    try:
        table = csv_table(decoded(view.data))
    except csv.Error as error:
        msg = f"damaged CSV ({error})"
        raise Unreadable(msg) from error
    if frozenset(table.names) in _fact_tables():
        return
    kept, more = without_alike(name, table)
    if collection := from_rows("table", name, table.names, map(table.row, kept), (kept, more)):
        yield collection


@cache
def _fact_tables() -> frozenset[frozenset[str]]:
    """Columns of the atlas' own tables of published facts, which have no classes."""
    return frozenset(frozenset(column.name for column in table.columns) for table in TABLES)


def _of_xml(view: View, name: str | None) -> Iterator[Collection]:
    if not re.search(rb"<(?:\w+:)?(?:Placemark|wpt|trkpt|rtept)\b", view.data):
        return
    try:
        root = ET.fromstring(view.data)  # noqa: S314 - expat refuses to expand without bounds
    except (ET.ParseError, ValueError, LookupError) as error:
        msg = f"damaged XML ({error})"
        raise Unreadable(msg) from error
    collection = Collection("document", name)
    for at, element in enumerate(root.iter(), 1):
        tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if tag == "Placemark":
            collection.features.append(placemark(f"Placemark {len(collection.features) + 1}", element))
        elif tag in {"wpt", "trkpt", "rtept"}:
            shape = point(float(element.get("lon", "0")), float(element.get("lat", "0")))
            properties = {local_name(inner): inner.text for inner in element}
            collection.features.append(ScannedFeature(f"{tag} (element {at})", None, shape, properties))
    if collection.features:
        yield collection
