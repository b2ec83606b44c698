"""`border` and `border_reaches`: the line itself, and its fixed stretches of ten kilometres.

A reach is the line between two multiples of 10 km of chainage, the last one to the line's end; its name is its number
from the start (`R000`). Of each piece of the line (`atlas.layers.border_segments`) a reach has the length of what their
intervals have in common; a municipality's share is its sum over the length of the reach.

*Why it is right.* Half-open intervals of one measure put every chainage into one reach, and the pieces cover the line
once, so the shares of a reach add up to 1, and the lengths of a municipality over all reaches to its border. A reach is
fixed by the line alone: a record generalised to it says nothing of where others are.

*Invariants* (`tests/layers/test_border.py`): both sums; no reach but the last is shorter than 10 km. Source: fixed
segmentation in linear referencing (ISO 19148).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from atlas.evidence import Evidence
from atlas.geojson.collection import kilometres
from atlas.geometry.geodesy import length_km
from atlas.layers.border_segments import Spine
from atlas.layers.layer import Citation, Layer, cited
from atlas.sources import SourceRecord

REACH_KM = 10
_SHORTEST_KM = 1e-6


def border_layer(spine: Spine, evidence: Evidence, record: SourceRecord, state_names: dict[str, str]) -> Layer:
    """One feature for each run of the line with one segment, nature, neighbour and municipality."""
    segments = {row.segment_no: row for row in evidence.border_definition}
    rivers = {row.segment_no: row.source_ids for row in evidence.border_rivers}
    counts: Counter[tuple[int, str]] = Counter()
    features = []
    for order, piece in enumerate(spine.pieces, start=1):
        row = segments[piece.segment_no]
        counts[piece.segment_no, piece.cvegeo] += 1
        geometry = spine.geometry(piece.start, piece.end)
        properties = {
            "order": order,
            "neighbour": piece.neighbour,
            "nature": piece.nature,
            "segment_no": piece.segment_no,
            "segment_from": row.from_,
            "segment_to": row.to,
            "treaty": row.treaty,
            "treaty_confidence": row.confidence,
            "river_name": piece.river_name,
            "municipality_cvegeo": piece.cvegeo,
            "municipality_name": spine.municipalities.name(piece.cvegeo),
            "state": state_names[spine.parent(piece.cvegeo)],
            "chainage_from_km": kilometres(spine.chainage_km(piece.start)),
            "chainage_to_km": kilometres(spine.chainage_km(piece.end)),
            "length_km": kilometres(length_km(geometry)),
        }
        ids = [record.evidence_id, *row.source_ids, *(rivers[piece.segment_no] if piece.river_name else ())]
        feature_id = f"border-{piece.segment_no:02d}-{piece.cvegeo}-{counts[piece.segment_no, piece.cvegeo]:02d}"
        features.append(cited(feature_id, geometry, properties, _outline_citation(record, ids)))
    # in the order of the line, which is also what a reader of the file expects
    return Layer("border", tuple(features))


def reaches_layer(spine: Spine, record: SourceRecord) -> Layer:
    """The line in stretches of ten kilometres; the last one is shorter."""
    features = [_reach(spine, number, record) for number in range(math.ceil(spine.line.length_km / REACH_KM))]
    return Layer.of("border_reaches", features)


def reach_of(chainage_km: float) -> str:
    """Name of the reach that a chainage lies in."""
    return f"R{int(chainage_km // REACH_KM):03d}"


def _reach(spine: Spine, number: int, record: SourceRecord) -> dict[str, Any]:
    start = number * REACH_KM
    end = min(start + REACH_KM, spine.line.length_km)
    by_municipality: defaultdict[str, float] = defaultdict(float)
    by_neighbour: defaultdict[str, float] = defaultdict(float)
    by_nature: defaultdict[str, float] = defaultdict(float)
    for length, piece in _overlaps(spine, start, end):
        by_municipality[piece.cvegeo] += length
        by_neighbour[piece.neighbour] += length
        by_nature[piece.nature] += length
    shares = {code: round(length / (end - start), 4) for code, length in by_municipality.items()}
    properties = {
        "reach": f"R{number:03d}",
        "chainage_from_km": kilometres(start),
        "chainage_to_km": kilometres(end),
        "length_km": kilometres(end - start),
        "neighbours": list(by_neighbour),
        "natures": list(by_nature),
        "municipality_cvegeos": list(shares),
        "municipality_names": [spine.municipalities.name(code) for code in shares],
        "municipality_shares": list(shares.values()),
    }
    geometry = spine.line.between(start, end)
    return cited(f"R{number:03d}", geometry, properties, _outline_citation(record, [record.evidence_id]))


def _overlaps(spine: Spine, start_km: float, end_km: float) -> Iterator[tuple[float, Any]]:
    for piece in spine.pieces:
        low, high = max(spine.chainage_km(piece.start), start_km), min(spine.chainage_km(piece.end), end_km)
        if high - low > _SHORTEST_KM:
            yield high - low, piece


def _outline_citation(record: SourceRecord, source_ids: list[str]) -> Citation:
    return Citation(
        source_ids=source_ids,
        as_of=record.as_of or None,
        confidence="seen",
        uncertainty_m=record.accuracy_m,
        protocol="outer edge of the municipal outlines, full resolution, six decimals",
    )
