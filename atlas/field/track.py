"""Which records are ways that somebody went: they lead to people, and are withheld whatever else they say."""

from __future__ import annotations

# the field that says so: ``track`` or ``route``
TRACK = "track"
