"""What the layers say to a claim: a number with its unit, words, or the figures that other sources print."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from atlas.errors import EvidenceError
from atlas.evidence.placings import ClaimCheck
from atlas.evidence.records import Claim

Layers = Mapping[str, Sequence[Mapping[str, Any]]]
# the layers that checks look at
MEASURED = ("border", "municipalities", "crossings_reported", "containment", "facilities")

RivalCells = tuple[float, str | None, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Measure:
    """A number or words in a unit; or, where nothing can be measured, what other sources print."""

    value: float | str
    unit: str
    rivals: tuple[RivalCells, ...] = ()


def measure(check: ClaimCheck, claim: Claim, claims: Mapping[str, Claim], layers: Layers) -> Measure | None:
    """What a check finds; None when the layers hold nothing to measure.

    Raises
    ------
    EvidenceError
        The check needs an argument that it does not have, or one that is not a number.
    """
    argument = check.argument or ""
    if check.check in {"ratio", "drop"}:
        return _change(check, claim, claims)
    if check.check == "place_pair":
        return _places(argument, layers)
    if check.check in {"reported_totals", "reported_vehicular"}:
        return _printed("total" if check.check == "reported_totals" else "vehicular", argument, claim, layers)
    if check.check == "border_length":
        return Measure(round(math.fsum(p["length_km"] for p in _border(layers, argument)), 1), "km")
    return Measure(float(len(_counted(check.check, argument, layers))), "count")


def _counted(check: str, argument: str, layers: Layers) -> Sequence[object]:
    if check == "border_rivers":
        return sorted(_rivers(layers, argument))
    if check == "municipalities":
        codes = [found["properties"]["cvegeo"] for found in layers["municipalities"]]
        return [code for code in codes if code.startswith(argument)]
    return [found for found in layers["facilities"] if found["properties"]["kind"] == argument]


def _border(layers: Layers, neighbour: str) -> list[Mapping[str, Any]]:
    held = [found["properties"] for found in layers["border"]]
    return [properties for properties in held if neighbour in {"", properties["neighbour"]}]


def _rivers(layers: Layers, neighbour: str) -> set[str]:
    """The rivers that the line follows; ``A (B), then C`` are two."""
    names = {properties["river_name"] for properties in _border(layers, neighbour) if properties["river_name"]}
    return {part for name in names for part in re.split(r",\s*then\s+", name)}


def _printed(key: str, extent: str, claim: Claim, layers: Layers) -> Measure | None:
    """What sources other than the claim's own print for the same stretch of the border."""
    rivals = []
    for found in layers["crossings_reported"]:
        held = found["properties"]
        apart = held["count_kind"] == "whole" and set(held["source_ids"]).isdisjoint(claim.source_ids)
        if held["extent"] == extent and held[key] is not None and apart:
            rivals.append((float(held[key]), held["as_of"], held["universe"], tuple(held["source_ids"])))
    return Measure(len(rivals), "count", tuple(rivals)) if rivals else None


def _places(item: str, layers: Layers) -> Measure | None:
    for found in layers["containment"]:
        held = found["properties"]
        if held["item"] == item:
            return Measure(f"{held['from_place']} - {held['to_place']}", "place pair")
    return None


def _change(check: ClaimCheck, claim: Claim, claims: Mapping[str, Claim]) -> Measure:
    other = claims.get(check.argument or "")
    if other is None or not isinstance(other.value, float | int) or not isinstance(claim.value, float | int):
        wanted = "another claim with a number as argument"
        msg = f"claim_checks.csv: {check.claim_id} needs {wanted}, found {check.argument!r}; correct the row"
        raise EvidenceError(msg)
    ratio = float(claim.value) / float(other.value)
    return (
        Measure(round(ratio, 2), "ratio") if check.check == "ratio" else Measure(round(100 * (1 - ratio), 1), "percent")
    )
