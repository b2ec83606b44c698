"""The model of a map: what is shown, how each layer is styled, and what is said of it in each language."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from atlas.errors import UsageError
from atlas.geometry.antimeridian_steps import HALF, WHOLE

LANGUAGES = ("en", "es")
SCHEMES = ("quantiles", "equal_interval", "fisher_jenks", "head_tail", "std_mean", "user")
CLASSES = (2, 9)
EVERY_FIELD = "*"
TEXTS = ("title", "lead", "credit", "licence")

Bilingual = Mapping[str, str]
Extent = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Join:
    """A table's rows put onto the features of a layer where a column and a field say the same.

    Attributes
    ----------
    layer
        Name of a layer of the atlas, or path of a map file.
    key
        Field of that layer.
    column
        Column of the table; the one of the same name as the field if not given.
    """

    layer: str
    key: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """How the features of a layer differ on the map.

    Attributes
    ----------
    colour
        Field whose values have colours: categories where they are texts, classes where they are numbers.
    size
        Field whose values are areas of circles.
    scheme, classes, breaks
        How numbers are put into classes; ``breaks`` are the upper ends of all classes but the last.
    midpoint
        Value from which colours go two ways.
    categories
        Whether numbers are names of kinds, such as codes.
    per
        Field by which ``colour`` is divided: ``area``, ``population``, ``border``, or a field's name.
    palette
        Name of a palette, see `atlas.cartography.palettes`.
    opacity
        Of areas, from 0 to 1.
    width
        Field whose values are the widths of lines.
    label
        Field whose values are written on the map, where they have room.
    hatch
        Whether areas have hatches besides their colours, for print without colour.
    time
        Field that says when: a page shows one time after another, and each feature once for each.
    """

    colour: str | None = None
    size: str | None = None
    scheme: str = "quantiles"
    classes: int = 5
    breaks: tuple[float, ...] = ()
    midpoint: float | None = None
    categories: bool = False
    per: str | None = None
    palette: str | None = None
    opacity: float = 0.85
    width: str | None = None
    label: str | None = None
    hatch: bool = False
    time: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn.

        Raises
        ------
        UsageError
            A scheme, a number of classes, breaks or an opacity are impossible.
        """
        if self.breaks and self.scheme != "user":
            object.__setattr__(self, "scheme", "user")
        if self.scheme not in SCHEMES:
            msg = f"there is no scheme {self.scheme!r}; choose one of {', '.join(SCHEMES)}"
            raise UsageError(msg)
        if self.scheme == "user" and not self.breaks:
            msg = "the scheme 'user' needs breaks: the upper ends of the classes, such as --breaks 10,50,100"
            raise UsageError(msg)
        if not CLASSES[0] <= self.classes <= CLASSES[1]:
            msg = f"a map cannot have {self.classes} classes; choose from {CLASSES[0]} to {CLASSES[1]}"
            raise UsageError(msg)
        if list(self.breaks) != sorted(set(self.breaks)) or len(self.breaks) >= CLASSES[1]:
            msg = f"breaks must rise, each once, and be at most {CLASSES[1] - 1}; they are {_listed(self.breaks)}"
            raise UsageError(msg)
        if not 0 < self.opacity <= 1:
            msg = f"an opacity is above 0 and at most 1, not {self.opacity:g}"
            raise UsageError(msg)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that the style shows."""
        shown = (self.colour, self.size, self.width, self.label, self.time)
        return tuple(dict.fromkeys(name for name in shown if name))


def _listed(numbers: tuple[float, ...]) -> str:
    return ", ".join(f"{number:g}" for number in numbers)


@dataclass(frozen=True, slots=True)
class MapLayer:
    """A layer of a map.

    Attributes
    ----------
    source
        A layer of the atlas by its name, a file, a GeoDataFrame, or a dictionary of GeoJSON.
    popup
        Fields that may reach the page besides those of the style; ``("*",)`` for all.
    join
        The layer onto which the rows of the source, a table, are put.
    title
        What the layer is called in each language; the name of the file if not given.
    where
        Pairs of a field and a text: only rows in which each says just this are shown.
    sensitivity_field
        As in `atlas.admission.user_layers.open_user_layer`.
    """

    source: Any
    style: Style = Style()
    popup: tuple[str, ...] | None = None
    join: Join | None = None
    title: Bilingual | None = None
    where: tuple[tuple[str, str], ...] = ()
    sensitivity_field: str | None = None


@dataclass(frozen=True, slots=True)
class Composition:
    """A map: its layers from the bottom to the top, what is said of it, and what it shows.

    Attributes
    ----------
    texts
        ``title``, ``lead``, ``credit`` and ``licence``, each by language.
    sources
        What the map was made from, each by language.
    extent
        West, south, east, north in degrees; that of the layers if not given.
    """

    layers: tuple[MapLayer, ...] = ()
    texts: Mapping[str, Bilingual] = field(default_factory=lambda: MappingProxyType({}))
    sources: tuple[Bilingual, ...] = ()
    extent: Extent | None = None

    def text(self, name: str, language: str) -> str | None:
        """A text in a language; where it has only the other, that one."""
        given = self.texts.get(name)
        return None if given is None else in_language(given, language)


def in_language(text: Bilingual, language: str) -> str:
    """A text in a language; where it has only the other, that one."""
    return text.get(language) or next(iter(text.values()), "")


def bilingual(value: object, what: str) -> Bilingual:
    """A text for both languages, or one for each.

    Raises
    ------
    UsageError
        It is neither a text nor a table of texts by language.
    """
    if isinstance(value, str) and value.strip():
        return MappingProxyType(dict.fromkeys(LANGUAGES, value))
    if isinstance(value, Mapping) and value:
        wrong = [key for key, text in value.items() if key not in LANGUAGES or not isinstance(text, str)]
        if not wrong:
            return MappingProxyType({key: text for key, text in value.items() if text.strip()})
    msg = f'{what} is {value!r}; write a text, or one for each language: {{ en = "…", es = "…" }}'
    raise UsageError(msg)


def checked_extent(values: object) -> Extent:
    """West, south, east, north in degrees; the east lies beyond 180° where it goes across.

    Raises
    ------
    UsageError
        They are no such four numbers.
    """
    numbers = list(values) if isinstance(values, list | tuple) else []
    plain = len(numbers) == 4 and all(isinstance(n, int | float) and not isinstance(n, bool) for n in numbers)  # noqa: PLR2004 - edges
    if plain:
        west, south, east, north = map(float, numbers)
        # across 180°, as RFC 7946 (5.2) has it, or with degrees that go on; what lies on this side is as likely swapped
        if HALF >= west > 0 > east >= -HALF and east + HALF <= west:
            east += WHOLE
        across = west <= HALF < east < west + WHOLE
        if -HALF <= west < east and (east <= HALF or across) and -90 <= south < north <= 90:  # noqa: PLR2004 - degrees
            return west, south, east, north
    msg = (
        f"the extent {values!r} is not west, south, east, north in degrees, such as -94,14,-88,19, "
        "or 170,-25,-170,-10 across 180°"
    )
    raise UsageError(msg)


def parsed_join(text: str) -> Join:
    """``LAYER:KEY``, or ``LAYER:KEY=COLUMN`` where the table's column has another name.

    Raises
    ------
    UsageError
        It is neither.
    """
    layer, colon, rest = text.rpartition(":")
    key, _, column = rest.partition("=")
    if layer and colon and key:
        return Join(layer, key, column or None)
    msg = f"--join {text!r}: expected LAYER:KEY or LAYER:KEY=COLUMN, such as municipalities:cvegeo"
    raise UsageError(msg)


def parsed_names(texts: Sequence[str]) -> tuple[str, ...]:
    """Names with commas between them; one that has a comma itself stands in double quotes.

    Raises
    ------
    UsageError
        A quotation mark does not end.
    """
    names: list[str] = []
    for text in texts:
        try:
            names += [name for row in csv.reader([text], strict=True) for name in row if name]
        except csv.Error as error:
            msg = f"{text!r} is no list of fields ({error}); write a,b and put a name with a comma into quotes"
            raise UsageError(msg) from error
    return tuple(dict.fromkeys(names))


def parsed_numbers(text: str, what: str) -> tuple[float, ...]:
    """Numbers with commas between them.

    Raises
    ------
    UsageError
        One is no number.
    """
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if numbers and all(map(math.isfinite, numbers)):
        return numbers
    msg = f"{what} {text!r}: expected numbers with commas between them, such as 10,50,100"
    raise UsageError(msg)
