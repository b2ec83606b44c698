"""Static figures for papers, drawn without a browser: `draw_figure` writes a page as PNG, SVG or PDF."""

from atlas.figure.draw import PAGES, draw_figure

__all__ = ["PAGES", "draw_figure"]
