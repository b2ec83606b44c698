"""What all spellings of a position share: the position, why it is none, and one sign for each digit and mark."""

from __future__ import annotations

from typing import NamedTuple


class PairError(ValueError):
    """A text that says no pair; ``args[0]`` is why."""


class Pair(NamedTuple):
    """A position in degrees, and the metres around it where the text says them."""

    longitude: float
    latitude: float
    uncertainty_m: float | None = None


# digits of Arabic, Persian and of wide type; their decimal sign, comma and semicolon; what only turns the writing round
_SIGNS = {
    **{start + value: str(value) for start in (0x0660, 0x06F0, 0xFF10) for value in range(10)},
    0x066B: ".",
    0xFF0E: ".",
    0x060C: ",",
    0x061B: ";",
    0xFF0C: ",",
    # blanks for Python alone
    **dict.fromkeys((*range(0x1C, 0x20), 0x85), " "),
    **dict.fromkeys((0x061C, *range(0x200B, 0x2010), 0x2060, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)),
    **dict.fromkeys(map(ord, "\u2212\u2010\u2011\u2013\u2014\uff0d"), "-"),
    **dict.fromkeys(map(ord, "\u00ba\u02da\u1d52\u2218\u25e6"), "°"),
    **dict.fromkeys(map(ord, "\u2033\u201d\u201c\u201f\u02ba\u02ee\u301e\uff02"), '"'),
    **dict.fromkeys(map(ord, "\u2032\u2019\u2018\u201b`\u00b4\u02b9\u02bc\u02bb\uff07"), "'"),
}


def plain_signs(text: str) -> str:
    """The same text with one sign for each digit and mark, whatever keyboard it came from."""
    return text.translate(_SIGNS)
