"""Options of a user's own map, which `atlas map` and `atlas figure` share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any

import typer

from atlas.api import Atlas
from atlas.cartography.composition import SCHEMES, parsed_names, parsed_numbers
from atlas.cli.application import layer_names, page_names
from atlas.errors import InputError, UsageError

STYLE = "How features differ"
DATA = "Data"
TEXTS = "Texts"


def _text(flag: str, metavar: str, about: str, panel: str = TEXTS) -> Any:  # noqa: ANN401 - what typer calls an option
    return typer.Option(flag, metavar=metavar, help=about, show_default=False, rich_help_panel=panel)


Colour = Annotated[str | None, _text("--colour", "FIELD", "Field whose values have colours.", STYLE)]
Size = Annotated[str | None, _text("--size", "FIELD", "Field of numbers that are the areas of circles.", STYLE)]
Scheme = Annotated[
    str,
    typer.Option(
        metavar="NAME", help=f"How numbers are put into classes: {', '.join(SCHEMES)}.", rich_help_panel=STYLE
    ),
]
Classes = Annotated[int, typer.Option(metavar="N", help="How many classes, 2 to 9.", rich_help_panel=STYLE)]
Breaks = Annotated[str | None, _text("--breaks", "A,B", "Upper ends of the classes, but for the last.", STYLE)]
Midpoint = Annotated[float | None, _text("--midpoint", "X", "Value from which colours go two ways.", STYLE)]
Categories = Annotated[
    bool, typer.Option("--categories", help="Numbers are names of kinds, not amounts.", rich_help_panel=STYLE)
]
Per = Annotated[str | None, _text("--per", "WHAT", "Divide by area, population, border (km), or a field.", STYLE)]
Palette = Annotated[str | None, _text("--palette", "NAME", "Colours, such as YlGnBu, PuOr or viridis.", STYLE)]
Opacity = Annotated[float, typer.Option(metavar="X", help="Of areas, above 0 and at most 1.", rich_help_panel=STYLE)]
Width = Annotated[str | None, _text("--width", "FIELD", "Field of numbers that are the widths of lines.", STYLE)]
Label = Annotated[str | None, _text("--label", "FIELD", "Field that is written on the map where it has room.", STYLE)]
Hatch = Annotated[
    bool, typer.Option("--hatch", help="Areas have hatches too, for print without colour.", rich_help_panel=STYLE)
]
Time = Annotated[
    str | None, _text("--time", "FIELD", "Field that says when, such as year: a slider, or a map for each.", DATA)
]
Popup = Annotated[
    list[str] | None, _text("--popup", "A,B", "Fields that a reader may see; '*' for all. Repeatable.", DATA)
]
JoinText = Annotated[
    str | None, _text("--join", "LAYER:KEY", "Put a table onto a layer of the atlas or a map file.", DATA)
]
Where = Annotated[list[str] | None, _text("--where", "FIELD=VALUE", "Show these rows only. Repeatable.", DATA)]
ExtentText = Annotated[
    str | None, _text("--extent", "BOX", "West,south,east,north: what the map shows, in degrees.", DATA)
]
Title = Annotated[str | None, _text("--title", "TEXT", "Title of the map.")]
TitleEs = Annotated[str | None, _text("--title-es", "TEXT", "The same in Spanish.")]
Lead = Annotated[str | None, _text("--lead", "TEXT", "A sentence below the title.")]
LeadEs = Annotated[str | None, _text("--lead-es", "TEXT", "The same in Spanish.")]
Credit = Annotated[str | None, _text("--credit", "TEXT", "Who made the map.")]
CreditEs = Annotated[str | None, _text("--credit-es", "TEXT", "The same in Spanish.")]
Licence = Annotated[str | None, _text("--licence", "TEXT", "Under which licence it may be used.")]
Sources = Annotated[list[str] | None, _text("--source", "TEXT", "What it was made from. Repeatable.")]
AsToml = Annotated[bool, typer.Option("--as-toml", help="Print the map as a map file, and write nothing.")]


@dataclass(frozen=True, slots=True)
class MapOptions:
    """What the options say, as they were written."""

    colour: str | None = None
    size: str | None = None
    scheme: str = "quantiles"
    classes: int = 5
    breaks: str | None = None
    midpoint: float | None = None
    categories: bool = False
    per: str | None = None
    palette: str | None = None
    opacity: float = 0.85
    width: str | None = None
    label: str | None = None
    hatch: bool = False
    time: str | None = None
    popup: list[str] | None = None
    join: str | None = None
    where: list[str] | None = None
    extent: str | None = None
    title: str | None = None
    title_es: str | None = None
    lead: str | None = None
    lead_es: str | None = None
    credit: str | None = None
    credit_es: str | None = None
    licence: str | None = None
    sources: list[str] | None = None

    @property
    def given(self) -> Mapping[str, Any]:
        """Those that differ from their default."""
        plain = MapOptions()
        every = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in every.items() if value != getattr(plain, name) and value != []}


_OF_LAYER = (
    "colour", "size", "scheme", "classes", "midpoint", "categories", "per", "palette", "opacity", "width", "label",
    "hatch", "time", "join",
)  # fmt: skip
_OF_MAP = ("extent", "title", "title_es", "lead", "lead_es", "credit", "credit_es", "licence", "sources")


def compose(
    opened: Atlas, source: str, options: MapOptions, *, tiles: str | None = None, sensitivity_field: str | None = None
) -> Any:  # noqa: ANN401 - the map, whose type loads what draws it
    """The map that a command line means: a map file, or one layer with its style.

    Raises
    ------
    UsageError, InputError
        An option or a file is impossible.
    """
    path = Path(source).expanduser()
    extent = None if options.extent is None else parsed_numbers(options.extent, "--extent")
    texts = {
        name: _both(getattr(options, name), getattr(options, f"{name}_es", None))
        for name in ("title", "lead", "credit", "licence")
    }
    made: dict[str, Any] = dict(sources=options.sources or (), extent=extent, tiles=tiles, **texts)
    if path.suffix.lower() == ".toml":
        if styled := next((name for name in options.given if name not in _OF_MAP), None):
            msg = f"--{styled} is said in the map file itself, for each of its layers; write it into {source}"
            raise UsageError(msg)
        return opened.compose(file=path, **made)
    layer: dict[str, Any] = {
        "breaks": () if options.breaks is None else parsed_numbers(options.breaks, "--breaks"),
        "popup": None if not options.popup else parsed_names(options.popup),
        "where": dict(_pair(text) for text in options.where or ()),
        **{name: getattr(options, name) for name in _OF_LAYER},
    }
    is_layer = not path.exists() and source in opened.layers
    if not is_layer and not path.exists() and "|" not in source:
        msg = f"there is no file {source!r}; give a map file, a table, or a layer of the atlas"
        raise InputError(msg)
    return opened.compose(**made).add(source if is_layer else path, sensitivity_field=sensitivity_field, **layer)


# of which a folder is a map file: a shapefile, or a File Geodatabase
_PARTS_OF_MAPS = frozenset({".shp", ".gdbtable"})


def looks_like_file(named: str) -> bool:
    """Whether a name is that of a file or folder: there is one that no page or layer is called, or it is written so."""
    path = Path(named).expanduser()
    if path.is_dir():
        is_known = named in page_names("") or named in layer_names("")
        return not is_known or any(one.suffix.lower() in _PARTS_OF_MAPS for one in path.iterdir())
    return path.is_file() or path.suffix.lower() not in {"", ".html"} or len(path.parts) > 1


def _both(english: str | None, spanish: str | None) -> str | dict[str, str] | None:
    if spanish is None:
        return english
    return {"es": spanish} if english is None else {"en": english, "es": spanish}


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if name and equals:
        return name, value
    msg = f"--where {text!r}: expected FIELD=VALUE, such as year=2024"
    raise UsageError(msg)
