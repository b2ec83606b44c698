"""``atlas.html``: every layer on one map."""

from __future__ import annotations

from atlas.render.pages.map_page import MapPage

PAGE = MapPage("atlas").page
