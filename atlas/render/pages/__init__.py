"""One module a page; ``PAGES`` is the order in which they are built and shown."""

from atlas.render.pages import (
    annotate,
    atlas,
    border,
    cards,
    checkpoints,
    claims,
    containment,
    crossings,
    index,
    methods,
    municipalities,
    series,
    timeline,
)
from atlas.render.pages.page import Page

_MAPS = (
    atlas.PAGE,
    border.PAGE,
    municipalities.PAGE,
    crossings.PAGE,
    checkpoints.PAGE,
    containment.PAGE,
    timeline.PAGE,
    series.PAGE,
    cards.PAGE,
    claims.PAGE,
    methods.PAGE,
    annotate.PAGE,
)
PAGES: tuple[Page, ...] = (index.page(_MAPS), *_MAPS)

__all__ = ["PAGES", "Page"]
