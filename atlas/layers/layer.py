"""What every layer is, and what every feature carries: sources, date, confidence, uncertainty, sensitivity."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.evidence import Evidence
from atlas.geojson.collection import feature
from atlas.geometry.geodesy import distance_m

INTERVAL_DECIMALS = 3
_NOT_IN_IDS = re.compile("[^A-Za-z0-9_-]")


@dataclass(frozen=True, slots=True)
class Layer:
    """A named list of GeoJSON features, in the order in which the file has them."""

    name: str
    features: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, name: str, features: Iterable[Mapping[str, Any]]) -> Layer:
        """A layer whose features are sorted by id."""
        return cls(name, tuple(sorted(features, key=lambda f: str(f["id"]))))


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a feature comes from and how far it can be trusted; ``uncertainty_m`` is in metres, None if unknown."""

    source_ids: Sequence[str]
    as_of: str | None
    confidence: str
    uncertainty_m: float | None
    protocol: str
    sensitivity: str = "open"

    def as_properties(self) -> dict[str, Any]:
        """The members that every feature of every layer ends with."""
        return {
            "as_of": self.as_of,
            "confidence": self.confidence,
            "coordinateUncertaintyInMeters": None
            if self.uncertainty_m is None
            else float(math.ceil(self.uncertainty_m)),
            "georeferenceProtocol": self.protocol,
            "sensitivity": self.sensitivity,
            "source_ids": list(dict.fromkeys(self.source_ids)),
        }


def cited(
    feature_id: str, geometry: BaseGeometry | None, properties: Mapping[str, Any], citation: Citation
) -> dict[str, Any]:
    """A feature with its own properties first and its citation last; codes of any script may stand in its id."""
    spelled = _NOT_IN_IDS.sub(lambda part: f"u{ord(part[0]):04x}-", feature_id)
    return feature(spelled, geometry, {**properties, **citation.as_properties()})


def years_of(evidence: Evidence, source_ids: Sequence[str]) -> str | None:
    """The years in which the sources were printed, as ``2014`` or ``2014/2021``; None when none has a year."""
    years = sorted({year for source in source_ids if (year := evidence.sources[source].year) is not None})
    if not years:
        return None
    return str(years[0]) if len(years) == 1 else f"{years[0]}/{years[-1]}"


def enclosing_radius_m(geometry: BaseGeometry) -> float:
    """Radius in metres of a circle that holds the geometry: how far off a position somewhere in it may be."""
    centre = shapely.centroid(shapely.minimum_bounding_circle(geometry))
    rim = shapely.get_coordinates(shapely.convex_hull(geometry))
    return max(distance_m((centre.x, centre.y), (float(lon), float(lat))) for lon, lat in rim)


def rounded_up(metres: float, step: float = 100) -> float:
    """A distance in metres rounded up to whole steps, so that an uncertainty never looks finer than it is."""
    return math.ceil(metres / step) * step


def intervals(pairs: Iterable[tuple[float, float]]) -> list[list[float]]:
    """Chainage intervals in km as files carry them."""
    return [[round(a, INTERVAL_DECIMALS), round(b, INTERVAL_DECIMALS)] for a, b in pairs]
