"""Pages of the atlas: one self-contained HTML file each. The only room that imports folium or branca."""

from atlas.render.contract import Publishable
from atlas.render.field_page import render_field_page
from atlas.render.page_set import build_pages
from atlas.render.pages import PAGES
from atlas.render.single import render_composition, render_layer, render_page

__all__ = [
    "PAGES",
    "Publishable",
    "build_pages",
    "render_composition",
    "render_field_page",
    "render_layer",
    "render_page",
]
