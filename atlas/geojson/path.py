"""Where something stands in a JSON document, and text of it made fit for a terminal or a log."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LONGEST = 60
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z", re.ASCII)


def shown(text: str, *, quoted: bool = True, most: int = _LONGEST) -> str:
    """Text from the file with everything unprintable escaped, at most 60 characters or so many."""
    cut = text if len(text) <= most else f"{text[: most - 1]}…"
    safe = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in cut)
    return f"“{safe}”" if quoted else safe


def json_path(path: Sequence[str | int]) -> str:
    """A JSON path, such as ``$.features[3].properties.name``."""
    return "$" + "".join(_step(step) for step in path)


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _PLAIN_KEY.match(step) else f"['{shown(step, quoted=False)}']"
