"""A file looked at feature by feature while it is cleaned as it is read, and which features need more than the others.

*Odd* features are those that break a rule which needs more than rounding and turning rings round, and those that have
members beyond the usual ones. They are held, as long as they are few; of all others nothing is kept.
"""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from atlas.check import RULES
from atlas.check.checker import Checker
from atlas.check.model import Findings
from atlas.check.polygon_rules import Shapes
from atlas.check.position_batch import Parts
from atlas.check.position_rules import finer
from atlas.check.text_rules import faults_of
from atlas.clean.actions import Strategy, action_of
from atlas.clean.model import Feature
from atlas.clean.options import DECIMALS, Options
from atlas.clean.put_aside import intolerable
from atlas.clean.reading import SEQUENCES, feature_of
from atlas.clean.recheck import ArrayGeometries, Note
from atlas.clean.small_areas import SmallAreas
from atlas.geojson.geometries import DEPTHS
from atlas.geojson.lazy_json import CoordinateStubs
from atlas.geojson.model import Item, Mark
from atlas.geojson.plain_line import is_plain_point

ROUNDED = "precision-excessive"
TWICE = "feature-twice"
# left as it is, or mended in every feature
LEFT = frozenset({"geometry-mixed", "member-foreign", "position-3d", "precision-mixed"})
RINGS = frozenset({"ring-open", "ring-winding", "vertex-repeated"})
_FIRST = LEFT | RINGS | {"crs-member", ROUNDED}
_TEXTS = frozenset({"personal-data", "text-bidi", "text-control", "text-lost", "text-mojibake", "text-not-nfc"})
# where the user keeps one of these, nothing is done to any feature
_KEPT = (
    RINGS
    | _TEXTS
    | {ROUNDED, TWICE, "id-twice", "null-island"}
    | {"code-zero-lost", "date-not-iso", "number-unsafe", "text-empty", "type-mixed"}
)
# said of a feature whatever the others are
_MEMBERS = frozenset(
    {
        *("collection-nested", "feature-members", "feature-type", "geometry-empty", "geometry-members"),
        *("geometry-null", "geometry-type", "id-type", "key-twice", "member-forbidden", "nesting-deep", "number-huge"),
        *("number-nan", "position-extra", "position-form", "position-mixed", "properties-type"),
        *("bbox-false", "bbox-form", "bbox-order"),
    }
)
_SHAPES = frozenset(
    {
        *("hole-outside", "line-short", "line-zero-length", "null-island", "overlap-parts", "polygon-invalid"),
        *("ring-flat", "ring-short", "self-intersection", "sliver", "spike"),
    }
)
# how they are mended follows from the areas of the whole file
_CROSSING = frozenset({"antimeridian", "position-range"})
_USUAL = frozenset({"type", "id", "geometry", "properties"})
_GEOMETRY = frozenset({"type", "coordinates"})
# bytes of odd features that may be held, and of all that was read
_HELD_BYTES, _HELD_SHARE = 2_000_000, 0.1
NO_STUBS = CoordinateStubs(b"")


def allowed(options: Options, rules: frozenset[str] = LEFT) -> frozenset[str]:
    """Rules that may be broken by a feature which is not odd."""
    return rules | (options.keep & _KEPT)


@dataclass(slots=True)
class _Doubts(Findings):
    """Counts all findings, and keeps those of rules that are not allowed."""

    allowed: frozenset[str] = frozenset()
    doubts: list[Note] = field(default_factory=list)
    # features with too many decimals, since somebody took them away
    fine: set[int | None] = field(default_factory=set)

    def add(  # noqa: PLR0913 - what a finding has
        self,
        rule: str,
        at: Item | Mark | None,
        message: str,
        *,
        path: Sequence[str | int] = (),
        position: tuple[float, float] | None = None,
        line: int | None = None,  # noqa: ARG002 - as in the base
    ) -> None:
        """Count a finding, and keep it where it may not be."""
        self.counts[rule] += 1
        index = at.index if at else None
        if rule == ROUNDED:
            self.fine.add(index)
        if rule not in self.allowed:
            self.doubts.append(Note(rule, index, tuple(path), message, position))


@dataclass(slots=True)
class _Areas(SmallAreas):
    """Notes which features have a seventh decimal as well."""

    fine: set[int | None] = field(default_factory=set)

    def check(self, parts: Parts, areas: Shapes, items: NDArray[np.int64]) -> None:
        """Take a batch."""
        owners = np.unique(parts.owners[parts.part_of[finer(parts.xy, DECIMALS)]])
        self.fine.update(parts.batch.items[owner].index for owner in owners.tolist())
        # which class is meant is not certain in a dataclass that has slots
        SmallAreas.check(self, parts, areas, items)


class _Checker(Checker):
    """Lets a look keep features when they were looked at."""

    def __init__(self, findings: Findings, areas: SmallAreas, look: FirstLook | None = None) -> None:
        super().__init__(findings, geometries=ArrayGeometries)
        self.coverage = areas
        # no cycle: while a file is cleaned nobody looks for cycles, and what this keeps of every feature would stay
        self._look = None if look is None else weakref.ref(look)

    def _flush(self) -> None:
        items = self._batch.items
        super()._flush()
        if self._look is not None and (look := self._look()) is not None:
            look.hold(items)


class FirstLook:
    """A file as it is: which features are odd, and whether all the others need no more than is done to each."""

    def __init__(self, options: Options) -> None:
        self.findings = _Doubts(RULES, allowed=allowed(options, _FIRST))
        self.areas = _Areas(self.findings, snap_m=options.snap_m)
        self.checker = _Checker(self.findings, self.areas, self)
        self.held: list[Feature] = []
        # of what is not odd: whether there were only points, any areas, more than seven decimals, more than six
        self.points, self.areal, self.excessive, self.seventh = True, False, False, False
        # the rule that features one after the other break
        self.sequence: str | None = None
        self._options = options
        self._odd: set[int | None] = set()
        self._count = self._judged = self._read = self._held_bytes = 0

    def takes(self, item: Item) -> bool:
        """Whether it may go on after a feature."""
        if not (item.plain or is_plain_point(item.value)):
            if (kind := _usual_kind(item.value)) is None:
                self._odd.add(item.index)
            else:
                self.points, self.areal = False, self.areal or kind.endswith("Polygon")
        self._count += 1
        self._read += len(item.text)
        self.checker.feature(item)
        return self.goes_on()

    @property
    def others(self) -> bool:
        """Whether there are features that are not odd."""
        return self._count > len(self.held)

    def ends(self, *, moved: bool) -> bool:
        """Whether the whole file is as it should be; neighbours only where nothing will be ``moved``."""
        if moved:
            self.areas.forget()
        self.checker.finish()
        return self.goes_on() and not self.areas.doubtful

    def goes_on(self) -> bool:
        """Whether all that was said so far can be settled by looking at single features, and these are few."""
        new = self.findings.doubts[self._judged :]
        self._judged += len(new)
        few = self._held_bytes <= _HELD_BYTES + _HELD_SHARE * self._read
        return few and all(map(self._may, new))

    def _may(self, note: Note) -> bool:
        if note.rule in SEQUENCES and self.sequence is None:
            self.sequence = note.rule
            return True
        if note.index is None or not self._is_of_one(note):
            return False
        options = self._options
        asked = action_of(note.rule).strategy is Strategy.ASK
        if asked and note.rule not in options.keep | options.reject | options.repair:
            return False
        if note.rule == TWICE:
            return note.index in self._odd
        self._odd.add(note.index)
        return True

    def _is_of_one(self, note: Note) -> bool:
        if note.rule in _CROSSING:
            return not self.areal
        # the name of a field is that of other features too
        is_field = note.path[:1] == ("properties",) and len(note.path) == 2  # noqa: PLR2004 - a field
        if note.rule in _TEXTS and is_field and faults_of(str(note.path[1])):
            return False
        return note.rule in _MEMBERS | _SHAPES | _TEXTS or note.rule == TWICE

    def hold(self, items: Sequence[Item]) -> None:
        """Keep the odd ones of features that were looked at."""
        odd = self._odd | {note.index for note in self.findings.doubts[self._judged :]}
        self.excessive = self.excessive or not self.findings.fine <= odd
        self.seventh = self.seventh or not self.areas.fine <= odd
        self.findings.fine.clear()
        self.areas.fine.clear()
        for item in items:
            if item.index is not None and item.index in odd:
                self.held.append(feature_of(item, NO_STUBS))
                self._held_bytes += len(item.text)


class LastLook:
    """A file as it will be, or with features that will still be put aside: what check says about it."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self.findings = _Doubts(RULES, allowed=allowed(options))
        self.areas = SmallAreas(self.findings, snap_m=options.snap_m)
        self.checker = _Checker(self.findings, self.areas)

    def ends(self) -> bool:
        """Whether neighbours are as they should be; what is said of features is among the findings."""
        self.checker.finish()
        return not self.areas.doubtful

    @property
    def intolerable(self) -> list[Note]:
        """What may not stay."""
        return intolerable(self._options, self.findings.doubts)


def _usual_kind(value: object) -> str | None:
    """The type of the one geometry of a feature with no member beyond the usual ones; nothing where it is another."""
    if not isinstance(value, dict) or not value.keys() <= _USUAL:
        return None
    geometry = value.get("geometry")
    if not isinstance(geometry, dict) or geometry.keys() != _GEOMETRY:
        return None
    kind = geometry["type"]
    return kind if isinstance(kind, str) and kind in DEPTHS else None
