"""Shapes that cross 180° of longitude, cut in two there (RFC 7946, 3.1.9)."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.exchange.clean.model import Coordinates, Run

_HALF, _WHOLE = 180.0, 360.0


def cut(kind: str, coordinates: Coordinates) -> tuple[str, Coordinates] | None:
    """Type and coordinates after cutting; nothing where it is not certain which way round the globe was meant."""
    if coordinates.deep:
        return None
    areal = kind.endswith("Polygon")
    parts: list[list[Run]] = []
    for part in coordinates.parts:
        runs = [_unwrapped(run) for run in part]
        if any(run is None for run in runs):
            return None
        known = [run for run in runs if run is not None]
        if areal and not all(np.isclose(run[0], run[-1]).all() for run in known):
            return None
        parts.extend(_pieces(known, areal=areal))
    if not parts:
        return None
    return ("MultiPolygon" if areal else "MultiLineString"), Coordinates(parts)


def _unwrapped(run: Run) -> Run | None:
    """The run going on beyond 180°; nothing where a step is a whole turn, which may be meant."""
    if (np.abs(np.diff(run[:, 0])) >= _WHOLE).any():
        return None
    return np.column_stack([np.unwrap(run[:, 0], period=_WHOLE), run[:, 1]])


def _pieces(runs: list[Run], *, areal: bool) -> list[list[Run]]:
    shell = runs[0]
    holes = [hole + np.array([_turns(shell, hole) * _WHOLE, 0.0]) for hole in runs[1:]]
    shape: BaseGeometry = shapely.Polygon(shell, holes) if areal else shapely.LineString(shell)
    if not shapely.is_valid(shape):
        return []
    found: list[list[Run]] = []
    for turn in (-1, 0, 1):
        strip = shapely.box(turn * _WHOLE - _HALF, -90, turn * _WHOLE + _HALF, 90)
        for piece in shapely.get_parts(shapely.intersection(shape, strip)).tolist():
            if piece.is_empty:
                continue
            if piece.geom_type == "Polygon":
                rings = [piece.exterior, *piece.interiors]
                found.append([_back(shapely.get_coordinates(ring), turn) for ring in rings])
            elif piece.geom_type == "LineString":
                found.append([_back(shapely.get_coordinates(piece), turn)])
    return found


def _turns(shell: Run, hole: Run) -> float:
    """How many turns a hole is away from its shell."""
    return float(np.round((shell[:, 0].mean() - hole[:, 0].mean()) / _WHOLE))


def _back(run: Run, turn: int) -> Run:
    return np.column_stack([np.clip(run[:, 0] - turn * _WHOLE, -_HALF, _HALF), run[:, 1]])
