"""A layer's positions brought to longitude and latitude where it is certain from what; else a fault says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from atlas.errors import InputError
from atlas.vector.coordinate_system import (
    Operation,
    is_degrees,
    move_to_degrees,
    on_globe,
    positions_of,
    system_name,
)
from atlas.vector.layer import FileFault, VectorLayer
from atlas.vector.wkb import Geometry, Positions

if TYPE_CHECKING:
    import pyproj

# beyond this a number is no longitude of any convention, also not on a second turn around the globe
_WIDEST_DEG = 720.0
# a hundredth of a metre: what is moved has no more
_DECIMALS = 7
_RING = 4


def bring_to_degrees(layer: VectorLayer, *, stated: pyproj.CRS | None = None) -> Operation | None:
    """Move a layer's positions, in place, and say so among its faults.

    Parameters
    ----------
    layer
        A layer in its own numbers.
    stated
        The system that the user says; it goes before that of the file.

    Returns
    -------
    How they were moved; nothing where they are degrees already, or where it is not certain what they are.
    """
    crs = stated or layer.crs
    if stated is not None:
        layer.faults = [one for one in layer.faults if one.rule not in {"crs-missing", "crs-disagrees"}]
    xy = positions_of(layer.geometries)
    operation = None
    if crs is None:
        pass
    elif is_degrees(crs):
        if len(xy) and stated is None and _beyond_degrees(xy):
            x, y = xy[_odd(xy)]
            why = f"but has the position ({x:.10g}, {y:.10g}), which is no longitude and latitude"
            remedy = "find out what it is and name it by --crs EPSG:CODE"
            layer.faults.append(_disagrees(layer, crs, why, remedy))
    elif crs.is_projected and len(xy) and on_globe(xy):
        if stated is None:
            layer.faults.append(_disagrees(layer, crs, "but its numbers are degrees", "--crs EPSG:4326 if they are"))
    elif len(xy):
        operation = _moved(layer, crs)
    for one in layer.geometries:
        if one is not None:
            _wind(one)
    return operation


def _moved(layer: VectorLayer, crs: pyproj.CRS) -> Operation | None:
    try:
        operation = move_to_degrees(layer.geometries, crs, layer.title)
    except InputError as error:
        layer.faults.append(
            FileFault("crs-disagrees", f"{error}: name the true one by --crs EPSG:CODE.", what=str(error))
        )
        return None
    for one in layer.geometries:
        for holder, n in one.runs if one is not None else ():
            holder[n][:, :2] = np.round(holder[n][:, :2], _DECIMALS)
    message = (
        f"The layer is in {operation.source}; it is held against the rules as {operation}. `atlas clean` writes it so."
    )
    after = f"{operation}, to {_DECIMALS} decimals"
    layer.faults.append(FileFault("crs-other", message, before=operation.source, after=after))
    return operation


def _disagrees(layer: VectorLayer, crs: pyproj.CRS, why: str, remedy: str) -> FileFault:
    what = f"{layer.title} says that it is in {system_name(crs)}, {why}"
    return FileFault("crs-disagrees", f"{what}: {remedy}.", what=what)


def _beyond_degrees(xy: Positions) -> bool:
    return bool(_far(xy).any())


def _odd(xy: Positions) -> int:
    return int(np.flatnonzero(_far(xy))[0])


def _far(xy: Positions) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    with np.errstate(invalid="ignore"):
        return np.asarray((np.abs(xy[:, 0]) > _WIDEST_DEG) | (np.abs(xy[:, 1]) > _WIDEST_DEG))


def _wind(geometry: Geometry) -> None:
    """Outer rings anticlockwise, holes clockwise: which way they run is each format's own rule, and no fault."""
    if geometry.kind in {"Polygon", "MultiPolygon"}:
        for part in geometry.parts:
            for number, ring in enumerate(part):
                if len(ring) >= _RING and (_signed_area(ring) < 0) is (number == 0):
                    part[number] = np.ascontiguousarray(ring[::-1])
    for member in geometry.members:
        _wind(member)


def _signed_area(ring: Positions) -> float:
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))
