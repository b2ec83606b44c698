"""What a page is to the rest of the room: a file name, a key for its texts, and a way to make it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from atlas.render.edition import Edition


@dataclass(frozen=True, slots=True)
class Page:
    """One file of ``maps/``; ``thumbnail`` says whether the index shows a card for it."""

    file: str
    key: str
    render: Callable[[Edition], str]
