"""What is on every map and what a guess can be moved to: border, road, rivers, settlements."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.disclosure.kept_content import kept_by_content
from atlas.disclosure.scanned_feature import ScannedFeature
from atlas.geojson.collection import read_collection
from atlas.project import Project

_LAYERS = {"border": "border", "road": "corridor"}
_KINDS = {"river": frozenset({"river", "stream"}), "settlement": frozenset({"settlement", "town", "city", "place"})}


@kept_by_content
def landmarks(project: Project) -> Mapping[str, BaseGeometry]:
    """The shapes of each kind, in degrees; a kind that the project lacks is left out."""
    shapes_by_kind = {kind: _shapes(project, layer, None) for kind, layer in _LAYERS.items()}
    shapes_by_kind |= {kind: _shapes(project, "basemap", words) for kind, words in _KINDS.items()}
    return MappingProxyType({kind: shape for kind, shape in shapes_by_kind.items() if not shape.is_empty})


def _shapes(project: Project, layer: str, kinds: frozenset[str] | None) -> BaseGeometry:
    path = project.layers_dir / f"{layer}.geojson"
    if not path.is_file():
        return shapely.GeometryCollection()
    features = [
        ScannedFeature("", None, one.get("geometry"), one.get("properties") or {})
        for one in read_collection(path)
        if kinds is None or (one.get("properties") or {}).get("kind") in kinds
    ]
    return shapely.union_all([one.geometry for one in features if one.geometry is not None])
