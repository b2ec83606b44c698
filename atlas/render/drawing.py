"""Folium and branca, loaded without what the atlas never asks them for.

Folium imports pandas for tables and requests for downloads as soon as it is imported, and these take longer than a
whole build. While it loads they are stand-ins, which give way to the real package at their first use, by anybody.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType


class _StandIn(ModuleType):
    """A package that is imported when something of it is asked for."""

    def __getattr__(self, name: str) -> object:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


@contextmanager
def _later(*packages: str) -> Iterator[None]:
    """Put off the import of packages that nobody has imported yet."""
    absent = [name for name in packages if name not in sys.modules]
    sys.modules.update({name: _StandIn(name) for name in absent})
    try:
        yield
    finally:
        for name in absent:
            if isinstance(sys.modules.get(name), _StandIn):
                del sys.modules[name]


with _later("pandas", "requests"):
    from branca.element import Element, Figure, MacroElement
    from folium import Map
    from folium.map import Layer

__all__ = ["Element", "Figure", "Layer", "MacroElement", "Map"]
