"""Layers of a map across 180°, of a region or of data there: in one frame, in which longitudes go on beyond that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.admission.user_features import UserLayer
from atlas.border_project.expected_region import region
from atlas.cartography.composition import Extent
from atlas.cartography.portrayal import Portrayal
from atlas.geojson.meridian_features import cut_features, turned_positions
from atlas.geometry.antimeridian_steps import HALF, WHOLE
from atlas.geometry.geodesy import Positions
from atlas.geometry.meridian_frame import MeridianFrame
from atlas.published.layers import PublishedLayers

# data that reach farther are a map of the world, wherever it is cut; a frame leaves some degrees free to cut at
_WIDEST_DEG = 180.0
_FULL_DEG = 350.0


def within_180(name: str, release: PublishedLayers) -> list[Mapping[str, Any]]:
    """A layer of the atlas as a user's file would have it: cut at 180°."""
    return cut_features(release.features(name), region().border.frame_start)


def in_frame(positions: Positions) -> Positions:
    """Positions (longitude, latitude in degrees) in the frame of the region."""
    return turned_positions(positions, region().border.frame_start)


def lay_out(file: UserLayer) -> None:
    """Put the shapes of a user's file into the frame of the region."""
    frame = MeridianFrame(region().border.frame_start)
    if frame.start is None:
        return
    file.features = [
        one if one.shape is None else replace(one, shape=frame.turned(np.array([one.shape], dtype=object))[0])
        for one in file.features
    ]


def common_frame(shapes: Sequence[BaseGeometry | None], stated: Extent | None) -> MeridianFrame:
    """The frame in which data on both sides of 180° lie side by side, and the region of the atlas with them.

    Parameters
    ----------
    shapes
        All that the map shows, in degrees.
    stated
        What somebody asked to see: west, south, east (beyond 180° where it goes across), north in degrees.

    Returns
    -------
    MeridianFrame
        One without a start where nothing goes on beyond 180°, or where the layers have the frame of a region already.
    """
    plain = MeridianFrame(None)
    if region().border.frame_start is not None:
        return plain
    ends = _ends(np.array([*(shape for shape in shapes if shape is not None), None], dtype=object)[:-1])
    if ends is None and (stated is None or stated[2] <= HALF):
        return plain
    west, east = ends if ends is not None else (stated[0], stated[2]) if stated else (-HALF, HALF)
    first, _, last, _ = region().border.box
    # the region goes to the nearer side
    sides = [(min(west, first + turn), max(east, last + turn)) for turn in (0.0, WHOLE)]
    least, most = min(sides, key=lambda one: one[1] - one[0])
    if most - least > _FULL_DEG:
        least, most = west, east
    return MeridianFrame((most - WHOLE + least) / 2)


def _ends(shapes: Any) -> tuple[float, float] | None:  # noqa: ANN401 - an array of shapes
    """West and east of shapes on both sides of 180° that lie close together there, in degrees; else nothing."""
    frame = MeridianFrame.around(shapes) if len(shapes) else MeridianFrame(None)
    if frame.start is None:
        return None
    west, _, east, _ = shapely.total_bounds(frame.turned(shapes)).tolist()
    return (west, east) if east - west <= _WIDEST_DEG else None


def shifted_extent(stated: Extent, start: float | None) -> Extent:
    """An extent in degrees in the frame that begins at a longitude."""
    west, south, east, north = stated
    if start is None or west >= start:
        return stated
    return west + WHOLE, south, east + WHOLE, north


def turned_portrayal(portrayal: Portrayal, frame: MeridianFrame) -> Portrayal:
    """A portrayal whose shapes lie in a frame."""
    if frame.start is None:
        return portrayal
    turned = (f if f.shape is None else replace(f, shape=frame.turned(_one(f.shape))[0]) for f in portrayal.features)
    return replace(portrayal, features=tuple(turned))


def _one(shape: BaseGeometry) -> Any:  # noqa: ANN401 - an array of one shape
    return np.array([shape, None], dtype=object)[:1]
