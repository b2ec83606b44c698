"""Signs that the font of figures does not have: they are drawn as boxes, and whoever draws has to know which."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from matplotlib.font_manager import findfont, get_font

from atlas.cartography.assembly import Assembled
from atlas.cartography.label_texts import without_controls
from atlas.cartography.map_words import named, worded
from atlas.figure.missing_letters import fonts_with
from atlas.figure.paper import FONT


def notes_on_signs(assembled: Assembled) -> list[str]:
    """A sentence that lists the signs which the texts of a map have and the font has not; none where it has all."""
    missing = sorted({letter for text in _texts(assembled) for letter in without_controls(text)} - _letters())
    # what another font of the machine has is drawn in that
    missing = [letter for letter in missing if not fonts_with({letter})]
    return [worded("note.glyphs", signs=named(missing))["en"]] if missing else []


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
