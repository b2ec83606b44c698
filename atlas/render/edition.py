"""Everything a page is made from, read and checked once for all pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from atlas.render import policy
from atlas.render.contract import Publishable
from atlas.render.geometries import shape_of
from atlas.render.shapes import Packed, pack_layers
from atlas.render.texts import Catalogue, load_catalogues
from atlas.render.views import VIEWS, View

THIN_DEG = 0.012

Feature = Mapping[str, Any]


@dataclass(frozen=True)
class Edition:
    """A release made ready for drawing."""

    release: Publishable

    @cached_property
    def views(self) -> tuple[View, ...]:
        """The layers that can be shown, bottom to top."""
        return tuple(view for view in VIEWS if view.name in self.release.names)

    @cached_property
    def features(self) -> Mapping[str, Sequence[Feature]]:
        """Features by layer; reading them is where a layer that must not be published stops the build."""
        read = {view.name: self.release.features(view.name) for view in self.views}
        for name, features in read.items():
            policy.check(name, features)
        return read

    @cached_property
    def shapes(self) -> Mapping[str, Sequence[Any]]:
        """Shapely geometries by layer, ``None`` where a feature has no place."""
        return {
            name: [shape_of(feature["geometry"]) for feature in features] for name, features in self.features.items()
        }

    @cached_property
    def outlines(self) -> Mapping[str, Sequence[Any]]:
        """Shapes of the layers that small drawings need, thinned for a few hundred pixels."""
        wanted = [view.name for view in self.views if view.sketched]
        return {name: shapely.simplify(np.array(self.shapes[name], dtype=object), THIN_DEG) for name in wanted}

    @cached_property
    def packed(self) -> Packed:
        """All shapes as shared arcs."""
        return pack_layers(self.views, self.features, self.shapes)

    @cached_property
    def catalogues(self) -> Mapping[str, Catalogue]:
        """Texts of the pages by language, with the registry's own titles and labels."""
        records = {name: self.release.record(name) for name in self.release.names}
        return load_catalogues(records)
