"""What a project lays over the pages: names on its maps, and the terms that stand with its own tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

LABEL_KINDS = ("country", "sea", "state", "region", "municipality")
# how far a map goes out and in, as web maps count it
LEAST_ZOOM, MOST_ZOOM = 0, 20
_SHOWN_FROM, _SHOWN_TO = 6.0, 10.0


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which terms a project's own tables are, and how they are credited, each by language."""

    licence: Mapping[str, str]
    attribution: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLabel:
    """A name on the maps, its middle (longitude, latitude in degrees), its kind, and the zooms that show it."""

    name: Mapping[str, str]
    position: tuple[float, float]
    kind: str
    least: float
    most: float


def labels_of(tables: Mapping[str, Any]) -> tuple[PlaceLabel, ...]:
    """The names that a project file places on the maps."""
    return tuple(
        PlaceLabel(
            name=MappingProxyType(dict(each["name"])),
            position=(float(each["position"][0]), float(each["position"][1])),
            kind=each.get("kind", "region"),
            least=float(each.get("from", _SHOWN_FROM)),
            most=float(each.get("to", _SHOWN_TO)),
        )
        for each in tables.get("labels", ())
    )
