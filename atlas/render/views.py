"""How each layer is shown: its group, whether it starts visible, and the only fields that reach a page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """A layer on a map.

    Parameters
    ----------
    name
        Layer name in the registry.
    group
        Heading under which the layer stands: ``line``, ``crossings``, ``control`` or ``base``.
    title
        Fields of which the first that has a value names a feature.
    facts
        Fields listed in a popup, in order.
    extra
        Fields that signs and labels need, and that no popup lists.
    shown
        Whether the layer is visible when the page opens.
    tolerance_m
        How far, in metres, a line may move when it is simplified.
    sketched
        Whether small drawings of the atlas show it.
    """

    name: str
    group: str
    title: tuple[str, ...]
    facts: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    shown: bool = True
    tolerance_m: float = 9.0
    sketched: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that may reach a page, each once."""
        return tuple(dict.fromkeys((*self.title, *self.facts, *self.extra, *COMMON)))


# layers for GIS programs and tables only: a page that carried them would be too large for what it shows of them
APART = frozenset({"settlements"})
COMMON = ("coordinateUncertaintyInMeters", "confidence", "as_of", "sensitivity", "source_ids")

VIEWS = (
    View(
        "basemap",
        "base",
        ("name",),
        ("population", "country"),
        ("kind", "capital_of"),
        tolerance_m=30.0,
        sketched=True,
    ),
    View(
        "municipalities",
        "line",
        ("name",),
        ("state", "cvegeo", "seat", "population_2020", "area_km2", "border_km", "border_share"),
        sketched=True,
    ),
    View(
        "neighbour_regions",
        "line",
        ("name",),
        ("region_kind", "neighbour", "note"),
        tolerance_m=100.0,
        sketched=True,
    ),
    View(
        "border",
        "line",
        ("river_name", "nature"),
        ("nature", "neighbour", "municipality_name", "state", "chainage", "length_km", "treaty"),
        ("chainage_from_km", "chainage_to_km"),
        sketched=True,
    ),
    View(
        "border_reaches",
        "line",
        ("reach",),
        ("chainage", "length_km", "neighbours", "natures", "municipality_names"),
        ("chainage_from_km", "chainage_to_km"),
        shown=False,
    ),
    View(
        "crossings_formal",
        "crossings",
        ("name",),
        (
            "name_other_side",
            "kind",
            "vehicular",
            "status",
            "municipality_name",
            "chainage_km",
            "position_basis",
            "shares_position_with",
            "field_confidence",
            "note",
        ),
        ("outline_uncertainty_m",),
        sketched=True,
    ),
    View(
        "crossings_informal",
        "crossings",
        ("name",),
        (
            "named",
            "municipality_name",
            "opposite",
            "mode",
            "vehicular",
            "dataGeneralizations",
            "informationWithheld",
            "note",
        ),
        ("outline_uncertainty_m",),
    ),
    View(
        "crossings_vehicular",
        "crossings",
        ("name",),
        (
            "formality",
            "way",
            "opposite",
            "status",
            "municipality_name",
            "shares_position_with",
            "dataGeneralizations",
            "informationWithheld",
            "field_confidence",
            "note",
        ),
        ("vehicular", "outline_uncertainty_m"),
        shown=False,
    ),
    View(
        "crossings_reported",
        "crossings",
        ("total",),
        ("universe", "vehicular", "count_kind", "claimant", "date_basis", "extent_note", "note"),
        ("total_id", "bound", "hedge", "outline_uncertainty_m"),
        shown=False,
    ),
    View(
        "corridor",
        "control",
        ("from_place",),
        ("from_place", "to_place", "chainage", "length_km"),
        ("chainage_from_km", "chainage_to_km"),
        sketched=True,
    ),
    View(
        "checkpoints",
        "control",
        ("name",),
        (
            "agency",
            "fixity",
            "municipality",
            "chainage",
            "position_as_printed",
            "position_note",
            "field_confidence",
            "note",
        ),
        ("chainage_from_km", "chainage_to_km", "outline_uncertainty_m"),
        sketched=True,
    ),
    View(
        "containment",
        "control",
        ("what",),
        (
            "year",
            "distance_mi",
            "distance_km",
            "from_place",
            "to_place",
            "statement",
            "shape_note",
            "field_confidence",
            "note",
        ),
        ("item", "shape", "schematic", "outline_uncertainty_m"),
        shown=False,
        tolerance_m=60.0,
    ),
    View(
        "programmes",
        "control",
        ("name",),
        ("programme_kind", "areas", "since", "until", "term", "hedge", "note"),
        shown=False,
        tolerance_m=60.0,
    ),
    View(
        "railways",
        "control",
        ("name",),
        ("operator", "status", "since", "stations", "stations_unplaced", "lines", "hedge", "note"),
        ("part",),
        shown=False,
        sketched=True,
    ),
    View(
        "facilities",
        "control",
        ("name",),
        ("kind", "status", "municipality", "state", "dataGeneralizations", "field_confidence", "note"),
        ("outline_uncertainty_m",),
        shown=False,
        tolerance_m=60.0,
    ),
)
