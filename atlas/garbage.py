"""How often Python looks for garbage: seldom, where millions of small objects hold no circles and live to the end."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# objects made before they are looked through; of what outlived that, every twentieth and every four-hundredth time
_SELDOM = (50_000, 20, 20)


@contextmanager
def without_collector() -> Iterator[None]:
    """No search meanwhile: positions are millions of small lists, and looking through them is a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@contextmanager
def collected_seldom() -> Iterator[None]:
    """A search every 50,000 objects instead of every 700, unless whoever runs this has asked for fewer still."""
    before = gc.get_threshold()
    gc.set_threshold(*(max(pair) for pair in zip(before, _SELDOM, strict=True)))
    try:
        yield
    finally:
        gc.set_threshold(*before)
