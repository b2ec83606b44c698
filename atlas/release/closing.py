"""Closes a book, once: what stays silent is told together, by zone, section and part, at half of what it might be.

For each group, level by level above the book's own:

    U    = different days noted at the places of the level below that are silent for the group
    m    = places of the level below that are silent for the group
    rest = k ⌊min(|U|, ⌊(m - 1)(k - 1) / 2⌋) / k⌋

A place is *silent* if none of its periods shows the group; a coarser place is silent for the group if it holds a silent
place and its rest is 0. Where the rest is more than 0 the place is told, and its silent places with it; otherwise they
go up one level.

*Why it is right* (Theorem 4). Take any silent place. The others of its coarser place are m - 1, all silent, and each
may hold k - 1 days without showing anything: a box or zone of the book's level because k - 1 < k; a coarser place
because its rest is 0 with k - 1 days whatever its own m is. Together they hold (m - 1)(k - 1) days or more, which is
at least twice the rest. So a set of notes in which the place is empty gives the same bytes: no place is proved to hold
anything. Half the cap, because with all of it the place is empty in few of the sets that fit (11 % for m = 3, where it
was 20 % before); with half in 15 % or more (`tests/release/test_closing.py` counts them all for small worlds).

*Invariants*: m counts only places that are silent for the group: those that were told can absorb nothing (review B1).
Each day of a silent place is told in one rest at most. It happens once, so that there is no history to compare.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from atlas.release.box_levels import LEVELS, SECTION, ZONE
from atlas.release.class_counts import Class, Count, Places
from atlas.release.disclosed import stepped
from atlas.release.groups import groups_of

Coarser = Callable[[str, str], str]
WITHDRAWN_LEVELS = (ZONE, SECTION)


@dataclass(slots=True)
class Silent:
    """A place that shows nothing of a group, and what was noted there."""

    place: str
    count: Count = field(default_factory=Count)


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
    for group in groups_of(places.book.grouping):
        silent = list(_silent(group, counts, shown, places, frozenset(withdrawn)))
        for place, number in rests_above(
            silent, places.boxes.coarser, k=places.book.k, least=places.book.min_observers
        ):
            rests[f"{place}|{group}"] = number
    return dict(sorted(rests.items()))


def _silent(
    group: str,
    counts: Mapping[Class, Count],
    shown: Collection[str],
    places: Places,
    withdrawn: Collection[tuple[str, str]],
) -> Iterator[Silent]:
    showing = {key.split("|")[0] for key in shown if key.split("|")[1] == group}
    known: defaultdict[str, Count] = defaultdict(Count)
    for each, count in counts.items():
        if each.group == group:
            known[each.place].days.update(count.days)
            known[each.place].observers.update(count.observers)
    for name in places.names(group):
        if name not in showing and not is_withdrawn(name, group, withdrawn, places.boxes.coarser):
            yield Silent(name, known[name])


def is_withdrawn(place: str, group: str, withdrawn: Collection[tuple[str, str]], coarser: Coarser) -> bool:
    """Whether a group is withdrawn from a place, with its zone or its section; nothing coarser is ever withdrawn."""
    rank = LEVELS.index(place.partition(" ")[0])
    above = (level for level in WITHDRAWN_LEVELS if rank <= LEVELS.index(level))
    return bool(withdrawn) and any((coarser(place, level), group) in withdrawn for level in above)


def rests_above(silent: Iterable[Silent], coarser: Coarser, *, k: int, least: int = 1) -> Iterator[tuple[str, int]]:
    """Places above those that are silent, and what is told of them together.

    Parameters
    ----------
    coarser
        Name of the place of a level that holds a place.
    least
        Fewest observers.
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
            together = Silent(place)
            for each in members:
                together.count.days.update(each.count.days)
                together.count.observers.update(each.count.observers)
            number = capped(together.count, len(members), k=k, least=least)
            if number:
                yield place, number
            else:
                kept.append(together)
        waiting = kept


def capped(count: Count, silent: int, *, k: int, least: int = 1) -> int:
    """What so many silent places tell together: in steps of k, and at most half of what all but one can hold."""
    if count.observer_number < least:
        return 0
    return stepped(min(len(count.days), max(0, silent - 1) * (k - 1) // 2), k)
