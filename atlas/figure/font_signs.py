"""Signs that the font of figures does not have: they are drawn as boxes, and whoever draws has to know which."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache

from matplotlib.font_manager import findfont, get_font

from atlas.cartography.assembly import Assembled
from atlas.cartography.label_texts import without_controls
from atlas.cartography.map_words import named, worded
from atlas.figure.paper import FONT


def notes_on_signs(assembled: Assembled) -> list[str]:
    """A sentence that lists the signs which the texts of a map have and the font has not; none where it has all."""
    missing = sorted({letter for text in _texts(assembled) for letter in without_controls(text)} - _letters())
    return [worded("note.glyphs", signs=named(missing))["en"]] if missing else []


@contextmanager
def without_warnings_of_signs() -> Iterator[None]:
    """Keep matplotlib's own warning of each missing sign from the terminal."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+ ")
        yield


@cache
def _letters() -> frozenset[str]:
    return frozenset(map(chr, get_font(findfont(FONT)).get_charmap())) | {"\n"}


def _texts(assembled: Assembled) -> Iterable[str]:
    composition = assembled.composition
    for text in (*composition.texts.values(), *composition.sources):
        yield from text.values()
    for layer in assembled.drawn:
        made = layer.portrayal
        yield from layer.title.values()
        yield layer.file.name
        yield from (label for label in made.labels if label)
        yield from (step for step in made.steps)
        for entry in made.entries:
            yield from entry.text.values()
        for head in (made.head, made.size_head, made.width_head, *made.notes):
            yield from (head or {}).values()
