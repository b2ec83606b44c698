"""Folium and branca elements of the atlas: templates are files, ids come from a counter, nothing is fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from jinja2 import Template
from markupsafe import Markup

from atlas.border_project import BorderProject
from atlas.render.assets import asset, bundle
from atlas.render.border_block import border_block
from atlas.render.drawing import Element, Figure, Layer, MacroElement, Map
from atlas.render.embed import content_security_policy, json_block
from atlas.render.more_languages import MoreLanguage, in_languages, translations_in
from atlas.render.page_texts import Catalogue
from atlas.render.picture import PER_DEGREE, Picture
from atlas.render.spanish import spanish_of
from atlas.render.templates import template

PARTS = ("header", "html", "script")
# what every page knows before anything of it is painted
EARLY = (bundle("early"),)


class Verbatim(Element):
    """Finished text: branca would read it as a template again, and a name with braces would run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def render(self, **_: object) -> str:
        """The text as it is."""
        return self._text


class FileElement(MacroElement):
    """An element whose macros ``header``, ``html`` and ``script`` stand in a template file."""

    _template: Template

    def render(self, **kwargs: object) -> str:
        """Put the macros' output into the page, then that of the children; nothing is left to print here."""
        figure = self.get_root()
        for part in PARTS:
            macro = getattr(self._template.module, part, None)
            if macro is not None:
                getattr(figure, part).add_child(Verbatim(macro(self, kwargs)), name=self.get_name())
        for child in self._children.values():
            child.render(**kwargs)
        return ""


class AtlasMap(FileElement, Map):
    """A Leaflet map without tiles, links or styles of its own; the page's scripts bring it to life.

    Parameters
    ----------
    bounds
        What the map shows first: west, south, east, north in degrees.
    sheet
        Where the base map ends, in the same order.
    picture
        What stands in the map's place until it is drawn.
    number
        Distinguishes the maps of a page.
    """

    # nothing may be fetched: folium asks ten files of four hosts
    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - folium declares them so
    default_css: list[tuple[str, str]] = []  # noqa: RUF012 - folium declares them so

    def __init__(
        self, bounds: Sequence[float], *, sheet: Sequence[float], picture: Picture | None = None, number: int = 1
    ) -> None:
        super().__init__(tiles=None)
        self._name = "map"
        self._id = str(number)
        self.bounds = tuple(bounds)
        self.sheet = tuple(sheet)
        self.picture = picture
        self.per_degree = PER_DEGREE
        self._template = template("map.html.j2")


class AtlasLayer(FileElement, Layer):
    """A layer as a block of data in the page; its strings reach the document as text only."""

    def __init__(self, data: Mapping[str, Any], *, shown: bool) -> None:
        super().__init__(name=data["name"], overlay=True, show=shown)
        self._name = "layer"
        self._id = str(data["name"])
        self.data = json_block({**data, "shown": shown})
        self._template = template("layer.html.j2")


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What a page is made of.

    Parameters
    ----------
    key
        Page key: its texts are ``page.KEY.…``.
    layout
        Template file of the page.
    scripts, styles
        Names of files in ``static/``, in the order in which they run.
    data
        What the scripts read, by the id of its block.
    content
        What the template itself shows.
    layers
        The data of the page's layers, for what has to be said of them in Spanish.
    first
        Files in ``static/`` that run when the elements stand, before any data is read.
    hosts
        Servers that the page may fetch pictures from; none unless somebody asked for online tiles.
    spanish
        Spanish by its English that stands in no catalogue of the pages.
    more
        Languages besides English and Spanish, which a project brings.
    served
        Whether the page asks questions of the server that it came from.
    site
        Whether the page is that of a folder to install from, with a manifest, icons and a worker beside it.
    """

    key: str
    layout: str
    scripts: Sequence[str]
    styles: Sequence[str]
    data: Mapping[str, Any]
    content: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    layers: Sequence[Mapping[str, Any]] = ()
    first: Sequence[str] = ()
    hosts: Sequence[str] = ()
    spanish: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    more: Sequence[MoreLanguage] = ()
    served: bool = False
    site: bool = False


class AtlasPage(Figure):
    """One HTML file: every script and style inside, and a policy that allows these and nothing else."""

    def __init__(
        self, blueprint: Blueprint, catalogues: Mapping[str, Catalogue], border: BorderProject | None = None
    ) -> None:
        super().__init__()
        self.header, self.html, self.script = (Verbatims(self) for _ in PARTS)
        self.key = blueprint.key
        self.catalogue = catalogues["en"]
        self.catalogues = catalogues
        self.styles = [Markup(asset(name)) for name in blueprint.styles]  # noqa: S704 - our own files
        self.early, self.first, self.scripts = (
            [Markup(asset(name)) for name in names]  # noqa: S704 - our own files
            for names in (EARLY, blueprint.first, blueprint.scripts)
        )
        code = [*self.early, *self.first, *self.scripts]
        self.policy = content_security_policy(
            scripts=code, styles=self.styles, hosts=blueprint.hosts, site=blueprint.site
        )
        if blueprint.served:
            self.policy += "; connect-src 'self'"
        self.site = blueprint.site
        # servers of tiles want to know whose page asks; nobody else is told anything
        self.referrer = "strict-origin" if blueprint.hosts else "no-referrer"
        spanish = spanish_of(blueprint.data, blueprint.content, blueprint.layers, also=blueprint.spanish)
        self.more_languages = {one.code: one.name for one in blueprint.more}
        translations = translations_in(blueprint.more, spanish, blueprint.data)
        data = {name: in_languages(value, blueprint.more) for name, value in blueprint.data.items()}
        blocks = {
            "texts": catalogues,
            "spanish": spanish,
            "border": border_block(border),
            **({"translations": translations} if translations else {}),
            **data,
        }
        self.data = {name: json_block(value) for name, value in blocks.items()}
        self.content = blueprint.content
        self._template = template(blueprint.layout)

    def t(self, key: str, **values: object) -> str:
        """The English text that stands in the file until the script has chosen a language."""
        text = self.catalogue[key]
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text

    def render(self, **kwargs: object) -> str:
        """The page as text."""
        return str(super().render(**kwargs)).rstrip() + "\n"


class Verbatims(Element):
    """A part of a page: finished pieces one after the other."""

    def __init__(self, parent: Element) -> None:
        super().__init__()
        self._parent = parent

    def render(self, **kwargs: object) -> Markup:
        """The pieces, escaped already."""
        return Markup("\n".join(child.render(**kwargs) for child in self._children.values()))  # noqa: S704
