"""Areas as shapes: made valid where every way of filling their rings shows the same, else put aside."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.clean.file_session import FileSession
from atlas.clean.measure import apart_m, area_m2
from atlas.clean.model import Coordinates, Feature, PositionArray
from atlas.clean.position_arrays import rotated, rounded, spikes, without_spikes
from atlas.clean.recheck import shapes_of
from atlas.clean.validity import unambiguous
from atlas.clean.vertex_repair import mend_vertices
from atlas.geometry.position_grid import without_repeats
from atlas.geometry.snap_rounding import Grid, Rounding, meeting

_ROUNDS = 6
_INVALID = ("self-intersection", "polygon-invalid")


def has_rings(geometry: dict[str, Any]) -> bool:
    """Whether a geometry is polygons whose rings are closed and long enough to be made into shapes."""
    if not str(geometry["type"]).endswith("Polygon"):
        return False
    runs = geometry["coordinates"].runs
    return all(len(run) >= 4 and (run[0, :2] == run[-1, :2]).all() for run in runs)  # noqa: PLR2004 - a ring


def area_of(coordinates: Coordinates) -> BaseGeometry:
    """Polygons as one shape, which may be invalid."""
    polygons = [shapely.Polygon(part[0][:, :2], [hole[:, :2] for hole in part[1:]]) for part in coordinates.parts]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def exact_area_of(coordinates: Coordinates) -> BaseGeometry | None:
    """The area before it was rounded, where rounding is all that has happened to it and it was valid."""
    exact = None if coordinates.exact is None else area_of(coordinates.exact)
    return exact if exact is not None and shapely.is_valid(exact) else None


def put_area(geometry: dict[str, Any], shape: BaseGeometry, decimals: int) -> None:
    """Put a shape in the place of a geometry's polygons: rounded, right-handed, beginning where they began."""
    old: Coordinates = geometry["coordinates"]
    starts = {run[0, :2].tobytes(): run[0] for run in old.runs}
    parts: list[list[PositionArray]] = []
    oriented = shapely.orient_polygons(shape)
    for polygon in shapely.get_parts(oriented).tolist():
        rings = [shapely.get_coordinates(ring) for ring in (polygon.exterior, *polygon.interiors)]
        runs = [without_repeats(rounded(ring, decimals)) for ring in rings]
        runs = [run for n, run in enumerate(runs) if len(run) >= 4 or not n]  # noqa: PLR2004 - a ring
        if len(runs[0]) >= 4:  # noqa: PLR2004 - a ring
            parts.append([_begun(run, starts) for run in runs])
    order = {key: n for n, key in enumerate(starts)}
    parts.sort(key=lambda part: order.get(part[0][0, :2].tobytes(), len(order)))
    geometry["coordinates"] = _with_heights(Coordinates(parts), old)
    if len(parts) > 1:
        geometry["type"] = "MultiPolygon"


def _begun(run: PositionArray, starts: dict[bytes, PositionArray]) -> PositionArray:
    start = next((starts[key] for row in run if (key := row[:2].tobytes()) in starts), None)
    return run if start is None else rotated(run, start)


def _with_heights(new: Coordinates, old: Coordinates) -> Coordinates:
    """Heights of the old positions at the new ones; none where a position is new."""
    if not old.deep:
        return new
    size = min(run.shape[1] for run in old.runs)
    known = {row[:2].tobytes(): row[2:size] for run in old.runs for row in run} if size > 2 else {}  # noqa: PLR2004
    keys = [[[row.tobytes() for row in run] for run in part] for part in new.parts]
    if not all(key in known for part in keys for run in part for key in run):
        return new
    return Coordinates(
        [
            [
                np.column_stack([run, np.array([known[key] for key in names])])
                for run, names in zip(part, inner, strict=True)
            ]
            for part, inner in zip(new.parts, keys, strict=True)
        ]
    )


def mend_shapes(session: FileSession, features: Iterable[Feature], decimals: int) -> None:
    """Make areas valid; those for which there is no one answer stay as they are."""
    dirty = [one for one in features if one.rejected is None]
    for _ in range(_ROUNDS):
        faults: dict[int, str] = {}
        for note in shapes_of(dirty, areas=True, box=session.box):
            if note.index is not None and note.rule in _INVALID and note.rule not in session.options.keep:
                faults.setdefault(note.index, note.rule)
        dirty = [one for one in dirty if one.index in faults and _mend(session, one, faults[one.index], decimals)]
        if not dirty:
            return
        mend_vertices(session, dirty)


def _mend(session: FileSession, feature: Feature, rule: str, decimals: int) -> bool:
    done = False
    for geometry, _ in list(feature.geometries()):
        if not has_rings(geometry):
            continue
        before = area_of(geometry["coordinates"])
        if shapely.is_valid(before):
            continue
        exact = exact_area_of(geometry["coordinates"])
        after = unambiguous(before, session.options.snap_m) if exact is None else _rounded_again(exact, decimals)
        if after is None:
            continue
        old = geometry["coordinates"]
        deep, was = old.deep, area_m2(old)
        put_area(geometry, after, decimals)
        geometry["coordinates"].exact = old.exact if exact is not None else None
        if not geometry["coordinates"].parts:
            session.reject(feature, rule, "nothing is left of it at this precision")
            return False
        what = "valid, without heights" if deep and not geometry["coordinates"].deep else "valid"
        moved = apart_m(exact or before, area_of(geometry["coordinates"]), None if exact is None else decimals)
        area = area_m2(geometry["coordinates"]) - was
        session.move(feature, rule, str(shapely.is_valid_reason(before)), what, area_m2=area, moved_m=moved)
        done = True
    return done


def _rounded_again(exact: BaseGeometry, decimals: int) -> BaseGeometry:
    """A valid area on the grid: its edges are kept from crossing there."""
    rounding, one = Rounding(Grid(decimals, np.ones(2))), np.array([exact], dtype=object)
    rounding.keep_tips(one)
    made = rounding.area(exact)
    for _ in range(_ROUNDS):
        if shapely.is_valid(made):
            break
        rounding.find_nodes(one, meeting([made]))
        made = rounding.area(exact)
    return shapely.make_valid(made, method="structure", keep_collapsed=False)


def blunted(area: BaseGeometry, limit_m: float) -> BaseGeometry:
    """Polygons as one multipolygon without spikes narrower than so many metres; as they were where that is no area."""
    parts = []
    for part in shapely.get_parts(area).tolist():
        rings = [shapely.get_coordinates(ring) for ring in (part.exterior, *part.interiors)]
        blunt = [without_spikes(ring, limit_m, ring=True) for ring in rings]
        # a hole that is a needle as a whole goes with its tip
        blunt = blunt[:1] + [ring for ring in blunt[1:] if not len(spikes(ring, limit_m, ring=True))]
        same = len(blunt) == len(rings) and all(a is b for a, b in zip(blunt, rings, strict=True))
        parts.append(part if same else shapely.Polygon(blunt[0], blunt[1:]))
    made: BaseGeometry = shapely.multipolygons(parts)
    return made if shapely.is_valid(made) else area
