"""Records that may be the same thing written down twice: near in time, place and text. Proposed, never dropped."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations, pairwise, product
from typing import TypeAlias

from atlas.field.change import value_of
from atlas.field.database import Session, rows_of
from atlas.field.shape import position_of_wkb
from atlas.geometry.units import METRES_PER_DEGREE

# near: this many metres, or as far as both uncertainties together reach, up to the second number
_NEAR_M, _FAR_M = 50.0, 500.0
_DAYS = 1
# how much of two notes must be the same: where time and place agree, and where less agrees
_ALIKE, _VERY_ALIKE = 0.6, 0.8
_CELL_DEG = 0.005
# in a crowd only records whose notes stand next to each other in alphabetical order are compared
_CROWD, _WINDOW = 60, 8
_COMPARED = 300
_WORDS = re.compile(r"\W+")

_Cell: TypeAlias = tuple[object, ...]


# not frozen: a store has a million
@dataclass(slots=True)
class Sketch:
    """What of a record is compared."""

    record_id: str
    place: tuple[float, float] | None
    uncertainty_m: float
    reach: str | None
    day: int | None
    category: str | None
    note: str


@dataclass(frozen=True, slots=True)
class LikelyDuplicate:
    """Two records that look alike, and why, in words without a position."""

    first: str
    second: str
    why: str


_SELECT = (
    'SELECT id, geom, "coordinateUncertaintyInMeters", reach, observed_at, category, note FROM annotations '
    "WHERE deleted = 0 AND same_as IS NULL"
)


SAME_SOURCE = "the same id in their sources"
# digits of a row number, which is no id
_ROW_NUMBER = re.compile(r"[0-9]{0,4}\Z")
_SOURCE_IDS = (
    "SELECT record_id, value FROM changes WHERE field = 'source_id' AND record_id IN "
    "(SELECT id FROM annotations WHERE deleted = 0 AND same_as IS NULL)"
)


def proposals_among(session: Session, touched: Collection[str]) -> list[LikelyDuplicate]:
    """Pairs of records that look alike, or have one source id, and of which at least one was touched, by id."""
    # first: it may make an index, which takes the room that the sketches of a million records take afterwards
    of_one_source = list(_of_one_source(session))
    proposals = _alike(session, touched)
    for first, second in of_one_source:
        if first in touched or second in touched:
            proposals.setdefault((first, second), LikelyDuplicate(first, second, SAME_SOURCE))
    return [proposals[pair] for pair in sorted(proposals)]


def _alike(session: Session, touched: Collection[str]) -> dict[tuple[str, str], LikelyDuplicate]:
    """Pairs that look alike, and of which at least one was touched."""
    cells: dict[_Cell, list[Sketch]] = defaultdict(list)
    for row in session.rows(_SELECT):
        made = _sketch(session, row)
        for cell in _cells(made):
            cells[cell].append(made)
    proposals: dict[tuple[str, str], LikelyDuplicate] = {}
    for one, other in _candidates(cells):
        if (one.record_id in touched or other.record_id in touched) and (why := why_duplicate(one, other)):
            first, second = sorted((one.record_id, other.record_id))
            proposals[first, second] = LikelyDuplicate(first, second, why)
    return proposals


def _of_one_source(session: Session) -> Iterator[tuple[str, str]]:
    """Records next to each other among those that have one id in their sources; numbers of rows are no ids."""
    once, again = set[int](), set[int]()
    for _, words in _source_ids(session):
        number = hash(words)
        (again if number in once else once).add(number)
    by_id: dict[str, set[str]] = defaultdict(set)
    # nearly all ids stand in one record only, and of a million of these no more than a number is held
    for record_id, words in _source_ids(session) if again else ():
        if hash(words) in again:
            by_id[words].add(record_id)
    for records in by_id.values():
        yield from pairwise(sorted(records))


def _source_ids(session: Session) -> Iterator[tuple[str, str]]:
    """Records and what their sources call them."""
    for record_id, value in session.rows(_SOURCE_IDS):
        text = str(value)
        stated = text[1:-1] if text[0] == '"' and "\\" not in text else value_of(text)
        if isinstance(stated, str) and not _ROW_NUMBER.match(words := stated.strip()):
            yield str(record_id), words.casefold()


def sketches(session: Session, record_ids: Collection[str]) -> Mapping[str, Sketch]:
    """What of some records is compared, by id; those that are deleted or repeat another are not there."""
    rows = rows_of(session, f"{_SELECT} AND id IN ({{keys}})", record_ids)
    return {made.record_id: made for made in (_sketch(session, row) for row in rows)}


def why_duplicate(one: Sketch, other: Sketch) -> str | None:
    """Why two records look like one, or nothing."""
    days = None if one.day is None or other.day is None else abs(one.day - other.day)
    if days is not None and days > _DAYS:
        return None
    apart = _metres(one, other)
    if apart is not None:
        reach_m = min(max(_NEAR_M, one.uncertainty_m + other.uncertainty_m), _FAR_M)
        if apart > reach_m:
            return None
    elif one.place or other.place or one.reach is None or one.reach != other.reach:
        return None
    same_kind = one.category is None or other.category is None or one.category == other.category
    weak = apart is None or days is None or not same_kind
    both = bool(one.note and other.note)
    likeness = _likeness(one.note, other.note, _VERY_ALIKE if weak else _ALIKE) if both else None
    if (both and likeness is None) or (not both and weak):
        return None
    where = "same stretch" if apart is None else f"{apart:.0f} m apart"
    when = "a date is missing" if days is None else ("same day" if days == 0 else "a day apart")
    reason = (
        f"notes {likeness:.0%} alike" if likeness is not None else f"same category {one.category or other.category!r}"
    )
    return f"{where}, {when}, {reason}"


def _sketch(session: Session, row: tuple[object, ...]) -> Sketch:
    record_id, geom, uncertainty, reach, observed_at, category, note = row
    data = session.wkb(geom)
    return Sketch(
        str(record_id),
        position_of_wkb(data) if data else None,
        float(str(uncertainty)) if uncertainty is not None else 0.0,
        None if data or reach is None else str(reach),
        _day(observed_at),
        None if category is None else str(category),
        str(note or "").strip()[:_COMPARED],
    )


def _cells(made: Sketch) -> Iterator[_Cell]:
    """The cell of a record; a cell and its eight neighbours hold everything that can be near."""
    if made.place:
        lon, lat = made.place
        yield ("cell", math.floor(lon / _CELL_DEG), math.floor(lat / _CELL_DEG))
    elif made.reach and made.note:
        yield ("reach", made.reach)


def _candidates(cells: Mapping[_Cell, Sequence[Sketch]]) -> Iterator[tuple[Sketch, Sketch]]:
    for cell, members in cells.items():
        yield from _pairs(members)
        if cell[0] == "cell":
            _, x, y = cell
            # half of the neighbours: the other half has this one as theirs
            for dx, dy in ((1, -1), (1, 0), (1, 1), (0, 1)):
                others = cells.get(("cell", x + dx, y + dy))  # type: ignore[operator]
                if others and len(members) * len(others) <= _CROWD * _CROWD:
                    yield from product(members, others)
                elif others:
                    yield from _pairs([*members, *others])


def _pairs(members: Sequence[Sketch]) -> Iterator[tuple[Sketch, Sketch]]:
    if len(members) <= _CROWD:
        yield from combinations(members, 2)
        return
    ordered = sorted(members, key=lambda made: (made.note.casefold(), made.day or 0, made.record_id))
    for i, one in enumerate(ordered):
        for other in ordered[i + 1 : i + 1 + _WINDOW]:
            yield one, other


def _metres(one: Sketch, other: Sketch) -> float | None:
    """Distance in metres, good to a percent over what is called near."""
    if not (one.place and other.place):
        return None
    (lon, lat), (there, up) = one.place, other.place
    return math.hypot((lon - there) * math.cos(math.radians(lat)), lat - up) * METRES_PER_DEGREE


def _likeness(one: str, other: str, wanted: float) -> float | None:
    first, second = _plain(one), _plain(other)
    if first == second:
        return 1.0
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    if matcher.real_quick_ratio() < wanted or matcher.quick_ratio() < wanted:
        return None
    ratio = matcher.ratio()
    return ratio if ratio >= wanted else None


@lru_cache(maxsize=20_000)
def _plain(note: str) -> str:
    """A note without accents, case and signs, cut to what is compared."""
    bare = unicodedata.normalize("NFKD", note[:_COMPARED])
    letters = "".join(char for char in bare if not unicodedata.combining(char))
    return _WORDS.sub(" ", letters.casefold()).strip()


def _day(observed_at: object) -> int | None:
    try:
        return date.fromisoformat(str(observed_at)[:10]).toordinal()
    except ValueError:
        return None
