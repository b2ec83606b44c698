"""Times of a field in their order: each as it is written, or by month or year where there are too many."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from atlas.cartography.numeric_field import is_gap
from atlas.errors import UsageError
from atlas.geojson.written import written

# more than these no reader tells apart on a slider
MOST_STEPS = 60
_DATE = re.compile(r"\d{4}-\d{2}(?:-\d{2})?(?:[T ][0-9:.+Zz-]{0,30})?\Z")
_DAY, _MONTH, _YEAR = 10, 7, 4


@dataclass(frozen=True, slots=True)
class TimeSteps:
    """The times of a layer.

    Attributes
    ----------
    steps
        Each once, in order.
    of
        The number of each value's step; nothing where it has no time.
    """

    steps: tuple[str, ...]
    of: tuple[int | None, ...]

    @property
    def untimed(self) -> int:
        """How many values have no time."""
        return sum(number is None for number in self.of)


def time_steps(name: str, values: Sequence[Any]) -> TimeSteps:
    """Put the values of a field of times into order.

    Raises
    ------
    UsageError
        It has no time, or more than a slider can show.
    """
    texts = [None if is_gap(value) else _plain(written(value).strip()) for value in values]
    held = {text for text in texts if text is not None}
    if not held:
        msg = f"the field {name!r} is empty, so there is no time to show"
        raise UsageError(msg)
    if all(_DATE.match(text) for text in held):
        length = next((n for n in (_DAY, _MONTH, _YEAR) if len({text[:n] for text in held}) <= MOST_STEPS), _YEAR)
        texts = [None if text is None else text[:length] for text in texts]
    steps = sorted({text for text in texts if text is not None}, key=_order)
    if len(steps) > MOST_STEPS:
        msg = (
            f"the field {name!r} has {len(steps)} different times, such as {', '.join(steps[:3])}; "
            f"a map shows at most {MOST_STEPS}: write years, or dates as 2024-03-09, or choose rows by --where"
        )
        raise UsageError(msg)
    number = {text: n for n, text in enumerate(steps)}
    return TimeSteps(tuple(steps), tuple(None if text is None else number[text] for text in texts))


def _plain(text: str) -> str:
    """A year of a workbook or a frame, ``2020.0``, as a year."""
    whole, point, rest = text.partition(".")
    return whole if point and not rest.strip("0") and whole.isdigit() else text


def _order(text: str) -> tuple[int, float, str]:
    digits = text.isascii() and text.isdigit()
    return (0, float(text), text) if digits else (1, 0.0, text)
