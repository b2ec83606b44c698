"""The facts as frozen records: attributes are named as the columns, and an empty cell is ``None``.

Two names differ: the columns ``source_id`` and ``source_ids`` are both ``source_ids``, a tuple, and the column ``from``
is ``from_``, because Python keeps the word for itself. Codes are text with their leading zeros. Coordinates are
longitude and latitude in degrees, EPSG:4326; units are in the names. ``vehicular`` of a crossing is ``"true"``,
``"false"`` or ``"unknown"``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Who makes a published statement, where it is printed, and how exactly.

    Attributes
    ----------
    claimant
        Who gives the figure, which need not be who printed it.
    printed_in
        The source in which it stands, by its id, or the name of a work that is no source of the tables.
    bound
        How the figure binds: ``=``, ``≈``, ``≥``, ``>`` or ``≤``; None where there is no number.
    date_basis
        Whether its date is ``printed``, ``inferred`` or ``not stated``.
    hedge
        The word by which the source takes the figure back a little: ``about``, ``reportedly``, ``a dozen``.
    """

    claimant: str | None
    printed_in: str | None
    bound: str | None
    date_basis: str | None
    hedge: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A text, table or code repository that facts were read in.

    Attributes
    ----------
    subject_en, subject_es
        What it is about, in words of our own; there wherever the title is not.
    publisher
        The institution: newspaper, publishing house, office.
    copied_at
        Where the copy stood that was read, when that is not the publisher.
    """

    source_id: str
    title: str | None
    subject_en: str | None
    subject_es: str | None
    author: str | None
    publisher: str | None
    copied_at: str | None
    year: int | None
    language: str | None
    doi: str | None
    isbn: str | None
    url: str | None
    kind: str
    note: str | None

    @property
    def address(self) -> str | None:
        """Where it can be read: that of its DOI, which stays, before any other."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality:
    """A border municipality with its census figures of 2020."""

    cvegeo: str
    name: str
    state: str
    seat: str
    neighbours: tuple[str, ...]
    population_2020: int
    dwellings_2020: int
    source_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormalCrossing:
    """A formal crossing or the railway; longitude and latitude are both there or both ``None``."""

    crossing_id: str
    name: str
    name_other_side: str
    kind: str | None
    vehicular: str
    status: str
    municipality_cvegeo: str
    neighbour: str
    longitude: float | None
    latitude: float | None
    coordinate_uncertainty_m: float | None
    coordinate_basis: str
    source_ids: tuple[str, ...]
    confidence: str
    field_confidence: tuple[str, ...]
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedInformalCrossing:
    """Informal use at a formal crossing whose name is public anyway, at municipality level, never with a position."""

    crossing_id: str
    name: str
    municipality_cvegeo: str
    opposite: str | None
    vehicular: str
    mode: str | None
    source_ids: tuple[str, ...]
    confidence: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InformalCrossingsCount:
    """How many informal crossings published texts name or describe on a stretch of the line, without their names.

    Attributes
    ----------
    among
        A published count of crossings on the same stretch, among which fewer than ``LEAST_SHARED`` hide.
    """

    count_id: str
    extent: str
    named: int
    vehicular: str
    among: str | None
    source_ids: tuple[str, ...]
    confidence: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Count(Statement):
    """What a source printed; it does not add up: no arithmetic, no order, no conversion to a number."""

    total_id: str
    total: int | None
    vehicular: int | None
    universe: str
    as_of: str | None
    source_ids: tuple[str, ...]
    confidence: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedTotal(_Count):
    """A published count of a whole universe (``T01``); totals of different universes are not a series."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialCount(_Count):
    """A published count of a part (``P01``): it overlaps with others and must never be summed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A road checkpoint by place name."""

    checkpoint_id: str
    name: str
    municipality: str
    municipality_cvegeo: str | None
    agency: str
    fixity: str
    position_as_printed: str | None
    on_corridor: bool
    as_of: str | None
    source_ids: tuple[str, ...]
    confidence: str
    field_confidence: tuple[str, ...]
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderLength(Statement):
    """A published or computed length of the border or, with ``part:`` in the definition, of a piece of it."""

    border: str
    length_km: float
    length_as_printed: str | None
    unit: str
    definition: str
    publisher: str | None
    year: int | None
    source_ids: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderSegment:
    """A segment of the treaty line, from the Pacific to the Caribbean."""

    segment_no: int
    from_: str
    to: str
    defined_by: str
    description: str
    treaty: str
    confidence: str
    source_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Containment:
    """A line, belt, post or published distance of the containment policy."""

    item: str
    kind: str
    from_place: str | None
    to_place: str | None
    year: str | None
    what: str
    source_ids: tuple[str, ...]
    confidence: str
    field_confidence: tuple[str, ...]
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """A CAITF or naval place by place name; in a project of another border a facility, if an office with a position."""

    facility_id: str
    kind: str
    name: str
    status: str
    municipality: str
    municipality_cvegeo: str | None
    state: str | None
    as_of: str | None
    source_ids: tuple[str, ...]
    confidence: str
    field_confidence: tuple[str, ...]
    note: str | None
    longitude: float | None = None
    latitude: float | None = None
    coordinate_uncertainty_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Statement):
    """Something one of the five starting documents says; ``value`` is a number, or words where there is none.

    ``place_basis`` says of the place what ``date_basis`` says of the date.
    """

    claim_id: str
    subject: str
    what_is_claimed: str
    value: float | str | None
    unit: str
    place: str
    as_of: str | None
    source_ids: tuple[str, ...]
    locator: str | None
    checkable_by: str
    confidence: str
    place_basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitorCards:
    """Migration forms or cards given out in a year, as printed; ``series`` says which of the two, and who counts."""

    table: int
    card: str
    state: str
    year: int
    cards: int | None
    series: CardSeries


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSeries(Statement):
    """Years of a printed table in which one kind of document was counted: a migration form, or the card after it."""

    table: int
    card: str
    document: str
    from_year: int
    to_year: int
    source_ids: tuple[str, ...]
    locator: str
    confidence: str
    note: str | None
