"""Reads a map file as the features of an edition; a coordinate array that both editions have is read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from atlas.check.member_rules import is_in_degrees
from atlas.editions.edition import Features, GeometryText
from atlas.errors import InputError, listed
from atlas.garbage import without_collector
from atlas.geojson.document import document_of
from atlas.geojson.geometries import TYPES, evened, geometry_of
from atlas.geojson.lazy_json import CoordinateStubs, coordinate_stubs, decoded
from atlas.geojson.position_text import position_arrays
from atlas.geojson.shapely_geometries import placed_shape
from atlas.geojson.strict import JsonFaultError
from atlas.vector.certain_layer import read_certain_layer
from atlas.vector.source import geojson_in

_KINDS = (*TYPES, "GeometryCollection")
_WRONG = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError, ShapelyError, InputError)
_TO_DEGREES = "bring it to degrees first, with `atlas clean {path} -o OUT.geojson`"


@dataclass(slots=True)
class EditionReader:
    """Reads editions that have most of their coordinates in common."""

    _shapes: dict[GeometryText, tuple[BaseGeometry, GeometryText | None]] = field(default_factory=dict)

    def read(self, path: Path) -> Features:
        """The features of a file in degrees.

        Raises
        ------
        InputError
            It cannot be read, is not in degrees, or a feature of it has no shape that can be drawn.
        """
        with geojson_in(path) as plain, without_collector():
            features = _from_map_file(path) if plain is None else self._from_geojson(path, plain)
        _refuse_other_units(path, features)
        return features

    def _from_geojson(self, path: Path, at: Path) -> Features:
        try:
            data = at.read_bytes()
        except OSError as error:
            msg = f"{path} cannot be read ({error.strerror}); give the path of a map file"
            raise InputError(msg) from None
        stubs = coordinate_stubs(decoded(str(path), data, None).data)
        try:
            document = document_of(stubs.text).value
        except JsonFaultError as fault:
            msg = f"{path} {fault}; {fault.remedy or f'run `atlas check {path}`, which says where'}"
            raise InputError(msg) from None
        return self._features(path, _rows(path, document), stubs)

    def _features(self, path: Path, rows: list[Any], stubs: CoordinateStubs) -> Features:
        shapes: list[BaseGeometry | None] = []
        texts: list[GeometryText | None] = []
        faults: list[str] = []
        properties: list[Mapping[str, Any]] = []
        for number, row in enumerate(rows, start=1):
            try:
                if not isinstance(row, dict) or row.get("type") != "Feature":
                    msg = "it is not a Feature"
                    raise TypeError(msg)
                shape, text = self._shape(row.get("geometry"), stubs)
                shapes.append(shape)
                texts.append(text)
                properties.append(row.get("properties") or {})
            except _WRONG as error:
                faults.append(f"feature {number}: {str(error).strip() or type(error).__name__}")
        if faults:
            headline = f"{path} has features that cannot be read; `atlas check {path}` says more:"
            raise InputError(listed(headline, faults))
        identifiers = [None if row.get("id") is None else str(row["id"]) for row in rows]
        return Features(str(path), _array(shapes), properties, identifiers, texts)

    def _shape(self, geometry: Any, stubs: CoordinateStubs) -> tuple[BaseGeometry | None, GeometryText | None]:  # noqa: ANN401 - from the parser
        """The shape, and the text that says it in full where that is at hand."""
        if geometry is None:
            return None, None
        kind, held = geometry["type"], geometry.get("coordinates")
        text = None
        number = stubs.number_of(held)
        if number is None:
            whole = _filled(geometry, stubs)
            _refuse_texts(whole.get("coordinates"))
            shape = _placed(whole)
        else:
            piece = bytes(stubs.piece(number))
            known = self._shapes.get((kind, piece))
            if known is not None:
                return known
            shape = _at_once(kind, piece)
            if shape is None:
                shape = _placed(geometry_of(kind, stubs.array(number)))
            # a ring that was not closed is closed now, and heights that only some positions had are gone
            as_read = shapely.get_num_coordinates(shape) * shapely.get_coordinate_dimension(shape)
            text = (kind, piece) if piece.count(b",") + 1 == as_read else None
            self._shapes[kind, piece] = shape, text
        if not np.isfinite(shapely.get_coordinates(shape)).all():
            msg = "a position is not two numbers or more"
            raise ValueError(msg)
        return (shape, text) if not shape.is_empty else (None, None)


def _at_once(kind: str, piece: bytes) -> BaseGeometry | None:
    """The shape of plain coordinates; nothing where they have to be read number by number, to say what is wrong."""
    positions = position_arrays(piece)
    if positions is None:
        return None
    try:
        return placed_shape(geometry_of(kind, positions))
    except _WRONG:
        return None


def _placed(geometry: Mapping[str, Any]) -> BaseGeometry:
    """The shape, without numbers that only some positions have or that come after a height."""
    try:
        return placed_shape(geometry)
    except (ShapelyError, ValueError):
        even = evened(geometry)
        if even is geometry:
            raise
        return placed_shape(even)


def _refuse_texts(coordinates: Any) -> None:  # noqa: ANN401 - from the parser
    """Refuse numbers in quotes, which shapely would take for numbers."""
    waiting = [coordinates]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(one)
        elif one is not None and (isinstance(one, bool) or not isinstance(one, int | float)):
            msg = f"a coordinate is {one!r} and not a number"
            raise TypeError(msg)


def _filled(geometry: dict[str, Any], stubs: CoordinateStubs) -> dict[str, Any]:
    """A geometry, or a collection of some, with its long coordinates in it."""
    if isinstance(inner := geometry.get("geometries"), list):
        for one in inner:
            _refuse_texts(one.get("coordinates") if stubs.number_of(one.get("coordinates")) is None else None)
        return {**geometry, "geometries": [_filled(one, stubs) for one in inner]}
    number = stubs.number_of(geometry.get("coordinates"))
    return geometry if number is None else {**geometry, "coordinates": stubs.array(number)}


def _rows(path: Path, document: Any) -> list[Any]:  # noqa: ANN401 - straight from the parser
    kind = document.get("type") if isinstance(document, dict) else None
    if isinstance(document, dict) and not is_in_degrees(document):
        msg = f"{path} names another system than degrees (member 'crs'); " + _TO_DEGREES.format(path=path)
        raise InputError(msg)
    if kind == "Feature":
        return [document]
    if kind in _KINDS:
        return [{"type": "Feature", "geometry": document, "properties": {}}]
    rows = document.get("features") if kind == "FeatureCollection" else None
    if not isinstance(rows, list):
        msg = f"{path} is no GeoJSON layer; `atlas check {path}` says what it lacks"
        raise InputError(msg)
    return rows


def _from_map_file(path: Path) -> Features:
    layer, _, remarks = read_certain_layer(path)
    rows = list(layer.features())
    shapes = [_shape_of(row["geometry"]) for row in rows]
    identifiers = [None if row.get("id") is None else str(row["id"]) for row in rows]
    return Features(layer.title, _array(shapes), [row["properties"] for row in rows], identifiers, remarks=remarks)


def _shape_of(geometry: dict[str, Any] | None) -> BaseGeometry | None:
    """The shape; nothing where there is none, or an empty one."""
    shape = None if geometry is None else placed_shape(geometry)
    return None if shape is None or shape.is_empty else shape


def _array(shapes: list[BaseGeometry | None]) -> np.ndarray[Any, Any]:
    array = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    return array


def _refuse_other_units(path: Path, features: Features) -> None:
    west, south, east, north = np.nan_to_num(shapely.total_bounds([*features.shapes, None]))
    if max(-west, east) <= 180 and max(-south, north) <= 90:  # noqa: PLR2004 - degrees
        return
    positions = shapely.get_coordinates(features.shapes)
    outside = (np.abs(positions[:, 0]) > 180) | (np.abs(positions[:, 1]) > 90)  # noqa: PLR2004 - degrees
    if outside.any():
        x, y = positions[np.flatnonzero(outside)[0]]
        msg = (
            f"{path} has the position ({x:.10g}, {y:.10g}), which is not longitude and latitude in degrees; "
            + _TO_DEGREES.format(path=path)
        )
        raise InputError(msg)
