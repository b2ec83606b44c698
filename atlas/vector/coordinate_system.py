"""The coordinate reference system that a file states, and how its numbers come to longitude and latitude."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from atlas.errors import InputError
from atlas.vector.wkb import Geometry

if TYPE_CHECKING:
    import pyproj

DEGREES = "OGC:CRS84"
# systems that differ from WGS 84 by less than positions are true
_SAME = (DEGREES, "EPSG:4326", "EPSG:4269", "EPSG:6365", "EPSG:4979")
_UNKNOWN = ("undefined", "unknown", "local_cs", "engcrs", "engineering")


def known_system(stated: object) -> pyproj.CRS | None:
    """A system from its code, text or PROJJSON; none for one that only says that it is not known."""
    import pyproj  # noqa: PLC0415 - loads PROJ's database
    from pyproj.exceptions import CRSError  # noqa: PLC0415 - as above

    if not stated:
        return None
    try:
        crs = pyproj.CRS.from_user_input(stated)
    except CRSError:
        return None
    if crs.is_engineering or crs.name.lower().startswith(_UNKNOWN):
        return None
    return crs


def is_degrees(crs: pyproj.CRS) -> bool:
    """Whether its numbers are longitude and latitude as GeoJSON has them, to less than positions are true."""
    plane = crs.sub_crs_list[0] if crs.is_compound and crs.sub_crs_list else crs
    return any(plane.equals(same, ignore_axis_order=True) for same in _degrees())


@cache
def _degrees() -> tuple[pyproj.CRS, ...]:
    import pyproj  # noqa: PLC0415 - loads PROJ's database

    return tuple(pyproj.CRS(code) for code in _SAME)


def system_name(crs: pyproj.CRS) -> str:
    """A system as people call it: its code and name."""
    authority = crs.to_authority(min_confidence=70)
    name = " ".join(crs.name.split())[:80]
    return f"{':'.join(authority)} ({name})" if authority else name


@dataclass(frozen=True, slots=True)
class Operation:
    """How numbers of one system become longitude and latitude.

    Attributes
    ----------
    accuracy_m
        How far, in metres, positions may lie beside the truth after it; none where PROJ does not know.
    better
        An operation that is more exact, which needs a grid that is not installed.
    """

    source: str
    name: str
    accuracy_m: float | None
    better: str | None
    transformer: pyproj.Transformer

    def __str__(self) -> str:
        """As the ledger has it."""
        how = "accuracy unknown" if self.accuracy_m is None else f"accurate to {self.accuracy_m:g} m"
        more = f"; more exact with a grid that is not installed: {self.better}" if self.better else ""
        return f"longitude and latitude, EPSG:4326, by {self.name} ({how}{more})"

    def moved(self, run: Any) -> Any:  # noqa: ANN401 - numpy's arrays
        """Positions (x, y, perhaps height) in degrees; heights stay.

        Raises
        ------
        pyproj.exceptions.ProjError
            The system has no place for one of them.
        """
        lon, lat = self.transformer.transform(run[:, 0], run[:, 1], errcheck=True)
        return np.column_stack([lon, lat, run[:, 2:]])


def to_degrees(source: pyproj.CRS, xy: Any = None) -> Operation:  # noqa: ANN401 - numpy's arrays
    """The operation that brings a system to longitude and latitude of WGS 84.

    Parameters
    ----------
    source
        The system.
    xy
        Positions in it, of shape (n, 2): the best operation for where they are is chosen, without them the best for
        all of the system.
    """
    from pyproj.transformer import AreaOfInterest, Transformer, TransformerGroup  # noqa: PLC0415 - loads PROJ

    transformer = Transformer.from_crs(source, DEGREES, always_xy=True)
    area = _area(transformer, xy)
    group = TransformerGroup(source, DEGREES, always_xy=True, area_of_interest=AreaOfInterest(*area) if area else None)
    best = group.transformers[0] if group.transformers else transformer
    unavailable = group.unavailable_operations
    better = unavailable[0].name if unavailable and not group.best_available else None
    accuracy = best.accuracy if best.accuracy is not None and best.accuracy >= 0 else None
    return Operation(system_name(source), _named(best), accuracy, better, best)


def _named(transformer: pyproj.Transformer) -> str:
    return transformer.description if transformer.description != "unavailable until proj_trans is called" else "PROJ"


def _area(transformer: pyproj.Transformer, xy: Any) -> tuple[float, float, float, float] | None:  # noqa: ANN401 - as above
    if xy is None or not len(xy):
        return None
    low, high = np.nanmin(xy[:, :2], axis=0), np.nanmax(xy[:, :2], axis=0)
    corners = np.array([[low[0], low[1]], [low[0], high[1]], [high[0], low[1]], [high[0], high[1]]])
    lon, lat = transformer.transform(corners[:, 0], corners[:, 1])
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        return None
    return float(np.min(lon)), float(np.min(lat)), float(np.max(lon)), float(np.max(lat))


def positions_of(geometries: Iterable[Geometry | None]) -> Any:  # noqa: ANN401 - numpy's arrays
    """All positions of shapes (x, y), of shape (n, 2)."""
    runs = [holder[n][:, :2] for one in geometries if one is not None for holder, n in one.runs]
    return np.vstack(runs) if runs else np.empty((0, 2))


def on_globe(xy: Any) -> bool:  # noqa: ANN401 - as above
    """Whether all positions could be longitude and latitude in degrees."""
    with np.errstate(invalid="ignore"):
        return bool((np.abs(xy) <= [180.0, 90.0]).all())


def on_globe_in_some_order(xy: Any) -> bool:  # noqa: ANN401 - as above
    """Whether all positions could be longitude and latitude in degrees, or all latitude and longitude."""
    return on_globe(xy) or on_globe(np.asarray(xy)[:, ::-1])


def move_to_degrees(geometries: Iterable[Geometry | None], source: pyproj.CRS, name: str) -> Operation:
    """Bring shapes to longitude and latitude, in place.

    Raises
    ------
    InputError
        The system has no place for one of the positions.
    """
    from pyproj.exceptions import ProjError  # noqa: PLC0415 - loads PROJ

    held = list(geometries)
    operation = to_degrees(source, positions_of(held))
    try:
        for one in held:
            for holder, n in one.runs if one is not None else ():
                holder[n] = operation.moved(holder[n])
    except ProjError as error:
        msg = f"{name} cannot be brought from {operation.source} to degrees ({error}); check which system it is in"
        raise InputError(msg) from error
    return operation
