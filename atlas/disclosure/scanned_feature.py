"""Features as they stand in a file of any kind: id, shape, properties, and where."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.errors import InputError
from atlas.geojson.geometries import coordinates_in, point
from atlas.geojson.shapely_geometries import placed_shape
from atlas.geojson.tolerant import read_lenient

_WKB_LEAST = 5
_HALF_TURN = 180
_ENVELOPES = (0, 32, 48, 48, 64)
LONGITUDES = frozenset({"lon", "lng", "long", "longitude", "longitud", "x", "decimallongitude", "lon_dd", "point_x"})
LATITUDES = frozenset({"lat", "latitude", "latitud", "y", "decimallatitude", "lat_dd", "point_y"})
# the first of these that a table has holds its shapes
SHAPES = ("geom", "wkb_geometry", "the_geom", "wkt", "geometry", "geojson", "wkb")
POINTS = frozenset({"Point", "MultiPoint"})


# not frozen, which would take longer to make than all else of a row
@dataclass(eq=False)
class ScannedFeature:
    """A feature: its shape as GeoJSON, WKT or WKB as it stands there, or only the kind of it."""

    where: str
    feature_id: object
    shape: object
    properties: Mapping[str, Any]
    kind_known: str | None = None
    # rows of a table that it stands for besides
    more: int = 0

    @cached_property
    def geometry(self) -> BaseGeometry | None:
        """The shape; none when there is none, or none that can be read."""
        try:
            return _parsed(self.shape)
        except (
            shapely.errors.ShapelyError,
            ValueError,
            OverflowError,
            TypeError,
            AttributeError,
            KeyError,
            IndexError,
            RecursionError,
        ):
            return None

    @property
    def is_readable(self) -> bool:
        """Whether the shape, where there is one, can be judged."""
        plain = self.kind_known or self.shape is None or _plain_digits(self.shape) is not None
        return bool(plain) or self.geometry is not None

    @cached_property
    def kind(self) -> str | None:
        """Kind of shape, such as ``Point``; a collection of points and others counts as points."""
        if self.kind_known:
            return self.kind_known
        if self.shape is None:
            return None
        if isinstance(self.shape, Mapping) and isinstance(self.shape.get("type"), str):
            stated: str = self.shape["type"]
            if stated != "GeometryCollection":
                return stated
        if self.geometry is None:
            return None
        parts = {part.geom_type for part in shapely.get_parts(self.geometry)}
        return "Point" if "Point" in parts else str(self.geometry.geom_type)

    @cached_property
    def digits(self) -> int:
        """Most decimals that a coordinate has; nothing for coordinates that are no degrees."""
        if (plain := _plain_digits(self.shape)) is not None:
            return plain
        values = shapely.get_coordinates(self.geometry).ravel() if self.geometry is not None else np.zeros(0)
        if not len(values) or not np.isfinite(values).all() or np.abs(values).max() > 180:  # noqa: PLR2004 - degrees
            return 0
        for digits in range(8):
            if np.abs(values - np.round(values, digits)).max() < 1e-9:  # noqa: PLR2004 - as floats can say it
                return digits
        return 15


def _plain_digits(shape: object) -> int | None:
    """The decimals of one position in JSON, as they are written; of anything else nothing is known."""
    coordinates = coordinates_in(shape) if isinstance(shape, Mapping) else None
    while isinstance(coordinates, list) and len(coordinates) == 1:
        coordinates = coordinates[0]
    if not isinstance(coordinates, list) or not all(isinstance(value, float | int) for value in coordinates):
        return None
    texts = [repr(value) for value in coordinates[:2] if -_HALF_TURN <= value <= _HALF_TURN]
    return max((len(text.partition(".")[2]) for text in texts if "e" not in text), default=0)


def _parsed(shape: Any) -> BaseGeometry | None:  # noqa: ANN401 - whatever stands in a file
    if isinstance(shape, bytes | memoryview):
        return shapely.from_wkb(_plain_wkb(bytes(shape)))
    if isinstance(shape, str):
        text = shape.strip()
        if text.startswith("{"):
            return _of_json(read_lenient(text))
        return shapely.from_wkb(text) if text[:2] in {"00", "01"} else shapely.from_wkt(text.rpartition(";")[2])
    if isinstance(shape, Mapping):
        return _of_json(shape)
    return None


def _of_json(shape: Any) -> BaseGeometry:  # noqa: ANN401 - as above
    """A shape in GeoJSON, the quick way; what is odd or has empty parts is read as shapely reads it."""
    coordinates = coordinates_in(shape) if isinstance(shape, Mapping) else None
    if isinstance(coordinates, list) and all(coordinates):
        with suppress(
            InputError, shapely.errors.ShapelyError, ValueError, TypeError, AttributeError, KeyError, IndexError
        ):
            return placed_shape(shape)
    return shapely.geometry.shape(shape)


def _plain_wkb(data: bytes) -> bytes:
    """WKB without the head that GeoPackage puts before it."""
    if data[:2] == b"GP" and len(data) > 8 + _WKB_LEAST:
        return data[8 + _ENVELOPES[min(data[3] >> 1 & 7, 4)] :]
    return data


@dataclass(slots=True)
class Collection:
    """Features of one list: a file, a table, a layer of a page.

    Attributes
    ----------
    layer
        The name it goes by, which may be that of a layer of the atlas.
    sensitivity
        What the list says of all its features.
    repeated
        Which members stand twice in it, as half a sentence.
    is_continued
        Whether there were rows of the same table before.
    """

    where: str
    layer: str | None = None
    features: list[ScannedFeature] = field(default_factory=list)
    sensitivity: object = None
    repeated: str = ""
    is_continued: bool = False

    @property
    def fields(self) -> set[str]:
        """Names of all properties."""
        return {str(name) for name in set().union(*(feature.properties for feature in self.features))}


def from_rows(  # noqa: PLR0913 - a table and which of its rows
    where: str,
    layer: str | None,
    names: Sequence[str],
    rows: Iterator[Sequence[Any]],
    standing: tuple[Sequence[int], Sequence[int]] | None = None,
    *,
    first: int = 0,
) -> Collection | None:
    """A table as features, if it has shapes, coordinates or classes.

    Parameters
    ----------
    standing
        Numbers of the rows, from nothing on, and how many more each stands for; if not given, these are all.
    first
        The number of the first row, where those before it were judged already.
    """
    lower = [str(name).strip().lower() for name in names]
    shape_at = next((lower.index(name) for name in SHAPES if name in lower), None)
    lon_at = next((at for at, name in enumerate(lower) if name in LONGITUDES), None)
    lat_at = next((at for at, name in enumerate(lower) if name in LATITUDES), None)
    placed = shape_at is not None or (lon_at is not None and lat_at is not None)
    if not placed and "sensitivity" not in lower:
        return None
    skipped = {shape_at, lower.index("id") if "id" in lower else None, lower.index("fid") if "fid" in lower else None}
    id_at = lower.index("id") if "id" in lower else None
    collection = Collection(where, layer, is_continued=first > 0)
    kept = [(at, str(name)) for at, name in enumerate(names) if at not in skipped]
    for at_row, row in enumerate(rows):
        number, more = (standing[0][at_row] + 1, standing[1][at_row]) if standing else (first + at_row + 1, 0)
        width = len(row)
        properties = {name: row[at] for at, name in kept if at < width}
        shape = row[shape_at] if shape_at is not None and shape_at < len(row) else None
        if shape is None and lon_at is not None and lat_at is not None and max(lon_at, lat_at) < len(row):
            shape = _point(row[lon_at], row[lat_at])
        feature_id = row[id_at] if id_at is not None and id_at < len(row) else None
        collection.features.append(
            ScannedFeature(f"{where} row {number}", feature_id, shape or None, properties, None, more)
        )
    return collection


def _point(lon: object, lat: object) -> dict[str, Any] | None:
    try:
        pair = [float(str(lon).replace(",", ".")), float(str(lat).replace(",", "."))]
    except ValueError:
        return None
    return point(*pair) if all(map(math.isfinite, pair)) else None
