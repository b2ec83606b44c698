"""What a reader hands to the store: a row that can become a record, or a row that cannot, with the reason.

A reader is ``read(path) -> Iterator[Incoming | Rejected]``. It turns a format into names and values and decides nothing
else: identity, duplicates, history and sensitivity are the store's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

from atlas.field.change import Change, Json
from atlas.field.version import Version

Geometry: TypeAlias = Mapping[str, Any]

# what a row says of itself and not of the world; a reader may leave these in ``fields``, the store knows them:
# ``atlas_base`` as text or as the object that an export wrote there (see `atlas.field.export_base`)
BASE = "atlas_base"


@dataclass(frozen=True, slots=True)
class Media:
    """A photo or a sound that belongs to a record: its name there, its kind (such as ``image/jpeg``), its bytes."""

    name: str
    kind: str
    data: bytes = field(repr=False)


# not frozen: that makes each take four times as long, and a table has a million
@dataclass(slots=True)
class FieldRow:
    """One row, feature or submission as it came, in the names of a field record.

    Attributes
    ----------
    where
        Where in the file it stands, for messages: ``row 12``, ``feature 3``, ``waypoint 7``.
    record_id
        The id that the file gives, or nothing: the store then makes a stable one of the content.
    fields
        Values by field name, as JSON; a value of None and a missing name both say nothing. Names that a record
        does not know are kept.
    geometry
        A GeoJSON geometry, longitude before latitude in degrees (EPSG:4326), or nothing.
    changes
        The record's history where the file carries one (exports of the page and of `atlas field export`).
    media
        Files that the record names in ``photos``.
    author, device, claimed_at
        Who recorded it, with what, and when by that clock (text as it came, for show only); None where unknown.
    file
        The name of the file that it stands in, where several came together; an id that is no UUID is good within it.
    version
        Which version of a form's submission it is; None where there are no versions.
    blank
        Fields that the row has a place for and leaves empty. Where it carries a history or what it was exported from,
        that empties them; elsewhere nobody can know whether it means anything.
    checked
        The fields and the schema's fields against which a reader has checked them.
    """

    where: str
    record_id: str | None = None
    fields: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))
    geometry: Geometry | None = None
    changes: tuple[Change, ...] = ()
    media: tuple[Media, ...] = ()
    author: str | None = None
    device: str | None = None
    claimed_at: str | None = None
    file: str | None = None
    version: Version | None = None
    blank: frozenset[str] = frozenset()
    checked: tuple[Mapping[str, Json], Mapping[str, object]] | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot come in: where it stands, why in a sentence, and its text as it came, so nothing is lost."""

    where: str
    reason: str
    raw: str
