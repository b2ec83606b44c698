"""Roads out of a user's own file, on their way to the pages: their lines and their rank, and nothing else of the file.

A road that runs to the line shows to the metre where people cross it, which is what the atlas never does for informal
crossings. So the roads end `HELD_BACK_M` before the border, but for those that run to a formal crossing; and tracks,
paths and streets, which lead to all others, are left out wherever the file says which they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.admission.user_layers import open_user_layer
from atlas.errors import InputError
from atlas.files import sha256_of_file
from atlas.geojson.shapely_geometries import shape_of
from atlas.geometry.geodesy import length_km, scale_m
from atlas.published.layers import PublishedLayers
from atlas.vector.openstreetmap import Box, is_openstreetmap, read_highways

RANKS = ("motorway", "trunk", "primary", "secondary", "tertiary")
# of a file that does not say how important its roads are
UNRANKED = -1
HELD_BACK_M = 2_000.0
# how near to a formal crossing a road may run to the line; its position may be as far off as it says
GATE_M = 1_000.0
# in the order of trust: OpenStreetMap's key, and what its shapefiles call it
_RANK_FIELDS = ("highway", "fclass")
_LINK = "_link"
_CHUNK = 100


@dataclass(frozen=True, slots=True, eq=False)
class Roads:
    """Roads that may be drawn, within the region of the base map.

    Attributes
    ----------
    name, sha256
        Of the file.
    credit, licence
        As the user states them; empty where they are not stated.
    lines
        By rank, an index of `RANKS` or `UNRANKED`: lines (longitude, latitude in degrees) that cross nowhere unjoined.
    forbidden
        Where no road may be drawn, in degrees.
    length_km
        Of all lines in the region, before anything near the border was cut off.
    """

    name: str
    sha256: str
    credit: str
    licence: str
    lines: Mapping[int, Sequence[BaseGeometry]]
    forbidden: BaseGeometry
    length_km: float


def read_roads(path: Path, release: PublishedLayers, *, credit: str = "", licence: str = "") -> Roads:
    """Read the roads of a file in the region of a project.

    Parameters
    ----------
    path
        Lines in any format that a map is read from, or a file of OpenStreetMap.
    credit, licence
        Whom to name, and under which terms the file was published.

    Raises
    ------
    InputError
        The file cannot be read, or has no road in the region.
    PolicyError
        Something in it is neither open nor shown to be released.
    """
    box = _region(release)
    shapes: Iterable[BaseGeometry | None]
    kinds: Iterable[str | None]
    shapes, kinds = read_highways(path, box) if is_openstreetmap(path) else _lines_of(path, release)
    ranked: dict[int, list[BaseGeometry]] = {}
    for shape, kind in zip(shapes, kinds, strict=True):
        if (rank := _rank(kind)) is not None and shape is not None:
            ranked.setdefault(rank, []).append(shape)
    if not ranked:
        msg = (
            f"{path} has no roads to draw: no line, or none of {', '.join(RANKS)} in its field "
            f"{' or '.join(map(repr, _RANK_FIELDS))}; give a file with the roads as lines"
        )
        raise InputError(msg)
    joined = {rank: _joined(lines, box) for rank, lines in sorted(ranked.items())}
    total_km = sum(length_km(line) for lines in joined.values() for line in lines)
    if not total_km:
        west, south, east, north = (f"{value:g}" for value in box)
        msg = f"{path} has no road between {west}° and {east}° east and {south}° and {north}° north, where the maps are"
        raise InputError(msg)
    forbidden = _forbidden(release)
    return Roads(path.name, sha256_of_file(path), credit.strip(), licence.strip(), joined, forbidden, total_km)


def _region(release: PublishedLayers) -> Box:
    for name in ("basemap", "border"):
        if name in release.names and (box := release.record(name)["bbox"]):
            west, south, east, north = (float(value) for value in box)
            return west, south, east, north
    return -180.0, -90.0, 180.0, 90.0


def _lines_of(path: Path, release: PublishedLayers) -> tuple[list[BaseGeometry | None], list[str | None]]:
    layer = open_user_layer(path, release)
    by_lower = {name.lower(): name for name in reversed(layer.columns)}
    field = next((by_lower[name] for name in _RANK_FIELDS if name in by_lower), None)
    lines = [one for one in layer.features if one.shape is not None and one.shape.geom_type.endswith("LineString")]
    kinds = [None if field is None else str(one.properties.get(field)) for one in lines]
    return [one.shape for one in lines], kinds


def _rank(kind: str | None) -> int | None:
    if kind is None:
        return UNRANKED
    plain = kind.strip().lower().removesuffix(_LINK)
    return RANKS.index(plain) if plain in RANKS else None


def _joined(lines: Iterable[BaseGeometry], box: Box) -> list[BaseGeometry]:
    """Lines inside the region, in as few pieces as they can be."""
    inside = shapely.clip_by_rect(np.array([*lines], dtype=object), *box)
    parts = [part for part in shapely.get_parts(shapely.get_parts(inside)) if part.geom_type == "LineString"]
    if not parts:
        return []
    return [*shapely.get_parts(shapely.line_merge(shapely.multilinestrings(parts)))]


def _forbidden(release: PublishedLayers) -> BaseGeometry:
    """What is near the border, and not near a formal crossing."""
    near = [
        _around(chunk, HELD_BACK_M)
        for feature in _features(release, "border")
        for part in shapely.get_parts(shape_of(feature["geometry"]))
        for chunk in _chunks(part)
    ]
    gates = [
        _around(place, GATE_M + float(feature["properties"].get("coordinateUncertaintyInMeters") or 0.0))
        for feature in _features(release, "crossings_formal")
        for place in shapely.get_parts(shape_of(feature["geometry"]))
        if place.geom_type == "Point"
    ]
    return shapely.difference(shapely.union_all(near), shapely.union_all(gates))


def _features(release: PublishedLayers, name: str) -> list[dict[str, Any]]:
    features = release.features(name) if name in release.names else []
    return [feature for feature in features if feature["geometry"] is not None]


def _chunks(line: BaseGeometry) -> list[BaseGeometry]:
    """A line in pieces short enough to have one scale."""
    places = shapely.get_coordinates(shapely.segmentize(line, 0.1))
    return [shapely.linestrings(places[at : at + _CHUNK + 1]) for at in range(0, len(places) - 1, _CHUNK)]


def _around(shape: BaseGeometry, metres: float) -> BaseGeometry:
    scale = scale_m(np.array([shape.centroid.y]))[0]
    plane = shapely.buffer(shapely.transform(shape, lambda xy: xy * scale), metres, quad_segs=8)
    return shapely.transform(plane, lambda xy: xy / scale)
