"""Which feature of a new edition continues which of an old one, and where the others came from or went.

What it computes: a set of relations. Each old feature continues in at most one new one and each new one continues at
most one old one; an old feature that continues nowhere was merged into others or is gone, a new one that continues
nothing was split off from others or is new.

How: shapes that are the same to the last position are one feature. Of the rest each old feature is tried with the new
one of its code and the one whose box is most like its own; where 98 % of both are common they are one. Only what is
left is laid over everything near, and two features are *linked* where a tenth of one lies in the other. Among linked
features the code decides first, then the name, then how much they have in common: an authority that keeps a code says
which part is the old unit, however small it has become. What remains without a partner is explained by its links, of
which only ground counts that the other feature's own partner does not cover: layers may overlap, and a shape drawn over
one that has not changed came from nowhere.

Why right: the relation follows from ground and, where ground leaves it open, from what the authority says of itself; a
code alone never makes two features one where they have no ground in common, unless the name agrees and neither has
any other explanation, and then the confidence is low. Invariants: every feature of both editions stands in at
least one relation; the pairs that continue are a matching; swapping the editions turns *split* into *merged* and *new*
into *gone* and changes no pair.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import shapely

from atlas.editions.edition import Edition
from atlas.editions.shares import Indexes, Overlay

SAME = 0.98
LINK = 0.1
MOST = 0.5
NEARLY_ALL = 0.9


class Relation(StrEnum):
    """What an old feature and a new one have to do with each other."""

    CONTINUES = "continues"
    SPLIT = "split"
    MERGED = "merged"
    NEW = "new"
    GONE = "gone"


class Link(NamedTuple):
    """Which part of an old feature and of a new one is common to both, 0 to 1."""

    of_old: float
    of_new: float

    @property
    def likeness(self) -> float:
        """What they share of what they cover together, 0 to 1."""
        return 1 / (1 / self.of_old + 1 / self.of_new - 1) if self.of_old > 0 and self.of_new > 0 else 0.0


class Related(NamedTuple):
    """A relation; the index of the side that is missing is None."""

    relation: Relation
    old: int | None
    new: int | None
    link: Link


@dataclass(slots=True)
class _Matching:
    """The partners so far, and all links."""

    links: dict[tuple[int, int], Link] = field(default_factory=dict)
    new_of: dict[int, int] = field(default_factory=dict)
    old_of: dict[int, int] = field(default_factory=dict)

    def join(self, old: int, new: int, link: Link) -> None:
        self.links[old, new] = link
        self.new_of[old], self.old_of[new] = new, old

    def is_free(self, old: int, new: int) -> bool:
        return old not in self.new_of and new not in self.old_of


def related_features(old: Edition, new: Edition, overlay: Overlay) -> list[Related]:
    """All relations between two editions, in the order of the old features, then of the new ones.

    Parameters
    ----------
    old, new
        Of one kind of shape.
    overlay
        Their shapes over each other.
    """
    matching = _Matching()
    _join_identical(old, new, matching)
    _join_alike(old, new, overlay, matching)
    _link_the_rest(old, overlay, matching)
    links = [(*pair, link) for pair, link in matching.links.items() if matching.is_free(*pair)]
    _join_by(links, old.codes, new.codes, matching)
    _join_by(links, _unique(old.names), _unique(new.names), matching)
    _join_by_ground(links, old, new, matching)
    _join_by_code_alone(old, new, matching)
    _join_unplaced(old, new, matching)
    return _relations(len(old), len(new), overlay, matching)


def _join_identical(old: Edition, new: Edition, matching: _Matching) -> None:
    waiting: dict[bytes, list[int]] = defaultdict(list)
    for index, shape in enumerate(_bytes(new)):
        if shape is not None:
            waiting[shape].append(index)
    for index, shape in enumerate(_bytes(old)):
        same = waiting.get(shape) if shape is not None else None
        if same:
            code = old.codes[index]
            chosen = next((one for one in same if code is not None and new.codes[one] == code), same[0])
            same.remove(chosen)
            matching.join(index, chosen, Link(1.0, 1.0))


def _bytes(edition: Edition) -> Sequence[bytes | None]:
    shapes: Sequence[bytes | None] = shapely.to_wkb(shapely.normalize(shapely.force_2d(edition.shapes))).tolist()
    return shapes


def _join_alike(old: Edition, new: Edition, overlay: Overlay, matching: _Matching) -> None:
    """Join what is nearly the same, so that only the rest need be laid over everything near."""
    rest = _free(len(old), matching.new_of, old)
    pairs = set(zip(*(array.tolist() for array in _best_boxes(rest, overlay, matching)), strict=True))
    by_code = {code: index for index, code in enumerate(new.codes) if code is not None}
    pairs |= {(one, by_code[code]) for one in rest.tolist() if (code := old.codes[one]) is not None and code in by_code}
    shares = overlay.shares(*_columns(pair for pair in sorted(pairs) if matching.is_free(*pair)))
    fit = np.minimum(shares.of_old, shares.of_new)
    for at in np.argsort(-fit, kind="stable").tolist():
        pair = int(shares.old[at]), int(shares.new[at])
        if fit[at] >= SAME and matching.is_free(*pair):
            matching.join(*pair, Link(float(shares.of_old[at]), float(shares.of_new[at])))


def _best_boxes(rest: Indexes, overlay: Overlay, matching: _Matching) -> tuple[Indexes, Indexes]:
    old, new = overlay.candidates(rest)
    free = np.array([one not in matching.old_of for one in new.tolist()], dtype=bool)
    old, new = old[free], new[free]
    order = np.lexsort((-overlay.box_likeness(old, new), old))
    old, new = old[order], new[order]
    first = np.unique(old, return_index=True)[1]
    return old[first], new[first]


def _link_the_rest(old: Edition, overlay: Overlay, matching: _Matching) -> None:
    """Lay what has no partner over everything near it, of either edition."""
    here, there = overlay.candidates(np.flatnonzero(~shapely.is_missing(old.shapes)))
    loose = np.array(
        [one not in matching.new_of or other not in matching.old_of for one, other in zip(here, there, strict=True)],
        dtype=bool,
    )
    shares = overlay.shares(here[loose], there[loose])
    for at in np.flatnonzero(np.maximum(shares.of_old, shares.of_new) >= LINK).tolist():
        pair = int(shares.old[at]), int(shares.new[at])
        matching.links[pair] = Link(float(shares.of_old[at]), float(shares.of_new[at]))


def _join_by(
    links: Iterable[tuple[int, int, Link]], old: Sequence[str | None], new: Sequence[str | None], matching: _Matching
) -> None:
    for one, other, link in links:
        if old[one] is not None and old[one] == new[other] and matching.is_free(one, other):
            matching.join(one, other, link)


def _join_by_ground(links: Sequence[tuple[int, int, Link]], old: Edition, new: Edition, matching: _Matching) -> None:
    """Join what has most in common, the likest first.

    Two features with other codes of which one fell into several, or was made of several, are no one feature: the
    authority gave no part the old code. That takes parts which lie in it for the most.
    """
    rivals: dict[tuple[str, int], list[tuple[int, int, Link]]] = defaultdict(list)
    for row in links:
        rivals["old", row[0]].append(row)
        rivals["new", row[1]].append(row)
    for one, other, link in sorted(links, key=lambda row: -row[2].likeness):
        if not matching.is_free(one, other):
            continue
        others = [
            row
            for row in (*rivals["old", one], *rivals["new", other])
            if row[:2] != (one, other) and matching.is_free(*row[:2])
        ]
        alone = not others and max(link.of_old, link.of_new) >= MOST
        if link.likeness < MOST and not alone:
            continue
        recoded = _differ(old.codes[one], new.codes[other])
        parts = [row for row in others if (row[2].of_new if row[0] == one else row[2].of_old) >= MOST]
        if recoded and parts and link.likeness < NEARLY_ALL:
            continue
        matching.join(one, other, link)


def _join_by_code_alone(old: Edition, new: Edition, matching: _Matching) -> None:
    """Join equal codes without common ground, where neither shares ground with another and no name disagrees."""
    linked_old, linked_new = {a for a, _ in matching.links}, {b for _, b in matching.links}
    by_code = {code: at for at, code in enumerate(new.codes) if code is not None and at not in linked_new}
    for one, code in enumerate(old.codes):
        other = by_code.get(code) if code is not None and one not in linked_old else None
        if other is not None and matching.is_free(one, other) and not _differ(old.names[one], new.names[other]):
            matching.join(one, other, Link(0.0, 0.0))


def _join_unplaced(old: Edition, new: Edition, matching: _Matching) -> None:
    """Join what has no place in either edition by its name, or else where it says the same in both."""
    for words_of in (_names_once, _sayings):
        waiting: dict[str, list[int]] = defaultdict(list)
        for at, words in enumerate(words_of(new)):
            if new.shapes[at] is None and at not in matching.old_of and words is not None:
                waiting[words].append(at)
        for at, words in enumerate(words_of(old)):
            if old.shapes[at] is None and at not in matching.new_of and waiting.get(words or ""):
                other = waiting[words or ""][0]
                if not _differ(old.codes[at], new.codes[other]):
                    matching.join(at, waiting[words or ""].pop(0), Link(0.0, 0.0))


def _names_once(edition: Edition) -> Sequence[str | None]:
    return _unique(edition.names)


def _sayings(edition: Edition) -> Sequence[str | None]:
    return [json.dumps(row, default=str, sort_keys=True) for row in edition.properties]


def _relations(old_count: int, new_count: int, overlay: Overlay, matching: _Matching) -> list[Related]:
    of_old: dict[int, list[Related]] = defaultdict(list)
    of_new: dict[int, list[Related]] = defaultdict(list)
    for one, other in matching.new_of.items():
        of_old[one].append(Related(Relation.CONTINUES, one, other, matching.links[one, other]))
    for pair, link in _explained(overlay, matching).items():
        related = Related(_change_of_hands(pair, link, matching), *pair, link)
        of_old[pair[0]].append(related)
        of_new[pair[1]].append(related)
    nothing = Link(0.0, 0.0)
    gone = {one: [Related(Relation.GONE, one, None, nothing)] for one in range(old_count) if one not in of_old}
    came = [
        Related(Relation.NEW, None, other, nothing)
        for other in range(new_count)
        if other not in of_new and other not in matching.old_of
    ]
    return [row for one in range(old_count) for row in of_old.get(one) or gone[one]] + came


def _change_of_hands(pair: tuple[int, int], link: Link, matching: _Matching) -> Relation:
    old, new = pair
    if old in matching.new_of or (new not in matching.old_of and link.of_new >= link.of_old):
        return Relation.SPLIT
    return Relation.MERGED


def _explained(overlay: Overlay, matching: _Matching) -> Mapping[tuple[int, int], Link]:
    """The links that say where a feature without a partner came from or went, if together they say most of it."""
    parts_of_new, parts_of_old = defaultdict(dict), defaultdict(dict)  # type: ignore[var-annotated]
    for (old, new), link in matching.links.items():
        if new not in matching.old_of and link.of_new > 0:
            taken = matching.new_of.get(old)
            parts_of_new[new][old] = (
                link.of_new if taken is None else overlay.left_over(new, old, taken, old_part=False)
            )
        if old not in matching.new_of and link.of_old > 0:
            taken = matching.old_of.get(new)
            parts_of_old[old][new] = link.of_old if taken is None else overlay.left_over(old, new, taken, old_part=True)
    kept: dict[tuple[int, int], Link] = {}
    for new, parts in parts_of_new.items():
        if sum(parts.values()) >= MOST:
            kept |= {(old, new): matching.links[old, new] for old, part in parts.items() if part >= LINK}
    for old, parts in parts_of_old.items():
        if sum(parts.values()) >= MOST:
            kept |= {(old, new): matching.links[old, new] for new, part in parts.items() if part >= LINK}
    return dict(sorted(kept.items()))


def _free(count: int, taken: Mapping[int, int], edition: Edition) -> Indexes:
    return np.array([at for at in range(count) if at not in taken and edition.shapes[at] is not None], dtype=np.int64)


def _columns(pairs: Iterable[tuple[int, int]]) -> tuple[Indexes, Indexes]:
    array = np.array(list(pairs), dtype=np.int64).reshape(-1, 2)
    return array[:, 0], array[:, 1]


def _unique(values: Sequence[str | None]) -> Sequence[str | None]:
    counts = Counter(values)
    return [value if counts[value] == 1 else None for value in values]


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other
