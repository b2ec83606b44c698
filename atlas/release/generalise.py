"""The gate: exact records and a policy in, features that may leave out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atlas.errors import PolicyError
from atlas.published.sensitivity import PUBLISHED, Sensitivity
from atlas.release.drafts import Draft, drafts_of
from atlas.release.earlier import Used, shown_coarsely
from atlas.release.open_points import open_features, rounded_position
from atlas.release.places import PLACE_FIELDS, Place, PublicPlaces
from atlas.release.record_ids import public_id
from atlas.release.restricted import Released, Restricted, exact_features
from atlas.release.sharing import Cell, share
from atlas.release.supports import first_places, on_land
from atlas.release.terms import CROSSINGS, Policy
from atlas.release.wording import protocol_of, withheld

# every member of ``properties`` that a released feature may have, in order
RELEASED_FIELDS = (
    "category",
    "year",
    "month",
    "confidence",
    "sensitivity",
    *PLACE_FIELDS,
    "coordinateUncertaintyInMeters",
    "georeferenceProtocol",
    "dataGeneralizations",
    "informationWithheld",
    "policy",
    "note",
    "note_reviewed",
    "photos",
    "photos_reviewed",
)
_HASH_LETTERS = 16
_COAST_M = 1_100.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a release: the features, and why others stayed, for the team's eyes only.

    ``photos`` names, for each published photo, the file it is to be made from.
    """

    released: Released
    held: Mapping[str, int]
    photos: Mapping[str, str]


def release(records: Restricted, policy: Policy, places: PublicPlaces, *, before: Iterable[Used] = ()) -> Released:
    """Generalise exact records to what may leave.

    Parameters
    ----------
    before
        Places and categories in use in earlier releases, as ``used_places`` gives them; never finer than these.

    Raises
    ------
    PolicyError
        ``records`` is not a restricted layer.
    """
    return generalise_records(records, policy, places, before=before).released


def generalise_records(
    records: Restricted, policy: Policy, places: PublicPlaces, *, before: Iterable[Used] = ()
) -> Outcome:
    """As ``release``, with what stayed behind.

    Raises
    ------
    PolicyError
        As ``release``.
    """
    if not isinstance(records, Restricted):
        msg = (
            f"only restricted field records can be released, got {type(records).__name__}; read them with read_records"
        )
        raise PolicyError(msg)
    features = exact_features(records)
    drafts = drafts_of(features, policy, places)
    leaving = [draft for draft in drafts if draft.sensitivity in PUBLISHED]
    held = Counter({"restricted or unclassified": sum(d.sensitivity is Sensitivity.RESTRICTED for d in drafts)})
    held["copies of another record"] = len(features) - len(drafts)
    before = tuple(before)
    exact, coarse = _apart(leaving, policy, places, before)
    cells = _shared(coarse, policy, places, before)
    opened, photos = open_features([draft for draft, _ in exact], [at for _, at in exact], policy, places)
    alike: dict[tuple[object, ...], _Alike] = {}
    placed: dict[tuple[str, str], dict[str, Any]] = {}
    published = opened
    for draft, cell in zip(coarse, cells, strict=True):
        place = cell.place if cell else None
        if cell is None or place is None:
            held["too few to share a place" if cell else "without a usable position in Mexico"] += 1
            continue
        looks = (place.ident, draft.category, cell.year, cell.month, draft.confidence, draft.note)
        if looks not in alike:
            at = (place.ident, draft.category)
            placed[at] = placed.get(at) or _placed(place, draft, policy)
            alike[looks] = _alike(place, cell, draft, policy, placed[at])
        published.append(alike[looks].another())
    published.sort(key=itemgetter("id"))
    return Outcome(
        Released(published, policy_sha256=policy.sha256, k=policy.k),
        {reason: count for reason, count in held.items() if count},
        photos,
    )


def _apart(
    drafts: Sequence[Draft], policy: Policy, places: PublicPlaces, before: Sequence[Used]
) -> tuple[list[tuple[Draft, int]], list[Draft]]:
    """Open drafts in Mexico or at its border, with their municipality; and all others, to be generalised."""
    open_drafts = [draft for draft in drafts if draft.sensitivity is Sensitivity.OPEN and draft.position is not None]
    if not open_drafts:
        return [], list(drafts)
    positions = np.array([draft.position for draft in open_drafts], dtype=np.float64)
    municipality = places.ground.municipality_at(positions)
    inside = (municipality >= 0) | on_land(places.ground, positions, municipality)
    inside |= places.ground.locator.locate(positions).distance_m <= policy.border_within_m
    inside &= ~_coarse_before(open_drafts, policy, places, before)
    exact = [(draft, int(at)) for draft, at, kept in zip(open_drafts, municipality, inside, strict=True) if kept]
    taken = {id(draft) for draft, _ in exact}
    return exact, [draft for draft in drafts if id(draft) not in taken]


def _coarse_before(
    drafts: Sequence[Draft], policy: Policy, places: PublicPlaces, before: Sequence[Used]
) -> NDArray[np.bool_]:
    """Whether each open draft may have been shown at a place before, so that it is no point now."""
    coarse = np.zeros(len(drafts), dtype=np.bool_)
    if not before:
        return coarse
    names_category = policy.allows("category")
    for row, (draft, ident) in enumerate(zip(drafts, first_places(drafts, policy, places), strict=True)):
        if ident is not None and draft.position is not None:
            category, (lon, lat) = draft.category if names_category else "", rounded_position(draft.position, policy)
            coarse[row] = shown_coarsely(_chain(ident, category, policy, places), (category, lon, lat), before)
    return coarse


def _shared(drafts: Sequence[Draft], policy: Policy, places: PublicPlaces, before: Iterable[Used]) -> list[Cell | None]:
    """The cell of each draft after sharing; nothing for one without a place."""
    names_category = policy.allows("category")
    keys = [
        None if ident is None else (ident, draft.category if names_category else "", draft.year, draft.month)
        for ident, draft in zip(first_places(drafts, policy, places), drafts, strict=True)
    ]
    counts = Counter(key for key in keys if key is not None)
    cells = {
        (ident, category, year, month): Cell(category, _chain(ident, category, policy, places), year, month, count)
        for (ident, category, year, month), count in sorted(counts.items(), key=str)
    }
    share(cells.values(), k=policy.k, floor_m=policy.floor_m, extra=len(policy.lapsed) and 1, before=before)
    return [None if key is None else cells[key] for key in keys]


def _chain(ident: str, category: str, policy: Policy, places: PublicPlaces) -> tuple[Place, ...]:
    return places.chain_of_crossing(ident, policy.floor_m) if category in CROSSINGS else places.chain(ident)


@dataclass(slots=True)
class _Alike:
    """What records that look alike say, once for all of them, and how many there have been."""

    content: str
    geometry: Mapping[str, Any]
    properties: Mapping[str, Any]
    count: int = 0

    def another(self) -> dict[str, Any]:
        """One more of them, with an id that says nothing but what the feature says."""
        self.count += 1
        ident = public_id(self.content, self.count)
        return {"type": "Feature", "id": ident, "geometry": self.geometry, "properties": self.properties}


def _alike(place: Place, cell: Cell, draft: Draft, policy: Policy, placed: Mapping[str, Any]) -> _Alike:
    values: dict[str, Any] = {
        "category": draft.category,
        "year": cell.year,
        "month": f"{cell.year:04d}-{cell.month:02d}" if cell.month is not None else None,
        "confidence": draft.confidence,
        "sensitivity": str(Sensitivity.GENERALISED),
    }
    about = {name: value for name, value in values.items() if policy.allows(name)}
    noted = {"note": draft.note, "note_reviewed": True} if draft.note else {}
    content = "|".join(str(value) for value in (place.ident, *about.values(), *noted.values()))
    return _Alike(content, place.geometry, {**about, **placed, **noted})


def _placed(place: Place, draft: Draft, policy: Policy) -> dict[str, Any]:
    """What a feature says of its place, the same for all of a category that share it."""
    return {
        **place.fields,
        "coordinateUncertaintyInMeters": math.ceil((place.radius_m + _beside_m(place, draft, policy)) / 100) * 100,
        "georeferenceProtocol": protocol_of(place),
        **withheld(),
        "policy": policy.sha256[:_HASH_LETTERS],
    }


def _beside_m(place: Place, draft: Draft, policy: Policy) -> float:
    """How far from the place a record may lie that is published there; by policy, so that it tells nothing."""
    if place.kind == "border":
        crossing = draft.category in CROSSINGS or not policy.allows("category")
        return max(policy.border_within_m, policy.crossing_within_m) if crossing else policy.border_within_m
    return {"corridor": policy.corridor_within_m, "grid": _COAST_M}.get(place.kind, 0.0)
