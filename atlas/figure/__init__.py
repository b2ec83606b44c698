"""Static figures for papers, drawn without a browser: `draw_figure` writes a page as PNG, SVG or PDF."""

from atlas.figure.draw import draw_figure
from atlas.figure.page_figures import PAGES

__all__ = ["PAGES", "draw_figure"]
