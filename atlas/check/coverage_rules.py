"""Gaps and overlaps between neighbouring areas, measured; the only rules that hold all areas in memory.

Areas that cover each other for more than half of the smaller one lie on top of each other on purpose, such as states
and municipalities, and aren't neighbours. Of the others, what two have in common is an overlap; a hole in the union of
all, into which no area's own hole fits, is a gap if it is narrower than 200 m on average (twice its area by its
perimeter) and lies between two areas or more; edges of two that run beside each other within a metre, and differ, do
not match.

*Why it is right.* If all edges match (GEOS compares them edge by edge), areas neither overlap nor leave slivers, and
the union is found by leaving out the edges that occur twice. Only otherwise is it computed by overlay, which finds the
same. Sizes are those on the ellipsoid.

*Invariants*: order and direction of areas change nothing; what `atlas clean` closes, check does not find. More than two
million positions are not compared, and the report says so. Source: coverage validation of JTS and GEOS (M. Davis,
2022).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.check.edge_suspects import Widths, edge_suspects
from atlas.check.messages import place, several
from atlas.check.model import Findings
from atlas.check.polygon_rules import Shapes
from atlas.check.position_batch import Parts
from atlas.check.strips import Strip, gap_strips, is_narrow, overlap_strips
from atlas.geojson.model import Mark, mark
from atlas.geometry.coverage import away_from_touches

MOST_POSITIONS = 2_000_000
# areas that cover each other for more than this share lie on top of each other on purpose
_STACKED = 0.5
_MOST_PAIRS = 20_000

# edges that run beside each other, a little less than a metre apart, were meant to be one
_BESIDE_DEG = 8e-6

# what two areas share, by their indexes
Overlaps = dict[tuple[int, int], BaseGeometry]


@dataclass(slots=True)
class Coverage:
    """Collects the areas of a file, and compares neighbours at the end while there are not too many of them."""

    findings: Findings
    strips: list[Strip] = field(default_factory=list)
    _areas: list[BaseGeometry] = field(default_factory=list)
    _marks: list[Mark] = field(default_factory=list)
    _positions: int = 0
    _fits: bool = True

    def check(self, parts: Parts, areas: Shapes, items: NDArray[np.int64]) -> None:
        """Take the sound areas of a batch, with the indexes of their features."""
        self._count(parts)
        if not self._fits:
            self._areas.clear()
            self._marks.clear()
            return
        inside = (np.abs(shapely.bounds(areas)) <= [180, 90, 180, 90]).all(axis=1)
        self._areas.extend(areas[inside])
        self._marks.extend(mark(parts.batch.items[index]) for index in items[inside].tolist())

    def _count(self, parts: Parts) -> None:
        self._positions += int(parts.sizes[parts.rings].sum())
        self._fits = self._fits and self._positions <= MOST_POSITIONS

    def _note(self) -> None:
        note = f"Gaps and overlaps were not looked for: the areas have more than {MOST_POSITIONS:,} positions."
        self.findings.notes.append(note)

    def finish(self) -> None:
        """Say where neighbours leave gaps, overlap or do not share their vertices."""
        if not self._fits:
            self._note()
            return
        if len(self._areas) < 2:  # noqa: PLR2004 - neighbours are two
            return
        shapes = np.array(self._areas, dtype=object)
        beside = beside_each_other(shapes)
        chosen, common = beside.chosen, beside.common
        if common is None:
            note = f"Gaps and overlaps were not looked for: more than {_MOST_PAIRS:,} pairs of areas overlap."
            self.findings.notes.append(note)
            return
        if stacked := len(shapes) - len(chosen):
            note = f"{several(stacked, 'area lies', 'areas lie')} on others and took no part in looking for gaps."
            self.findings.notes.append(note)
        if len(chosen) > 1:
            wrong = beside.wrong
            if wrong is None:
                wrong = shapely.coverage_invalid_edges(shapes[chosen], gap_width=_BESIDE_DEG)
            marks = [self._marks[n] for n in chosen.tolist()]
            self.strips = _compare(shapes[chosen], marks, (common, wrong), self.findings)


@dataclass(frozen=True, slots=True)
class Beside:
    """Indexes of areas that do not lie on top of another one, what pairs of those share, and their unmatched edges.

    ``common`` is nothing where there are too many pairs, ``wrong`` where other areas were left out.
    """

    chosen: NDArray[np.int64]
    common: Overlaps | None
    wrong: Shapes | None


def beside_each_other(shapes: Shapes, *, apart_deg: float = _BESIDE_DEG) -> Beside:
    """Tell areas that lie beside each other from those on top; edges ``apart_deg`` degrees apart ought to match."""
    chosen = _first_of_each(shapes)
    wrong = unmatched_edges(shapes[chosen], apart_deg)
    overlaps = _overlapping(shapes[chosen], wrong)
    if overlaps is None or not overlaps:
        return Beside(chosen, overlaps, wrong)
    areas = shapely.area(shapes[chosen])
    on_top = {b for (a, b), common in overlaps.items() if shapely.area(common) > _STACKED * min(areas[a], areas[b])}
    beside = np.array([n for n in range(len(chosen)) if n not in on_top], dtype=np.int64)
    renumbered = {int(old): new for new, old in enumerate(beside)}
    kept = {(renumbered[a], renumbered[b]): g for (a, b), g in overlaps.items() if a not in on_top and b not in on_top}
    return Beside(chosen[beside], kept, wrong if len(beside) == len(chosen) else None)


def unmatched_edges(shapes: Shapes, apart_deg: float, *, valid: bool = True) -> Shapes:
    """Edges that differ from a neighbour's, of each area; those ``apart_deg`` degrees apart ought to match.

    Whatever is found at check's own width is among them: GEOS passes over edges that are shorter than the width. Where
    not all areas are ``valid``, GEOS looks at all of them.
    """
    widths = (apart_deg,) if apart_deg <= _BESIDE_DEG else (apart_deg, _BESIDE_DEG)
    wrong = np.full(len(shapes), shapely.LineString(), dtype=object)
    left = edge_suspects(shapes, Widths(min(widths), max(widths))) if valid else np.arange(len(shapes))
    for width in widths:
        some = _around(shapes, left, width)
        wrong[left] = shapely.coverage_invalid_edges(shapes[some], gap_width=width)[np.searchsorted(some, left)]
        left = left[shapely.is_empty(wrong[left])]
    return wrong


def _around(shapes: Shapes, chosen: NDArray[np.int64], width: float) -> NDArray[np.int64]:
    """Some areas with all that GEOS compares them with: those whose boxes are no farther away."""
    west, south, east, north = shapely.bounds(shapes[chosen]).T
    boxes = shapely.box(west - width, south - width, east + width, north + width)
    return np.union1d(shapely.STRtree(shapes).query(boxes)[1], chosen)


def _first_of_each(shapes: Shapes) -> NDArray[np.int64]:
    """Indexes of areas without those that are equal to an earlier one."""
    boxes = shapely.bounds(shapes)
    _, first, counts = np.unique(boxes, axis=0, return_index=True, return_counts=True)
    if (counts == 1).all():
        return np.arange(len(shapes))
    _, first = np.unique(np.array(shapely.to_wkb(shapes).tolist(), dtype=object), return_index=True)
    return np.sort(first)


def _overlapping(shapes: Shapes, wrong: Shapes) -> Overlaps | None:
    """What pairs of areas share, only of those whose edges do not match anyway; nothing when there are too many."""
    faulty = np.flatnonzero(~shapely.is_empty(wrong))
    if not len(faulty):
        return {}
    left, right = shapely.STRtree(shapes[faulty]).query(shapes[faulty], predicate="intersects")
    ahead = left < right
    left, right = faulty[left[ahead]], faulty[right[ahead]]
    if len(left) > _MOST_PAIRS:
        return None
    shapely.prepare(shapes[left])
    meeting = ~shapely.touches(shapes[left], shapes[right])
    left, right = left[meeting], right[meeting]
    order = np.lexsort([right, left])
    common = shapely.intersection(shapes[left[order]], shapes[right[order]])
    return dict(zip(zip(left[order].tolist(), right[order].tolist(), strict=True), common.tolist(), strict=True))


def _compare(shapes: Shapes, marks: list[Mark], faults: tuple[Overlaps, Shapes], findings: Findings) -> list[Strip]:
    """Say what is wrong between areas, from what pairs share and edges that do not match; gives gaps and overlaps."""
    common, wrong = faults[0], away_from_touches(shapes, faults[1], _BESIDE_DEG)
    # where all edges match, leaving out the shared ones is enough, and many times quicker
    matched = bool(shapely.is_empty(wrong).all())
    union = shapely.coverage_union_all(shapes) if matched else shapely.union_all(shapes)
    overlaps = list(overlap_strips(common, marks))
    gaps = list(gap_strips(shapes, marks, union))
    strips = [*filter(is_narrow, overlaps), *gaps]
    for one in strips:
        findings.add(one.rule, one.marks[0], one.message, position=one.position)
    near = [one.shape for one in (*overlaps, *gaps)]
    explained = shapely.buffer(shapely.union_all(near), 1e-9) if near else shapely.Point()
    for index in np.flatnonzero(~shapely.is_empty(wrong)).tolist():
        rest = wrong[index] if not near else _away_from(wrong[index], explained)
        if not shapely.is_empty(rest):
            lon, lat = shapely.get_coordinates(rest)[0].tolist()
            message = (
                f"The edge does not have the neighbour's vertices near {place((lon, lat))}: "
                "give both the same ones, so that no gap opens when they are drawn or simplified."
            )
            findings.add("edge-mismatch", marks[index], message, position=(lon, lat))
    return strips


def _away_from(edges: BaseGeometry, explained: BaseGeometry) -> BaseGeometry:
    lines = shapely.get_parts(edges)
    return shapely.multilinestrings(lines[~shapely.intersects(lines, explained)])
