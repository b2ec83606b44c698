"""What changed between two editions of a layer, feature by feature, how much, and how sure that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import shapely

from atlas.editions.displacement import displacement_m
from atlas.editions.edition import Edition
from atlas.editions.matching import MOST, NEARLY_ALL, Link, Related, Relation, related_features
from atlas.editions.shares import Overlay
from atlas.errors import InputError
from atlas.geometry.meridian_frame import MeridianFrame

HECTARE_M2 = 10_000.0
TOLERANCE_M = 1.0
# lines and points of different editions that are nearer than this may be one
NEAR_M = 1_000.0
_AREAS = 2
_CERTAIN, _FAIR = 0.95, 0.8


class Kind(StrEnum):
    """What happened to a feature, the weightiest first."""

    SPLIT = "split"
    MERGED = "merged"
    GONE = "gone"
    NEW = "new"
    MOVED = "moved"
    RECODED = "recoded"
    RENAMED = "renamed"
    UNCHANGED = "unchanged"


class Confidence(StrEnum):
    """How sure it is that two features belong together, or that one has no other."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Change:
    """What happened between an old feature and a new one.

    Attributes
    ----------
    kinds
        All that happened, the weightiest first; never empty.
    old, new
        Indexes into the editions; None for what has no counterpart.
    continues
        Whether the new feature is the old one, and so keeps its id.
    share_of_old, share_of_new
        Which part of each lies in the other, 0 to 1.
    displacement_m
        How far its edge, line or point moved at most; None where it became another thing.
    gained_ha, lost_ha
        Ground in the new one only and in the old one only; None for what is no area.
    confidence, why
        How sure this is, and by what.
    """

    kinds: tuple[Kind, ...]
    old: int | None
    new: int | None
    continues: bool
    share_of_old: float | None
    share_of_new: float | None
    displacement_m: float | None
    gained_ha: float | None
    lost_ha: float | None
    confidence: Confidence
    why: str

    @property
    def kind(self) -> Kind:
        """The weightiest thing that happened."""
        return self.kinds[0]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two editions and everything that changed between them.

    Attributes
    ----------
    tolerance_m
        Up to which displacement a shape counts as unchanged.
    near_m
        How far lines and points might lie apart and be one.
    """

    old: Edition
    new: Edition
    changes: Sequence[Change]
    tolerance_m: float
    near_m: float

    @property
    def counts(self) -> Mapping[Kind, int]:
        """How many relations there are of each kind, by the weightiest thing that happened in each."""
        counts = Counter(change.kind for change in self.changes)
        return {kind: counts[kind] for kind in Kind if counts[kind]}

    @property
    def is_same(self) -> bool:
        """Whether nothing changed beyond the tolerance."""
        return all(change.kind is Kind.UNCHANGED for change in self.changes)


def compare_editions(
    old: Edition, new: Edition, *, tolerance_m: float = TOLERANCE_M, near_m: float = NEAR_M
) -> Comparison:
    """Tell two editions of a layer apart.

    Parameters
    ----------
    old, new
        Features of one kind: areas, lines or points.
    tolerance_m
        Up to which displacement, in metres, a shape counts as unchanged.
    near_m
        How far points and lines of the two may lie from each other and still be one.

    Raises
    ------
    InputError
        An edition holds several kinds of shape, or the two hold different ones.
    """
    dimension = _dimension_of(old, new)
    comparison = Comparison(old, new, [], tolerance_m, near_m)
    # what lies on both sides of 180° is near each other
    frame = MeridianFrame.around(np.concatenate([old.shapes, new.shapes]))
    old, new = (replace(one, shapes=frame.turned(one.shapes)) for one in (old, new))
    overlay = Overlay(old.shapes, new.shapes, dimension=max(dimension, 0), near_m=near_m)
    rows = related_features(old, new, overlay)
    split = {row.old for row in rows if row.relation is Relation.SPLIT}
    merged = {row.new for row in rows if row.relation is Relation.MERGED}
    judge = _Judge(old, new, overlay, tolerance_m, frozenset(split - {None}), frozenset(merged - {None}))  # type: ignore[arg-type]
    return replace(comparison, changes=[judge.change_of(row) for row in rows])


def _dimension_of(old: Edition, new: Edition) -> int:
    both = {edition.dimension for edition in (old, new)} - {-1}
    if len(both) > 1:
        words = [("points", "lines", "areas")[edition.dimension] for edition in (old, new)]
        msg = f"{old.title} holds {words[0]} and {new.title} {words[1]}; two editions of one layer hold the same kind"
        raise InputError(msg)
    return both.pop() if both else -1


@dataclass(frozen=True, slots=True)
class _Judge:
    """Turns relations into changes."""

    old: Edition
    new: Edition
    overlay: Overlay
    tolerance_m: float
    split: frozenset[int]
    merged: frozenset[int]

    def change_of(self, row: Related) -> Change:
        if row.relation is Relation.CONTINUES and row.old is not None and row.new is not None:
            return self._continued(row.old, row.new, row.link)
        if row.old is None or row.new is None:
            return self._alone(row)
        confidence = self._of_parts(row)
        why = (
            f"{row.link.of_new:.0%} of the new one lies in the old one"
            if row.relation is Relation.SPLIT
            else f"{row.link.of_old:.0%} of the old one lies in the new one"
        )
        kind = Kind.SPLIT if row.relation is Relation.SPLIT else Kind.MERGED
        return self._made((kind,), row, continues=False, displacement=None, judged=(confidence, why))

    def _continued(self, old: int, new: int, link: Link) -> Change:
        torn = old in self.split or new in self.merged
        moved = None if torn else displacement_m(self.old.shapes[old], self.new.shapes[new])
        placed = (self.old.shapes[old] is None) != (self.new.shapes[new] is None)
        kinds = [Kind.SPLIT] * (old in self.split) + [Kind.MERGED] * (new in self.merged)
        kinds += [Kind.MOVED] * (placed or (moved is not None and moved > self.tolerance_m))
        kinds += [Kind.RECODED] * _differ(self.old.codes[old], self.new.codes[new])
        kinds += [Kind.RENAMED] * _differ(self.old.names[old], self.new.names[new])
        row = Related(Relation.CONTINUES, old, new, link)
        judged = self._of_pair(old, new, link, torn=torn)
        return self._made(tuple(kinds) or (Kind.UNCHANGED,), row, continues=True, displacement=moved, judged=judged)

    def _of_pair(self, old: int, new: int, link: Link, *, torn: bool) -> tuple[Confidence, str]:
        code = self.old.codes[old] is not None and self.old.codes[old] == self.new.codes[new]
        name = self.old.names[old] is not None and self.old.names[old] == self.new.names[new]
        recoded = _differ(self.old.codes[old], self.new.codes[new])
        by = " and ".join(["code"] * code + ["name"] * name)
        ground = f"{link.likeness:.0%} of their ground is common" if link.likeness else "no ground is common"
        why = f"same {by}; {ground}" if by else ground
        if link.likeness >= NEARLY_ALL:
            return (Confidence.MEDIUM if recoded and not name and link.likeness < 1 else Confidence.HIGH), why
        if link.likeness >= MOST or torn:
            return (Confidence.HIGH if code and name else Confidence.MEDIUM if code or name else Confidence.LOW), why
        return (Confidence.MEDIUM if code and name else Confidence.LOW), why

    def _of_parts(self, row: Related) -> Confidence:
        """How sure a part is: by how much of it lies in the whole."""
        part = row.link.of_new if row.relation is Relation.SPLIT else row.link.of_old
        return Confidence.HIGH if part >= _CERTAIN else Confidence.MEDIUM if part >= _FAIR else Confidence.LOW

    def _alone(self, row: Related) -> Change:
        edition, others, index = (self.old, self.new, row.old) if row.new is None else (self.new, self.old, row.new)
        code = edition.codes[index or 0]
        reused = code is not None and code in others.codes
        why = (
            f"its code {code!r} is that of another place in the other edition"
            if reused
            else "the other edition has nothing there"
        )
        kind = Kind.GONE if row.new is None else Kind.NEW
        judged = (Confidence.LOW if reused else Confidence.HIGH), why
        return self._made((kind,), row, continues=False, displacement=None, judged=judged)

    def _made(
        self,
        kinds: tuple[Kind, ...],
        row: Related,
        *,
        continues: bool,
        displacement: float | None,
        judged: tuple[Confidence, str],
    ) -> Change:
        both = row.old is not None and row.new is not None
        gained, lost = self._hectares(row) if both else (None, None)
        of_old, of_new = (row.link.of_old, row.link.of_new) if both else (None, None)
        confidence, why = judged
        return Change(kinds, row.old, row.new, continues, of_old, of_new, displacement, gained, lost, confidence, why)

    def _hectares(self, row: Related) -> tuple[float | None, float | None]:
        if not any(
            shapely.get_dimensions(edition.shapes).max(initial=-1) == _AREAS for edition in (self.old, self.new)
        ):
            return None, None
        if row.link == (1.0, 1.0):
            # how large they are says nothing more
            return 0.0, 0.0
        (old,), (new,) = self.overlay.sizes_old(np.array([row.old])), self.overlay.sizes_new(np.array([row.new]))
        gained, lost = new * (1 - row.link.of_new), old * (1 - row.link.of_old)
        return tuple(float(np.nan_to_num(value)) / HECTARE_M2 for value in (gained, lost))  # type: ignore[return-value]


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other
