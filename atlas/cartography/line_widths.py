"""Widths of lines by a field, and the lines of the legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from atlas.admission.user_features import UserFeature
from atlas.cartography.classification import require_numbers, symbol_steps
from atlas.cartography.numeric_field import figures_of, shown_number
from atlas.errors import UsageError


@dataclass(frozen=True, slots=True)
class LineWidths:
    """Shares of the widest line: of each feature, and of the legend's lines with their numbers.

    Attributes
    ----------
    shares
        Nothing where the feature has no number; zero and less have the thinnest line.
    steps
        Pairs of a share and the number as a text.
    """

    shares: tuple[float | None, ...]
    steps: tuple[tuple[float, str], ...]
    foreign: tuple[str, ...]


def line_widths(features: Sequence[UserFeature], name: str) -> LineWidths:
    """Make the width of each line proportional to its number.

    Raises
    ------
    UsageError
        The layer has no lines, or the field no number above zero.
    """
    kinds = [feature.shape.geom_type for feature in features if feature.shape is not None]
    if kinds and not any(kind.endswith("LineString") for kind in kinds):
        msg = f"the layer has no lines whose width could show {name!r}; use --size for points, --colour for areas"
        raise UsageError(msg)
    figures = figures_of(name, [feature.properties.get(name) for feature in features])
    require_numbers(figures.known, name)
    most = max(figures.known)
    if most <= 0:
        msg = f"the field {name!r} has no number above zero, so no line can have a width"
        raise UsageError(msg)
    shares = tuple(None if value is None else max(0.0, value / most) for value in figures.values)
    steps = symbol_steps(figures.known)
    decimals = max((len(f"{step:.12f}".rstrip("0").partition(".")[2]) for step in steps), default=0)
    return LineWidths(shares, tuple((step / most, shown_number(step, decimals)) for step in steps), figures.foreign)
