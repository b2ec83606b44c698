"""Crossings of a project's border from its own tables: formal ones, informal ones as counts, and published counts.

A formal crossing stands where its table says, or on the whole stretch of its unit. Informal ones are never points.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from atlas.border_project import BorderProject
from atlas.borderland.placed_rows import in_frame
from atlas.errors import EvidenceError, listed
from atlas.evidence import Evidence
from atlas.layers.border_segments import Spine
from atlas.layers.crossings import Gazetteer, formal_layer
from atlas.layers.informal import informal_layer
from atlas.layers.layer import Layer
from atlas.layers.totals import on_extent, reported_layer
from atlas.sources import SourceRecord

# farther off the line than this, in metres, a position is a slip
_FARTHEST_M = 50_000.0
# codes that a message lists
_SHOWN = 8


def crossing_layers(project: BorderProject, spine: Spine, evidence: Evidence, record: SourceRecord) -> list[Layer]:
    """The layers of the module ``crossings``.

    Parameters
    ----------
    project
        The border.
    spine
        Its line.
    evidence
        The project's tables.
    record
        The gazetteer, of which no position is taken.

    Raises
    ------
    EvidenceError
        A row does not fit the line: each with its table, row, column and a remedy.
    """
    rows = tuple(in_frame(row, project.frame_start) for row in evidence.crossings_formal)
    placed = replace(evidence, crossings_formal=rows)
    if faults := [*_wrong_formal(spine, placed), *_wrong_units(spine, placed), *_wrong_extents(spine, placed)]:
        raise EvidenceError(listed("the tables of crossings do not fit the line:", faults))
    return [
        formal_layer(spine, placed, Gazetteer({}, record)),
        informal_layer(spine, placed),
        reported_layer(spine, placed),
    ]


def _wrong_formal(spine: Spine, evidence: Evidence) -> Iterator[str]:
    beside = {(piece.cvegeo, piece.neighbour) for piece in spine.pieces}
    for row in evidence.crossings_formal:
        where = f"crossings_formal.csv, {row.crossing_id}"
        if row.longitude is None or row.latitude is None:
            known = any(code == row.municipality_cvegeo for code, _ in beside)
            if known and (row.municipality_cvegeo, row.neighbour) not in beside:
                near = ", ".join(sorted(n for code, n in beside if code == row.municipality_cvegeo))
                yield f"{where}, neighbour: {row.neighbour!r} is not beside its unit; write {near}, or give a position"
            continue
        if (off_m := spine.line.project((row.longitude, row.latitude))[1]) > _FARTHEST_M:
            yield f"{where}: the position lies {off_m / 1000:,.0f} km off the line; correct it, or leave it empty"
    for row_of_place in evidence.crossing_places:
        yield (
            f"crossing_places.csv, {row_of_place.crossing_id}: settlements stand for crossings of the atlas' own "
            "border only; write longitude and latitude into crossings_formal.csv, and take the row out"
        )


def _wrong_units(spine: Spine, evidence: Evidence) -> Iterator[str]:
    codes = sorted({piece.cvegeo for piece in spine.pieces})
    shown = ", ".join(codes[:_SHOWN]) + (
        f" … ({len(codes)} in all, in municipalities.geojson)" if len(codes) > _SHOWN else ""
    )
    named = [("crossings_formal.csv", row.crossing_id, row.municipality_cvegeo) for row in evidence.crossings_formal]
    named += [
        ("crossings_informal_named.csv", row.crossing_id, row.municipality_cvegeo)
        for row in evidence.crossings_informal_named
    ]
    for file, row_id, code in named:
        if code not in codes:
            yield f"{file}, {row_id}, municipality_cvegeo: {code!r} is no unit on the line; write one of {shown}"


def _wrong_extents(spine: Spine, evidence: Evidence) -> Iterator[str]:
    named = [("crossings_informal_counts.csv", row.count_id, row.extent) for row in evidence.crossings_informal_counts]
    named += [("totals_extent.csv", row.total_id, row.extent) for row in evidence.totals_extent]
    for file, row_id, extent in named:
        if not spine.runs(on_extent(extent, spine)):
            yield (
                f"{file}, {row_id}, extent: {extent!r} is no part of the line; write whole, a neighbour's code, "
                "CODE:state:STATE by the state_code of municipalities.geojson, or municipality:CODE"
            )
