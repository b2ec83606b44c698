"""What lies around a project's border: shores, rivers, settlements of the region, and the land of both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.border_project import BorderProject, SourceFile
from atlas.border_project.model import Box
from atlas.borderland.beside_line import widened
from atlas.borderland.side_units import Units
from atlas.borderland.traced_line import Traced
from atlas.clean.area_repair import blunted
from atlas.clean.coverage_repair import CoverageRepair
from atlas.files import sha256_of_file
from atlas.geojson.collection import DECIMALS
from atlas.layers.basemap import Mosaic
from atlas.layers.project_schema import PACKAGED
from atlas.sources import SourceRecord, Sources, pinned_records
from atlas.sources.geonames import Town, read_towns
from atlas.sources.gshhg import read_lines, read_shores
from atlas.sources.outlines import Outlines
from atlas.sources.source_records import packaged_files, pinned, record_of

_COARSE_DEG, _FINE_DEG, _STRIP_DEG = 0.003, 0.0004, 0.02
_NEEDLE_M, _STRIP_M = 100.0, 1.0
_SPECK_DEG2 = 1e-5


def read_surroundings(project: BorderProject, here: Units) -> tuple[Sources, Mapping[int, Town]]:
    """The packaged sources of the region, with this side's units and what they belong to.

    Also the settlements of a wider box, in which all are that lie within 50 km of the line.

    Raises
    ------
    SourceError
        A package is missing or another one than the pinned.
    """
    box, files = project.box, {key: packaged_files(pinned(key)) for key in (*PACKAGED, "gshhg_shores")}
    land, lakes = read_shores(*files["gshhg_shores"], box=box)
    towns = read_towns(files["geonames"][0], box=widened(box))
    lines = {key: read_lines(*files[key], box=box) for key in ("wdbii_rivers", "wdbii_borders")}
    records = {key: source_record(source) for key, source in project.sources.items()}
    packaged = {key: record for key, record in pinned_records().items() if key in PACKAGED}
    sources = Sources(
        MappingProxyType(records | packaged),
        Outlines(here.codes, here.names, here.areas),
        _drawn_parents(here),
        MappingProxyType({number: town for number, town in towns.items() if _within(town, box)}),
        land,
        lakes,
        lines["wdbii_rivers"],
        lines["wdbii_borders"],
        [],
    )
    return sources, towns


def _within(town: Town, box: Box) -> bool:
    west, south, east, north = box
    return west <= town.longitude <= east and south <= town.latitude <= north


def source_record(source: SourceFile) -> SourceRecord:
    """A project's file as the registry carries it."""
    files = {source.on_disk.name: sha256_of_file(source.on_disk)}
    return replace(record_of(source), accuracy_m=float(source.accuracy_m), files=MappingProxyType(files))


def parent_codes(units: Units, known: Sequence[str]) -> dict[str, str]:
    """A code for what each unit belongs to, by the unit's code: numbers in the order of all names of the region."""
    numbers = {parent: f"{n:02d}" for n, parent in enumerate(sorted(set(known)), start=1)}
    return {code: numbers[parent] for code, parent in zip(units.codes, units.parents, strict=True)}


def parents_of(units: Units) -> Outlines:
    """What the units belong to, as areas; those of a side without parents are the whole side."""
    names = sorted(set(units.parents))
    areas = [
        _union([area for area, parent in zip(units.areas, units.parents, strict=True) if parent == name])
        for name in names
    ]
    titles = tuple(name or units.side.name["en"] for name in names)
    return Outlines(tuple(f"{n:02d}" for n in range(1, len(names) + 1)), titles, np.array(areas, dtype=object))


def _drawn_parents(units: Units) -> Outlines:
    """What the units belong to where the outlines say so; a side as a whole is no limit within it."""
    return parents_of(units) if any(units.parents) else Outlines((), (), np.array([], dtype=object))


def project_mosaic(
    project: BorderProject, traced: Traced, here: Units, there: Sequence[Units], land: BaseGeometry
) -> Mosaic:
    """The land of both sides in the region, without sliver or gap between them."""
    box = shapely.box(*project.box)
    strip = shapely.buffer(shapely.simplify(shapely.linestrings(traced.line.positions), _FINE_DEG), _STRIP_DEG)
    shores, coarse = _coarse(land), _union([_coarse(_union(list(here.areas)))])
    others = [_coarse(_union(list(units.areas))) for units in there]
    near_here = shapely.intersection(_union(list(traced.here.areas)), strip)
    near_there = [shapely.intersection(_union(list(units.areas)), strip) for units in traced.there]
    this = shapely.union_all([shapely.difference(shapely.difference(coarse, strip), _union(near_there)), near_here])
    # between the coarse outline and the exact strip along the line nothing may be left open
    this = shapely.union_all([this, shapely.difference(shapely.intersection(coarse, strip), _union(near_there))])
    this = _areas(shapely.intersection(this, box))
    beyond = shapely.union_all([shores, *others, *near_there])
    beyond = _areas(shapely.difference(shapely.intersection(beyond, box), this))
    both = [area for area in (this, beyond) if not shapely.is_empty(area)]
    thinned = shapely.coverage_simplify(both, _FINE_DEG)
    blunt = np.array(
        [blunted(shapely.multipolygons(shapely.get_parts(one)), _NEEDLE_M) for one in thinned], dtype=object
    )
    made = list(CoverageRepair(blunt, DECIMALS).mended(_STRIP_M, None))
    this, beyond = made if len(made) > 1 else (made[0], shapely.MultiPolygon())
    return Mosaic(this, beyond, _coarse(_drawn_parents(here).areas), shores)


def _union(areas: Sequence[BaseGeometry]) -> BaseGeometry:
    try:
        return shapely.coverage_union_all(areas)
    except shapely.errors.GEOSException:
        return shapely.union_all(areas)


def _coarse(areas: Any) -> Any:  # noqa: ANN401 - one shape or an array of them, as shapely has it
    return shapely.make_valid(shapely.simplify(areas, _COARSE_DEG))


def _areas(geometry: BaseGeometry) -> BaseGeometry:
    snapped = shapely.set_precision(geometry, 1e-6)
    parts = shapely.get_parts(shapely.get_parts(snapped))
    kept = [part for part in parts if part.geom_type == "Polygon" and shapely.area(part) > _SPECK_DEG2]
    return shapely.multipolygons(np.array(kept, dtype=object))
