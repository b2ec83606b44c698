"""How likely chance gives what was counted."""

from __future__ import annotations

import math

_LARGE = 500


def tail(count: int, expected: float) -> float:
    """How likely chance gives ``count`` or more where it gives ``expected`` on average."""
    if count <= expected:
        return 1.0
    if expected > _LARGE:
        # far enough for the normal curve
        return 0.5 * math.erfc((count - expected) / math.sqrt(2 * expected))
    term = math.exp(-expected)
    if count == 1:
        return -math.expm1(-expected)
    below = term
    for number in range(1, count):
        term *= expected / number
        below += term
    if below < 0.999_999:  # noqa: PLR2004 - beyond, what is left is lost in rounding
        return 1.0 - below
    above = 0.0
    for number in range(count, count + 100):
        term *= expected / number
        above += term
    return above
