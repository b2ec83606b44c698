"""Finds the border in the outlines: the part of the southern states' outer edge that is neither coast nor inner limit.

1. The southern states' municipalities are dissolved; the ring around the largest part is the outer edge.
2. Of its positions, those on GSHHG land well away from the shore, and away from the other states of the country,
   are the border's core: the longest such run.
3. The municipalities that have the core as an edge touch the border. They must be a valid coverage.
4. The ring around them, cut at the two mouths of `border_ends.csv`, is the border line, position by position.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.clean.coverage_repair import CoverageRepair
from atlas.errors import GeometryError, SourceError, listed
from atlas.evidence import Evidence
from atlas.geojson.collection import DECIMALS
from atlas.geometry.chainage import MeasuredLine
from atlas.geometry.coverage import coverage_faults, edge_owners, invalid_areas, outer_ring, tidied
from atlas.geometry.geodesy import Positions, area_km2, distance_m
from atlas.sources import SOUTHERN_STATES, Sources
from atlas.sources.outlines import Outlines

_SNAP_DEG = 1e-7
_SHORE_DEG = 0.015
_LIMIT_DEG = 0.01
_TOUCH_DEG = 1e-5
_GAP_DEG = 0.004
_MOUTH_M = 2_000
# wider than what rounding to six decimals moves, and narrower than any gap that means something
_ROUNDED_M = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """The border line, the municipalities along it, and whose edge each step of the line is."""

    line: MeasuredLine
    municipalities: Outlines
    owner: NDArray[np.int64]


def trace_border(sources: Sources, evidence: Evidence) -> Trace:
    """Derive the border from the outlines; directed from the mouth of the Suchiate to that of the Río Hondo.

    Raises
    ------
    SourceError
        The outlines have a hole, miss a border municipality, or their edges don't match.
    GeometryError
        No land border, or not the right one, is found.
    """
    refuse_gaps(sources)
    core = _core(_southern_ring(sources.municipalities), sources)
    touching = _touching(sources.municipalities, core)
    names = [f"{c} {n}" for c, n in zip(touching.codes, touching.names, strict=True)]
    tidy = rounded_together(touching.areas)
    if faults := _faults(names, tidy):
        raise SourceError(listed("the border municipalities don't fit together; repair the source:", faults))
    _refuse_other_list(touching, evidence)
    line = _between_mouths(outer_ring(list(tidy)), core, evidence)
    owner = edge_owners(line, list(tidy))
    if (owner < 0).any():
        lon, lat = line[int(np.argmin(owner))]
        msg = f"the border line leaves the municipalities' edges near {lon:.4f}, {lat:.4f}"
        raise GeometryError(msg)
    return Trace(MeasuredLine.of(line), Outlines(touching.codes, touching.names, tidy), owner)


def rounded_together(areas: NDArray[np.object_]) -> NDArray[np.object_]:
    """Areas at six decimals; where rounding each by itself breaks a valid coverage, clean's snap rounding keeps it."""
    tidy = np.array([_on_grid(area) for area in areas], dtype=object)
    names = [str(number) for number in range(len(areas))]
    if not _faults(names, tidy) or not shapely.is_valid(areas).all() or not shapely.coverage_is_valid(areas):
        return tidy
    return CoverageRepair(tidy, DECIMALS, lambda index: areas[index]).mended(_ROUNDED_M, None)


def _faults(names: Sequence[str], areas: NDArray[np.object_]) -> list[str]:
    return invalid_areas(names, list(areas)) + coverage_faults(names, list(areas))


def _on_grid(area: BaseGeometry) -> BaseGeometry:
    """The area at six decimals; where a spike thinner than that would cross itself, it is taken off."""
    tidy = tidied(area, decimals=DECIMALS)
    return tidy if shapely.is_valid(tidy) else tidied(shapely.set_precision(area, 10**-DECIMALS), decimals=DECIMALS)


def _southern_ring(municipalities: Outlines) -> Positions:
    """Outer ring of the southern states; neighbours there don't all share their edges, so snap a little."""
    by_state = [municipalities.within([state]).areas for state in SOUTHERN_STATES]
    union = shapely.union_all([_dissolved(areas) for areas in by_state if len(areas)], grid_size=_SNAP_DEG)
    parts = [part for part in shapely.get_parts(union) if part.geom_type == "Polygon"]
    largest = shapely.orient_polygons(max(parts, key=lambda part: float(shapely.area(part))))
    ring: Positions = shapely.get_coordinates(shapely.get_exterior_ring(largest))[:-1]
    return ring


def _dissolved(areas: NDArray[np.object_]) -> BaseGeometry:
    try:
        return shapely.coverage_union_all(areas)
    except shapely.errors.GEOSException:
        return shapely.union_all(areas, grid_size=_SNAP_DEG)


def refuse_gaps(sources: Sources) -> None:
    """Refuse outlines in which part of a southern state is in no municipality.

    Raises
    ------
    SourceError
        Some area of a state, wider than about a kilometre, is in none of its municipalities.
    """
    faults = []
    for state in SOUTHERN_STATES:
        inside = sources.municipalities.within([state])
        whole, areas = (
            # made valid afterwards: to keep it valid on the way takes longer than all the rest
            shapely.make_valid(shapely.simplify(outline, _GAP_DEG / 8, preserve_topology=False))
            for outline in (sources.states.area(state), inside.areas)
        )
        covered = shapely.union_all(areas)
        gaps = shapely.get_parts(shapely.buffer(shapely.difference(whole, covered), -_GAP_DEG))
        for gap in shapely.buffer(gaps[~shapely.is_empty(gaps)], _GAP_DEG):
            spot = shapely.point_on_surface(gap)
            faults.append(
                f"{sources.states.name(state)}: about {area_km2(gap):.0f} km² near {spot.x:.3f}, {spot.y:.3f} "
                "are in no municipality",
            )
    if faults:
        raise SourceError(listed("the municipal outlines are incomplete; use the whole file of the edition:", faults))


def _core(ring: Positions, sources: Sources) -> Positions:
    """The longest run of the ring that is inland and not a limit with another state of the country."""
    inland = shapely.buffer(shapely.simplify(sources.land, _SHORE_DEG / 10), -_SHORE_DEG)
    others = [code not in SOUTHERN_STATES for code in sources.states.codes]
    rest = shapely.union_all(shapely.make_valid(shapely.simplify(sources.states.where(others).areas, _LIMIT_DEG / 10)))
    limit = shapely.buffer(rest, _LIMIT_DEG)
    shapely.prepare([inland, limit])
    free = shapely.contains_xy(inland, ring) & ~shapely.contains_xy(limit, ring)
    if not free.any() or free.all():
        msg = "the outlines have no land border: their whole outer edge is coast or limit with other states"
        raise GeometryError(msg)
    # start behind a position that is not free, so that no run is cut by the ring's own start
    first = int(np.argmin(free))
    ring, free = np.roll(ring, -first, axis=0), np.roll(free, -first)
    steps = np.diff(np.concatenate([[0], free.astype(np.int8), [0]]))
    runs = zip(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1), strict=True)
    start, end = max(runs, key=lambda run: float(np.hypot(*np.diff(ring[run[0] : run[1]], axis=0).T).sum()))
    return ring[start:end]


def _touching(municipalities: Outlines, core: Positions) -> Outlines:
    """Municipalities with some edge on the core: by geometry, not from a list."""
    (west, south), (east, north) = core.min(axis=0), core.max(axis=0)
    bounds = shapely.bounds(municipalities.areas)
    near = (bounds[:, 0] <= east) & (bounds[:, 2] >= west) & (bounds[:, 1] <= north) & (bounds[:, 3] >= south)
    candidates = municipalities.where(near)
    owners = set(edge_owners(core, list(candidates.areas)).tolist())
    return candidates.where([index in owners for index in range(len(candidates.codes))])


def _refuse_other_list(touching: Outlines, evidence: Evidence) -> None:
    listed_codes = {m.cvegeo: m.name for m in evidence.municipalities}
    faults = [
        f"{code} {name} is in municipalities.csv, but the outlines don't have it on the border"
        for code, name in listed_codes.items()
        if code not in touching.codes
    ]
    faults += [
        f"{code} {name} touches the border in the outlines, but is not in municipalities.csv"
        for code, name in zip(touching.codes, touching.names, strict=True)
        if code not in listed_codes
    ]
    if faults:
        advice = "a municipality is missing from the source, or the table needs a row for this edition:"
        raise SourceError(listed(f"outlines and evidence disagree on the border municipalities; {advice}", faults))


def _between_mouths(ring: Positions, core: Positions, evidence: Evidence) -> Positions:
    """The part of the ring from one mouth to the other that follows the core."""
    ends = {end.end: end for end in evidence.border_ends}
    first = _nearest(ring, (ends["start"].longitude, ends["start"].latitude), ends["start"].name)
    last = _nearest(ring, (ends["end"].longitude, ends["end"].latitude), ends["end"].name)
    rolled = np.roll(ring, -first, axis=0)
    count = (last - first) % len(ring)
    courses: Sequence[Positions] = (rolled[: count + 1], np.vstack([rolled[:1], rolled[count:][::-1]]))
    middle = shapely.points(core[len(core) // 2])
    best = min(courses, key=lambda course: float(shapely.distance(shapely.linestrings(course), middle)))
    return _checked(best, core)


def _nearest(ring: Positions, mouth: tuple[float, float], name: str) -> int:
    index = int(np.argmin(np.hypot(ring[:, 0] - mouth[0], ring[:, 1] - mouth[1])))
    metres = distance_m(mouth, (float(ring[index, 0]), float(ring[index, 1])))
    if metres > _MOUTH_M:
        msg = (
            f"{name} in border_ends.csv ({mouth[0]}, {mouth[1]}) is {metres / 1000:.1f} km from the outlines; "
            "is the source's CRS right, and is the municipality at the mouth in it?"
        )
        raise GeometryError(msg)
    return index


def _checked(line: Positions, core: Positions) -> Positions:
    stray: BaseGeometry = shapely.difference(
        shapely.linestrings(core), shapely.buffer(shapely.linestrings(line), 10 * _TOUCH_DEG)
    )
    if not shapely.is_empty(stray):
        lon, lat = shapely.get_coordinates(stray)[0]
        msg = f"the outer edge near {lon:.4f}, {lat:.4f} is land border, but outside the mouths of border_ends.csv"
        raise GeometryError(msg)
    return line
