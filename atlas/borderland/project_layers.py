"""The layers of a project's border: the line, its reaches, the units on both sides, the base map."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely

from atlas.border_project import BorderProject
from atlas.borderland.beside_line import beside_line
from atlas.borderland.containment_layers import containment_layers
from atlas.borderland.corridor_layers import corridor_layers
from atlas.borderland.crossing_layers import crossing_layers
from atlas.borderland.facility_layers import facility_layers
from atlas.borderland.match_ledger import ledger_of, summary_of
from atlas.borderland.metric_frames import known_frames
from atlas.borderland.placed_rows import units_of_region
from atlas.borderland.region import parent_codes, parents_of, project_mosaic, read_surroundings
from atlas.borderland.side_units import Units, read_units
from atlas.borderland.traced_line import Traced, disputed_steps, trace
from atlas.errors import GeometryError, SourceError
from atlas.evidence import Evidence, Source
from atlas.evidence.module_tables import empty_tables
from atlas.evidence.records import BorderSegment, Municipality
from atlas.geojson.meridian_features import cut_features
from atlas.geometry.meridian_frame import MeridianFrame
from atlas.geometry.straight import stretches
from atlas.layers.basemap import basemap_layer
from atlas.layers.border import border_layer, reaches_layer
from atlas.layers.border_segments import Piece, Spine
from atlas.layers.layer import Citation, Layer, cited
from atlas.layers.municipalities import municipalities_layer
from atlas.layers.project_schema import DISPUTED, dispute_code
from atlas.sources import SourceRecord, Sources
from atlas.sources.outlines import Outlines

LAND = "land_here"
# of a proposed region: its margin as a share of the line, of one that is no shorter than this in degrees
_MARGIN, _LEAST_DEG = 0.2, 1.0
# as a share of the line: more than islands and exclaves are
_MUCH = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class ProjectLayers:
    """What a project's sources and outlines give: its layers, their sources, the facts behind them, and remarks.

    ``ledger`` says what was moved to make two outlines meet; None where there is one outline. ``beside`` says on which
    side of the line this country lies, and how many people live within 50 km of it.
    """

    layers: tuple[Layer, ...]
    records: Mapping[str, SourceRecord]
    evidence: Evidence
    notes: tuple[str, ...]
    ledger: Mapping[str, Any] | None
    beside: Mapping[str, Any]


def project_layers(
    project: BorderProject, evidence: Evidence, *, on_step: Callable[[str], None] | None = None
) -> ProjectLayers:
    """Make every layer of a border that a project file describes.

    Raises
    ------
    SourceError
        A file or package cannot be used.
    GeometryError
        There is no line between the sides.
    """
    step = on_step or (lambda _name: None)
    known_frames(project.projections)
    step("outlines")
    whole = _in_frame(read_units(project.here), project)
    here = whole.where(shapely.intersects(whole.areas, shapely.box(*project.box)))
    there = [_in_frame(read_units(side), project) for side in project.neighbours if side.outline]
    _within_countries(whole, *there)
    step("shores, rivers, settlements")
    sources, towns = read_surroundings(project, here)
    step("border")
    traced = trace(project, whole, there, sources.land)
    _hold(project, traced)
    spine, segments = _spine(project, traced, here.parents)
    known = _with_facts(evidence, project, traced, sources.records, segments)
    record = sources.records[project.here.outline.source.key]  # type: ignore[union-attr]
    parents = parents_of(here)
    states = dict(zip(parents.codes, parents.names, strict=True))
    layers = [
        border_layer(spine, known, record, states),
        reaches_layer(spine, record),
        municipalities_layer(spine, known, record, states),
    ]
    if traced.there:
        layers.append(_other_side(traced, sources.records))
    if project.modules["crossings"]:
        step("crossings")
        layers += crossing_layers(project, spine, known, sources.records["geonames"])
    layers += _placed_layers(project, sources, (here, *there), known, step)
    if project.modules["containment"]:
        step("containment")
        layers += containment_layers(project, sources, spine, units_of_region(here, *there), parents, known, record)
    step("basemap")
    mosaic = project_mosaic(project, traced, here, there, sources.land)
    layers.append(basemap_layer(sources, mosaic, spine, {}, key=record.key, land=LAND))
    layers = [Layer(layer.name, tuple(cut_features(layer.features, project.frame_start))) for layer in layers]
    ledger = MeridianFrame(project.frame_start).located(ledger_of(project, traced.moves)) if traced.moves else None
    beside = beside_line(project, traced, (whole, *there), towns)
    return ProjectLayers(
        tuple(layers), sources.records, known, (*_notes(traced), *empty_tables(project, evidence)), ledger, beside
    )


def _placed_layers(
    project: BorderProject, sources: Sources, sides: Sequence[Units], known: Evidence, step: Callable[[str], None]
) -> Iterator[Layer]:
    """The layers of modules that place things in units or between settlements."""
    units, accuracy_m = units_of_region(*sides), max(_accuracies(sides))
    if project.modules["corridor"]:
        step("corridor")
        yield from corridor_layers(project, sources, units, known, accuracy_m=accuracy_m)
    if project.modules["facilities"]:
        step("facilities")
        yield from facility_layers(project, units, known, accuracy_m=accuracy_m)


def _accuracies(sides: Sequence[Units]) -> list[float]:
    """How far off the outlines of sides may be, in metres; at least one number."""
    return [0.0, *(float(one.side.outline.source.accuracy_m) for one in sides if one.side.outline)]


def _in_frame(units: Units, project: BorderProject) -> Units:
    """Units in the frame of a region that crosses 180°, each in one piece; as they are in any other."""
    return units.with_areas(MeridianFrame(project.frame_start).turned(units.areas))


def _notes(traced: Traced) -> Iterator[str]:
    if traced.moves:
        yield summary_of(traced.moves)
    if traced.omitted_km:
        is_much = traced.omitted_km > _MUCH * traced.line.length_km
        remedy = "; gaps between units of one side are closed by `atlas clean FILE --snap-m M -o OUT.geojson`"
        yield f"{traced.omitted_km:,.1f} km of border that are not joined to the line are left out{remedy * is_much}"


def _spine(project: BorderProject, traced: Traced, parents: Sequence[str]) -> tuple[Spine, list[int]]:
    """The line cut where its course, its neighbour, the unit beside it or a dispute changes.

    Also the number of the dispute, 0 for none, of each course.
    """
    side_codes = [units.side.code for units in traced.there] or [project.neighbours[0].code]
    changes = set((np.flatnonzero(np.diff(traced.owner)) + 1).tolist())
    sides = set((np.flatnonzero(np.diff(traced.side)) + 1).tolist())
    disputed = disputed_steps(project, traced.line.positions)
    sides |= set((np.flatnonzero(np.diff(disputed)) + 1).tolist())
    pieces: list[Piece] = []
    courses: list[int] = []
    before: object = None
    for stretch in stretches(traced.line):
        inner = {i for i in changes | sides if stretch.start < i < stretch.end}
        for start, end in pairwise(sorted({stretch.start, stretch.end, *inner})):
            neighbour = side_codes[int(traced.side[start])]
            dispute = int(disputed[start])
            if (stretch.start, neighbour, dispute) != before:
                courses.append(dispute)
                before = (stretch.start, neighbour, dispute)
            code = traced.here.codes[int(traced.owner[start])]
            nature = DISPUTED if dispute else stretch.nature
            pieces.append(Piece(start, end, len(courses), nature, neighbour, None, code))
    outlines = Outlines(traced.here.codes, traced.here.names, traced.here.areas)
    accuracy_m = project.here.outline.source.accuracy_m if project.here.outline else 0.0
    spine = Spine(traced.line, tuple(pieces), outlines, accuracy_m, parent_codes(traced.here, parents))
    return spine, courses


def _within_countries(*sides: Units) -> None:
    """Refuse a side whose units lie outside the box that the project states for its country."""
    for units in sides:
        if (box := units.side.box) is None:
            continue
        west, south, east, north = shapely.total_bounds(units.areas).tolist()
        # on whichever turn of the earth the outline is
        fits = [box[0] <= east + turn and west + turn <= box[2] for turn in (-360, 0, 360)]
        if not any(fits) or not (box[1] <= north and south <= box[3]):
            name = units.side.name["en"]
            msg = f"box = {list(box)} of {name} holds none of its units; correct or remove it in atlas.toml"
            raise SourceError(msg)


def _hold(project: BorderProject, traced: Traced) -> None:
    """Refuse a region that the line leaves: what lies around it would be missing there."""
    positions = traced.line.positions
    (west, south), (east, north) = positions.min(axis=0), positions.max(axis=0)
    box = project.box
    if box[0] <= west and box[1] <= south and east <= box[2] and north <= box[3]:
        return
    pad = max(east - west, north - south, _LEAST_DEG) * _MARGIN
    sides = (MeridianFrame.within(west - pad), max(south - pad, -90.0), MeridianFrame.within(east + pad), north + pad)
    wanted = [round(float(value), 2) for value in (*sides[:3], min(sides[3], 90.0))]
    msg = f"the line leaves the region; write box = {wanted} or more below [project] in atlas.toml"
    raise GeometryError(msg)


def _with_facts(
    evidence: Evidence, project: BorderProject, traced: Traced, records: Mapping[str, SourceRecord], courses: list[int]
) -> Evidence:
    """The project's facts, with what the outlines say where a table would."""
    blank = {"from_": None, "to": None, "defined_by": "line", "description": "", "confidence": None}
    segments = tuple(
        BorderSegment(segment_no=n, source_ids=(), treaty=dispute_code(dispute) if dispute else None, **blank)  # type: ignore[arg-type]
        for n, dispute in enumerate(courses, start=1)
    )
    facts = {row.cvegeo: row for row in evidence.municipalities}
    units = tuple(facts.get(code) or _unit(code, traced, project) for code in traced.here.codes)
    cited_files = {record.evidence_id: _source(record) for record in records.values()}
    sources = MappingProxyType({**cited_files, **evidence.sources})
    return replace(evidence, border_definition=segments, border_rivers=(), municipalities=units, sources=sources)


def _unit(code: str, traced: Traced, project: BorderProject) -> Municipality:
    index = traced.here.codes.index(code)
    codes = [units.side.code for units in traced.there] or [project.neighbours[0].code]
    beside = sorted({codes[int(side)] for side in traced.side[traced.owner == index]})
    return Municipality(
        cvegeo=code,
        name=traced.here.names[index],
        state=traced.here.parents[index],
        seat=None,  # type: ignore[arg-type]
        neighbours=tuple(beside),
        population_2020=None,  # type: ignore[arg-type]
        dwellings_2020=None,  # type: ignore[arg-type]
        source_ids=(),
    )


def _source(record: SourceRecord) -> Source:
    year = record.as_of[:4]
    return Source(
        source_id=record.evidence_id,
        title=record.title,
        subject_en=None,
        subject_es=None,
        author=None,
        publisher=record.publisher,
        copied_at=None,
        year=int(year) if year.isdigit() else None,
        language=None,
        doi=None,
        isbn=None,
        url=None,
        kind="data",
        note=None,
    )


def _other_side(traced: Traced, records: Mapping[str, SourceRecord]) -> Layer:
    """The units of the neighbours that touch the line."""
    features = [feature for units in traced.there for feature in _units_there(units, records)]
    return Layer.of("neighbour_regions", features)


def _units_there(units: Units, records: Mapping[str, SourceRecord]) -> Iterator[Mapping[str, object]]:
    record = records[units.side.outline.source.key]  # type: ignore[union-attr]
    for code, name, parent, area in zip(units.codes, units.names, units.parents, units.areas, strict=True):
        properties = {
            "name": name,
            "region_kind": units.side.code,
            "neighbour": units.side.code,
            "admin1_code": code,
            "note": parent or None,
        }
        citation = Citation(
            source_ids=[record.evidence_id],
            as_of=record.as_of or None,
            confidence="seen",
            uncertainty_m=record.accuracy_m,
            protocol="outline of the unit, full resolution, six decimals",
        )
        yield cited(f"region-{units.side.code}-{code}", area, properties, citation)
