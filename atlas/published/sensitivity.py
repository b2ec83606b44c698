"""Sensitivity classes and what each allows; closed by default."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from atlas.errors import PolicyError


class Sensitivity(StrEnum):
    """How far a feature may travel: only the first two are ever published."""

    OPEN = "open"
    GENERALISED = "generalised"
    RESTRICTED = "restricted"
    WITHHELD = "withheld"


PUBLISHED = frozenset({Sensitivity.OPEN, Sensitivity.GENERALISED})
_WORDS = {str(name): name for name in PUBLISHED}
_POINTS = frozenset({"Point", "MultiPoint", "GeometryCollection"})


def published_class(stated: object) -> Sensitivity | None:
    """The class that a feature states, where features of it are published; nothing for any other word or value."""
    return _WORDS.get(stated) if isinstance(stated, str) else None


def refuse_unpublishable(layer: str, feature: Mapping[str, Any]) -> None:
    """Refuse a feature that must not be published.

    Raises
    ------
    PolicyError
        Its sensitivity is not a published class, or it is an informal crossing or a generalised feature with a point.
    """
    ident = feature.get("id", "without id")
    properties = feature.get("properties") or {}
    stated = properties.get("sensitivity")
    if published_class(stated) is None:
        msg = (
            f"{layer}: feature {ident} has the sensitivity {stated!r}; "
            f"only {', '.join(sorted(PUBLISHED))} are published. "
            "Take it out of the layer, or generalise it first"
        )
        raise PolicyError(msg)
    # in a layer of both kinds a crossing is informal unless it says that it is formal
    informal = layer == "crossings_informal" or properties.get("formality", "formal") != "formal"
    informal |= layer == "crossings_vehicular" and "formality" not in properties
    shape = (feature.get("geometry") or {}).get("type")
    if shape in _POINTS and (informal or stated == Sensitivity.GENERALISED):
        msg = (
            f"{layer}: feature {ident} is {'an informal crossing' if informal else 'generalised'} but has a {shape}; "
            "such a feature is a stretch of the border or an area, never a point"
        )
        raise PolicyError(msg)
