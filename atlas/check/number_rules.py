"""Numbers of JSON that the grammar forbids, or that programs read differently."""

from __future__ import annotations

import math
import sys
from typing import Any

from atlas.geojson.tolerant import Word

GREATEST_SAFE = 2**53
# rules on numbers that no program can hold
UNHELD = frozenset({"number-nan", "number-huge"})


def number_fault(value: Any) -> str | None:  # noqa: ANN401 - whatever JSON may hold
    """The rule that a number breaks, if any."""
    kind = type(value)
    if kind is int:
        size = abs(value)
        return None if size <= GREATEST_SAFE else "number-unsafe" if size <= sys.float_info.max else "number-huge"
    if kind is float:
        return None if math.isfinite(value) else "number-huge"
    return "number-nan" if kind is Word else None
