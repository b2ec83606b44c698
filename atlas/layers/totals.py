"""`crossings_reported`: published counts of crossings, each on the stretch of the line that it speaks of.

Nothing is summed, and no count is a part of another: their universes differ.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from atlas.border_project.expected_region import region
from atlas.errors import EvidenceError
from atlas.evidence import Evidence, PartialCount, ReportedTotal
from atlas.evidence.spec import extents_of
from atlas.layers.border_segments import Piece, Spine
from atlas.layers.layer import Citation, Layer, cited, enclosing_radius_m, intervals, rounded_up


def reported_layer(spine: Spine, evidence: Evidence) -> Layer:
    """One feature a published count; without a known extent it has no geometry."""
    extents = {row.total_id: row for row in evidence.totals_extent}
    return Layer.of("crossings_reported", [_count(row, spine, extents) for row in evidence.crossings_totals])


def _count(row: ReportedTotal | PartialCount, spine: Spine, extents: dict[str, Any]) -> dict[str, Any]:
    placed = extents.get(row.total_id)
    geometry, pairs = spine.stretch(on_extent(placed.extent, spine)) if placed else (None, [])
    properties = {
        "total_id": row.total_id,
        "count_kind": "partial" if isinstance(row, PartialCount) else "whole",
        "bound": row.bound,
        "hedge": row.hedge,
        "total": row.total,
        "vehicular": row.vehicular,
        "universe": row.universe,
        "extent": placed.extent if placed else "unknown",
        "extent_note": placed.note if placed else None,
        "chainage_intervals": intervals(pairs),
        "outline_uncertainty_m": spine.accuracy_m if placed else None,
        "claimant": row.claimant,
        "printed_in": row.printed_in,
        "date_basis": row.date_basis,
        "note": row.note,
    }
    citation = Citation(
        source_ids=row.source_ids,
        as_of=row.as_of,
        confidence=row.confidence,
        uncertainty_m=rounded_up(enclosing_radius_m(geometry)) if geometry is not None else None,
        protocol="the stretch of the border that the count's universe covers"
        if placed
        else "the universe is not placed",
    )
    return cited(f"reported-{row.total_id}", geometry, properties, citation)


def on_extent(extent: str, spine: Spine) -> Callable[[Piece], bool]:
    """Which pieces of the border an extent of ``totals_extent.csv`` means.

    Raises
    ------
    EvidenceError
        The extent is not of a known form.
    """
    head, _, rest = extent.partition(":")
    if extent == "whole":
        return lambda _piece: True
    if head == "rivers":
        names = rest.split(";")
        return lambda piece: any(name in (piece.river_name or "") for name in names)
    if head == "municipality":
        return lambda piece: piece.cvegeo == rest
    if head in region().border.neighbour_codes:
        kind, _, state = rest.partition(":")
        if kind in {"", "land", "state"}:
            return lambda piece: (
                piece.neighbour == head
                and (kind != "land" or piece.nature != "river")
                and (kind != "state" or spine.parent(piece.cvegeo) == state)
            )
    msg = f"totals_extent.csv: {extent!r} is no extent; use {extents_of(region().border)}"
    raise EvidenceError(msg)
