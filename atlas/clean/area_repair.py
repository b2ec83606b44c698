"""Areas as shapes: made valid where every way of filling their rings shows the same, or as the user said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.clean.file_session import FileSession
from atlas.clean.measure import apart_m, area_m2
from atlas.clean.model import Coordinates, Feature, PositionArray
from atlas.clean.position_arrays import rotated, rounded, spikes, without_spikes
from atlas.clean.recheck import shapes_of
from atlas.clean.ring_roles import OUTSIDE
from atlas.clean.validity import MOST_PIECES, Filling, filled, pieces_of, unambiguous
from atlas.clean.vertex_repair import mend_vertices
from atlas.geometry.further_numbers import carried
from atlas.geometry.geodesy import area_km2
from atlas.geometry.position_grid import without_repeats
from atlas.geometry.snap_rounding import Grid, Rounding, meeting

_ROUNDS = 6
_INVALID = ("self-intersection", "polygon-invalid", "hole-outside", "overlap-parts")


def has_rings(geometry: dict[str, Any]) -> bool:
    """Whether a geometry is polygons whose rings are closed and long enough to be made into shapes."""
    if not str(geometry["type"]).endswith("Polygon"):
        return False
    runs = geometry["coordinates"].runs
    return all(len(run) >= 4 and (run[0, :2] == run[-1, :2]).all() for run in runs)  # noqa: PLR2004 - a ring


def with_further(new: Coordinates, old: Coordinates) -> Coordinates:
    """The new coordinates with whatever follows longitude and latitude in the old ones."""
    if not old.deep:
        return new
    runs = iter(carried(list(new.runs), list(old.runs)))
    return Coordinates([[next(runs) for _ in part] for part in new.parts], new.exact)


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
    geometry["coordinates"] = with_further(Coordinates(parts), old)
    if len(parts) > 1:
        geometry["type"] = "MultiPolygon"


def _begun(run: PositionArray, starts: dict[bytes, PositionArray]) -> PositionArray:
    start = next((starts[key] for row in run if (key := row[:2].tobytes()) in starts), None)
    return run if start is None else rotated(run, start)


def mend_shapes(session: FileSession, features: Iterable[Feature], decimals: int) -> None:
    """Make areas valid; those for which there is no one answer, nor one of the user's, are asked about."""
    dirty = [one for one in features if one.rejected is None]
    for _ in range(_ROUNDS):
        faults: dict[int, dict[str, str]] = {}
        for note in shapes_of(dirty, areas=True, box=session.box):
            if note.index is not None and note.rule in _INVALID and note.rule not in session.options.keep:
                faults.setdefault(note.index, {}).setdefault(note.rule, note.message)
        dirty = [one for one in dirty if one.index in faults and _mend(session, one, faults[one.index], decimals)]
        if not dirty:
            return
        mend_vertices(session, dirty)


def _mend(session: FileSession, feature: Feature, faults: Mapping[str, str], decimals: int) -> bool:
    """Make the areas of a feature valid; ``faults`` are the messages of check by rule."""
    done = False
    for geometry, _ in list(feature.geometries()):
        if not has_rings(geometry):
            continue
        before = area_of(geometry["coordinates"])
        if shapely.is_valid(before):
            continue
        exact = exact_area_of(geometry["coordinates"])
        after, how = (
            _filled(session, feature, faults, before) if exact is None else (_rounded_again(exact, decimals), "")
        )
        if after is None:
            continue
        old = geometry["coordinates"]
        put_area(geometry, after, decimals)
        new = geometry["coordinates"]
        new.exact = old.exact if exact is not None else None
        if not new.parts:
            session.reject(feature, next(iter(faults)), "nothing is left of it at this precision")
            return False
        was, now = area_m2(old), area_m2(new)
        what = f"valid{how}, {km2(now)}"
        moved = apart_m(exact or before, area_of(new), None if exact is None else decimals)
        reason = f"{shapely.is_valid_reason(before)}, {km2(was)}"
        session.move(feature, next(iter(faults)), reason, what, area_m2=now - was, moved_m=moved)
        done = True
    return done


def km2(area_m2: float) -> str:
    """An area as the ledger has it."""
    return f"{area_m2 / 1e6:,.9g} km²"


def _filled(
    session: FileSession, feature: Feature, faults: Mapping[str, str], area: BaseGeometry
) -> tuple[BaseGeometry | None, str]:
    """The valid area, and how it was filled where there was a choice; a choice that nobody made is asked about."""
    options = session.options
    # for a hole outside GEOS has one answer either way, but it may as well be nothing, or the hole of another area
    if OUTSIDE not in faults and (after := unambiguous(area, options.snap_m)) is not None:
        return after, ""
    answered = [rule for rule in faults if rule in options.repair]
    if pieces_of(area) > MOST_PIECES:
        _refuse_tangle(session, feature, answered, faults)
        return None, ""
    if answered:
        filling = options.filling(answered[0])
        return filled(area, filling), f" by {filling}"
    rule, message = next(iter(faults.items()))
    if rule not in options.reject:
        ways = {filling: filled(area, filling) for filling in Filling}
        sizes = ", ".join(f"by {way} {km2(area_km2(made) * 1e6)}" for way, made in ways.items() if made is not None)
        session.ask(rule, f"{message} Filled {sizes} (features[{feature.index}])")
    return None, ""


def _refuse_tangle(session: FileSession, feature: Feature, answered: Sequence[str], faults: Mapping[str, str]) -> None:
    """Put aside what crosses itself too often for any repair, where one was asked for; else ask what to do with it."""
    rule, message = next(iter(faults.items()))
    why = f"its rings cross so often that it falls into more than {MOST_PIECES:,} pieces, and which count is a guess"
    if answered:
        session.reject(feature, answered[0], why)
    elif rule not in session.options.reject:
        session.ask(rule, f"{message} A repair puts this area aside: {why} (features[{feature.index}])")


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
