"""One module a page; ``PAGES`` is the order in which they are built and shown."""

from atlas.render.pages import atlas, index
from atlas.render.pages.page import Page

PAGES: tuple[Page, ...] = (index.page((atlas.PAGE,)), atlas.PAGE)

__all__ = ["PAGES", "Page"]
