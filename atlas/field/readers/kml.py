"""Placemarks of KML and KMZ, as Google Earth, OsmAnd, Organic Maps and QGIS write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any
from xml.etree.ElementTree import Element

from atlas.errors import InputError
from atlas.field.readers.archive import archive
from atlas.field.readers.cell_values import key
from atlas.field.readers.fault import RowFaultError, unrepeated
from atlas.field.readers.input_source import Source
from atlas.field.readers.kml_tracks import placemark_track
from atlas.field.readers.read_options import ReadOptions
from atlas.field.readers.record_rows import Rows
from atlas.field.readers.xml import bare, child, child_text, elements
from atlas.field.row import BASE, FieldRow, Rejected
from atlas.field.track import TRACK

_ROOT = frozenset({"kml", "Document", "Folder", "Placemark"})
_KEPT_WHOLE = frozenset({"Placemark", "Style", "StyleMap", "GroundOverlay", "ScreenOverlay", "NetworkLink", "Schema"})
_SHAPES = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Model")
_PLACES = frozenset(_SHAPES) - {"MultiGeometry"}
_IMAGES = re.compile(r"<img(?:[^<>]|<(?!img))+src=[\"']?(?!https?:)([^\"'>\s]+)", re.IGNORECASE)


def read_kml(source: Source, options: ReadOptions) -> Iterator[FieldRow | Rejected]:
    """A record a placemark, with the folders that it lies in, and a withheld one a track.

    Raises
    ------
    InputError
        It is not KML, is cut off, or has no placemarks.
    """
    rows = Rows(source, options)
    count = tracks = 0
    schemas: dict[str, list[str]] = {}
    for element, around in elements(source, _KEPT_WHOLE, root=_ROOT):
        if bare(element.tag) == "NetworkLink":
            options.notify(f"{source.name}: a link to another file was not followed; save its places into this file")
        if bare(element.tag) == "Schema":
            fields = [name for inner in element if bare(inner.tag) == "SimpleField" and (name := inner.get("name"))]
            schemas[f"#{element.get('id')}"] = fields
        if bare(element.tag) == "Placemark":
            count += 1
            made = list(_placemark(element, around, rows, f"placemark {count}", _blank(element, schemas)))
            tracks += any(isinstance(row, FieldRow) and TRACK in row.fields for row in made)
            yield from made
    if not count:
        msg = f"{source.name} has no placemarks; save the places as KML again"
        raise InputError(msg)
    if tracks:
        options.notify(f"{source.name}: {tracks} tracks are kept as withheld; they are never published")
    rows.remarks.notify(source, options)


def read_kmz(source: Source, options: ReadOptions) -> Iterator[FieldRow | Rejected]:
    """Records of the KML inside of a KMZ, with the photos beside it.

    Raises
    ------
    InputError
        The archive is not safe or has no KML.
    """
    with archive(source) as packed:
        attachments = packed.attachments()
        inside = [part for part in packed.sources(attachments) if part.suffix == ".kml"]
        if not inside:
            msg = f"{source.name} has no KML in it; save the places as KMZ again"
            raise InputError(msg)
        # programs read the first one in the outermost folder
        first = min(inside, key=lambda part: len(PurePosixPath(part.inside or "").parts))
        yield from read_kml(replace(first, path=source.path), options)
        used = {*attachments.used, first.inside}
        options.unused.files += [part.filename for part in packed.parts if part.filename not in used]


def _placemark(
    element: Element, around: tuple[Element, ...], rows: Rows, where: str, blank: list[str]
) -> Iterator[FieldRow | Rejected]:
    described = child_text(element, "description")
    try:
        data = unrepeated(_extended(element))
    except RowFaultError as fault:
        yield Rejected(where, fault.reason, str(list(_extended(element))))
        return
    folders = [name for outer in around if bare(outer.tag) == "Folder" and (name := child_text(outer, "name"))]
    row: dict[str, Any] = {"name": child_text(element, "name"), "description": described}
    if moment := _moment(element):
        row["observed_at"] = moment
    if BASE in data:
        # GDAL writes the id of a copy here
        row["id"] = element.get("id")
    elif folders:
        row["kml_folder"] = " / ".join(folders)
        if not any(rows.words.role(key(name)) == "category" for name in data):
            code = rows.words.code("category", folders[-1])
            row |= {"category": code} if code else {}
    if images := _IMAGES.findall(described or ""):
        row["photos"] = images
    row = {**data, **{name: value for name, value in row.items() if value and name not in data}}
    row = {**dict.fromkeys(blank, ""), **row}
    way = list(placemark_track(element, row, rows, where))
    yield from way
    if way and not any(bare(inner.tag) in _PLACES for inner in element.iter()):
        return
    raw = str({**row, "coordinates": child_text(element, "Point", "coordinates")})
    try:
        shape = _shape(element)
    except RowFaultError as fault:
        yield Rejected(where, fault.reason, raw)
    else:
        yield rows.record(row, where, raw=raw, geometry=shape, unplaced=shape is None)


def _extended(element: Element) -> Iterator[tuple[str, str]]:
    """Values of ``ExtendedData``: typed or not; what apps keep for themselves under names of their own."""
    extended = child(element, "ExtendedData")
    for inner in extended.iter() if extended is not None else ():
        name = inner.get("name")
        words = child_text(inner, "value") if bare(inner.tag) == "Data" else (inner.text or "").strip()
        if bare(inner.tag) in {"Data", "SimpleData"} and name and words:
            yield name, words


def _blank(element: Element, schemas: Mapping[str, list[str]]) -> list[str]:
    """Names that a placemark leaves empty: it has them without a value, or its schema has them and it does not."""
    extended = child(element, "ExtendedData")
    inside = list(extended.iter()) if extended is not None else []
    named = [name for inner in inside if bare(inner.tag) in {"Data", "SimpleData"} and (name := inner.get("name"))]
    typed = [name for inner in inside for name in schemas.get(inner.get("schemaUrl", ""), ())]
    return [*named, *typed]


def _moment(element: Element) -> str | None:
    return (
        child_text(element, "TimeStamp", "when")
        or child_text(element, "TimeSpan", "begin")
        or child_text(element, "when")
    )


def _shape(element: Element) -> dict[str, Any] | None:
    shape = next((inner for name in _SHAPES if (inner := child(element, name)) is not None), None)
    if shape is None:
        if child(element, "Camera") is not None or child(element, "address") is not None:
            msg = "the placemark has an address or a view and no position; place it on the map and save again"
            raise RowFaultError(msg)
        return None
    return _geometry(shape)


def _geometry(element: Element) -> dict[str, Any]:
    kind = bare(element.tag)
    if kind == "Point":
        return {"type": kind, "coordinates": _positions(element)[0]}
    if kind in {"LineString", "LinearRing"}:
        return {"type": "LineString", "coordinates": _positions(element)}
    if kind == "Polygon":
        rings = [ring for side in element if bare(side.tag).endswith("BoundaryIs") for ring in side]
        return {"type": kind, "coordinates": [_positions(ring) for ring in rings]}
    if kind == "MultiGeometry":
        # tracks are records of their own
        parts = [made for inner in element if bare(inner.tag) in _SHAPES for made in _parts(inner)]
        return parts[0] if len(parts) == 1 else {"type": "GeometryCollection", "geometries": parts}
    msg = f"a {kind} is no place of a note; mark a point"
    raise RowFaultError(msg)


def _parts(element: Element) -> list[dict[str, Any]]:
    """One of several geometries; none where there are only tracks in it."""
    inside = any(bare(inner.tag) in _PLACES for inner in element.iter())
    return [_geometry(element)] if inside else []


def _positions(element: Element) -> list[list[float]]:
    words = child_text(element, "coordinates") or ""
    try:
        positions = [[float(part) for part in position.split(",")[:2]] for position in words.split()]
    except ValueError:
        positions = []
    if not positions or any(len(position) != 2 for position in positions):  # noqa: PLR2004 - longitude and latitude
        msg = (
            f"the coordinates {words[:60]!r} cannot be read; they are longitude,latitude with points, no spaces inside"
        )
        raise RowFaultError(msg)
    return positions
