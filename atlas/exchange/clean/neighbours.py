"""Gaps and overlaps between neighbouring areas, closed so that neighbours share their edges exactly."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.exchange.check.coverage import Beside, beside_each_other
from atlas.exchange.clean.measure import METRES_PER_DEGREE, apart_m, area_m2, is_narrow
from atlas.exchange.clean.model import Feature
from atlas.exchange.clean.shapes import area_of, has_rings, put_area
from atlas.exchange.clean.work import Work

_ROUNDS = 8
_LEVELS = 4
# without any snapping GEOS takes two areas for one where a position of one lies on an edge of the other
_NODES_DEG = 1e-9
_RULES = ("gap", "overlap", "edge-mismatch")

Shapes = NDArray[np.object_]
Indexes = NDArray[np.int64]


@dataclass(slots=True, eq=False)
class Area:
    """A feature that is one area, with the file that it is from."""

    work: Work
    feature: Feature
    geometry: dict[str, Any]
    shape: BaseGeometry


def areas_of(works: Iterable[Work]) -> list[Area]:
    """All valid areas on the globe; those of the file with most of them first, since these have the finest edges."""
    found = []
    for work in works:
        own = []
        for feature in work.document.kept:
            geometries = [geometry for geometry, _ in feature.geometries()]
            if len(geometries) == 1 and has_rings(geometries[0]):
                own.append(Area(work, feature, geometries[0], area_of(geometries[0]["coordinates"])))
        found.append(own)
    flat = [one for own in sorted(found, key=len, reverse=True) for one in own]
    if not flat:
        return []
    shapes = np.array([one.shape for one in flat], dtype=object)
    sound = shapely.is_valid(shapes) & (np.abs(shapely.bounds(shapes)) <= [180, 90, 180, 90]).all(axis=1)
    return [one for one, good in zip(flat, sound.tolist(), strict=True) if good]


def mend_neighbours(works: Sequence[Work], decimals: int) -> list[Area]:
    """Close gaps and settle overlaps narrower than the width to snap; gives the areas that changed, as they were."""
    options = works[0].options
    changed: list[Area] = []
    left = [] if set(_RULES) <= options.keep else areas_of(works)
    # areas that lie on others, such as states on municipalities, are neighbours of each other
    for _ in range(_LEVELS):
        if len(left) < 2:  # noqa: PLR2004 - neighbours are two
            break
        shapes = np.array([one.shape for one in left], dtype=object)
        beside = beside_each_other(shapes, apart_deg=options.snap_m / METRES_PER_DEGREE)
        chosen = beside.chosen
        if beside.common is None:
            break
        clean = beside.wrong is not None and bool(shapely.is_empty(beside.wrong).all())
        if not clean:
            changed += _level([left[n] for n in chosen.tolist()], beside, options.snap_m, decimals)
        remaining = set(range(len(left))) - set(chosen.tolist())
        left = [left[n] for n in sorted(remaining)]
    return changed


def _level(areas: list[Area], beside: Beside, snap_m: float, decimals: int) -> list[Area]:
    """Mend areas that lie beside each other."""
    common = beside.common or {}
    wide = {n for pair, shared in common.items() if not is_narrow(shared, snap_m) for n in pair}
    usable = np.array([n for n in range(len(areas)) if n not in wide], dtype=np.int64)
    if len(usable) < 2 or not snap_m:  # noqa: PLR2004 - neighbours are two
        return []
    old = np.array([areas[n].shape for n in usable.tolist()], dtype=object)
    wrong = None if beside.wrong is None else np.flatnonzero(~shapely.is_empty(beside.wrong[usable]))
    new = _Plane(old, decimals).mended(snap_m, wrong)
    changed = []
    for index, shape in zip(usable.tolist(), new.tolist(), strict=True):
        area = areas[index]
        if not shapely.equals_exact(area.shape, shape, 0) and not _same(area.shape, shape):
            changed.append(Area(area.work, area.feature, area.geometry, area.shape))
            _put(area, shape, decimals)
    return changed


def _same(first: BaseGeometry, second: BaseGeometry) -> bool:
    """Whether two areas have the same rings, wherever they begin."""
    return bool(shapely.equals_exact(shapely.normalize(first), shapely.normalize(second), 0))


def _put(area: Area, shape: BaseGeometry, decimals: int) -> None:
    coords = area.geometry["coordinates"]
    was, deep = area_m2(coords), coords.deep
    before = shapely.get_num_coordinates(area.shape)
    put_area(area.geometry, shape, decimals)
    after = area.geometry["coordinates"]
    what = f"{sum(map(len, after.runs)):,} positions{', without heights' if deep and not after.deep else ''}"
    area.work.move(
        area.feature,
        "edge-mismatch",
        f"{before:,} positions",
        what,
        area_m2=area_m2(after) - was,
        moved_m=apart_m(area.shape, shape),
    )


class _Plane:
    """Areas in a plane in which a degree is as long either way, and the grid that they are rounded to."""

    def __init__(self, shapes: Shapes, decimals: int) -> None:
        bounds = shapely.total_bounds(shapes)
        self._scale = np.array([math.cos(math.radians((bounds[1] + bounds[3]) / 2)), 1.0])
        self._decimals = decimals
        self._shapes = shapes

    def mended(self, snap_m: float, wrong: Indexes | None) -> Shapes:
        """The areas with common edges, at their decimals, in degrees; ``wrong`` are those to begin with, if known."""
        width = snap_m / METRES_PER_DEGREE
        now = shapely.transform(self._shapes, lambda xy: xy * self._scale)
        look: Indexes = np.arange(len(now)) if wrong is None else wrong
        if wrong is not None:
            look = np.unique(
                np.append(shapely.STRtree(now).query(now[wrong], predicate="dwithin", distance=width)[1], wrong)
            )
        for turn in range(_ROUNDS):
            faulty, edges = _faulty(now, look, width)
            if not len(faulty):
                break
            around = shapely.STRtree(now).query(now[faulty], predicate="dwithin", distance=width)[1]
            subset: Indexes = np.unique(np.append(around, faulty))
            part = now[subset].copy()
            if turn:
                _snap(part, subset, faulty, edges, width)
            cleaned = self._rounded(shapely.coverage_clean(part, gap_width=width, snapping_distance=_NODES_DEG))
            if not _alike(now[subset], cleaned, width):
                break
            now[subset] = cleaned
            beyond = shapely.STRtree(now).query(now[subset], predicate="dwithin", distance=width)[1]
            look = np.unique(np.append(beyond, subset))
        return np.asarray(shapely.transform(now, lambda xy: np.round(xy / self._scale, self._decimals) + 0.0))

    def _rounded(self, shapes: Shapes) -> Shapes:
        def to_grid(xy: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.asarray((np.round(xy / self._scale, self._decimals) + 0.0) * self._scale)

        return np.asarray(shapely.remove_repeated_points(shapely.transform(shapes, to_grid)))


def _alike(before: Shapes, after: Shapes, width: float) -> bool:
    """Whether no area is gone, or won or lost more than a strip of the width around it."""
    most = shapely.length(before) * width
    return bool((~shapely.is_empty(after) & (np.abs(shapely.area(after) - shapely.area(before)) <= most)).all())


def _faulty(shapes: Shapes, look: Indexes, width: float) -> tuple[Indexes, Shapes]:
    """Which of some areas are invalid or have edges that differ from their neighbours', and those edges."""
    edges = shapely.coverage_invalid_edges(shapes[look], gap_width=width)
    wrong = ~shapely.is_empty(edges) | ~shapely.is_valid(shapes[look])
    return look[wrong], edges[wrong]


def _snap(part: Shapes, subset: Indexes, faulty: Indexes, edges: Shapes, width: float) -> None:
    """Draw what is still apart onto the edges of those before it, such as gaps that are open at their ends."""
    places = np.searchsorted(subset, faulty)
    for n, place in enumerate(places.tolist()):
        before = [edge for edge in edges[:n].tolist() if not edge.is_empty]
        near = [edge for edge in before if shapely.dwithin(part[place], edge, width)]
        if near:
            snapped = shapely.snap(part[place], shapely.union_all(near), width)
            if shapely.is_valid(snapped) and not shapely.is_empty(snapped):
                part[place] = snapped
