"""The region of a new project, proposed from its outlines: around what of them lies near the border."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.border_project.model import Box
from atlas.borderland.outer_edge import coarse_ring, inland_run
from atlas.edgematch.sides import read_line
from atlas.errors import InputError, SourceError
from atlas.geometry.antimeridian_steps import HALF, WHOLE
from atlas.geometry.meridian_frame import MeridianFrame
from atlas.geometry.units import METRES_PER_DEGREE
from atlas.sources.gshhg import read_shores
from atlas.sources.source_records import packaged_files, pinned

Shapes = NDArray[np.object_]
_BESIDE_DEG = 0.05
_PAD, _LEAST_PAD, _LEAST_AROUND = 0.12, 0.15, 0.5
# much less than the margin of a region: of a whole country's units only the outer edge is wanted
_THIN_DEG, _COARSE_DEG = 0.0005, 0.005


def proposed_region(sides: Sequence[tuple[Path, Shapes]], line: Path | None, tolerance_m: float) -> Box:
    """The region of a border: around what lies near the line, with a margin.

    Parameters
    ----------
    sides
        File and areas (degrees) of each side, this one first.
    line
        The file of a line that is given.
    tolerance_m
        How wide a gap between the sides may be, in metres.

    Raises
    ------
    InputError
        The sides are no neighbours.
    """
    # countries on both sides of 180° are laid side by side
    frame = MeridianFrame.around(np.concatenate([areas for _, areas in sides]))
    sides = [(each, frame.turned(areas)) for each, areas in sides]
    here = sides[0][1]
    if line:
        given = read_line(line, frame)
        _refuse_line_elsewhere(line, given, sides)
        around = [np.array([given], dtype=object)]
    elif len(sides) > 1:
        width = max(tolerance_m / METRES_PER_DEGREE, _BESIDE_DEG)
        others = np.concatenate([areas for _, areas in sides[1:]])
        mine, theirs = shapely.STRtree(others).query(here, predicate="dwithin", distance=width)
        if not len(mine):
            km = width * METRES_PER_DEGREE / 1000
            msg = (
                f"{_names(sides)} are no neighbours: no unit of one lies within {km:,.0f} km of the other (the nearest "
                f"is some {_nearest_km(here[:50], others):,.0f} km away); give outlines of both sides of one border, "
                "longitude before latitude, or a wider --tolerance-m"
            )
            raise InputError(msg)
        _refuse_gap(sides, here[mine], others[theirs], tolerance_m)
        # units may reach far from the border: what lies beyond is no part of its region
        contact = shapely.intersection(shapely.buffer(others[theirs], width), here[mine])
        low, high = np.split(np.array(shapely.total_bounds(contact)), 2)
        around_deg = max(float((high - low).max()), _LEAST_AROUND)
        frame = (low - around_deg).tolist() + (high + around_deg).tolist()
        near = np.concatenate([here[np.unique(mine)], others[np.unique(theirs)]])
        around = [shapely.clip_by_rect(shapely.make_valid(near), *frame)]
    else:
        around = [_edge_inland(here)]
    west, south, east, north = shapely.total_bounds(np.concatenate(around)).tolist()
    if east - west > HALF:
        msg = (
            f"what lies along the line goes from {west:.1f} to {east:.1f} degrees of longitude, more than half around "
            "the earth; give outlines of the units near the line"
        )
        raise InputError(msg)
    pad = max(_PAD * max(east - west, north - south), _LEAST_PAD)
    return _padded((west, south, east, north), pad)


def _names(sides: Sequence[tuple[Path, Shapes]]) -> str:
    """The files of the sides, this one first."""
    return f"{sides[0][0].name} and {', '.join(other.name for other, _ in sides[1:])}"


def _nearest_km(areas: Shapes, others: Shapes) -> float:
    """Roughly how far the nearest of two sides are from each other, as a degree of latitude is long."""
    return min(float(shapely.distance(one, others).min()) for one in areas) * METRES_PER_DEGREE / 1000


def _refuse_gap(sides: Sequence[tuple[Path, Shapes]], mine: Shapes, theirs: Shapes, tolerance_m: float) -> None:
    """Refuse sides between which the gap is wider than may be closed, even where it is narrowest."""
    if shapely.dwithin(mine, theirs, tolerance_m / METRES_PER_DEGREE).any():
        return
    # degrees of longitude are shorter: the tolerance may be less than this in metres, and never more
    wanted = min(100_000, 1000 * (int(float(shapely.distance(mine, theirs).min()) * METRES_PER_DEGREE / 1000) + 1))
    msg = (
        f"{_names(sides)} do not meet: what lies between them is wider than {tolerance_m:g} m all along; give "
        f"--tolerance-m {wanted} or more if one line is to be drawn through it, or the line itself with --line"
    )
    raise InputError(msg)


def _refuse_line_elsewhere(path: Path, line: BaseGeometry, sides: Sequence[tuple[Path, Shapes]]) -> None:
    """Refuse a given line that runs by none of the units."""
    for side, areas in sides:
        if shapely.dwithin(areas, line, _BESIDE_DEG).any():
            continue
        swapped = shapely.transform(line, lambda xy: xy[:, ::-1])
        if shapely.dwithin(areas, swapped, _BESIDE_DEG).any():
            command = f"atlas clean {shlex.quote(str(path))} --swap-axes -o OUT.geojson"
            msg = f"{path.name} has latitude before longitude; exchange them with `{command}`, and give OUT.geojson"
        else:
            km = _nearest_km(areas, np.array([line], dtype=object))
            msg = (
                f"the line of {path.name} runs by no unit of {side.name} (the nearest is some {km:,.0f} km away); give "
                "the line that these units lie on, in degrees, longitude before latitude"
            )
        raise InputError(msg)


def _padded(box: Box, pad: float) -> Box:
    """A box with a margin; as RFC 7946 has it where it goes across 180°, and never across that by its margin alone."""
    west, south, east, north = box
    if west >= HALF:
        west, east = west - WHOLE, east - WHOLE
    across = west < HALF < east
    west, east = (west - pad, east + pad - WHOLE) if across else (max(west - pad, -HALF), min(east + pad, HALF))
    if across and west < east:
        west, east = -HALF, HALF
    made = west, max(south - pad, -85.0), east, min(north + pad, 85.0)
    return tuple(round(value, 3) for value in made)  # type: ignore[return-value]


def _edge_inland(areas: NDArray[np.object_]) -> NDArray[np.object_]:
    """What of one side's outer edge is no coast; the whole side where the packages of shores are missing."""
    west, south, east, north = shapely.total_bounds(areas).tolist()
    box = west - _LEAST_PAD, south - _LEAST_PAD, east + _LEAST_PAD, north + _LEAST_PAD
    try:
        land, _ = read_shores(*packaged_files(pinned("gshhg_shores")), box=box)
    except SourceError:
        return areas
    thin = shapely.make_valid(shapely.simplify(areas, _THIN_DEG, preserve_topology=False))
    thin = thin[~shapely.is_empty(thin)]
    ring = coarse_ring(thin if len(thin) else areas, _COARSE_DEG)
    return np.array([inland_run(ring, land)], dtype=object)
