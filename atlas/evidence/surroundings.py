"""What lies around the border: frozen records of railways, areas of programmes and the regions of the neighbours.

The conventions are those of ``records``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Railway:
    """A line or a section of one, as published; ``since`` is when its service began."""

    railway_id: str
    name: str
    operator: str | None
    status: str
    since: str | None
    source_ids: tuple[str, ...]
    confidence: str
    hedge: str | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RailwayStation:
    """A station in the order of its line, with the settlement of GeoNames that it is placed at, if any."""

    railway_id: str
    position: int
    station: str
    geonameid: int | None
    place_name: str | None
    state_code: str | None
    source_ids: tuple[str, ...]
    confidence: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighbourRegion:
    """A department, district or other region of a neighbour; ``admin1_code`` is that of GeoNames."""

    region_id: str
    kind: str
    neighbour: str
    name: str
    admin1_code: str
    source_ids: tuple[str, ...]
    confidence: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """The states or regions that a card, a visa, a coordination or a support is said to be for."""

    programme_id: str
    kind: str
    name: str
    states: tuple[str, ...]
    regions: tuple[str, ...]
    since: str | None
    until: str | None
    term: str | None
    source_ids: tuple[str, ...]
    confidence: str
    hedge: str | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementName:
    """A settlement that GeoNames spells otherwise than its country does; ``name`` is the country's spelling."""

    geonameid: int
    name_in_source: str
    name: str
    source_ids: tuple[str, ...]
    confidence: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capital:
    """A settlement that is the capital of its country; ``country`` is the code of ISO 3166-1 of two letters."""

    geonameid: int
    name: str
    country: str
    source_ids: tuple[str, ...]
    confidence: str
    note: str | None
