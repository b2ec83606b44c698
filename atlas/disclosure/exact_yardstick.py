"""The exact records as a yardstick for attacks: how near a guess comes, and whether the order of records shows."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from atlas.disclosure.past_releases import Claim, PastRelease
from atlas.geojson.geometries import coordinates_in
from atlas.geometry.geodesy import distance_m

Position = tuple[float, float]
_LEAST_RECORDS = 12
_TELLING = 0.9
_SHUFFLES = 8
_MARGIN = 0.25
_HALF_TURN = 180


@dataclass
class Truth:
    """Exact records: category, month and position of each, in their order."""

    ids: list[str]
    keys: list[tuple[str, str]]
    positions: list[Position | None]
    _by_id: dict[str, Position] = field(default_factory=dict)
    _by_key: dict[tuple[str, str], Position] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index by id, and by category and month where these are the only ones of their kind."""
        counts = Counter(self.keys)
        for record_id, key, position in zip(self.ids, self.keys, self.positions, strict=True):
            if position is not None:
                self._by_id[record_id] = position
                if counts[key] == 1:
                    self._by_key[key] = position

    def distance_m(self, claim: Claim, guess: Position) -> float | None:
        """How far a guess is from the record that the claim is about, if that is known."""
        position = self._by_id.get(claim.feature_id or "") or self._by_key.get(_key(claim.feature.properties))
        return None if position is None else distance_m(guess, position)

    def order(self, release: PastRelease) -> float | None:
        """Share of a release's records that stand in the order of the exact ones, when that can't be chance."""
        keys = [_key(claim.feature.properties) for claim in release.claims]
        if len(keys) < _LEAST_RECORDS or len(set(keys)) < _SHUFFLES or keys == sorted(keys):
            return None
        fits = _fits(keys, self.keys)
        shuffled = list(keys)
        dice = random.Random(1)  # noqa: S311 - a yardstick, not a secret
        by_chance = []
        for _ in range(_SHUFFLES):
            dice.shuffle(shuffled)
            by_chance.append(_fits(shuffled, self.keys))
        return fits if fits >= _TELLING and fits > max(by_chance) + _MARGIN else None


def truth_of(features: Sequence[Mapping[str, Any]]) -> Truth:
    """The yardstick from exact features."""
    ids, keys, positions = [], [], []
    for feature in features:
        properties = feature.get("properties") or {}
        ids.append(str(feature.get("id", properties.get("id"))))
        keys.append(_key(properties))
        geometry = feature.get("geometry") or {}
        pair = coordinates_in(geometry) if geometry.get("type") == "Point" else None
        positions.append(_position(pair) if isinstance(pair, list) and len(pair) > 1 else None)
    return Truth(ids, keys, positions)


def _position(pair: Sequence[Any]) -> Position | None:
    # a whole number of any length is compared before it is made a float
    good = all(isinstance(part, int | float) and -_HALF_TURN <= part <= _HALF_TURN for part in pair[:2])
    return (float(pair[0]), float(pair[1])) if good else None


def _key(properties: Mapping[str, Any]) -> tuple[str, str]:
    month = properties.get("month") or str(properties.get("observed_at") or "")[:7]
    return str(properties.get("category")), str(month)


def _fits(claimed: Sequence[tuple[str, str]], order: Sequence[tuple[str, str]]) -> float:
    """Share of the first that is found going once through the second."""
    places: dict[tuple[str, str], list[int]] = {}
    for at, key in enumerate(order):
        places.setdefault(key, []).append(at)
    used: Counter[tuple[str, str]] = Counter()
    at, matched = -1, 0
    for key in claimed:
        here = places.get(key, ())
        while used[key] < len(here) and here[used[key]] <= at:
            used[key] += 1
        if used[key] < len(here) and here[used[key]] - at <= 2 + 3 * len(order) // max(1, len(claimed)):
            at, matched = here[used[key]], matched + 1
    return matched / len(claimed)
