"""How facts are placed on the map: frozen records of the tables that tie names to settlements, codes and stretches.

The conventions are those of ``records``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderEnd:
    """Where the line starts or ends."""

    end: str
    name: str
    longitude: float
    latitude: float
    uncertainty_m: float
    basis: str
    source_ids: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainmentShape:
    """How an item of the containment policy may be drawn; its sources are those of the item.

    Attributes
    ----------
    statement, statement_uncertainty_m
        How exactly the source says where it is, in words, and in metres where that does not follow from the shape.
    """

    item: str
    shape: str
    from_place: str | None
    to_place: str | None
    municipalities: tuple[str, ...]
    states: tuple[str, ...]
    distance_mi: float | None
    neighbour: str | None
    statement_uncertainty_m: float | None
    statement: str
    note: str | None
    distance_km: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A settlement, by its GeoNames number; in a project of another border also by a position of its own."""

    place_id: str
    geonameid: int | None
    name: str
    municipality_cvegeo: str
    source_ids: tuple[str, ...]
    confidence: str
    note: str | None
    longitude: float | None = None
    latitude: float | None = None
    coordinate_uncertainty_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossingPlace:
    """The settlement whose name a formal crossing bears."""

    crossing_id: str
    place_id: str
    source_ids: tuple[str, ...]
    confidence: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorridorStop:
    """A settlement on the Tapachula–Arriaga road, in order from the south."""

    position: int
    place_id: str
    source_ids: tuple[str, ...]
    confidence: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorridorReading:
    """One way of placing a checkpoint on the corridor: a place, a stretch, or a distance from a place."""

    checkpoint_id: str
    reading: str
    from_place: str
    to_place: str | None
    distance_km: float | None
    tolerance_km: float | None
    source_ids: tuple[str, ...]
    confidence: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointArea:
    """The municipality that a checkpoint off the corridor lies in or near."""

    checkpoint_id: str
    relation: str
    municipality_cvegeo: str
    source_ids: tuple[str, ...]
    confidence: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalExtent:
    """The stretch of the line that a published count speaks of, such as ``XXX:land``; its source is the count's."""

    total_id: str
    extent: str
    confidence: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderRiver:
    """The name of the river that a segment of the treaty line follows."""

    segment_no: int
    river_name: str
    source_ids: tuple[str, ...]
    confidence: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityArea:
    """A municipality that a source gives for a facility on whose municipality the sources differ."""

    facility_id: str
    relation: str
    municipality_cvegeo: str
    source_ids: tuple[str, ...]
    confidence: str
    note: str | None


CHECKS = (
    "border_length",
    "border_rivers",
    "difference",
    "drop",
    "facilities",
    "municipalities",
    "none",
    "other_claim",
    "place_pair",
    "ratio",
    "remainder",
    "reported_totals",
    "reported_vehicular",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCheck:
    """How a claim is held against the layers: which check on what, the relation asked for, the page that shows it.

    ``differs_if_en`` and ``differs_if_es`` say what would have made the check come out differently.
    """

    claim_id: str
    check: str
    argument: str | None
    relation: str | None
    reference: float | None
    tolerance_pct: float | None
    page: str | None
    note_en: str | None
    note_es: str | None
    differs_if_en: str | None
    differs_if_es: str | None
