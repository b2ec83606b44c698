"""Text from a file made fit for a terminal or a log: short, on one line, nothing that acts."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

_LONGEST = 60
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z", re.ASCII)


def shown(text: str, *, quoted: bool = True) -> str:
    """Text from the file with everything unprintable escaped, at most 60 characters."""
    cut = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    safe = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in cut)
    return f"“{safe}”" if quoted else safe


def json_path(steps: Sequence[str | int]) -> str:
    """A JSON path, such as ``$.features[3].properties.name``."""
    return "$" + "".join(_step(step) for step in steps)


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _PLAIN_KEY.match(step) else f"['{shown(step, quoted=False)}']"


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
