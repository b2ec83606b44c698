"""Folium and branca elements of the atlas: templates are files, ids come from a counter, nothing is fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import folium
from branca.element import Element, Figure, MacroElement
from folium.map import Layer
from jinja2 import Template
from markupsafe import Markup

from atlas.render.assets import asset
from atlas.render.embed import content_security_policy, json_block
from atlas.render.templates import template
from atlas.render.texts import Catalogue

PARTS = ("header", "html", "script")


class Verbatim(Element):  # type: ignore[misc] - branca has no types
    """Finished text: branca would read it as a template again, and a name with braces would run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def render(self, **_: Any) -> str:
        """The text as it is."""
        return self._text


class FileElement(MacroElement):  # type: ignore[misc] - branca has no types
    """An element whose macros ``header``, ``html`` and ``script`` stand in a template file."""

    _template: Template

    def render(self, **kwargs: Any) -> None:
        """Put the macros' output into the page, then that of the children."""
        figure = self.get_root()
        for part in PARTS:
            macro = getattr(self._template.module, part, None)
            if macro is not None:
                getattr(figure, part).add_child(Verbatim(macro(self, kwargs)), name=self.get_name())
        for child in self._children.values():
            child.render(**kwargs)


class AtlasMap(FileElement, folium.Map):  # type: ignore[misc] - folium's classes are not typed strictly
    """A Leaflet map without tiles, links or styles of its own; the page's scripts bring it to life.

    Parameters
    ----------
    bounds
        What the map shows first: west, south, east, north in degrees.
    number
        Distinguishes the maps of a page.
    """

    default_js: ClassVar[list[tuple[str, str]]] = []
    default_css: ClassVar[list[tuple[str, str]]] = []

    def __init__(self, bounds: Sequence[float], *, number: int = 1) -> None:
        super().__init__(tiles=None)
        self._name = "map"
        self._id = str(number)
        self.bounds = tuple(bounds)
        self._template = template("map.html.j2")


class AtlasLayer(FileElement, Layer):  # type: ignore[misc] - folium's classes are not typed strictly
    """A layer as a block of data in the page; its strings reach the document as text only."""

    def __init__(self, data: Mapping[str, Any], *, shown: bool) -> None:
        super().__init__(name=data["name"], overlay=True, show=shown)
        self._name = "layer"
        self._id = str(data["name"])
        self.data = json_block({**data, "shown": shown})
        self._template = template("layer.html.j2")


class AtlasPage(Figure):  # type: ignore[misc] - branca has no types
    """One HTML file: every script and style inside, and a policy that allows these and nothing else.

    Parameters
    ----------
    key
        Page key: its texts are ``page.KEY.…``.
    catalogues
        All texts by language.
    scripts, styles
        Names of files in ``static/``, in the order in which they run.
    data
        What the scripts read, by the id of its block.
    layout
        Template file of the page.
    content
        What the template itself shows.
    """

    def __init__(
        self,
        key: str,
        catalogues: Mapping[str, Catalogue],
        *,
        scripts: Sequence[str],
        styles: Sequence[str],
        data: Mapping[str, Any],
        layout: str,
        content: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self.header, self.html, self.script = (Verbatims(self) for _ in PARTS)
        self.key = key
        self.catalogue = catalogues["en"]
        self.styles = [Markup(asset(name)) for name in styles]  # noqa: S704 - our own files
        self.scripts = [Markup(asset(name)) for name in scripts]  # noqa: S704 - our own files
        self.policy = content_security_policy(scripts=self.scripts, styles=self.styles)
        self.data = {name: json_block(value) for name, value in data.items()}
        self.content = content or {}
        self._template = template(layout)

    def t(self, key: str, **values: object) -> str:
        """The English text that stands in the file until the script has chosen a language."""
        return self.catalogue[key].format(**values)

    def render(self, **kwargs: Any) -> str:
        """The page as text."""
        return str(super().render(**kwargs)).rstrip() + "\n"


class Verbatims(Element):  # type: ignore[misc] - branca has no types
    """A part of a page: finished pieces one after the other."""

    def __init__(self, parent: Element) -> None:
        super().__init__()
        self._parent = parent

    def render(self, **kwargs: Any) -> Markup:
        """The pieces, escaped already."""
        return Markup("\n".join(child.render(**kwargs) for child in self._children.values()))  # noqa: S704
