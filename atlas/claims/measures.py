"""What the layers say to a claim: a number with its unit, words, or the figures that other sources print."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from atlas.errors import EvidenceError
from atlas.evidence.placings import ClaimCheck
from atlas.evidence.records import Claim

Layers = Mapping[str, Sequence[Mapping[str, Any]]]
# the layers that checks look at
PAIR = 2
MEASURED = ("border", "municipalities", "crossings_reported", "containment", "facilities")


# the layer that each check looks at; the others count facilities
_LAYERS: Mapping[str, str] = MappingProxyType(
    {
        "place_pair": "containment",
        "reported_totals": "crossings_reported",
        "reported_vehicular": "crossings_reported",
        "border_length": "border",
        "border_rivers": "border",
        "municipalities": "municipalities",
    }
)


@dataclass(frozen=True, slots=True)
class Rival:
    """What another source prints in place of a claim; the last four are those of a ``Statement``."""

    value: float
    as_of: str | None
    universe: str
    source_ids: tuple[str, ...]
    bound: str | None = None
    hedge: str | None = None
    claimant: str | None = None
    date_basis: str | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A number or words in a unit; or, where nothing can be measured, what other sources print.

    Attributes
    ----------
    source_ids
        The sources that what was measured rests on.
    by_layers
        Whether layers were measured, and not figures of other claims put together.
    """

    value: float | str
    unit: str
    rivals: tuple[Rival, ...] = ()
    source_ids: frozenset[str] = frozenset()
    by_layers: bool = True


def measure(check: ClaimCheck, claim: Claim, claims: Mapping[str, Claim], layers: Layers) -> Measure | None:
    """What a check finds; None when the layers hold nothing to measure.

    Raises
    ------
    EvidenceError
        The check needs an argument that it does not have, or one that is not a number.
    """
    argument = check.argument or ""
    if check.check in _OF_CLAIMS:
        return _OF_CLAIMS[check.check](check, claim, claims)
    if _LAYERS.get(check.check, "facilities") not in layers:
        return None
    if check.check == "place_pair":
        return _places(argument, layers)
    if check.check in {"reported_totals", "reported_vehicular"}:
        return _printed("total" if check.check == "reported_totals" else "vehicular", argument, claim, layers)
    if check.check in {"border_length", "border_rivers"}:
        return _of_border(check, layers)
    counted = _counted(check.check, argument, layers)
    if not counted and check.check == "municipalities":
        raise _fits_nothing(check, "the code of a unit on the line, its beginning, or nothing for all")
    return Measure(float(len(counted)), "count", source_ids=_sources(counted))


def _fits_nothing(check: ClaimCheck, wanted: str) -> EvidenceError:
    msg = f"claim_checks.csv: the argument {check.argument!r} of {check.claim_id} fits nothing; write {wanted}"
    return EvidenceError(msg)


def _of_border(check: ClaimCheck, layers: Layers) -> Measure | None:
    argument = check.argument or ""
    pieces = _border(layers, argument)
    if not pieces:
        codes = ", ".join(sorted({properties["neighbour"] for properties in _border(layers, "")}))
        raise _fits_nothing(check, f"{codes}, or nothing for the whole line")
    sources = _sources(pieces)
    if check.check == "border_rivers":
        # where no river of the line is named, none can be counted
        named = _rivers(layers, "")
        return Measure(float(len(_rivers(layers, argument))), "count", source_ids=sources) if named else None
    return Measure(round(math.fsum(p["length_km"] for p in pieces), 1), "km", source_ids=sources)


def _counted(check: str, argument: str, layers: Layers) -> list[Mapping[str, Any]]:
    layer, field = ("municipalities", "cvegeo") if check == "municipalities" else ("facilities", "kind")
    held = [feature["properties"] for feature in layers[layer]]
    if check == "municipalities":
        return [properties for properties in held if properties[field].startswith(argument)]
    # what is planned, closed or unknown is not in operation
    return [p for p in held if p[field] == argument and p.get("status", "built") == "built"]


def _sources(held: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    return frozenset(source for properties in held for source in properties["source_ids"])


def _border(layers: Layers, neighbour: str) -> list[Mapping[str, Any]]:
    held = [feature["properties"] for feature in layers["border"]]
    return [properties for properties in held if neighbour in {"", properties["neighbour"]}]


def _rivers(layers: Layers, neighbour: str) -> set[str]:
    """The rivers that the line follows; ``A (B), then C`` are two."""
    names = {properties["river_name"] for properties in _border(layers, neighbour) if properties["river_name"]}
    return {part for name in names for part in re.split(r",\s*then\s+", name)}


def _printed(key: str, extent: str, claim: Claim, layers: Layers) -> Measure | None:
    """What sources other than the claim's own print for the same stretch of the border."""
    rivals = []
    for feature in layers["crossings_reported"]:
        held = feature["properties"]
        apart = held["count_kind"] == "whole" and set(held["source_ids"]).isdisjoint(claim.source_ids)
        if held["extent"] == extent and held[key] is not None and apart:
            statement = [held.get(name) for name in ("bound", "hedge", "claimant", "date_basis")]
            rivals.append(
                Rival(float(held[key]), held["as_of"], held["universe"], tuple(held["source_ids"]), *statement)
            )
    return Measure(len(rivals), "count", tuple(rivals)) if rivals else None


def _places(item: str, layers: Layers) -> Measure | None:
    for feature in layers["containment"]:
        held = feature["properties"]
        if held["item"] == item:
            pair = f"{held['from_place']} - {held['to_place']}"
            return Measure(pair, "place pair", source_ids=frozenset(held["source_ids"]))
    return None


def _change(check: ClaimCheck, claim: Claim, claims: Mapping[str, Claim]) -> Measure:
    other = claims.get(check.argument or "")
    if other is None or not isinstance(other.value, float | int) or not isinstance(claim.value, float | int):
        wanted = "another claim with a number as argument"
        msg = f"claim_checks.csv: {check.claim_id} needs {wanted}, found {check.argument!r}; correct the row"
        raise EvidenceError(msg)
    ratio = float(claim.value) / float(other.value)
    value, unit = (round(ratio, 2), "ratio") if check.check == "ratio" else (round(100 * (1 - ratio), 1), "percent")
    return Measure(value, unit, source_ids=frozenset(other.source_ids), by_layers=False)


def _of_two(check: ClaimCheck, _claim: Claim, claims: Mapping[str, Claim]) -> Measure:
    """The first claim of the argument less the second, or the percentage of the second that the first leaves."""
    named = [claims.get(part) for part in (check.argument or "").split(";")]
    pair = [claim for claim in named if claim is not None and isinstance(claim.value, float | int)]
    if len(named) != len(pair) or len(pair) != PAIR:
        wanted = "two claims with numbers as argument"
        msg = f"claim_checks.csv: {check.claim_id} needs {wanted}, found {check.argument!r}; correct the row"
        raise EvidenceError(msg)
    first, second = (float(claim.value) for claim in pair if isinstance(claim.value, float | int))
    sources = frozenset(source for claim in pair for source in claim.source_ids)
    if check.check == "difference":
        return Measure(first - second, str(pair[0].unit), source_ids=sources, by_layers=False)
    return Measure(round(100 * (1 - first / second), 1), "percent", source_ids=sources, by_layers=False)


# checks that put figures of claims together
_OF_CLAIMS: Mapping[str, Callable[[ClaimCheck, Claim, Mapping[str, Claim]], Measure]] = MappingProxyType(
    {"ratio": _change, "drop": _change, "difference": _of_two, "remainder": _of_two}
)
