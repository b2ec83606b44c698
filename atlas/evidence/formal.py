"""How many formal crossings there are: those that sources list as open, and apart from them all others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

OPEN = "open"

Feature = Mapping[str, Any]


def open_and_other(features: Sequence[Feature]) -> tuple[list[Feature], list[Feature]]:
    """Features of ``crossings_formal`` with status ``open``, and all others, whose status says why."""
    listed = [feature for feature in features if feature["properties"]["status"] == OPEN]
    return listed, [feature for feature in features if feature["properties"]["status"] != OPEN]
