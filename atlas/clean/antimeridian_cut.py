"""Shapes that cross 180° of longitude, cut there (RFC 7946, 3.1.9), and longitudes beyond ±180° brought back.

Nothing is cut that is not shown to cross (``atlas.geometry.antimeridian_steps``), unless the user said so. Parts that
do not cross stay as they are; a feature whose rings enclose no certain area when they go across 180° is put aside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import shapely

from atlas.check.antimeridian_rules import MESSAGE, RULE, boxes_around
from atlas.clean.file_session import FileSession
from atlas.clean.measure import apart_m, area_m2, moved_m
from atlas.clean.model import Coordinates, Feature, PositionArray, described
from atlas.clean.position_arrays import rounded, signed, without_spikes
from atlas.clean.tips import write_down_tips
from atlas.clean.validity import filled, unambiguous
from atlas.errors import GeometryError
from atlas.geometry.antimeridian import Pieces, cut_line, cut_polygon, laid_out
from atlas.geometry.antimeridian_steps import HALF, POLE, WHOLE, Reading, Role, Stretch, based, readings, wide_steps
from atlas.geometry.further_numbers import carried
from atlas.geometry.units import METRES_PER_DEGREE

RANGE, CROSSED = "position-range", "self-intersection"
# of rounding, 0.1 m: not enough to be on the other side of the globe
_OVERSHOOT_DEG = 1e-6
_RING = 4

Geometry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Made:
    """What became of a geometry: new coordinates, area before (as it was meant) and after, how far anything moved."""

    coordinates: Coordinates
    before_m2: float
    after_m2: float
    moved_m: float


def right_handed(features: Iterable[Feature]) -> bool | None:
    """Whether all outer rings without wide steps are anticlockwise; nothing where there are none."""
    known = None
    for feature in features:
        for geometry, _ in feature.geometries():
            if not geometry["type"].endswith("Polygon"):
                continue
            for shell in (part[0] for part in geometry["coordinates"].parts):
                area = 0.0 if len(shell) < _RING or wide_steps(shell).any() else signed(shell)
                if area < 0:
                    return False
                known = known or area > 0 or None
    return known


def mend_crossing(session: FileSession, feature: Feature) -> bool:
    """Cut what crosses 180°, and turn back what lies beyond it; whether anything changed."""
    held = list(feature.geometries())
    meant = iter(_meant(session, feature))
    done = False
    for geometry, _ in held:
        coordinates: Coordinates = geometry["coordinates"]
        reading = [list(islice(meant, len(part))) for part in coordinates.parts]
        off = _is_off(coordinates)
        known = {one for part in reading for one in part}
        if (RANGE if off else RULE) in session.options.keep or not (off or known & {Reading.ACROSS, Reading.UNSURE}):
            continue
        if off and not _is_turned(coordinates):
            continue
        if Reading.UNSURE in known:
            _leave(session, feature)
            continue
        try:
            made = _made(session, feature, geometry["type"], coordinates, reading)
        except GeometryError as error:
            _leave_crossed(session, feature, f"{error}: there is no one area to be cut at 180°.")
            return False
        _put(geometry, made.coordinates)
        before, after = _in_words(coordinates, made.before_m2), _in_words(made.coordinates, made.after_m2)
        area = made.after_m2 - made.before_m2
        session.move(feature, RANGE if off else RULE, before, after, area_m2=area, moved_m=made.moved_m)
        done = True
    return done


def _meant(session: FileSession, feature: Feature) -> list[Reading]:
    """How each run of a feature is meant; what the file does not tell is as the user said."""
    box = session.box
    stretches = []
    for geometry, path in feature.geometries():
        boxes = tuple(boxes_around(feature.item, (*path, "coordinates"), box))
        stretches += [Stretch(run[:, :2], role, boxes) for role, run in _roles(geometry)]
    known = readings(stretches, right_handed=next(iter(session.right_handed), None))
    if RULE in session.options.repair:
        return [Reading.ACROSS if one is Reading.UNSURE else one for one in known]
    if RULE in session.options.keep:
        return [Reading.STRAIGHT if one is Reading.UNSURE else one for one in known]
    return known


def _roles(geometry: Geometry) -> Iterator[tuple[Role, PositionArray]]:
    areal, linear = geometry["type"].endswith("Polygon"), geometry["type"].endswith("LineString")
    for part in geometry["coordinates"].parts:
        for n, run in enumerate(part):
            yield (Role.HOLE if n else Role.SHELL) if areal else Role.LINE if linear else Role.POINTS, run


def _is_off(coordinates: Coordinates) -> bool:
    return any((np.abs(run[:, 0]) > HALF).any() or (np.abs(run[:, 1]) > POLE).any() for run in coordinates.runs)


def _is_turned(coordinates: Coordinates) -> bool:
    """Whether longitudes beyond ±180° can be those a turn away: 0 to 360°, or lines that go on beyond 180°."""
    runs = list(coordinates.runs)
    lon, lat = (np.concatenate([run[:, n] for run in runs]) for n in (0, 1))
    if np.abs(lon).max() > WHOLE + HALF or np.abs(lat).max() > POLE + _OVERSHOOT_DEG:
        return False
    # a line or ring may begin before 360° and go on
    return not any(np.abs(run[:, 0]).min() > WHOLE + _OVERSHOOT_DEG for run in runs)


def _leave(session: FileSession, feature: Feature) -> None:
    """Ask at once: what the file shows is gone when its other rings have been reversed."""
    if RULE in session.options.reject:
        session.reject(feature, RULE, MESSAGE)
    else:
        session.ask(RULE, f"{MESSAGE} (features[{feature.index}])")


def _leave_crossed(session: FileSession, feature: Feature, why: str) -> None:
    """Ask how rings are filled that cross; where that was answered and left nothing to be cut, put aside."""
    options = session.options
    if CROSSED in options.repair | options.keep:
        session.reject(feature, RULE, why)
    elif CROSSED in options.reject:
        session.reject(feature, CROSSED, why)
    else:
        session.ask(CROSSED, f"{why} (features[{feature.index}])")


def _in_words(coordinates: Coordinates, area: float) -> str:
    return f"{described(coordinates)}, {area / 1e6:,.6g} km²" if area else described(coordinates)


def _put(geometry: Geometry, new: Coordinates) -> None:
    kind = geometry["type"]
    geometry["coordinates"] = new
    if len(new.parts) > 1 and kind in {"Polygon", "LineString"}:
        geometry["type"] = f"Multi{kind}"


def _made(
    session: FileSession, feature: Feature, kind: str, coordinates: Coordinates, reading: list[list[Reading]]
) -> _Made:
    """The geometry with its parts cut: as it was before rounding, then rounded."""
    source = coordinates.exact or coordinates
    parts: list[list[PositionArray]] = []
    before = after = moved = 0.0
    for part, known in zip(source.parts, reading, strict=True):
        clipped = [_clipped(run) for run in part]
        moved = max(moved, *(_apart_m(a, b) for a, b in zip(part, clipped, strict=True)))
        pieces = _pieces(session, feature, kind, clipped, known)
        parts += pieces.parts
        if kind.endswith("Polygon"):
            before += area_m2(Coordinates(pieces.plane))
            after += area_m2(Coordinates(pieces.parts))
    made = Coordinates(parts)
    if session.decimals is None:
        return _Made(made, before, after, moved)
    # latitudes on the cut are new
    near = Coordinates([[rounded(run, session.decimals) for run in part] for part in made.parts], made)
    if after:
        after += area_m2(near) - area_m2(made)
    return _Made(near, before, after, max(moved, float(moved_m([made], [near])[0])))


def _pieces(
    session: FileSession, feature: Feature, kind: str, part: list[PositionArray], known: Sequence[Reading]
) -> Pieces:
    """One part, cut; parts that do not cross come back as they are."""
    if kind.endswith("Point"):
        turned = [[np.column_stack([based(run[:, 0]), run[:, 1:]]) for run in part]]
        return Pieces(turned, turned)
    inside = all((np.abs(run[:, 0]) <= HALF).all() for run in part)
    if inside and Reading.ACROSS not in known:
        return Pieces([part], [part])
    if kind.endswith("LineString"):
        return cut_line(part[0], known[0])
    try:
        return cut_polygon(part, known)
    except GeometryError:
        return _mended(session, feature, [laid_out(run, one) for run, one in zip(part, known, strict=True)])


def _mended(session: FileSession, feature: Feature, plane: list[PositionArray]) -> Pieces:
    """The same of a polygon that is not valid across 180°: mended there as any other, then cut."""
    limit = (
        0.0
        if "spike" in session.options.keep
        else np.inf
        if "spike" in session.options.repair
        else session.options.snap_m
    )
    blunt = [without_spikes(run, limit, ring=True) for run in plane]
    if any(a is not b for a, b in zip(plane, blunt, strict=True)):
        write_down_tips(session, feature, Coordinates([plane]), Coordinates([blunt]), areal=True)
    before = shapely.Polygon(blunt[0][:, :2], [run[:, :2] for run in blunt[1:]])
    if shapely.is_valid(before):
        return cut_polygon(blunt, [Reading.PLAIN] * len(blunt))
    after = unambiguous(before, session.options.snap_m)
    if after is None and CROSSED in session.options.repair:
        after = filled(before, session.options.filling(CROSSED))
    if after is None:
        msg = f"{shapely.is_valid_reason(before)}, read across 180°"
        raise GeometryError(msg)
    pieces = _of_area(after, blunt)
    area = area_m2(Coordinates(pieces.parts)) - area_m2(Coordinates([blunt]))
    reason, moved = str(shapely.is_valid_reason(before)), apart_m(before, after)
    session.move(feature, CROSSED, reason, "valid", area_m2=area, moved_m=moved)
    return pieces


def _of_area(area: Any, old: Sequence[PositionArray]) -> Pieces:  # noqa: ANN401 - a shape of shapely
    """The same of polygons in the plane that were made valid of old rings."""
    parts, planes = [], []
    for polygon in shapely.get_parts(area).tolist():
        rings = carried([shapely.get_coordinates(ring) for ring in (polygon.exterior, *polygon.interiors)], old)
        pieces = cut_polygon(rings, [Reading.PLAIN] * len(rings))
        parts += pieces.parts
        planes += pieces.plane
    return Pieces(parts, planes)


def _clipped(run: PositionArray) -> PositionArray:
    """The run without what is beyond ±180° or a pole by rounding only."""
    past = np.abs(run[:, :2]) - [HALF, POLE]
    limits = [np.inf if (past[:, 0] > _OVERSHOOT_DEG).any() else HALF, POLE]
    new = np.clip(run[:, :2], np.negative(limits), limits)
    return run if (new == run[:, :2]).all() else np.hstack([new, run[:, 2:]])


def _apart_m(before: PositionArray, after: PositionArray) -> float:
    steps = (after[:, :2] - before[:, :2]) * METRES_PER_DEGREE
    return float(np.hypot(steps[:, 0] * np.cos(np.radians(before[:, 1])), steps[:, 1]).max())
