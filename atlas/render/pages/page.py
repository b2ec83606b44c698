"""What a page is to the rest of the room: a file name, a key for its texts, a way to make it, and a sketch of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from atlas.render.build_context import BuildContext
from atlas.render.thumbnail import Sketch


@dataclass(frozen=True, slots=True)
class Page:
    """One file of ``maps/``; ``sketch`` is what its card in the index shows."""

    file: str
    key: str
    render: Callable[[BuildContext], str]
    sketch: Sketch = field(default_factory=Sketch)
