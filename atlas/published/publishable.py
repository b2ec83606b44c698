"""The one decision about what any writer may draw or write of a feature; whoever writes, asks here.

A page, a figure, an export, the library's layers, a release, a user's layer and a copy of field records that is not
sealed all ask `fault` of every feature before they have its shape. `tests/release/test_writers.py` walks them: where
this function says no, none of them writes anything.

*Invariants*: closed by default (an unknown class is refused); an informal crossing is a stretch of the border or has no
shape; what is generalised is never a point; of exact records only open ones leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from atlas.errors import PolicyError, listed
from atlas.published.sensitivity import PUBLISHED, Sensitivity, published_class

# exact records of a store on their way into a copy that is not sealed
EXACT = "field records"
_POINTS = frozenset({"Point", "MultiPoint", "GeometryCollection"})
_STRETCHES = frozenset({"LineString", "MultiLineString"})


def fault(layer: str, feature: Mapping[str, Any]) -> str | None:
    """Why a feature must not be drawn or written; nothing where it may.

    Parameters
    ----------
    layer
        The layer's name in the registry, `EXACT`, or any other name.
    """
    feature_id = feature.get("id", "without id")
    properties = feature.get("properties") or {}
    stated = properties.get("sensitivity")
    known = published_class(stated)
    if known is None or (layer == EXACT and known is not Sensitivity.OPEN):
        classes = Sensitivity.OPEN if layer == EXACT else ", ".join(sorted(PUBLISHED))
        return (
            f"{layer}: feature {feature_id} has the sensitivity {stated!r}; only {classes} are published. "
            "Take it out of the layer, or generalise it first"
        )
    shape = (feature.get("geometry") or {}).get("type")
    if layer == EXACT or shape is None:
        return None
    if _is_informal(layer, properties) and shape not in _STRETCHES:
        return (
            f"{layer}: feature {feature_id} is an informal crossing but has a {shape}; "
            "such a feature is a stretch of the border, never a point or an area"
        )
    if known is Sensitivity.GENERALISED and shape in _POINTS:
        return (
            f"{layer}: feature {feature_id} is generalised but has a {shape}; "
            "such a feature is a stretch of the border or an area, never a point"
        )
    return None


def refuse(layer: str, features: Iterable[Mapping[str, Any]]) -> None:
    """Refuse features that must not be drawn or written.

    Raises
    ------
    PolicyError
        Every offending feature is listed.
    """
    faults = [why for feature in features if (why := fault(layer, feature))]
    if len(faults) == 1:
        raise PolicyError(faults[0])
    if faults:
        raise PolicyError(listed(f"layer {layer!r} cannot be drawn or written; correct it:", faults))


def _is_informal(layer: str, properties: Mapping[str, Any]) -> bool:
    """In a layer of both kinds a crossing is informal unless it says that it is formal."""
    if layer == "crossings_informal" or properties.get("formality", "formal") != "formal":
        return True
    return layer == "crossings_vehicular" and "formality" not in properties
