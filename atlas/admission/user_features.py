"""Anybody's GeoJSON: flat shapes in degrees with their properties, and notes on what was done to get there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from atlas.admission.layer_input import LayerInput, read_document
from atlas.admission.stated_system import TO_DEGREES, check_range, stated_crs, to_degrees
from atlas.check.command_verdicts import Command, admit_document
from atlas.errors import InputError, listed
from atlas.geojson.geometries import AREAS, COLLECTION, DEPTHS, TYPES, coordinates_in, geometries_in
from atlas.geometry.geodesy import Positions

MOST_FEATURES = 200_000
_REMEDY = "choose a GeoJSON file"
_CORNERS = 3
# square degrees, less than which an area may be what is left of rounding
_COVERS_NOTHING = 1e-6
_ACCEPTED = ("FeatureCollection", "Feature", *TYPES)


@dataclass(frozen=True, slots=True)
class UserFeature:
    """A feature as it can be drawn: one kind of shape in degrees (longitude, latitude), or none.

    Attributes
    ----------
    members
        All that the feature says, its properties among it.
    """

    row: int
    shape: BaseGeometry | None
    properties: Mapping[str, Any]
    members: Mapping[str, Any]


@dataclass(slots=True)
class UserLayer:
    """What a file holds; ``notes`` say by key and number what was changed, ``members`` what it says of all features.

    ``remarks`` say what is wrong with the file and was taken all the same, each as a sentence in English.
    """

    name: str
    members: Mapping[str, Any] = field(default_factory=dict)
    features: list[UserFeature] = field(default_factory=list)
    notes: dict[str, int | str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all properties, in the order in which they first appear."""
        return tuple(dict.fromkeys(name for feature in self.features for name in feature.properties))


def read_user_layer(source: object) -> UserLayer:
    """Read a map file of any make, or an object in memory that says the same; see `read_document`.

    What `layer_of_shapes` made is one already.

    Raises
    ------
    InputError
        It is too large, not JSON, not GeoJSON, or not in degrees without saying in what.
    """
    return source if isinstance(source, UserLayer) else user_layer_of(read_document(source))


def user_layer_of(given: LayerInput, *, for_page: bool = True) -> UserLayer:
    """The same for what is read already; without ``for_page`` it may be of any size."""
    path, document = given.name, given.document.value
    rows = _rows(path, document, for_page=for_page)
    outer = document if document.get("type") == "FeatureCollection" else {}
    layer = UserLayer(Path(path).name, {key: value for key, value in outer.items() if key != "features"})
    drafts = _drafts(path, rows, layer)
    shapes = tidied(_in_degrees(path, [shape for _, shape, _, _ in drafts], document, layer))
    layer.remarks = (*given.remarks, *admit_document(given.document, path, Command.MAP))
    if given.reprojected:
        layer.notes["reprojected"] = given.reprojected
    pairs = zip(drafts, shapes, strict=True)
    layer.features = [UserFeature(row, shape, properties, members) for (row, _, properties, members), shape in pairs]
    if missing := sum(shape is None for shape in shapes):
        layer.notes["noplace"] = missing
    if not rows:
        layer.notes["empty"] = 0
    return layer


def _rows(path: str, document: Any, *, for_page: bool) -> Sequence[Any]:  # noqa: ANN401 - straight from the parser
    kind = document.get("type") if isinstance(document, dict) else None
    if kind not in _ACCEPTED:
        msg = f"{path} is not GeoJSON: its type is {kind!r}, expected one of {', '.join(_ACCEPTED)}; {_REMEDY}"
        raise InputError(msg)
    rows = document.get("features") if kind == "FeatureCollection" else None
    if kind == "Feature":
        rows = [document]
    elif kind != "FeatureCollection":
        rows = [{"type": "Feature", "geometry": document, "properties": {}}]
    if not isinstance(rows, list):
        msg = f"{path} is a FeatureCollection without a list of features; {_REMEDY}, or export it again"
        raise InputError(msg)
    if for_page and len(rows) > MOST_FEATURES:
        msg = f"{path} has {len(rows):,} features; a page can carry {MOST_FEATURES:,}. Cut out a part, or merge some"
        raise InputError(msg)
    return rows


Draft = tuple[int, BaseGeometry | None, Mapping[str, Any], Mapping[str, Any]]


def _drafts(path: str, rows: Sequence[Any], layer: UserLayer) -> list[Draft]:
    """Each feature once for every kind of shape in it."""
    drafts: list[Draft] = []
    faults: list[str] = []
    deep = mixed = 0
    for number, feature in enumerate(rows, start=1):
        try:
            geometry, properties = _members(feature)
            parts = list(_parts(geometry))
            deep += _has_heights(geometry)
        except (
            LookupError,
            ValueError,
            TypeError,
            AttributeError,
            ArithmeticError,
            RecursionError,
            ShapelyError,
        ) as error:
            faults.append(f"feature {number}: {str(error).strip() or type(error).__name__}")
            continue
        merged = by_kind(parts)
        mixed += len(merged) > 1
        drafts += [(number, shape, properties, feature) for shape in merged or [None]]
    if faults:
        raise InputError(listed(f"{path} has features that cannot be read; correct them or leave them out:", faults))
    layer.notes |= {key: count for key, count in (("flat", deep), ("mixed", mixed)) if count}
    return drafts


def _members(feature: Any) -> tuple[Any, Mapping[str, Any]]:  # noqa: ANN401 - straight from the parser
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        msg = "it is not a Feature"
        raise TypeError(msg)
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        msg = "its properties are not an object"
        raise TypeError(msg)
    return feature.get("geometry"), properties


def _has_heights(geometry: Any) -> bool:  # noqa: ANN401 - straight from the parser
    """Whether the first position of a geometry, or of a member of a collection, has more than two numbers."""
    if not isinstance(geometry, dict):
        return False
    if (parts := geometries_in(geometry)) is not None:
        return any(_has_heights(inner) for inner in parts)
    inner = coordinates_in(geometry)
    while isinstance(inner, list) and inner and isinstance(inner[0], list):
        inner = inner[0]
    return isinstance(inner, list) and len(inner) > 2  # noqa: PLR2004 - longitude and latitude


def _parts(geometry: Any) -> Iterator[BaseGeometry]:  # noqa: ANN401 - straight from the parser
    """Simple shapes of a geometry, collections taken apart."""
    if geometry is None:
        return
    kind = geometry.get("type")
    if kind == COLLECTION:
        for inner in geometries_in(geometry):
            yield from _parts(inner)
        return
    if kind not in DEPTHS:
        msg = f"{kind!r} is no type of geometry"
        raise ValueError(msg)
    coordinates = coordinates_in(geometry)
    singles = coordinates if kind.startswith("Multi") else [coordinates]
    build = _BUILDERS[kind.removeprefix("Multi")]
    for single in singles:
        sound = _rings_of(single) if kind in AREAS else single
        if sound:
            yield build(sound)


def _rings_of(area: Any) -> list[Any]:  # noqa: ANN401 - straight from the parser
    """The rings that can be drawn: two corners are none, and without an outer ring there is no area."""
    sound = [ring for ring in area if len(ring) > _CORNERS or (len(ring) == _CORNERS and ring[0] != ring[-1])]
    return sound if sound and sound[0] is area[0] else []


def _positions(values: Sequence[Any]) -> Positions:
    positions = np.array([position[:2] for position in values], dtype=float)
    if positions.ndim != 2 or positions.shape[1] != 2 or not np.isfinite(positions).all():  # noqa: PLR2004 - x and y
        msg = "a position is not two numbers or more"
        raise ValueError(msg)
    return positions


_BUILDERS: Mapping[str, Callable[[Any], BaseGeometry]] = {
    "Point": lambda position: shapely.Point(float(position[0]), float(position[1])),
    "LineString": lambda line: shapely.LineString(_positions(line)),
    "Polygon": lambda rings: shapely.Polygon(_positions(rings[0]), [_positions(ring) for ring in rings[1:]]),
}
_MULTI: Mapping[str, Callable[[Any], BaseGeometry]] = {
    "Point": shapely.multipoints,
    "LineString": shapely.multilinestrings,
    "Polygon": shapely.multipolygons,
}


def by_kind(parts: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """One shape for all points, one for all lines and one for all areas."""
    if len(parts) == 1:
        return list(parts)
    groups = [(kind, [part for part in parts if part.geom_type == kind]) for kind in _MULTI]
    return [group[0] if len(group) == 1 else _MULTI[kind](group) for kind, group in groups if group]


def _in_degrees(
    path: str, shapes: Sequence[BaseGeometry | None], document: Mapping[str, Any], layer: UserLayer
) -> list[BaseGeometry | None]:
    stated = stated_crs(path, document)
    array = np.array(shapes, dtype=object)
    positions = shapely.get_coordinates(array)
    if stated is None or not len(positions):
        check_range(path, positions, stated)
        return list(shapes)
    if stated.is_projected and bool((np.abs(positions) <= (180, 90)).all()):
        msg = (
            f"{path} says that it is in {stated.name}, which is no system of degrees, and its numbers are degrees; "
            f"take out its member 'crs' if they are, or {TO_DEGREES}"
        )
        raise InputError(msg)
    moved = to_degrees(path, positions, stated)
    layer.notes["reprojected"] = str(stated.name)
    return list(shapely.set_coordinates(array, moved))


def tidied(shapes: Sequence[BaseGeometry | None]) -> list[BaseGeometry | None]:
    """Positions at six decimals; lines without length and areas whose corners lie on one line are no places."""
    array = np.array(shapes, dtype=object)
    if not len(array):
        return []
    array = shapely.remove_repeated_points(shapely.set_coordinates(array, np.round(shapely.get_coordinates(array), 6)))
    parts, owner = shapely.get_parts(array, return_index=True)
    kinds = shapely.get_dimensions(parts)
    # what covers something is not flat, and need not be wrapped to see it
    flat = shapely.area(parts) < _COVERS_NOTHING
    flat[flat] = shapely.area(shapely.convex_hull(parts[flat])) == 0
    gone = ((kinds == 1) & (shapely.length(parts) == 0)) | ((kinds == 2) & flat)  # noqa: PLR2004 - areas
    for number in np.unique(owner[gone]).tolist():
        (array[number],) = by_kind(list(parts[(owner == number) & ~gone])) or [None]
    return list(array)
