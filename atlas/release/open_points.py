"""Open records: the only ones that leave as points, and only in categories that the policy lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from atlas.geojson.geometries import geometry_of
from atlas.geometry.units import METRES_PER_DEGREE
from atlas.published.sensitivity import Sensitivity
from atlas.release.box_place import PLACE_FIELDS
from atlas.release.drafts import Draft
from atlas.release.essentials import Position
from atlas.release.record_ids import public_id
from atlas.release.terms import Policy
from atlas.release.wording import OPEN_GENERALISED, OPEN_PROTOCOL, OPEN_WITHHELD

PHOTOS = "photos"
POSITION = "position"
_HASH_LETTERS = 16
_STEPS_M = (10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)


def open_features(drafts: Sequence[Draft], policy: Policy) -> tuple[list[dict[str, Any]], Mapping[str, str]]:
    """Features at rounded positions, and for each published photo the file it is to be made from."""
    made: list[dict[str, Any]] = []
    photos: dict[str, str] = {}
    alike: Counter[str] = Counter()
    for draft in drafts:
        feature, named = _open_feature(draft, policy, alike)
        made.append(feature)
        photos |= named
    return made, photos


def rounded_position(position: Position, policy: Policy) -> Position:
    """A position in degrees (lon, lat) as an open record shows it."""
    lon, lat = position
    return round(lon, policy.open_decimals) + 0.0, round(lat, policy.open_decimals) + 0.0


def _open_feature(draft: Draft, policy: Policy, alike: Counter[str]) -> tuple[dict[str, Any], Mapping[str, str]]:
    point = list(rounded_position(draft.position or (0.0, 0.0), policy))
    about = {
        "category": draft.category,
        "year": draft.year,
        "month": f"{draft.year:04d}-{draft.month:02d}" if draft.month is not None else None,
        "confidence": draft.confidence,
        "sensitivity": str(Sensitivity.OPEN),
    }
    shown = {name: value for name, value in about.items() if policy.allows(name)}
    content = "|".join(str(value) for value in (*point, *shown.values(), draft.note, len(draft.photos)))
    alike[content] += 1
    record_id = public_id(content, alike[content])
    names = {f"{PHOTOS}/{record_id}-{number}.jpg": name for number, name in enumerate(draft.photos, start=1)}
    properties: dict[str, Any] = {
        **shown,
        **dict.fromkeys(PLACE_FIELDS),
        "level": POSITION,
        "coordinateUncertaintyInMeters": _uncertainty(draft, policy),
        "georeferenceProtocol": OPEN_PROTOCOL,
        "dataGeneralizations": OPEN_GENERALISED,
        "informationWithheld": OPEN_WITHHELD,
        "policy": policy.sha256[:_HASH_LETTERS],
    }
    if draft.note:
        properties |= {"note": draft.note, "note_reviewed": True}
    if names:
        properties |= {"photos": list(names), "photos_reviewed": True}
    geometry = geometry_of("Point", point)
    return {"type": "Feature", "id": record_id, "geometry": geometry, "properties": properties}, names


def _uncertainty(draft: Draft, policy: Policy) -> int:
    """The stated accuracy and the rounding, in steps: the number itself could say something else."""
    rounding = METRES_PER_DEGREE * 10.0**-policy.open_decimals
    wanted = max(draft.uncertainty_m or 0.0, rounding)
    return next((step for step in _STEPS_M if step >= wanted), _STEPS_M[-1])
