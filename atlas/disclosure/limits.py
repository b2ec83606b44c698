"""What the policy allows, as the audit needs it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from atlas.published.sensitivity import Sensitivity
from atlas.release.boxes import BoxMap
from atlas.release.released_features import RELEASED_FIELDS
from atlas.release.terms import CROSSINGS, FIELDS, Policy


@dataclass(frozen=True)
class Limits:
    """A policy and the places that it makes; without places, shapes are judged by their size."""

    policy: Policy
    places: BoxMap | None = None

    @property
    def floor_m(self) -> float:
        """Least size of a place, in metres."""
        return self.policy.floor_m

    @property
    def k(self) -> int:
        """Fewest records that share a place."""
        return self.policy.k

    @property
    def decimals(self) -> int:
        """Of degrees, for what is open."""
        return self.policy.open_decimals

    @property
    def h3_finest(self) -> int:
        """Finest resolution of an H3 cell."""
        return self.policy.grid_resolution

    @property
    def fields(self) -> frozenset[str]:
        """Fields that a released record may have."""
        refused = {name for name in FIELDS if not self.policy.allows(name)}
        return frozenset(RELEASED_FIELDS) - refused - {f"{name}_reviewed" for name in refused}

    def is_open(self, properties: Mapping[str, Any]) -> bool:
        """Whether a record may leave as a point."""
        category = properties.get("category")
        known = isinstance(category, str) and category in self.policy.categories and category not in CROSSINGS
        return known and self.policy.sensitivity(str(category), properties.get("sensitivity")) == Sensitivity.OPEN

    def unit_of(self, properties: Mapping[str, Any]) -> float:
        """The finest unit, in degrees, to which a record's position may be published; infinite when it may not."""
        return 10.0**-self.decimals if self.is_open(properties) else math.inf

    def is_known(self, name: str, text: str) -> bool:
        """Whether a value is a word of the policy, which says nothing of a person or a place."""
        known = {"category": self.policy.categories, "confidence": self.policy.confidence}.get(name, ())
        return text.strip() in known
