"""Lines and belts across the land of a project, from its own tables: between places, at a distance, or as units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np
import shapely

from atlas.border_project import BorderProject
from atlas.borderland.placed_rows import areas_of, wrong_codes
from atlas.borderland.project_places import gazetteer_of, towns_of, wrong_places
from atlas.errors import EvidenceError, GeometryError, listed
from atlas.evidence import Evidence
from atlas.layers.border_segments import Spine
from atlas.layers.containment import BAND_HALF_WIDTH_KM, Ground, containment_layer
from atlas.layers.layer import Layer
from atlas.layers.outline_areas import Areas
from atlas.sources import SourceRecord, Sources
from atlas.sources.outlines import Outlines

_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "band": f"schematic band straight between the two places, {2 * BAND_HALF_WIDTH_KM} km wide so it can be seen",
        "line": "schematic: straight between the two places named",
        "border": "the border line",
        "offset": "all positions on this side at the published geodesic distance from the border line",
        "municipalities": "the units named",
        "states": "the areas named",
        "places": "the unit and the area named; no line is drawn between them",
        "none": "no place or distance that could be drawn",
    }
)


def containment_layers(  # noqa: PLR0913, PLR0917 - all that lines and belts are drawn on
    project: BorderProject,
    sources: Sources,
    spine: Spine,
    units: Outlines,
    parents: Outlines,
    evidence: Evidence,
    outline: SourceRecord,
) -> list[Layer]:
    """The layer of the module ``containment``.

    Parameters
    ----------
    project
        The border.
    sources
        The settlements of its region, with the gazetteer's record.
    spine
        Its line.
    units
        The units of all sides in the region.
    parents
        What the units of this side belong to, together its land.
    evidence
        The project's tables.
    outline
        The source of this side's outlines.

    Raises
    ------
    EvidenceError
        A row does not fit the line, the settlements or the outlines: each with its table, row, column and a remedy.
    """
    towns = towns_of(project, sources, evidence)
    faults = [*_wrong_shapes(evidence, spine, units, parents), *wrong_places(evidence, towns, units)]
    if faults:
        raise EvidenceError(listed("the tables of containment do not fit the region:", faults))
    codes = [code for row in evidence.containment_shapes for code in row.municipalities]
    municipal = areas_of(units, codes, accuracy_m=outline.accuracy_m)
    areas = Areas(municipal.municipal, parents, municipal.accuracy_m)
    south = shapely.union_all(np.asarray(parents.areas, dtype=object))
    ground = Ground(spine, towns, areas, south, outline, gazetteer_of(sources, evidence))
    try:
        return [containment_layer(evidence, ground, _WORDS)]
    except GeometryError as error:
        msg = f"containment_shapes.csv, distance_mi or distance_km: {error}; correct the distance, or write shape none"
        raise EvidenceError(msg) from error


def _wrong_shapes(evidence: Evidence, spine: Spine, units: Outlines, parents: Outlines) -> Iterator[str]:
    rows = evidence.containment_shapes
    table = "containment_shapes"
    yield from wrong_codes(units, [(table, row.item, "municipalities", c) for row in rows for c in row.municipalities])
    beside = {piece.neighbour for piece in spine.pieces}
    for row in rows:
        given = [name for name in ("distance_mi", "distance_km") if getattr(row, name) is not None]
        if len(given) > 1 or (row.shape == "offset" and not given):
            stands = "both are there" if given else "neither is there"
            yield f"{table}.csv, {row.item}, distance_mi and distance_km: {stands}; give the one that the source gives"
        for code in row.states:
            if code not in parents.codes:
                known = ", ".join(f"{one} ({name})" for one, name in zip(parents.codes, parents.names, strict=True))
                yield f"{table}.csv, {row.item}, states: {code!r} is no area of this side; write one of {known}"
        if row.shape == "border" and row.neighbour is not None and row.neighbour not in beside:
            near = ", ".join(sorted(beside))
            yield f"{table}.csv, {row.item}, neighbour: {row.neighbour!r} is not on the line; write {near}, or nothing"
