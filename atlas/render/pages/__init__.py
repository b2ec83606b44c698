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
# pages that are made where their module is on
_OF_MODULES = {
    "crossings": crossings.PAGE,
    "corridor": checkpoints.PAGE,
    "containment": containment.PAGE,
    "cards": cards.PAGE,
    "claims": claims.PAGE,
}


def pages_of(release: Publishable) -> tuple[Page, ...]:
    """The pages that a release has: all for the atlas' own border, those without tables or switched on for another."""
    if release.border is None:
        return PAGES
    on = [page for module, page in _OF_MODULES.items() if release.border.modules[module]]
    maps = tuple(page for page in _MAPS if page in (*_OF_ANY_BORDER, *on))
    return (index.page(maps), *maps)


__all__ = ["PAGES", "Page", "pages_of"]
