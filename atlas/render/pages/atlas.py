"""``atlas.html``: every layer on one map, with search and filters."""

from __future__ import annotations

from dataclasses import replace

from atlas.render.pages.map_page import MapPage
from atlas.render.released_notes import noted

_MAP = MapPage("atlas", tools=True)
PAGE = replace(_MAP.page, render=lambda edition: _MAP.render(noted(edition)))
