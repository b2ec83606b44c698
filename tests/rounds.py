"""What is tried in every run, and what only shows the same in more rounds, for `make long`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pytest


def first(always: Sequence[Any], more: Iterable[Any]) -> list[Any]:
    """Parameters of which some are tried in every run, and those that there are more by `make long`.

    Parameters
    ----------
    always
        What shows each behaviour once.
    more
        All of them; those tried always are left out.

    """
    return [*always, *(pytest.param(*_values(one), marks=pytest.mark.long) for one in more if one not in always)]


def _values(one: Any) -> tuple[Any, ...]:
    return one if isinstance(one, tuple) else (one,)
