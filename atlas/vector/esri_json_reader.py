"""Esri JSON, as ArcGIS servers answer: rings by direction, dates of milliseconds, systems by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from atlas.errors import InputError
from atlas.geojson.path import shown
from atlas.vector.coordinate_system import DEGREES, is_degrees, known_system, move_to_degrees
from atlas.vector.file_format import FileFormat
from atlas.vector.json_text import ShapeError, read_json_object, run_of
from atlas.vector.layer import FileFault, VectorLayer
from atlas.vector.wkb import Geometry, Positions

if TYPE_CHECKING:
    import pyproj

    from atlas.vector.chosen_source import Source

_NAMED = 6
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# numbers of Esri's own for systems that have a code
_ESRI_NUMBERS = {102100: 3857, 102113: 3857, 104115: 6365}


def read_esri_json(source: Source) -> VectorLayer:
    """The features of an answer of an ArcGIS server, or of such a file.

    Raises
    ------
    InputError
        It is no list of features, or an error message of the server.
    """
    document = read_json_object(source.named, source.path)
    rows = _rows(source, document)
    faults: list[FileFault] = []
    reader = _Shapes(document)
    geometries: list[Geometry | None] = []
    attributes: list[Mapping[str, Any]] = []
    for number, row in enumerate(rows, start=1):
        held = row.get("attributes") if isinstance(row, dict) else None
        attributes.append(held if isinstance(held, dict) else {})
        try:
            geometries.append(reader.geometry(row.get("geometry") if isinstance(row, dict) else None))
        except (ShapeError, TypeError, ValueError, LookupError) as error:
            message = f"The shape is not read ({error}): export it again, without curves."
            faults.append(FileFault("shape-lost", message, row=number))
            geometries.append(None)
    if reader.measured:
        message = "Positions have measures (M), which GeoJSON has no place for: they are left out."
        faults.append(FileFault("measures-lost", message, before="positions with measures", after="without"))
    if document.get("exceededTransferLimit"):
        message = (
            "The server stopped at its limit (exceededTransferLimit), so that features are missing: ask for the rest."
        )
        faults.append(FileFault("file-incomplete", message))
    columns = _columns(document, attributes, faults)
    crs, moved = _each_in_its_system(document, rows, geometries)
    faults += moved
    return VectorLayer(
        source.named,
        FileFormat.ESRI_JSON,
        None,
        crs,
        geometries,
        columns,
        faults=faults,
        has_shapes="geometryType" in document or not rows or any(one is not None for one in geometries),
    )


def _rows(source: Source, document: Mapping[str, Any]) -> list[Any]:
    """The features as they stand in the file."""
    rows = document.get("features")
    if isinstance(document.get("error"), dict):
        why = document["error"].get("message")
        msg = f"{source.named} is an error message of a server ({str(why)[:80]!r}); download the data again"
        raise InputError(msg)
    if not isinstance(rows, list):
        msg = f"{source.named} is Esri JSON without a list of features; export it again"
        raise InputError(msg)
    return rows


def _columns(
    document: Mapping[str, Any], attributes: Sequence[Mapping[str, Any]], faults: list[FileFault]
) -> dict[str, Sequence[Any]]:
    declared = document.get("fields")
    fields = [one for one in declared if isinstance(one, dict)] if isinstance(declared, list) else []
    dates = {str(one.get("name")) for one in fields if one.get("type") == "esriFieldTypeDate"}
    names = dict.fromkeys(key for row in attributes for key in row)
    columns: dict[str, Sequence[Any]] = {}
    for name in names:
        values = [row.get(name) for row in attributes]
        if meanings := _meanings(fields, name):
            message = f"Codes whose meanings stand in the file are read as codes: {meanings}."
            faults.append(FileFault("code-meaning", message, field=name))
        if name in dates:
            values = [_date(value, row, name, faults) for row, value in enumerate(values, start=1)]
        columns[name] = values
    return columns


def _meanings(fields: Sequence[Mapping[str, Any]], name: str) -> str:
    """Codes of a field and what they mean, as an example; nothing where it has none."""
    domain = next((one.get("domain") for one in fields if one.get("name") == name), None)
    coded = domain.get("codedValues") if isinstance(domain, dict) else None
    held = [one for one in coded if isinstance(one, dict)] if isinstance(coded, list) else []
    listed = ", ".join(shown(f"{one.get('code')} = {one.get('name')}", quoted=False) for one in held[:_NAMED])
    return listed + (" …" if len(held) > _NAMED else "")


def _each_in_its_system(
    document: Mapping[str, Any], rows: Sequence[Any], geometries: Sequence[Geometry | None]
) -> tuple[pyproj.CRS | None, list[FileFault]]:
    """The system of the shapes; where some name another than the file, each is brought to degrees from its own."""
    crs = _system(document, rows)
    groups: dict[str, tuple[pyproj.CRS | None, list[Geometry]]] = {}
    for row, shape in zip(rows, geometries, strict=True):
        held = row.get("geometry") if isinstance(row, dict) else None
        stated = held.get("spatialReference") if isinstance(held, dict) else None
        one = _system({"spatialReference": stated}, ()) if isinstance(stated, dict) and stated else crs
        if shape is not None:
            groups.setdefault("" if one is None else one.to_string(), (one, []))[1].append(shape)
    if len(groups) < 2:  # noqa: PLR2004 - one system for all
        return next((one for one, _ in groups.values()), crs), []
    if "" in groups:
        what = "shapes of the file name coordinate systems that nobody knows, beside others"
        return crs, [FileFault("crs-disagrees", f"{what[:1].upper()}{what[1:]}: export them in one.", what=what)]
    for one, shapes in groups.values():
        if one is not None and not is_degrees(one):
            move_to_degrees(shapes, one, "the file")
    names = ", ".join(sorted(groups))
    message = f"Shapes of the file are in {len(groups)} systems ({names}); each is brought to degrees from its own."
    return known_system(DEGREES), [FileFault("crs-other", message, before=names, after="longitude and latitude")]


def _date(value: Any, row: int, name: str, faults: list[FileFault]) -> Any:  # noqa: ANN401 - straight from the parser
    """Milliseconds since 1970 as a date, with the time where there is one."""
    if type(value) not in {int, float}:
        return value
    try:
        moment = _EPOCH + timedelta(milliseconds=value)
    except (OverflowError, ValueError):
        message = f"{value!r:.40} milliseconds are no date: correct it in the source."
        faults.append(FileFault("value-lost", message, row=row, field=name))
        return None
    if moment.time() == _EPOCH.time():
        return moment.date().isoformat()
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds").replace("+00:00", "Z")


def _system(document: Mapping[str, Any], rows: Sequence[Any]) -> pyproj.CRS | None:
    stated = document.get("spatialReference")
    if not isinstance(stated, dict):
        geometries = (row.get("geometry") for row in rows if isinstance(row, dict))
        each = (one.get("spatialReference") for one in geometries if isinstance(one, dict))
        stated = next((one for one in each if isinstance(one, dict)), {})
    for key in ("latestWkid", "wkid"):
        number = stated.get(key)
        if type(number) is int:
            number = _ESRI_NUMBERS.get(number, number)
            crs = known_system(f"EPSG:{number}") or known_system(f"ESRI:{number}")
            if crs is not None:
                return crs
    return known_system(next((stated[key] for key in ("wkt2", "wkt") if isinstance(stated.get(key), str)), None))


class _Shapes:
    """Makes shapes of members; Esri's outer rings run clockwise, and a ring that does not is a hole."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._has_z = document.get("hasZ") is True
        self._has_m = document.get("hasM") is True
        self.measured = False

    def geometry(self, value: Any) -> Geometry | None:  # noqa: ANN401 - straight from the parser
        """One shape, or none.

        Raises
        ------
        ShapeError, TypeError, LookupError
            It is a curve, or damaged.
        """
        if not isinstance(value, dict) or not set(value) - {"spatialReference"}:
            return None
        if any(key.startswith("curve") for key in value):
            msg = "it has curves, which GeoJSON does not have"
            raise ShapeError(msg)
        has_m = value.get("hasM", self._has_m) is True
        if "x" in value:
            return self._point(value)
        if "points" in value:
            return Geometry("MultiPoint", [[self._run(value["points"], value, has_m=has_m)]] if value["points"] else [])
        if "paths" in value:
            parts = [[self._run(path, value, has_m=has_m)] for path in value["paths"]]
            return Geometry("LineString" if len(parts) == 1 else "MultiLineString", parts) if parts else None
        if "rings" in value:
            return _polygons([self._run(ring, value, has_m=has_m) for ring in value["rings"]])
        if {"xmin", "ymin", "xmax", "ymax"} <= set(value):
            west, south, east, north = (value[key] for key in ("xmin", "ymin", "xmax", "ymax"))
            box = [[west, south], [east, south], [east, north], [west, north], [west, south]]
            return Geometry("Polygon", [[run_of(box)]])
        msg = "it has none of x, points, paths and rings"
        raise ShapeError(msg)

    def _point(self, value: Mapping[str, Any]) -> Geometry | None:
        x, y, z = value["x"], value.get("y"), value.get("z")
        # a point without a place is written as null or as the text NaN
        if x in {None, "NaN"} or y in {None, "NaN"}:
            return None
        self.measured |= value.get("m") is not None
        return Geometry("Point", [[run_of([[x, y] if type(z) not in {int, float} else [x, y, z]])]])

    def _run(self, value: Any, shape: Mapping[str, Any], *, has_m: bool) -> Positions:  # noqa: ANN401 - as above
        has_z = shape.get("hasZ", self._has_z) is True
        measured = (
            has_m and isinstance(value, list) and any(isinstance(one, list) and len(one) > 2 + has_z for one in value)
        )
        self.measured |= measured
        return run_of(value, measured=measured)


def _polygons(rings: Sequence[Positions]) -> Geometry | None:
    """Rings as polygons: each clockwise one begins a part, each other one is a hole of the part that it lies in."""
    import shapely  # noqa: PLC0415 - only where there are areas

    if not rings:
        return None
    outer = [ring for ring in rings if _area(ring) < 0]
    holes = [ring for ring in rings if _area(ring) >= 0]
    if not outer:
        # a writer that does not know the rule
        outer, holes = list(holes), []
    parts = [[ring] for ring in outer]
    shapes = [shapely.Polygon(ring[:, :2]) if len(ring) > 3 else None for ring in outer]  # noqa: PLR2004 - a ring
    for hole in holes:
        point = shapely.Point(hole[0, :2])
        inside = [(shape.area, n) for n, shape in enumerate(shapes) if shape is not None and shape.intersects(point)]
        parts[min(inside, default=(0.0, 0))[1]].append(hole)
    # as RFC 7946 has it: outer rings anticlockwise, holes clockwise
    turned = [[np.ascontiguousarray(ring[::-1]) for ring in part] for part in parts]
    return Geometry("Polygon" if len(turned) == 1 else "MultiPolygon", turned)


def _area(ring: Positions) -> float:
    """Twice the area of a ring on the plane, below zero where it runs clockwise."""
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) + x[-1] * y[0] - x[0] * y[-1])
