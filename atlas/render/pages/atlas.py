"""``atlas.html``: every layer on one map."""

from __future__ import annotations

from atlas.render.edition import Edition
from atlas.render.elements import AtlasLayer, AtlasMap, AtlasPage, Blueprint
from atlas.render.layerdata import layer_data, used_sources
from atlas.render.pages.page import Page
from atlas.render.places import placements, seats
from atlas.render.thumbnail import home_bounds, sheet_bounds

MAP_SCRIPTS = (
    "vendor/leaflet.js",
    "text.js",
    "frame.js",
    "shapes.js",
    "signs.js",
    "details.js",
    "labels.js",
    "names.js",
    "tree.js",
    "map.js",
)
MAP_STYLES = ("vendor/leaflet.css", "base.css", "map.css")


def render(edition: Edition) -> str:
    """The page as text."""
    blueprint = Blueprint(
        "atlas",
        "map-page.html.j2",
        scripts=MAP_SCRIPTS,
        styles=MAP_STYLES,
        data={
            "sources": used_sources(edition),
            "grid": edition.packed.grid,
            "places": placements(edition),
            "seats": seats(edition),
        },
    )
    page = AtlasPage(blueprint, edition.catalogues)
    surface = AtlasMap(home_bounds(edition), sheet=sheet_bounds(edition))
    for view in edition.views:
        AtlasLayer(layer_data(edition, view), shown=view.shown).add_to(surface)
    page.add_child(surface)
    return page.render()


PAGE = Page("atlas.html", "atlas", render)
