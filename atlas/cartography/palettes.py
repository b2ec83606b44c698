"""Colours that colour-blind readers tell apart: ColorBrewer's and Okabe and Ito's, as matplotlib keeps them."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches

from atlas.errors import UsageError

# of ColorBrewer's, all sequential ones and these diverging ones are marked as safe
SEQUENTIAL = ("YlOrBr", "YlGnBu", "PuBuGn", "BuPu", "GnBu", "OrRd", "Greys", "cividis", "viridis")
DIVERGING = ("PuOr", "BrBG", "RdBu", "PRGn", "RdYlBu")
CATEGORIES = ("okabe_ito",)
OTHER = "#8c8c8c"
NEUTRAL = "#f2f0ea"
PLAIN = "#0072b2"
# the palest and the darkest part are not told from land and from labels
_LIGHT, _DARK = 0.12, 0.92
# its black is the ink of the map
MOST_CATEGORIES = 7
# blue, vermilion, green, purple, orange, sky blue; yellow last, as it is weakest on pale land. They stand here, since
# matplotlib is slow to load
_STRONGEST = (PLAIN, "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#f0e442")


def sequence(name: str | None, count: int) -> list[str]:
    """Colours from light to dark."""
    colours = _map(name or SEQUENTIAL[0], SEQUENTIAL)
    steps = (
        [(_LIGHT + _DARK) / 2] if count == 1 else [_LIGHT + (_DARK - _LIGHT) * n / (count - 1) for n in range(count)]
    )
    # matplotlib's own run from dark to light
    return [colours(1 - at if name in {"cividis", "viridis"} else at) for at in steps]


def two_ways(name: str | None, below: int, above: int) -> tuple[list[str], list[str]]:
    """Colours of the classes below a midpoint and above it, each palest beside the midpoint."""
    colours = _map(name or DIVERGING[0], DIVERGING)
    most = max(below, above, 1)
    left = [colours(0.5 - (0.12 + 0.36 * n / most)) for n in range(below, 0, -1)]
    right = [colours(0.5 + (0.12 + 0.36 * n / most)) for n in range(1, above + 1)]
    return left, right


def categories(name: str | None, count: int) -> list[str]:
    """A colour for each of at most ``MOST_CATEGORIES`` kinds."""
    _known(name or CATEGORIES[0], CATEGORIES)
    return list(_STRONGEST[:count])


def _map(name: str, known: tuple[str, ...]) -> Callable[[float], str]:
    from matplotlib import colormaps  # noqa: PLC0415 - only maps with such colours need it
    from matplotlib.colors import to_hex  # noqa: PLC0415 - as above

    _known(name, known)
    colours = colormaps[name]
    return lambda at: to_hex(colours(at)[:3])


def _known(name: str, known: tuple[str, ...]) -> None:
    if name in known:
        return
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    msg = (
        f"there is no palette {name!r} for this style that colour-blind readers can read; "
        + (f"did you mean {near[0]!r}? " if near else "")
        + f"Choose one of {', '.join(known)}"
    )
    raise UsageError(msg)
