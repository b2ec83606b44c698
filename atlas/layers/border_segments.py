"""The border line cut where its nature, its treaty segment or the municipality beside it changes.

The straight and winding stretches of the line (`atlas.geometry.straight`) are paired, in order, with the treaty's
segments in ``border_definition.csv``; each is cut where the municipality whose edge the line is changes.

*Why it is right.* A treaty describes the line from one end to the other, so order is all that pairs it; as many
stretches as rows, each of the nature that its row states, and both ending at the same mouth, leave no other pairing.
Anything else is refused. The municipality comes from the edges themselves: the line is made of them
(`atlas.layers.trace`), position by position, so that no distance decides.

*Invariants* (`tests/layers/test_border.py`): pieces follow each other in place and in chainage; lengths by municipality
and by segment both add up to the line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.border_project import shipped_border
from atlas.errors import EvidenceError, GeometryError
from atlas.evidence import Evidence
from atlas.geometry.chainage import MeasuredLine
from atlas.geometry.straight import Stretch, stretches
from atlas.layers.trace import Trace
from atlas.sources.outlines import Outlines

_DEFINED_BY = {"river": "river", "parallel": "parallel", "meridian": "meridian", "line": "straight"}
_NEIGHBOUR = {treaty: side.code for side in shipped_border().neighbours for treaty in side.treaties}


@dataclass(frozen=True, slots=True)
class Piece:
    """Steps ``start`` to ``end`` of the line, all of one segment and one municipality."""

    start: int
    end: int
    segment_no: int
    nature: str
    neighbour: str
    river_name: str | None
    cvegeo: str


@dataclass(frozen=True, slots=True, eq=False)
class Spine:
    """The measured border line, its pieces in order, the municipalities beside it, and how exact it is, in metres.

    ``parents`` has the code of what a municipality belongs to where that does not begin its own.
    """

    line: MeasuredLine
    pieces: tuple[Piece, ...]
    municipalities: Outlines
    accuracy_m: float
    parents: Mapping[str, str] = field(default_factory=dict)

    def parent(self, code: str) -> str:
        """The code of what a municipality belongs to: the first two digits of its own if nothing else is stated."""
        return self.parents.get(code, code[:2])

    def chainage_km(self, index: int) -> float:
        """Chainage of the line's position with this index."""
        return float(self.line.measures_m[index]) / 1000

    def geometry(self, start: int, end: int) -> BaseGeometry:
        """The line's positions ``start`` to ``end`` as a LineString."""
        return shapely.linestrings(self.line.positions[start : end + 1])

    def runs(self, wanted: Callable[[Piece], bool]) -> list[tuple[int, int]]:
        """Index intervals of the line covered by the pieces wanted, touching ones joined."""
        joined: list[tuple[int, int]] = []
        for piece in filter(wanted, self.pieces):
            if joined and joined[-1][1] == piece.start:
                joined[-1] = (joined[-1][0], piece.end)
            else:
                joined.append((piece.start, piece.end))
        return joined

    def stretch(self, wanted: Callable[[Piece], bool]) -> tuple[BaseGeometry, list[tuple[float, float]]]:
        """Geometry and chainage intervals (km) of the pieces wanted: a LineString, or a MultiLineString.

        Raises
        ------
        GeometryError
            No piece of the border is wanted.
        """
        runs = self.runs(wanted)
        if not runs:
            msg = "no part of the border answers to this description"
            raise GeometryError(msg)
        lines = [self.geometry(*run) for run in runs]
        whole = lines[0] if len(lines) == 1 else shapely.multilinestrings(lines)
        return whole, [(self.chainage_km(a), self.chainage_km(b)) for a, b in runs]


def make_spine(trace: Trace, evidence: Evidence, *, accuracy_m: float) -> Spine:
    """Cut the traced line by treaty segment and by municipality.

    Raises
    ------
    GeometryError
        The line's straight and winding stretches don't follow each other as the treaties say.
    """
    segments = list(_segments(trace.line, evidence))
    names = {row.segment_no: row.river_name for row in evidence.border_rivers}
    changes = set((np.flatnonzero(np.diff(trace.owner)) + 1).tolist())
    pieces = []
    for stretch, segment_no, neighbour in segments:
        cuts = sorted({stretch.start, stretch.end, *(i for i in changes if stretch.start < i < stretch.end)})
        for start, end in pairwise(cuts):
            code = trace.municipalities.codes[int(trace.owner[start])]
            river = names.get(segment_no) if stretch.nature == "river" else None
            pieces.append(Piece(start, end, segment_no, stretch.nature, neighbour, river, code))
    return Spine(trace.line, tuple(pieces), trace.municipalities, float(accuracy_m))


def _segments(line: MeasuredLine, evidence: Evidence) -> Iterator[tuple[Stretch, int, str]]:
    straight = stretches(line)
    rows = sorted(evidence.border_definition, key=lambda row: row.segment_no)[: len(straight)]
    wanted = [_DEFINED_BY.get(row.defined_by, row.defined_by) for row in rows]
    # the table goes on into the bay; what is left of it must begin at the line's own end
    mouth = next(end.name for end in evidence.border_ends if end.end == "end")
    complete = bool(rows) and mouth.casefold().startswith(rows[-1].to.casefold())
    if not complete or wanted != [stretch.nature for stretch in straight]:
        kinds = ", ".join(f"{s.nature} from km {line.measures_m[s.start] / 1000:.0f}" for s in straight)
        msg = f"the line does not run as border_definition.csv says: expected {', '.join(wanted)}; found {kinds}"
        raise GeometryError(msg)
    for stretch, row in zip(straight, rows, strict=True):
        yield stretch, row.segment_no, _neighbour(row.segment_no, row.treaty)


def _neighbour(segment_no: int, treaty: str) -> str:
    for parties, code in _NEIGHBOUR.items():
        if treaty.startswith(parties):
            return code
    msg = f"border_definition.csv, segment {segment_no}: the treaty {treaty!r} is none of {', '.join(_NEIGHBOUR)}"
    raise EvidenceError(msg)
