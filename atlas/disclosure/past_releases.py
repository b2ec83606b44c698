"""Releases as an attacker has them: claims about where records are, and tables of counts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.disclosure.collect import walk
from atlas.disclosure.feature_rules import layer_of
from atlas.disclosure.large_files import pieces_of
from atlas.disclosure.scanned_feature import POINTS, ScannedFeature
from atlas.geojson.shared_shapes import read_sharing_shapes
from atlas.release.box_place import PLACE_FIELDS

RECORDS, COUNTS = "records.geojson", "counts.csv"
# what is said of a place and of the release itself does not tell records apart
_ABOUT_PLACE = frozenset(
    {
        *PLACE_FIELDS,
        "place_kind",
        "municipality_cvegeo",
        "municipality_name",
        "state",
        "reaches",
        "coordinateUncertaintyInMeters",
        "georeferenceProtocol",
        "dataGeneralizations",
        "informationWithheld",
        "policy",
        "id",
    }
)


@dataclass(frozen=True)
class Claim:
    """What a release says of one record: id, everything but its place, the place's name, and its shape."""

    feature_id: str | None
    content: str
    place: str
    shape: BaseGeometry
    feature: ScannedFeature

    @property
    def is_point(self) -> bool:
        """Whether it claims a position."""
        return self.shape.geom_type in POINTS


@dataclass(frozen=True)
class PastRelease:
    """One release: its claims in their order, and its table of counts."""

    name: str
    claims: Sequence[Claim]
    counts: Sequence[Sequence[str]] = field(default_factory=tuple)


def release_files(path: Path) -> Mapping[str, bytes]:
    """The files of a release at a path: those of a folder, or the one file; none when it is a large table."""
    names = [path / RECORDS, path / COUNTS] if path.is_dir() else [path]
    # a link that leads out of the folder is none of its files
    within = [name for name in names if not path.is_dir() or name.resolve().is_relative_to(path.resolve())]
    return {name.name: name.read_bytes() for name in within if name.is_file() and pieces_of(name) is None}


def read_release(name: str, files: Mapping[str, bytes]) -> PastRelease | None:
    """A release from its files, if there are claims or counts in them."""
    claims: list[Claim] = []
    counts: list[list[str]] = []
    for file, data in files.items():
        if data.lstrip()[:1] == b"{":
            claims += _claims(file, data)
        elif PurePosixPath(file).name == COUNTS:
            text = io.StringIO(data.decode("utf-8", "replace"), newline="")
            counts = [row for row in csv.reader(text) if row]
    return PastRelease(name, claims, counts) if claims or counts else None


def _claims(file: str, data: bytes) -> Iterator[Claim]:
    try:
        document = read_sharing_shapes(data)
    except (ValueError, RecursionError):
        return
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        return
    shapes: dict[str, BaseGeometry | None] = {}
    names: dict[int, str] = {}
    for collection in walk(
        {"type": "FeatureCollection", "features": document.get("features")}, "$", file.split(".", maxsplit=1)[0]
    ):
        if layer_of(collection) is not None:
            continue
        for feature in collection.features:
            # features of one shape have the same object
            key = names.setdefault(id(feature.shape), _place_key(feature)) if feature.shape is not None else ""
            if key not in shapes:
                shapes[key] = feature.geometry
            shape = shapes[key]
            if shape is not None and not shape.is_empty:
                feature_id = None if feature.feature_id is None else str(feature.feature_id)
                yield Claim(feature_id, _content(feature.properties), key, shape, feature)


def _place_key(feature: ScannedFeature) -> str:
    place = feature.properties.get("place")
    return place if isinstance(place, str) else json.dumps(feature.shape, default=repr)


def _content(properties: Mapping[str, Any]) -> str:
    # a class is its place: two classes that show the same number are two
    is_class = properties.get("reports_at_least") is not None
    properties_kept = {
        name: value for name, value in properties.items() if name not in _ABOUT_PLACE or (is_class and name == "place")
    }
    return json.dumps(properties_kept, sort_keys=True, ensure_ascii=False, default=repr)


def middle(shape: BaseGeometry) -> tuple[float, float]:
    """An attacker's best guess: the middle of a shape, on it where it is a line."""
    if shape.geom_type == "LineString":
        point = shape.interpolate(0.5, normalized=True)
    elif shape.geom_type.endswith("LineString"):
        point = max(shapely.get_parts(shape), key=lambda part: part.length).interpolate(0.5, normalized=True)
    else:
        point = shape.centroid
    return float(point.x), float(point.y)
