"""Gaps and overlaps between neighbouring areas, closed so that neighbours share their edges exactly."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.check.coverage_rules import Beside, beside_each_other
from atlas.clean.area_repair import area_of, exact_area_of, has_rings, put_area
from atlas.clean.coverage_repair import CoverageRepair
from atlas.clean.file_session import FileSession
from atlas.clean.freed_memory import give_back
from atlas.clean.measure import apart_m, area_m2, is_narrow
from atlas.clean.model import Coordinates, Feature
from atlas.clean.reroute import changed_edges, reroute
from atlas.geometry.units import METRES_PER_DEGREE

_LEVELS = 4
_FARTHEST_LAT = 85.0
# check takes edges for one that lie a little nearer to each other than this
CHECKED_M = 1.0

Shapes = NDArray[np.object_]
Indexes = NDArray[np.int64]


@dataclass(slots=True, eq=False)
class Area:
    """A feature that is one area, with the file that it is from."""

    work: FileSession
    feature: Feature
    geometry: dict[str, Any]
    shape: BaseGeometry
    before: Coordinates


def areas_of(sessions: Iterable[FileSession]) -> list[Area]:
    """All valid areas on the globe; those of the file with most of them first, since these have the finest edges."""
    areas = []
    for session in sessions:
        members = []
        for feature in session.document.kept:
            geometries = [geometry for geometry, _ in feature.geometries()]
            if len(geometries) == 1 and has_rings(geometries[0]):
                coords = geometries[0]["coordinates"]
                members.append(Area(session, feature, geometries[0], area_of(coords), coords))
        areas.append(members)
    flat = [one for of_file in sorted(areas, key=len, reverse=True) for one in of_file]
    if not flat:
        return []
    shapes = np.array([one.shape for one in flat], dtype=object)
    sound = shapely.is_valid(shapes) & (np.abs(shapely.bounds(shapes)) <= [180, 90, 180, 90]).all(axis=1)
    return [one for one, good in zip(flat, sound.tolist(), strict=True) if good]


def mend_neighbours(sessions: Sequence[FileSession], decimals: int, near: set[int] | None = None) -> list[Area]:
    """Close gaps and settle overlaps narrower than the width to snap; gives the areas that changed, as they were.

    ``near`` names features, by their ``id()``, outside whose neighbourhood nothing has changed.
    """
    options = sessions[0].options
    sessions[0].matched = ()
    changed: list[Area] = []
    left = [] if "edge-mismatch" in options.keep else areas_of(sessions)
    if near is not None:
        left = _near(left, near, options.snap_m)
    # areas that lie on others, such as states on municipalities, are neighbours of each other
    for _ in range(_LEVELS):
        if len(left) < 2:  # noqa: PLR2004 - neighbours are two
            break
        shapes = np.array([one.shape for one in left], dtype=object)
        beside = beside_each_other(shapes, apart_deg=_degrees(shapes, options.snap_m))
        chosen = beside.chosen
        give_back()
        if beside.common is None:
            break
        matched = beside.wrong is not None and bool(shapely.is_empty(beside.wrong).all())
        if not matched:
            level = [left[n] for n in chosen.tolist()]
            mended, matched = _level(level, beside, options.snap_m, decimals)
            _take_along(sessions, left, (level, mended), options.snap_m)
            changed += mended
        if matched and near is None and len(sessions) == 1 and len(chosen) == len(left) and options.snap_m >= CHECKED_M:
            sessions[0].matched = tuple(area.geometry["coordinates"] for area in left)
        remaining = set(range(len(left))) - set(chosen.tolist())
        left = [left[n] for n in sorted(remaining)]
    return changed


def _degrees(shapes: Shapes, width_m: float) -> float:
    south, north = shapely.total_bounds(shapes)[[1, 3]].tolist()
    return degrees_of(south, north, width_m)


def degrees_of(south: float, north: float, width_m: float) -> float:
    """A width in degrees that is no less anywhere between two latitudes, east and west as well."""
    return width_m / METRES_PER_DEGREE / math.cos(math.radians(min(max(abs(south), abs(north)), _FARTHEST_LAT)))


def _take_along(
    sessions: Sequence[FileSession], areas: Sequence[Area], done: tuple[Sequence[Area], Sequence[Area]], snap_m: float
) -> None:
    """Let lines, and areas that lie on those of a level, follow the ones that were mended."""
    level, mended = done
    others = sum(1 for session in sessions for one in session.document.kept for _ in one.shapes()) > len(level)
    if not mended or not others:
        return
    edges = changed_edges([one.shape for one in mended], [one.geometry["coordinates"] for one in mended])
    reroute(sessions, edges, {id(one.geometry) for one in level}, snap_m)
    for area in areas:
        area.shape = area_of(area.geometry["coordinates"])


def _near(areas: list[Area], chosen: set[int], snap_m: float) -> list[Area]:
    """The chosen areas with those beside them, and those beside these."""
    shapes = np.array([one.shape for one in areas], dtype=object)
    indexes = np.array([n for n, one in enumerate(areas) if id(one.feature) in chosen], dtype=np.int64)
    tree = shapely.STRtree(shapes)
    for _ in range(2):
        near = tree.query(shapes[indexes], predicate="dwithin", distance=_degrees(shapes, snap_m))[1]
        indexes = np.union1d(indexes, near)
    return [areas[n] for n in indexes.tolist()]


def _level(areas: list[Area], beside: Beside, snap_m: float, decimals: int) -> tuple[list[Area], bool]:
    """Mend areas that lie beside each other; gives those that changed, and whether all were seen to match then.

    Of two that overlap by more than the width to snap, each is mended without the other.
    """
    wide = [pair for pair, shared in (beside.common or {}).items() if not is_narrow(shared, snap_m)]
    if not wide:
        return _mended(areas, beside.wrong, snap_m, decimals)
    changed: dict[int, Area] = {}
    for without in ({b for _, b in wide}, {a for a, _ in wide}):
        usable = [n for n in range(len(areas)) if n not in without]
        wrong = None if beside.wrong is None or changed else beside.wrong[usable]
        for area in _mended([areas[n] for n in usable], wrong, snap_m, decimals)[0]:
            changed.setdefault(id(area.geometry), area)
        for area in areas:
            area.shape = area_of(area.geometry["coordinates"])
    return list(changed.values()), False


def _mended(
    areas: list[Area], unmatched: NDArray[np.object_] | None, snap_m: float, decimals: int
) -> tuple[list[Area], bool]:
    """Areas that were changed so that all match, as they were, and whether all were seen to match then."""
    if len(areas) < 2 or not snap_m:  # noqa: PLR2004 - neighbours are two
        return [], False
    old = np.array([area.shape for area in areas], dtype=object)
    wrong = None if unmatched is None else np.flatnonzero(~shapely.is_empty(unmatched))

    # what rounding did is undone, so that nothing is moved twice
    def exact(number: int) -> BaseGeometry | None:
        return exact_area_of(areas[number].geometry["coordinates"])

    plane = CoverageRepair(old, decimals, exact)
    new = plane.mended(snap_m, wrong)
    changed = []
    for area, shape in zip(areas, new.tolist(), strict=True):
        if shape is not area.shape and not _same(area.shape, shape):
            changed.append(replace(area))
            put_area(area.geometry, shape, decimals)
            area.feature.moved = True
    return changed, plane.matched


def _same(first: BaseGeometry, second: BaseGeometry) -> bool:
    """Whether two areas have the same rings, wherever they begin."""
    return bool(shapely.equals_exact(shapely.normalize(first), shapely.normalize(second), 0))


def write_down(area: Area, decimals: int) -> None:
    """Say what came of an area, which is given as it was; how far its edges went is seen from before rounding."""
    after = area.geometry["coordinates"]
    shape = area_of(after)
    if _same(area.shape, shape):
        return
    exact = exact_area_of(area.before)
    area.work.move(
        area.feature,
        "edge-mismatch",
        f"{shapely.get_num_coordinates(area.shape):,} positions",
        f"{sum(map(len, after.runs)):,} positions",
        area_m2=area_m2(after) - area_m2(area.before),
        moved_m=apart_m(area.shape, shape) if exact is None else apart_m(exact, shape, decimals),
    )
