"""Tips at which an outline turns straight back, and that it had not before it was matched: they are taken away.

Where two drawings cross each other at a small angle the line between them may go a little back and forth. A tip that
neither side had, and that no third unit has as a corner, is left out of the units that have it, so that they go on
sharing their edge; where that would leave no coverage, it stays.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.edgematch.plane import Plane
from atlas.geometry.coverage import uncovered_edges

Shapes = NDArray[np.object_]
# what check calls a spike, with what rounding to its grid may make of it
_COSINE = float(np.cos(np.radians(1.0)))
_LEAST_M = 0.5
_ROUNDS = 12
_MOST_UNITS = 2


def without_new_spikes(new: Shapes, old: Shapes, plane: Plane, fixed: Shapes | None = None) -> Shapes:
    """Units without the tips that matching made.

    Parameters
    ----------
    new, old
        The units of both sides in degrees, after and before; a valid coverage.
    fixed
        Units whose positions stay, such as the leader's.
    """
    keep = {*_tips(old, plane)}
    if fixed is not None:
        keep |= {*map(complex, _keys(shapely.get_coordinates(fixed)))}
    for _ in range(_ROUNDS):
        tips = _tips(new, plane)
        chosen = _removable({key: tips[key] for key in tips.keys() - keep}, new)
        if not chosen:
            break
        made = _without(new, chosen)
        if _is_coverage(made):
            new = made
        elif len(chosen) == 1:
            keep |= {*chosen}
        else:
            # one by one, so that a tip that has to stay keeps no other
            keep |= {key for key in chosen if not _is_coverage(_without(new, [key]))}
    return new


def _is_coverage(units: Shapes) -> bool:
    return bool(shapely.is_valid(units).all() and shapely.is_empty(uncovered_edges(units)).all())


def _keys(xy: NDArray[np.float64]) -> NDArray[np.complex128]:
    return np.asarray(xy[:, 0] + 1j * xy[:, 1])


def _tips(units: Shapes, plane: Plane) -> dict[complex, tuple[complex, complex]]:
    """The positions where a ring turns straight back, each with the two beside it."""
    held: dict[complex, tuple[complex, complex]] = {}
    for ring in shapely.get_rings(shapely.get_parts(units)).tolist():
        xy = shapely.get_coordinates(ring)[:-1]
        metres = xy * plane.scale
        back, ahead = np.roll(metres, 1, axis=0) - metres, np.roll(metres, -1, axis=0) - metres
        lengths = np.hypot(*back.T), np.hypot(*ahead.T)
        straight = (back * ahead).sum(axis=1) > _COSINE * lengths[0] * lengths[1]
        keys = _keys(xy)
        for at in np.flatnonzero(straight & (np.minimum(*lengths) > _LEAST_M)).tolist():
            held[complex(keys[at])] = (complex(keys[at - 1]), complex(keys[(at + 1) % len(keys)]))
    return held


def _removable(tips: dict[complex, tuple[complex, complex]], units: Shapes) -> list[complex]:
    """Tips that no third unit has, and of two that stand beside each other one."""
    if not tips:
        return []
    xy, unit = shapely.get_coordinates(units, return_index=True)
    at = np.isin(_keys(xy), list(tips))
    corners = {*zip(map(complex, _keys(xy[at])), unit[at].tolist(), strict=True)}
    chosen: list[complex] = []
    for key in sorted(tips, key=lambda one: (one.real, one.imag)):
        count = sum(1 for position, _ in corners if position == key)
        if count <= _MOST_UNITS and not {*tips[key]} & {*chosen}:
            chosen.append(key)
    return chosen


def _without(units: Shapes, positions: list[complex]) -> Shapes:
    made = units.copy()
    xy, unit = shapely.get_coordinates(units, return_index=True)
    for index in np.unique(unit[np.isin(_keys(xy), positions)]).tolist():
        made[index] = _unit_without(units[index], positions)
    return made


def _unit_without(unit: BaseGeometry, positions: list[complex]) -> BaseGeometry:
    polygons = []
    for part in shapely.get_parts(unit).tolist():
        rings = [shapely.get_coordinates(ring)[:-1] for ring in (part.exterior, *part.interiors)]
        left = [ring[~np.isin(_keys(ring), positions)] for ring in rings]
        shell, *holes = (kept if len(kept) > 2 else ring for kept, ring in zip(left, rings, strict=True))  # noqa: PLR2004
        polygons.append(shapely.Polygon(shell, holes))
    return polygons[0] if unit.geom_type == "Polygon" else shapely.MultiPolygon(polygons)
