"""Who keeps a post: the agencies that a cell of its table names."""

from __future__ import annotations

import re

# "Federal Police, later National Guard" are two, one after the other
_BETWEEN = re.compile(r";\s*|,\s*later\s+")


def agencies_of(text: str | None) -> list[str]:
    """The agencies of a post, each by its name in the table."""
    return [part.strip() for part in _BETWEEN.split(text or "") if part.strip()]
