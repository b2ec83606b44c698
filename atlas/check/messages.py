"""Text from a file made fit for a terminal or a log: short, on one line, nothing that acts."""

from __future__ import annotations

import math


def kind_of(value: object) -> str:
    """What a JSON value is, in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    names = {str: "text", dict: "an object", list: "an array"}
    return next((name for kind, name in names.items() if isinstance(value, kind)), "a number")


def metres(value: float) -> str:
    """A width or length in metres with two figures that mean something."""
    if value <= 0:
        return "0 m"
    digits = max(0, 1 - math.floor(math.log10(value)))
    return f"{value:,.{digits}f} m"


def square_metres(value: float) -> str:
    """An area in square metres with two figures that mean something."""
    return f"{metres(value)}²"


def place(position: tuple[float, float]) -> str:
    """A position as (longitude, latitude)."""
    return f"({position[0]:.7g}, {position[1]:.7g})"


def several(count: int, one: str, many: str) -> str:
    """A number with its noun."""
    return f"{count:,} {one if count == 1 else many}"
