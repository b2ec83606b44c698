"""One module a page; ``PAGES`` is the order in which they are built and shown."""

from atlas.render.contract import Publishable
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
# pages that need no table of facts, and so are made of every border
_OF_ANY_BORDER = (atlas.PAGE, border.PAGE, municipalities.PAGE, annotate.PAGE)


def pages_of(release: Publishable) -> tuple[Page, ...]:
    """The pages that a release has: all for the atlas' own border, those without tables for another."""
    if release.border is None:
        return PAGES
    return (index.page(_OF_ANY_BORDER), *_OF_ANY_BORDER)


__all__ = ["PAGES", "Page", "pages_of"]
