"""The coordinate system that a GeoJSON file of older make states, and its positions in degrees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyproj
from pyproj.exceptions import CRSError, ProjError

from atlas.errors import InputError
from atlas.geojson.model import crs_name
from atlas.geometry.geodesy import Positions

DEGREES = "OGC:CRS84"


def to_degrees(path: str, positions: Positions, stated: pyproj.CRS) -> Positions:
    """Positions in a system that a file states, as longitude and latitude in degrees.

    Raises
    ------
    InputError
        The system cannot be that of these numbers.
    """
    try:
        transformer = pyproj.Transformer.from_crs(stated, DEGREES, always_xy=True)
        moved = np.column_stack(transformer.transform(positions[:, 0], positions[:, 1], errcheck=True))
    except ProjError as error:
        msg = f"{path} cannot be brought from {stated.name} to degrees ({error}); check its member 'crs'"
        raise InputError(msg) from error
    check_range(path, moved, stated)
    return moved


def stated_crs(path: str, document: Mapping[str, Any]) -> pyproj.CRS | None:
    """What the member ``crs`` of older files says; nothing when it is absent or says degrees."""
    member = document.get("crs")
    if member is None:
        return None
    name = crs_name(member)
    if name is None:
        msg = f"{path} has a member 'crs' without a name ({member!r}); {TO_DEGREES}"
        raise InputError(msg)
    try:
        crs = pyproj.CRS.from_user_input(name)
    except CRSError as error:
        msg = f"{path} says that it is in the coordinate system {name!r}, which is not known; {TO_DEGREES}"
        raise InputError(msg) from error
    # in files both orders of the axes are meant as longitude, latitude
    return None if crs.equals(pyproj.CRS(DEGREES), ignore_axis_order=True) else crs


TO_DEGREES = "export it in degrees (EPSG:4326), for instance with `ogr2ogr -t_srs EPSG:4326 OUT.geojson IN.geojson`"


def check_range(path: str, positions: Positions, stated: pyproj.CRS | None) -> None:
    """Refuse positions that are not degrees.

    Raises
    ------
    InputError
        One is beyond 180 or 90 degrees.
    """
    with np.errstate(invalid="ignore"):
        outside: Any = ~((np.abs(positions[:, 0]) <= 180) & (np.abs(positions[:, 1]) <= 90)) if len(positions) else []  # noqa: PLR2004 - degrees
    if not np.any(outside):
        return
    x, y = positions[np.flatnonzero(outside)[0], :2]
    silent = "and the file does not say which coordinate system it is in"
    stated_as = f"although it says {stated.name}" if stated else silent
    msg = (
        f"{path} has the position ({x:g}, {y:g}), which is not longitude and latitude in degrees, {stated_as}; "
        f"if the two are swapped, put longitude first, else {TO_DEGREES}"
    )
    raise InputError(msg)
