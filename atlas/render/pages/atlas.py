"""``atlas.html``: every layer on one map, with search and filters."""

from __future__ import annotations

from atlas.render.pages.map_page import MapPage

PAGE = MapPage("atlas", tools=("search", "filters")).page
