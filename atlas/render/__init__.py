"""Pages of the atlas: one self-contained HTML file each. The only room that imports folium or branca."""

from atlas.render.contract import Publishable
from atlas.render.courier_page import render_courier_page
from atlas.render.desk_page import render_desk_page
from atlas.render.field_page import render_field_page
from atlas.render.field_site import render_field_site
from atlas.render.page_set import build_pages
from atlas.render.pages import PAGES
from atlas.render.single import render_composition, render_folder, render_layer, render_page

__all__ = [
    "PAGES",
    "Publishable",
    "build_pages",
    "render_composition",
    "render_courier_page",
    "render_desk_page",
    "render_field_page",
    "render_field_site",
    "render_folder",
    "render_layer",
    "render_page",
]
