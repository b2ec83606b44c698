"""A border as its project describes it; positions are (longitude, latitude) in degrees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from types import MappingProxyType

from atlas.border_project.overlays import PlaceLabel, Terms

Text = Mapping[str, str]
LAND_HERE = "land_here"
_HALF_TURN = 180.0
Box = tuple[float, float, float, float]

SHARED_EDGE, OUTER_EDGE, GIVEN_LINE = "shared edge", "outer edge", "given line"
WAYS = (SHARED_EDGE, OUTER_EDGE, GIVEN_LINE)
END_KINDS = ("coast", "tripoint", "given point", "closed")
MODULES = ("crossings", "corridor", "containment", "facilities", "cards", "claims")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file that a project reads, and what has to be said of it.

    Attributes
    ----------
    key
        Its name in the project's tables.
    path
        Where it is; within the folder of the package where it is in one.
    sha256
        Hash of its content when the project was made; None where nobody wrote it down.
    accuracy_m
        How far its edges may be off, in metres, and ``accuracy_basis`` how that is known.
    package, version
        The Python package that has it, and which version of it; None for a file of the project's own.
    evidence_id
        Its id among the sources of facts.
    """

    key: str
    path: Path
    sha256: str | None
    title: str
    publisher: str
    edition: str
    licence: Text
    attribution: Text
    as_of: str
    accuracy_m: float
    accuracy_basis: str
    evidence_id: str
    package: str | None = None
    version: str | None = None

    @property
    def located(self) -> Path:
        """``path`` on this machine: that of a package from where it is installed, if it is."""
        if self.package is None:
            return self.path
        try:
            return Path(str(distribution(self.package).locate_file(self.path)))
        except PackageNotFoundError:
            return self.path

    @property
    def on_disk(self) -> Path:
        """The file itself, where ``path`` names one of its layers, too."""
        return on_disk(self.located)


def on_disk(path: Path) -> Path:
    """The file of a path that may name a layer in it, as in ``world.gpkg|layername=states``."""
    return Path(str(path).partition("|")[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Which file has the units of a side, and in which columns their codes, names and parents stand.

    ``leave_out`` has the codes of rows that are no units, such as lakes.
    """

    source: SourceFile
    code: str | None
    name: str | None
    parent: str | None
    leave_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of the border: its country's code and name, its word for the units, their outline if there is one.

    Attributes
    ----------
    country
        Two letters of its country, as gazetteers have it.
    box
        West, south, east and north of the whole country in degrees, where outlines are held against it.
    land
        What its land is called in the base map.
    parents
        Names of what the units on the line belong to, by code.
    region_parents
        Codes of what its units in the region belong to.
    lies
        On which side of the line it lies, ``left`` or ``right``, followed from start to end.
    part
        What the part of the country near the border is called.
    treaties
        How the treaties on this border begin, in tables that define the line by them.
    code_digits
        How many digits codes have in columns of these names, in small letters.
    census_year
        Of which year the people and dwellings of its units are, where the project says so.
    """

    code: str
    name: Text
    unit: Text
    outline: Outline | None
    country: str | None = None
    box: Box | None = None
    land: str = LAND_HERE
    parents: Text = field(default_factory=lambda: MappingProxyType({}))
    lies: str | None = None
    part: Text = field(default_factory=lambda: MappingProxyType({}))
    region_parents: tuple[str, ...] = ()
    treaties: tuple[str, ...] = ()
    code_digits: Mapping[str, tuple[int, ...]] = field(default_factory=lambda: MappingProxyType({}))
    census_year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """One end of the line; a position where its kind is ``given point``.

    Attributes
    ----------
    onward
        The way by which the line is carried on from there into the sea, around the other side of the region.
    """

    kind: str
    name: Text
    position: tuple[float, float] | None
    onward: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How the line comes about: by which way, from which file, who leads where outlines differ, and its ends."""

    way: str
    file: SourceFile | None
    leader: str
    contested: str | None
    tolerance_m: float
    start: End
    end: End


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """How the project is cited and catalogued: by which title, of which place, described how, under which words."""

    title: Text
    place: str
    description: Text
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """A frame in which positions of the region are written as metres; ``common`` where files often come in it."""

    name: str
    crs: str
    about: str
    common: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TelephoneForm:
    """How a telephone number is written: in ``groups`` of digits, or in one run of ``digits`` after a calling code.

    Attributes
    ----------
    begins
        The digits that may begin it, such as ``2-9``.
    groups
        How many digits stand together, such as ``("2-3", "3-4", "4")``.
    after
        Calling codes that stand before a run.
    """

    begins: str
    groups: tuple[str, ...]
    digits: int
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one side says of a stretch in dispute: who (its code), in which words, and where that is written."""

    by: str
    text: Text
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A stretch of the line that is in dispute, from one place to another on it; the whole line without places."""

    name: Text
    start: tuple[float, float] | None
    end: tuple[float, float] | None
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language besides English and Spanish: what it calls itself, and the file of its texts."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderProject:
    """All that makes a border this one: titles, region, sides, line, modules, words.

    Attributes
    ----------
    box
        West, south, east and north of the region in degrees; east is more than 180 where it goes across 180°.
    around
        The same of the box in which every file about this border lies.
    utc_offsets_h
        How many hours its clocks are ahead of UTC, those of most of it first.
    locales
        How browsers write numbers and dates in each language, as tags such as ``es-419``.
    texts
        Words of the pages that the project has in place of the atlas' own, by language and key.
    more_languages
        Languages besides English and Spanish, by code.
    figures
        West, south, east and north of maps in figures, in degrees, by the map's name, where the project states them.
    people
        How many people live within 50 km of the line on each side, by its code, once its layers were made.
    """

    title: Text
    languages: tuple[str, ...]
    box: Box
    around: Box
    here: Side
    neighbours: tuple[Side, ...]
    line: Line
    modules: Mapping[str, bool]
    sources: Mapping[str, SourceFile]
    texts: Mapping[str, Text]
    citation: Citation
    projections: tuple[Projection, ...]
    telephones: tuple[TelephoneForm, ...]
    utc_offsets_h: tuple[float, ...]
    locales: Text
    disputes: tuple[Dispute, ...] = ()
    more_languages: Mapping[str, Language] = field(default_factory=lambda: MappingProxyType({}))
    figures: Mapping[str, Box] = field(default_factory=lambda: MappingProxyType({}))
    people: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    terms: Terms | None = None
    labels: tuple[PlaceLabel, ...] = ()

    @property
    def frame_start(self) -> float | None:
        """The longitude in degrees below which longitudes go on beyond 180°; None where the region is not across it."""
        west, _, east, _ = self.box
        return None if east <= _HALF_TURN else (east - 2 * _HALF_TURN + west) / 2

    @property
    def sides(self) -> tuple[Side, ...]:
        """The here side, then its neighbours."""
        return (self.here, *self.neighbours)

    @property
    def neighbour_codes(self) -> tuple[str, ...]:
        """Codes of the neighbours in the order of the file."""
        return tuple(side.code for side in self.neighbours)
