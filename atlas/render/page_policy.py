"""The last look before a shape reaches a page: an informal crossing is never a point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from atlas.errors import PolicyError, listed
from atlas.published.sensitivity import PUBLISHED, published_class

INFORMAL_LAYERS = frozenset({"crossings_informal", "crossings_vehicular"})
WITHOUT_POSITION = frozenset({"LineString", "MultiLineString"})


def check(name: str, features: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a layer that would show where an informal crossing is, or that carries what is not public.

    Raises
    ------
    PolicyError
        Every offending feature is listed.
    """
    faults = [fault for feature in features if (fault := _fault(name, feature))]
    if faults:
        raise PolicyError(listed(f"layer {name!r} cannot be drawn; correct it with `atlas refresh`:", faults))


def _fault(name: str, feature: Mapping[str, Any]) -> str | None:
    properties = feature["properties"]
    label = feature.get("id") or properties.get("name")
    sensitivity = properties.get("sensitivity")
    if published_class(sensitivity) is None:
        return f"{label!r} has sensitivity {sensitivity!r}; only {sorted(map(str, PUBLISHED))} may be published"
    geometry = feature["geometry"]
    if geometry is None or not _is_informal(name, properties):
        return None
    if geometry["type"] in WITHOUT_POSITION:
        return None
    return f"{label!r} is an informal crossing drawn as a {geometry['type']}; it must be a stretch of the border line"


def _is_informal(name: str, properties: Mapping[str, Any]) -> bool:
    """In doubt an entry of a crossings layer is informal."""
    if name == "crossings_vehicular":
        return bool(properties.get("formality") != "formal")
    return name in INFORMAL_LAYERS
