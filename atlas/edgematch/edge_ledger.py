"""What edge matching moved: every position of a unit that is not where it was, by how many metres, and where most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.edgematch.plane import DECIMALS, Plane
from atlas.edgematch.sides import Side
from atlas.files import sha256_of_file
from atlas.geometry.geodesy import area_km2

Shapes = NDArray[np.object_]
_ROUND_M = 0.02


def moved_units(
    old: Shapes, new: Shapes, titles: Sequence[str], plane: Plane, *, least_m: float = _ROUND_M
) -> list[dict[str, Any]]:
    """An entry a unit that changed.

    Parameters
    ----------
    old, new
        The units of one side in degrees, before and after.
    titles
        What each is called.
    least_m
        What moved by no more than so many metres is not counted; the grid of 7 decimals if not given.

    Returns
    -------
    For each changed unit its area in km² before and after, how many of its positions moved, the largest displacement in
    metres with its place (longitude, latitude), and all of them as ``[longitude, latitude, metres]``: positions that it
    had and that lie off its new edge, then positions that it has now and that lie off its old one.
    """
    entries = []
    for title, before, after in zip(titles, old, new, strict=True):
        if before is after or shapely.equals_exact(before, after):
            continue
        gone, come = _off(before, after, plane, least_m), _off(after, before, plane, least_m)
        most = max([*gone, *come], key=lambda row: row[2], default=None)
        entries.append(
            {
                "unit": title,
                "area_km2_before": round(area_km2(before), 6),
                "area_km2_after": round(area_km2(after), 6),
                "moved": len(gone),
                "added": len(come),
                "most_m": most[2] if most else 0.0,
                "most_at": most[:2] if most else None,
                "positions_moved": gone,
                "positions_added": come,
            }
        )
    return entries


def _off(shape: BaseGeometry, other: BaseGeometry, plane: Plane, least_m: float) -> list[list[float]]:
    """The positions of a shape that lie off the edge of another, each with its distance in metres."""
    xy = np.unique(shapely.get_coordinates(shape), axis=0)
    known = shapely.get_coordinates(other)
    rest = xy[~np.isin(xy[:, 0] + 1j * xy[:, 1], known[:, 0] + 1j * known[:, 1])]
    if not len(rest):
        return []
    edge = shapely.transform(shapely.boundary(other), lambda at: at * plane.scale)
    distances = shapely.distance(shapely.points(rest * plane.scale), edge)
    return [
        [round(lon, DECIMALS), round(lat, DECIMALS), round(metres, 2)]
        for (lon, lat), metres in zip(rest.tolist(), distances.tolist(), strict=True)
        if metres > least_m
    ]


def side_entry(side: Side, plane: Plane) -> dict[str, Any]:
    """What the ledger has of a side: its file, and how far its units moved."""
    units = moved_units(side.read, side.new, side.titles, plane)
    most = max(units, key=lambda unit: unit["most_m"], default=None)
    return {
        "letter": side.letter,
        "file": side.path.name,
        "sha256": sha256_of_file(side.path) if side.path.is_file() else None,
        "features": len(side.new),
        "moved": sum(unit["moved"] for unit in units),
        "added": sum(unit["added"] for unit in units),
        "most_m": most["most_m"] if most else 0.0,
        "most_at": most["most_at"] if most else None,
        "units": units,
    }
