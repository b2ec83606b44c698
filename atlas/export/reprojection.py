"""From degrees into another coordinate reference system; x (east) before y (north) in every file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
import shapely
from pyproj.exceptions import CRSError, ProjError

from atlas.errors import GeometryError, UsageError

_DEGREES = "EPSG:4326"
# a millimetre, and a tenth of one as an angle: far finer than any outline is true
_METRE_DECIMALS, _DEGREE_DECIMALS = 3, 9
_PLANE = 2

Shapes = np.ndarray[Any, np.dtype[np.object_]]


@dataclass(frozen=True, slots=True)
class Places:
    """A coordinate reference system to export in; ``native`` is that of the layers themselves."""

    crs: pyproj.CRS
    code: str
    native: bool

    @property
    def suffix(self) -> str:
        """What the name of a file carries when it is not in degrees of WGS 84, such as ``.epsg6372``."""
        return "" if self.native else "." + re.sub(r"[^a-z0-9]+", "", self.code.lower())

    def moved(self, shapes: Shapes) -> Shapes:
        """Shapes in degrees (longitude, latitude) brought into this system (x, y).

        Raises
        ------
        GeometryError
            The system has no place for some of the positions.
        """
        if self.native:
            return shapes
        transformer = pyproj.Transformer.from_crs(_DEGREES, self.crs, always_xy=True)
        decimals = _DEGREE_DECIMALS if self.crs.is_geographic else _METRE_DECIMALS
        positions = shapely.get_coordinates(shapes)
        try:
            x, y = transformer.transform(positions[:, 0], positions[:, 1], errcheck=True)
        except ProjError as error:
            raise GeometryError(self._unplaceable(str(error))) from error
        if not (np.isfinite(x).all() and np.isfinite(y).all()):
            raise GeometryError(self._unplaceable("some positions have no finite value"))
        moved: Shapes = shapely.set_coordinates(shapes.copy(), np.round(np.column_stack([x, y]), decimals))
        return moved

    def outside(self, box: Sequence[float]) -> str | None:
        """A note when a box (west, south, east, north in degrees) reaches beyond where the system is meant for."""
        area = self.crs.area_of_use
        if self.native or area is None:
            return None
        west, south, east, north = box
        across = area.west <= area.east and (west < area.west or east > area.east)
        if not across and south >= area.south and north <= area.north:
            return None
        return f"{self.code} is meant for {area.name.rstrip('.')}; the layers reach beyond it, where it distorts"

    def _unplaceable(self, why: str) -> str:
        return f"the layers cannot be brought into {self.code} ({self.crs.name}): {why}. Choose another --crs"


def places(code: str | None) -> Places:
    """The coordinate reference system of a code such as ``EPSG:6372``; of none, that of the layers.

    Raises
    ------
    UsageError
        The code is unknown, or not of a plane or of longitude and latitude.
    """
    if code is None:
        return Places(pyproj.CRS.from_user_input(_DEGREES), _DEGREES, native=True)
    try:
        crs = pyproj.CRS.from_user_input(code)
    except CRSError as error:
        msg = f"--crs {code!r} is not known; give a code such as EPSG:32615 (UTM 15 north, metres) or EPSG:3857"
        raise UsageError(msg) from error
    if not (crs.is_projected or crs.is_geographic) or len(crs.axis_info) != _PLANE:
        msg = f"--crs {code!r} ({crs.name}) is not a plane nor longitude and latitude; give one such as EPSG:3857"
        raise UsageError(msg)
    authority = crs.to_authority()
    if authority is None:
        msg = f"--crs {code!r} has no code of its own that a file could name; give one such as EPSG:3857"
        raise UsageError(msg)
    named = ":".join(authority)
    if named in {_DEGREES, "OGC:CRS84"}:
        return places(None)
    return Places(crs, named, native=False)
