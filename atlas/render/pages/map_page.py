"""A page with a map: which layers it shows, and what stands beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from atlas.render.assets import LEAFLET, bundle
from atlas.render.build_context import BuildContext
from atlas.render.elements import AtlasLayer, AtlasMap, AtlasPage, Blueprint
from atlas.render.extent import Box, home_bounds, sheet_bounds
from atlas.render.label_positions import placements, seats
from atlas.render.layerdata import credited, layer_data, spanish_credits, used_sources
from atlas.render.pages.page import Page
from atlas.render.picture import picture
from atlas.render.roads import SCRIPT, STYLE, FittedRoads, empty, fitted, road_texts
from atlas.render.thumbnail import Sketch

FIRST = (bundle("picture"),)
TOOLS = "tools.css"
STYLES = ("vendor/leaflet.css", "base.css", "map.css", "picture.css")

Extra = Callable[[BuildContext], Mapping[str, Any]]


def _nothing(_: BuildContext) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class MapPage:
    """What a page with a map is made of.

    Parameters
    ----------
    key
        Names the file, ``KEY.html``, the script, ``web/src/pages/KEY.js``, and the texts: ``page.KEY.…`` and the
        catalogue ``texts/LANGUAGE/KEY.json``.
    layers
        Layers on the map besides the base map; all when empty.
    shown
        Those that are visible when the page opens; as the views say when empty.
    home
        Layer whose extent the map shows first.
    frame
        What the map shows first, where that is not the extent of a layer.
    styles
        Style sheets of the page's own.
    tools
        Whether the page has instruments such as ``search`` and ``filters``, which have a style sheet together.
    script
        Name of the bundle, where it is not that of the page.
    layout
        Template file; it extends ``map-page.html.j2`` and may fill its blocks ``panel``, ``after_tree`` and ``strip``.
    data
        Blocks of data for the page's scripts, by the id that ``Atlas.data`` reads them with.
    content
        What the template itself shows.
    cited
        Ids of sources that the page names besides those of its features.
    served
        Whether it asks questions of the server that it came from.
    site
        Whether it is the page of a folder to install from.
    sketch
        What its card in the index shows; the layers that are visible when the page opens if none is given.
    """

    key: str
    layers: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    home: str = "border"
    frame: Callable[[BuildContext], Box] | None = None
    styles: tuple[str, ...] = ()
    tools: bool = False
    script: str = ""
    layout: str = "map-page.html.j2"
    data: Extra = _nothing
    content: Extra = _nothing
    cited: Callable[[BuildContext], frozenset[str]] = lambda _edition: frozenset()
    served: bool = False
    site: bool = False
    sketch: Sketch | None = None

    @property
    def page(self) -> Page:
        """The page as the room knows it."""
        layers = self.shown or self.layers
        sketch = Sketch(layers, self.home) if layers else Sketch(home=self.home)
        return Page(f"{self.key}.html", self.key, self.render, self.sketch or sketch)

    def render(self, edition: BuildContext) -> str:
        """The page as text; with as much of a user's roads as it has room for."""
        if edition.roads is None:
            return self._rendered(edition, None)
        # where there is no room for any, the page is as it would be without
        roads = fitted(edition.roads, self._rendered(edition, empty(edition.roads)))
        return self._rendered(edition, roads)

    def _rendered(self, edition: BuildContext, roads: FittedRoads | None) -> str:
        views = [view for view in edition.views if not self.layers or view.name in (*self.layers, "basemap")]
        names = [view.name for view in views]
        packed = edition.packed.only(names)
        layers = [layer_data(edition, view, packed) for view in views]
        blueprint = Blueprint(
            self.key,
            self.layout,
            scripts=(LEAFLET, *((SCRIPT,) if roads else ()), bundle(self.script or self.key)),
            styles=(
                *STYLES,
                *((TOOLS,) if self.tools or edition.tiles else ()),
                *self.styles,
                *((STYLE,) if roads else ()),
            ),
            data={
                "sources": used_sources(edition, views, self.cited(edition)),
                "grid": packed.grid,
                **self._beside(edition, roads),
            },
            content={**credited(edition, views), "roads": roads and roads.texts, **self.content(edition)},
            layers=layers,
            first=FIRST,
            hosts=edition.tiles.hosts if edition.tiles else (),
            spanish=spanish_credits(edition, names),
            more=edition.more_languages,
            served=self.served,
            site=self.site,
        )
        texts = edition.catalogues(self.key, names)
        if roads:
            texts = {language: {**known, **road_texts()[language]} for language, known in texts.items()}
        page = AtlasPage(blueprint, texts, edition.release.border)
        visible = [view.name for view in views if (view.name in self.shown if self.shown else view.shown)]
        home = self.frame(edition) if self.frame else home_bounds(edition, self.home)
        surface = AtlasMap(home, sheet=sheet_bounds(edition), picture=picture(edition, home, visible))
        for layer in layers:
            AtlasLayer(layer, shown=layer["name"] in visible).add_to(surface)
        page.add_child(surface)
        return page.render()

    def _beside(self, edition: BuildContext, roads: FittedRoads | None) -> dict[str, Any]:
        """Blocks of data besides those of the layers."""
        return {
            "places": placements(edition),
            "seats": seats(edition),
            **({"tiles": edition.tiles.data} if edition.tiles else {}),
            **({"roads": roads.data} if roads else {}),
            **self.data(edition),
        }
