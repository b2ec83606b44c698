"""A layer ready for drawing: its features in order, the class of each, the legend, and what a reader has to know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from atlas.admission.user_features import UserFeature, UserLayer
from atlas.cartography import palettes
from atlas.cartography.classification import Classification, classify, require_numbers, symbol_steps
from atlas.cartography.composition import Bilingual, Style
from atlas.cartography.empty_fields import require_values
from atlas.cartography.label_texts import in_one_line
from atlas.cartography.line_widths import line_widths
from atlas.cartography.map_words import named, same, worded
from atlas.cartography.numeric_field import Figures, are_numbers, figures_of, is_gap, shown_number
from atlas.cartography.rates import names_rate, rate_of
from atlas.cartography.time_steps import time_steps
from atlas.errors import UsageError
from atlas.geojson.written import written

# signs that tell categories apart where there is no colour
MARKS = ("none", "square", "bar", "diamond", "hull")


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A class: its colour and mark, its words, and how many features have it; ``empty`` is *no data*."""

    colour: str
    text: Bilingual
    count: int
    mark: str = "none"
    empty: bool = False


@dataclass(frozen=True, slots=True)
class SizeEntry:
    """A circle of the legend: its radius as a share of the largest, and the number that its area stands for."""

    share: float
    text: Bilingual


@dataclass(frozen=True, slots=True)
class Portrayal:
    """How the features of a layer are drawn.

    Attributes
    ----------
    features
        In the order in which they are drawn.
    of
        The number of each feature's class in ``entries``; nothing where the layer has one sign for all.
    shares
        Radius of each feature's circle as a share of the largest; nothing where size says nothing.
    widths, width_steps
        Width of each line as a share of the widest, and the lines of the legend.
    labels
        What is written on the map, a feature each; nothing where it has no words.
    times, steps
        The number of each feature's time in ``steps``, which are in order.
    head, size_head, width_head
        What the classes, circles and widths are of.
    """

    features: tuple[UserFeature, ...]
    style: Style
    of: tuple[int | None, ...] = ()
    entries: tuple[LegendEntry, ...] = ()
    head: Bilingual | None = None
    shares: tuple[float | None, ...] = ()
    sizes: tuple[SizeEntry, ...] = ()
    size_head: Bilingual | None = None
    widths: tuple[float | None, ...] = ()
    width_steps: tuple[SizeEntry, ...] = ()
    width_head: Bilingual | None = None
    labels: tuple[str | None, ...] = ()
    times: tuple[int | None, ...] = ()
    steps: tuple[str, ...] = ()
    notes: tuple[Bilingual, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether all features have one sign."""
        return not self.entries and not self.sizes and not self.widths


def portray(layer: UserLayer, style: Style) -> Portrayal:
    """Find the classes, sizes and legend of a layer.

    Raises
    ------
    UsageError
        A field cannot be shown in the way that the style asks for.
    """
    require_values(layer.features, style)
    made = Portrayal(tuple(layer.features), style)
    if style.size:
        made = _with_sizes(made, style.size)
    if style.colour:
        made = _with_colours(made, style.colour)
    if style.width:
        made = _with_widths(made, style.width)
    if style.label:
        held = _values(made.features, style.label)
        made = replace(made, labels=tuple(None if is_gap(value) else in_one_line(written(value)) for value in held))
    return _with_times(made, style.time) if style.time else made


def _with_widths(made: Portrayal, name: str) -> Portrayal:
    drawn = line_widths(made.features, name)
    steps = tuple(SizeEntry(share, same(text)) for share, text in drawn.steps)
    notes = (*made.notes, *([_foreign_note(name, drawn.foreign)] if drawn.foreign else []))
    return replace(
        made, widths=drawn.shares, width_steps=steps, width_head=worded("width.head", field=name), notes=notes
    )


def _with_times(made: Portrayal, name: str) -> Portrayal:
    times = time_steps(name, _values(made.features, name))
    notes = (*made.notes, *([worded("note.untimed", field=name, count=times.untimed)] if times.untimed else []))
    return replace(made, times=times.of, steps=times.steps, notes=notes)


def _values(features: Sequence[UserFeature], name: str) -> list[Any]:
    return [feature.properties.get(name) for feature in features]


def _with_sizes(made: Portrayal, name: str) -> Portrayal:
    figures = figures_of(name, _values(made.features, name))
    require_numbers(figures.known, name)
    # the largest first, so that they lie below; those without a number at the end
    order = sorted(range(len(made.features)), key=lambda n: np.inf if (value := figures.values[n]) is None else -value)
    values = [figures.values[n] for n in order]
    most = max(figures.known)
    if most <= 0:
        msg = f"the field {name!r} has no number above zero, so no circle can be drawn"
        raise UsageError(msg)
    shares = tuple(None if value is None or value < 0 else float(np.sqrt(value / most)) for value in values)
    notes = [*made.notes, *_foreign(name, figures)]
    if negative := sum(value < 0 for value in figures.known):
        notes.append(worded("note.negative", field=name, count=negative))
    if any(f.shape is not None and f.shape.geom_type not in {"Point", "MultiPoint"} for f in made.features):
        notes.append(worded("note.interior"))
    decimals = _decimals(symbol_steps(figures.known))
    sizes = tuple(
        SizeEntry(float(np.sqrt(step / most)), same(shown_number(step, decimals)))
        for step in symbol_steps(figures.known)
    )
    features = tuple(_at_a_point(made.features[n]) for n in order)
    head = worded("size.head", field=name)
    return replace(made, features=features, shares=shares, sizes=sizes, size_head=head, notes=tuple(notes))


def _decimals(steps: Sequence[float]) -> int:
    return max((len(np.format_float_positional(step, trim="-").partition(".")[2]) for step in steps), default=0)


def _at_a_point(feature: UserFeature) -> UserFeature:
    if feature.shape is None or feature.shape.geom_type in {"Point", "MultiPoint"}:
        return feature
    spot = shapely.point_on_surface(feature.shape)
    return replace(feature, shape=shapely.transform(spot, lambda positions: positions.round(6)))


def _with_colours(made: Portrayal, name: str) -> Portrayal:
    style = made.style
    if style.per:
        rate = rate_of(made.features, name, style.per)
        made = replace(made, features=rate.features, head=rate.head)
        figures = figures_of(rate.name, _values(made.features, rate.name))
        return _classed(made, figures, rate.name, rate.head)
    made, classed = _of_values(made, name, _values(made.features, name))
    if classed is None:
        return made
    areas = any(f.shape is not None and f.shape.geom_type.endswith("Polygon") for f in made.features)
    if areas and classed.whole and not classed.years and min(classed.known) >= 0 and not names_rate(name):
        return replace(made, notes=(*made.notes, worded("note.counts", field=name)))
    return made


def portray_values(name: str, values: Sequence[Any], style: Style) -> Portrayal:
    """The classes and the legend of a field whose values have no features: points without end.

    Raises
    ------
    UsageError
        The field cannot be shown in the way that the style asks for.
    """
    return _of_values(Portrayal((), style), name, values)[0]


def _of_values(made: Portrayal, name: str, values: Sequence[Any]) -> tuple[Portrayal, Figures | None]:
    """Kinds, or classes and the numbers that they are of."""
    style = made.style
    if style.categories or not are_numbers(name, values):
        _refuse_numeric(style, name)
        return _of_kinds(made, name, values), None
    figures = figures_of(name, values)
    return _classed(made, figures, name, same(f"{name} (%)" if figures.percent else name)), figures


def _refuse_numeric(style: Style, name: str) -> None:
    if style.breaks or style.midpoint is not None:
        msg = f"the field {name!r} holds texts or codes, not numbers: it has categories, and no breaks or midpoint"
        raise UsageError(msg)


def _of_kinds(made: Portrayal, name: str, values: Sequence[Any]) -> Portrayal:
    texts = [None if is_gap(value) else written(value).strip() for value in values]
    counts = Counter(text for text in texts if text is not None)
    if not counts:
        msg = f"the field {name!r} is empty, so there is nothing to give colours"
        raise UsageError(msg)
    most = palettes.MOST_CATEGORIES
    shown = [text for text, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))][:most]
    shown.sort(key=_natural)
    colours = palettes.categories(made.style.palette, len(shown))
    entries = [
        LegendEntry(colour, same(text), counts[text], MARKS[n % len(MARKS)])
        for n, (text, colour) in enumerate(zip(shown, colours, strict=True))
    ]
    notes = list(made.notes)
    number = {text: n for n, text in enumerate(shown)}
    if left := len(counts) - len(shown):
        entries.append(
            LegendEntry(
                palettes.OTHER, worded("class.other", kinds=left), sum(counts[t] for t in counts if t not in number)
            )
        )
        notes.append(worded("note.kinds", field=name, kinds=len(counts), shown=len(shown)))
    of = [None if text is None else number.get(text, len(shown)) for text in texts]
    return _finished(replace(made, notes=tuple(notes)), of, entries, same(name))


def _natural(text: str) -> tuple[int, float, str]:
    try:
        return 0, float(text), text
    except ValueError:
        return 1, 0.0, text.casefold()


def _classed(made: Portrayal, figures: Figures, name: str, head: Bilingual) -> Portrayal:
    require_numbers(figures.known, name)
    classes = classify(figures.known, made.style)
    places = iter(classes.of)
    of = [None if value is None else next(places) for value in figures.values]
    entries = [
        LegendEntry(colour, _interval(classes, n, figures), classes.intervals[n].count)
        for n, colour in enumerate(_colours(classes, made.style))
    ]
    notes = [*made.notes, *_foreign(name, figures)]
    if classes.sampled:
        notes.append(worded("note.sampled", field=name))
    return _finished(replace(made, notes=tuple(notes)), of, entries, head)


def _colours(classes: Classification, style: Style) -> list[str]:
    count = len(classes.intervals)
    if style.midpoint is None:
        return palettes.sequence(style.palette, count)
    left, right = palettes.two_ways(style.palette, classes.below, count - classes.below - classes.on)
    return [*left, *[palettes.NEUTRAL] * classes.on, *right]


def _interval(classes: Classification, number: int, figures: Figures) -> Bilingual:
    interval = classes.intervals[number]
    decimals = 0 if figures.whole and all(i.high.is_integer() for i in classes.intervals) else classes.decimals
    low, high = (shown_number(end, decimals, years=figures.years) for end in (interval.low, interval.high))
    on_midpoint = classes.on and number == classes.below
    alone = classes.single or on_midpoint or (interval.first and low == high)
    key = "class.one" if alone else "class.first" if interval.first else "class.next"
    return worded(key, low=low, high=high)


def _foreign(name: str, figures: Figures) -> list[Bilingual]:
    if not figures.foreign:
        return []
    return [_foreign_note(name, figures.foreign)]


def _foreign_note(name: str, texts: Sequence[str]) -> Bilingual:
    return worded("note.foreign", field=name, count=len(texts), values=named(texts))


def _finished(made: Portrayal, of: Sequence[int | None], entries: list[LegendEntry], head: Bilingual) -> Portrayal:
    """The classes, with one of its own for what has no data."""
    gaps = sum(number is None for number in of)
    if gaps:
        entries = [*entries, LegendEntry("#ffffff", worded("class.none"), gaps, empty=True)]
    placed = tuple(len(entries) - 1 if number is None else number for number in of)
    return replace(made, of=placed, entries=tuple(entries), head=head)
