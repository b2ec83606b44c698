"""Which record a row is: by an id that is unique, by its number within its own file, or by its content.

A number or a word is an id within one file only: rows numbered 1, 2, 3 from two people are not the same records. Such
an id is taken with the file's name, the person and the day; where nobody is named, with the place instead of the day.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha1
from pathlib import PurePath

from atlas.field.change import GEOMETRY, ChangeError, Json, canonical
from atlas.field.export_base import read_base
from atlas.field.row import BASE, FieldRow

SOURCE_ID = "source_id"
LONGEST = 200
# as nearly all are written, so that a million of them need not be taken apart
PLAIN_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
# the name space of the atlas' records
_NAMESPACE = uuid.UUID("6f0d1c1e-8f2b-5a94-9d6a-3c1b7a52e0d4")
# what a file's name may end with, one after the other
_SUFFIXES = frozenset(
    {".csv", ".tsv", ".txt", ".tab", ".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson", ".gpx", ".kml", ".kmz"}
    | {".xlsx", ".shp", ".gpkg", ".zip", ".age", ".atlasnotes"}
)
_DAY = len("2026-01-31")
_UUID_DIGITS = 32
# RFC 9562: a name hashed with SHA-1, in the variant of that document
_VERSION_5, _VARIANT = 0x50, 0x80
# 64 bits or more; digits alone are a number or a date, and zeros in front those of a counter
_HEX = re.compile(r"(?!0{6})(?=[0-9]{0,200}[a-f])[0-9a-f]{16,128}\Z")
# a time from 2010 on, and 80 random bits
_ULID = re.compile(r"01[0-9A-HJKMNP-TV-Z]{24}\Z")


@dataclass(slots=True)
class Identities:
    """The ids of the rows of one file, one after the other.

    Attributes
    ----------
    file
        Its name.
    """

    file: str
    new_ids: bool = False
    _twins: Counter[str] = field(default_factory=Counter)
    _latest: list[str] = field(default_factory=list)

    def of(self, row: FieldRow, asserted: dict[str, Json], author: str | None) -> str:
        """The id of a row's record; one that is good within its file only is kept beside it as ``source_id``.

        Raises
        ------
        ChangeError
            The id that the row gives is none.
        """
        given = row.record_id.strip() if row.record_id else ""
        if not PLAIN_UUID.match(given) and (len(given) > LONGEST or UNPRINTABLE.search(given)):
            msg = f"the id {given!r:.60} is longer than {LONGEST} characters or cannot be printed"
            raise ChangeError(msg)
        if given and (row.changes or not self.new_ids):
            if _is_of_a_store(row, given):
                return given
            if unique := unique_id(given):
                if unique != given and not is_uuid(given):
                    asserted.setdefault(SOURCE_ID, given)
                return unique
        if given:
            asserted.setdefault(SOURCE_ID, given)
        return self._of_content(row, asserted) if self.new_ids or not given else self._within(row, asserted, author)

    def latest(self) -> tuple[str, ...]:
        """What the ids were made of that were made since this was last asked, to be remembered elsewhere."""
        made, self._latest = tuple(self._latest), []
        return made

    def remember(self, made: Iterable[str]) -> None:
        """Go on behind rows for which another made the ids."""
        self._twins.update(made)

    def _of_content(self, row: FieldRow, asserted: Mapping[str, Json]) -> str:
        content = canonical([asserted, row.author])
        # two rows that are alike to the letter are two rows; which of them is which does not matter
        first = _named(content)
        self._twins[first] += 1
        self._latest.append(first)
        twin = self._twins[first]
        return first if twin == 1 else _named(f"{content} {twin}")

    def _within(self, row: FieldRow, asserted: Mapping[str, Json], author: str | None) -> str:
        place = [asserted.get(GEOMETRY), asserted.get("reach")]
        observed = asserted.get("observed_at")
        day = observed[:_DAY] if isinstance(observed, str) else None
        # the text of the list of all these, of which only the id differs from row to row
        begin = _within_file(row.file or self.file)
        end = _scope(author, day) if author and day else f",{canonical(author or None)},{canonical(place)}]"
        return _named(f"{begin}{canonical(row.record_id)}{end}")


def is_uuid(given: str) -> bool:
    """Whether an id is a UUID, in whatever dress."""
    if PLAIN_UUID.match(given):
        return True
    # most ids have another length, and an exception takes longer than all else here
    if (
        len(given) < _UUID_DIGITS
        or len(given.replace("urn:", "").replace("uuid:", "").strip("{}").replace("-", "")) != _UUID_DIGITS
    ):
        return False
    try:
        uuid.UUID(given)
    except ValueError:
        return False
    return True


def unique_id(given: str) -> str | None:
    """The id of the record for an id that is good everywhere and not in its file only; nothing for any other.

    A UUID in any dress is written in one; 64 random bits or more in hexadecimal digits, as Mapeo, CoMapeo and MongoDB
    give them, and a ULID are brought to a UUID.
    """
    return given if PLAIN_UUID.match(given) else _unique_of(given)


# each id is asked for by the reader, by the search for ids that stand twice, and here
@lru_cache(maxsize=2048)
def _unique_of(given: str) -> str | None:
    if is_uuid(given):
        return str(uuid.UUID(given))
    bare = given.strip().removeprefix("0x").lower()
    if _HEX.match(bare) or _ULID.match(given.strip()):
        return _named(f"unique {bare}")
    return None


def _named(name: str) -> str:
    """``uuid.uuid5`` of a name in the atlas' name space, as text; a table has a million of them."""
    digest = bytearray(sha1(_NAMESPACE.bytes + name.encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | _VERSION_5
    digest[8] = digest[8] & 0x3F | _VARIANT
    digits = digest.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _is_of_a_store(row: FieldRow, given: str) -> bool:
    """Whether a row carries the history of that record, or the heads that it was exported from."""
    return bool(row.changes or read_base(row.fields.get(BASE), given))


@lru_cache(maxsize=4096)
def _scope(author: str, day: str) -> str:
    return f",{canonical(author)},{canonical(day)}]"


@lru_cache(maxsize=64)
def _within_file(name: str) -> str:
    return f'["within",{canonical(_stem(name))},'


def _stem(name: str) -> str:
    """A file's name without what says its format, so that a sealed or packed copy is the same file."""
    path = PurePath(name)
    while path.suffix.lower() in _SUFFIXES:
        path = path.with_suffix("")
    return str(path).casefold()
