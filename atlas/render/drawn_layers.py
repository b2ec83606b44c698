"""The layers of a release as pages draw them: features, shapes, thinned outlines, arcs; kept by what the files hold."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from atlas.admission.published_atlas import PublishedAtlas
from atlas.border_project import BorderProject
from atlas.errors import InputError
from atlas.geojson.shapely_geometries import shape_of
from atlas.render.contract import Publishable
from atlas.render.shapes import Packed, pack_layers
from atlas.render.views import View

THIN_DEG = 0.012

Feature = Mapping[str, Any]
_Contents = tuple[BorderProject | None, Mapping[str, str], Mapping[str, Any]]


@dataclass(frozen=True, eq=False)
class DrawnLayers:
    """The layers of some views; whoever gets them must not change them."""

    release: Publishable
    views: tuple[View, ...]

    @cached_property
    def features(self) -> Mapping[str, Sequence[Feature]]:
        """Features by layer."""
        return {view.name: self.release.features(view.name) for view in self.views}

    @cached_property
    def shapes(self) -> Mapping[str, Sequence[Any]]:
        """Shapely geometries by layer, ``None`` where a feature has no place."""
        return shapes_of(self.features)

    @cached_property
    def outlines(self) -> Mapping[str, Sequence[Any]]:
        """Shapes of the layers that small drawings need, thinned for a few hundred pixels."""
        return outlines_of(self.views, self.shapes)

    @cached_property
    def packed(self) -> Packed:
        """All shapes as shared arcs."""
        return pack_layers(self.views, self.features, self.shapes)


def shapes_of(features: Mapping[str, Sequence[Feature]]) -> Mapping[str, Sequence[Any]]:
    """Shapely geometries of features by layer, ``None`` where one has no place."""
    return {name: [shape_of(feature["geometry"]) for feature in those] for name, those in features.items()}


def outlines_of(views: Sequence[View], shapes: Mapping[str, Sequence[Any]]) -> Mapping[str, Sequence[Any]]:
    """Shapes by layer, of those that small drawings need, thinned for a few hundred pixels."""
    wanted = [view.name for view in views if view.sketched]
    return {name: shapely.simplify(np.array(shapes[name], dtype=object), THIN_DEG) for name in wanted}


# of the last project: a process that draws several maps has the same ground below all of them
_KEPT: deque[tuple[_Contents, DrawnLayers]] = deque(maxlen=1)


def drawn_layers(release: Publishable, views: tuple[View, ...]) -> DrawnLayers:
    """The layers of a release, read and packed once a process for the same files."""
    contents = _contents(release)
    for known, layers in tuple(_KEPT):
        if known == contents and layers.views == views:
            return layers
    layers = DrawnLayers(release, views)
    if contents is not None:
        _KEPT.append((contents, layers))
    return layers


def _contents(release: Publishable) -> _Contents | None:
    """What decides about the layers; nothing where anything else than files does, or where one cannot be read."""
    if type(release) is not PublishedAtlas:
        return None
    try:
        return release.border, release.hashes(), release.registry
    except InputError:
        return None
