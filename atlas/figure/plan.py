"""What a page's figure is made from: the data, the words, the sizes of type; and a map with all that belongs to one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.border_project import shipped_border
from atlas.figure.basemap import draw_base, name_regions, name_settlements
from atlas.figure.blocks import Block, Drawing, Entry, Legend
from atlas.figure.figure_texts import Words
from atlas.figure.frame import Extent, MapFrame, shape_of
from atlas.figure.furniture import LABEL_BELOW, LABEL_LEFT, draw_frame, draw_graticule, draw_north, draw_scale_bar
from atlas.figure.paper import Box, Canvas, Type
from atlas.published import PublishedLayers

FULL = 100.0
# degrees beyond a map's edge
FAR = 20.0


@dataclass(frozen=True, slots=True)
class Desk:
    """Data, words and type for one figure, and the layers taken from the data so far."""

    release: PublishedLayers
    words: Words
    type: Type
    used: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def features(self, layer: str) -> list[dict[str, Any]]:
        """Features of a layer; the figure's foot will name where they come from."""
        if layer not in self.used:
            self.used[layer] = self.release.features(layer)
        return self.used[layer]

    def take(self, *layers: str) -> None:
        """Read layers before anything is laid out, so that the foot can name their sources."""
        for layer in layers:
            self.features(layer)

    def legend(self, key: str, entries: Sequence[Entry]) -> Legend:
        """A legend under a headline of the catalogue."""
        return Legend(self.words(key), entries, self.type.body)


@dataclass(frozen=True, slots=True)
class Figure:
    """A page's blocks from the top, keys of notes for the foot, and layers whose sources stand beside each fact.

    Its map is drawn on a cone, unless its extent is too wide for that.
    """

    blocks: Sequence[Block]
    notes: Sequence[str] = ()
    cited: Sequence[str] = ()
    conic: bool = True


Paint = Callable[[MapFrame], None]


@dataclass(frozen=True, slots=True)
class MapPlan:
    """A map: its extent, the corners of scale bar and arrow, what lies under the names and what names come first."""

    extent: Extent
    scale_corner: str
    north_corner: str
    under: Paint
    names: Paint
    settlements: int = 30
    anchors: Mapping[str, tuple[float, float]] = field(default_factory=lambda: MappingProxyType({}))


def around(features: Sequence[Mapping[str, Any]], extent: Extent) -> list[Mapping[str, Any]]:
    """Features near an extent: on the other side of the globe a projection has no place for them."""
    window = window_of(extent)
    return [feature for feature in features if window.intersects(shape_of(feature))]


def window_of(extent: Extent) -> BaseGeometry:
    """An extent with a good deal around it."""
    return shapely.box(extent.west - FAR, extent.south - FAR, extent.east + FAR, extent.north + FAR)


def mapped_region(desk: Desk, extent: Extent) -> BaseGeometry:
    """The box of the project, in degrees, of which the base map is; nothing where it is far from an extent."""
    box = shapely.box(*(desk.release.border or shipped_border()).box)
    return box if window_of(extent).intersects(box) else shapely.Polygon()


def map_block(desk: Desk, plan: MapPlan) -> Drawing:
    """The map as a block: base map, graticule, theme, scale bar, arrow, names, neat line."""
    base = around(desk.features("basemap"), plan.extent)

    def tall(width: float) -> float:
        return (width - LABEL_LEFT) * plan.extent.aspect + LABEL_BELOW

    def paint(canvas: Canvas, box: Box) -> None:
        inner = Box(box.left + LABEL_LEFT, box.bottom + LABEL_BELOW, box.width - LABEL_LEFT, box.height - LABEL_BELOW)
        frame = MapFrame(canvas.axes(inner), plan.extent, inner)
        draw_base(frame, base, mapped_region(desk, plan.extent))
        draw_graticule(frame)
        plan.under(frame)
        draw_scale_bar(frame, plan.scale_corner, desk.type.small)
        draw_north(frame, plan.north_corner, desk.type.body)
        plan.names(frame)
        name_regions(frame, desk.words, desk.type, plan.anchors)
        name_settlements(frame, base, desk.words, desk.type, round(plan.settlements * min(1, inner.width / FULL)))
        draw_frame(canvas, frame, desk.type.small, desk.words("compass"))

    return Drawing(tall, paint)
