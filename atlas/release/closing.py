"""Closes a book, once: what stays silent is told together, by zone, section and part, at half of what could be there.

For each group, level by level above the book's own, of the places below that are silent for the group:

    U     = different days noted there
    room  = how many days each of them can hold and still be silent
    limit = min(⌊(Σ room - (k - 1)) / 2⌋, Σ room - max room)
    rest  = k ⌊min(|U|, limit) / k⌋

A place is *silent* if none of its periods shows the group; a coarser place is silent for the group if it holds a silent
place and its rest is 0. Where the rest is more than 0 the place is told, and its silent places with it; otherwise they
go up one level. The *room* of a place of the book's own level is k - 1. That of a coarser place is k - 1 as well where
its limit is k or more, because its rest is 0 only with fewer than k days; where its limit is less, its rest is 0
whatever is in it, and it has all the room of its silent places. Rooms and limits follow from which places are told, so
they are public.

*Why it is right* (Theorem 3). Take any silent place, of any level. The others of its coarser place have room for
Σ room - max room days or more, which is no less than the rest, and days that are put there leave each of them silent.
So a set of notes in which the place is empty gives the same bytes: no place is proved to hold anything. Of a place of
the book's own level more is kept. The others have room for Σ room - (k - 1) days, which is twice the rest: with all of
it the place would be empty in few of the sets that fit (11 % for three places, where it was 20 % before); with half in
14 % or more (`tests/release/test_closing.py` counts them all for small worlds).

*Invariants*: only places that are silent for the group have room: those that were told can absorb nothing (review B1).
Each day of a silent place is told in one rest at most. It happens once, so that there is no history to compare.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from atlas.release.book import Book
from atlas.release.box_levels import LEVELS, SECTION, ZONE
from atlas.release.class_counts import Class, Count, Places
from atlas.release.disclosed import stepped
from atlas.release.groups import groups_of

Coarser = Callable[[str, str], str]
WITHDRAWN_LEVELS = (ZONE, SECTION)


@dataclass(slots=True)
class Silent:
    """A place that shows nothing of a group, what was noted there, and how many days it can hold and stay silent.

    Attributes
    ----------
    limit
        How much may be told of a coarser place; nothing of one of the book's own level.
    """

    place: str
    room: int
    count: Count = field(default_factory=Count)
    limit: int = 0


def rest_of(
    counts: Mapping[Class, Count], shown: Collection[str], places: Places, withdrawn: Collection[tuple[str, str]] = ()
) -> dict[str, int]:
    """The rests of a book, by place and group, as ``zone R010|help``.

    Parameters
    ----------
    shown
        Names of the classes that show a number.
    withdrawn
        Pairs of zone and group that are told no more, nor counted.
    """
    rests: dict[str, int] = {}
    book = places.book
    withdrawn = frozenset(withdrawn)
    for group in groups_of(book.grouping):
        showing = {key.split("|")[0] for key in shown if key.split("|")[1] == group}
        silent = _counted(silent_places(group, showing, places, withdrawn), group, counts)
        for above in rests_above(silent, places.boxes.coarser, book.k, partial(rest_number, book=book)):
            rests[f"{above.place}|{group}"] = rest_number(above, book)
    return dict(sorted(rests.items()))


def limits_of(group: str, rests: Mapping[str, int], showing: Collection[str], places: Places) -> Mapping[str, int]:
    """How much a closing may tell at most of each place that it told of a group, from what is public of it alone.

    Parameters
    ----------
    rests
        What was told of the group at closing, by coarser place.
    showing
        The places of the book's own level that show the group.
    """
    silent = silent_places(group, showing, places)
    above = rests_above(silent, places.boxes.coarser, places.book.k, lambda each: rests.get(each.place, 0))
    return {each.place: each.limit for each in above}


def silent_places(
    group: str, showing: Collection[str], places: Places, withdrawn: Collection[tuple[str, str]] = ()
) -> list[Silent]:
    """The places of a book that show nothing of a group, without what was noted there."""
    return [
        Silent(name, places.book.k - 1)
        for name in places.names(group)
        if name not in showing and not is_withdrawn(name, group, withdrawn, places.boxes.coarser)
    ]


def _counted(silent: Sequence[Silent], group: str, counts: Mapping[Class, Count]) -> Sequence[Silent]:
    """The places with what was noted there, in all periods together."""
    by_name = {each.place: each for each in silent}
    for each, count in counts.items():
        if each.group == group and each.place in by_name:
            by_name[each.place].count.update(count)
    return silent


def is_withdrawn(place: str, group: str, withdrawn: Collection[tuple[str, str]], coarser: Coarser) -> bool:
    """Whether a group is withdrawn from a place, with its zone or its section; nothing coarser is ever withdrawn."""
    rank = LEVELS.index(place.partition(" ")[0])
    above = (level for level in WITHDRAWN_LEVELS if rank <= LEVELS.index(level))
    return bool(withdrawn) and any((coarser(place, level), group) in withdrawn for level in above)


def rests_above(
    silent: Iterable[Silent], coarser: Coarser, k: int, number_of: Callable[[Silent], int]
) -> Iterator[Silent]:
    """The places above those that are silent of which something is told.

    Parameters
    ----------
    coarser
        Name of the place of a level that holds a place.
    number_of
        What is told of a coarser place; 0 for nothing, and then it is silent itself.
    """
    waiting = list(silent)
    for level in LEVELS[1:]:
        above: defaultdict[str, list[Silent]] = defaultdict(list)
        kept: list[Silent] = []
        for each in waiting:
            rank = LEVELS.index(each.place.partition(" ")[0])
            # a zone that is one place for a group waits for the sections
            if rank < LEVELS.index(level):
                above[coarser(each.place, level)].append(each)
            else:
                kept.append(each)
        for place, members in sorted(above.items()):
            together = _together(place, members, k)
            if number_of(together):
                yield together
            else:
                kept.append(together)
        waiting = kept


def _together(place: str, members: Sequence[Silent], k: int) -> Silent:
    """A coarser place of silent ones: all that was noted there, its limit and its room."""
    room = sum(each.room for each in members)
    limit = min((room - (k - 1)) // 2, room - max(each.room for each in members))
    together = Silent(place, k - 1 if limit >= k else room, limit=limit)
    for each in members:
        together.count.update(each.count)
    return together


def rest_number(above: Silent, book: Book) -> int:
    """What is told of a coarser place: in steps of k, no more than its limit, nothing of too few observers."""
    if above.count.observer_number < book.min_observers:
        return 0
    return stepped(min(len(above.count.days), above.limit), book.k)
