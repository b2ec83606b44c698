"""Ways that somebody went, as lines: kept with the notes and never published, since they lead to people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from atlas.field.readers.record_rows import Rows
from atlas.field.row import FieldRow, Rejected
from atlas.field.track import TRACK

Position = tuple[float, float]

# of so many points a line has some half a megabyte
_MOST_POINTS = 20_000


@dataclass(slots=True)
class Track:
    """What was gathered of one track or route.

    Attributes
    ----------
    segments
        Positions, longitude before latitude in degrees, by stretch without a gap.
    begun, ended
        The first and last time that it says, as text.
    fault
        Why a point of it cannot be read.
    """

    segments: list[list[Position]] = field(default_factory=list)
    begun: str | None = None
    ended: str | None = None
    fault: str | None = None

    def add(self, position: Position, moment: str | None) -> None:
        """Put a point to the end of the last segment."""
        if not self.segments:
            self.segments.append([])
        self.segments[-1].append(position)
        self.begun, self.ended = self.begun or moment, moment or self.ended


def track_rows(
    track: Track, kind: str, stated: Mapping[str, Any], rows: Rows, where: str
) -> Iterator[FieldRow | Rejected]:
    """A track as a record, or as several where it has more points than a record can hold.

    Parameters
    ----------
    track
        Its points.
    kind
        ``track`` or ``route``.
    stated
        What it says beside its points, by header.
    rows
        Makes records of the rows of the file.
    where
        Its place in the file.
    """
    if track.fault:
        yield Rejected(where, track.fault, str(dict(stated)))
        return
    lines = [line for segment in track.segments for line in _lines(segment)]
    if not lines:
        yield Rejected(where, "it has no two points in different places; mark a point instead", str(dict(stated)))
        return
    parts = _parts(lines)
    for number, part in enumerate(parts, start=1):
        one = part[0] if len(part) == 1 else part
        geometry = {"type": "LineString" if len(part) == 1 else "MultiLineString", "coordinates": one}
        row = {**stated, "sensitivity": "withheld", "time": track.begun or ""}
        beside = {TRACK: kind} | ({"track_ended": track.ended} if track.ended else {})
        beside |= {"track_part": f"{number} of {len(parts)}"} if len(parts) > 1 else {}
        place = where if len(parts) == 1 else f"{where}, part {number}"
        yield rows.record(row, place, raw=str(dict(stated)), geometry=geometry, fields=beside)


def _lines(segment: Sequence[Position]) -> Iterator[list[list[float]]]:
    """A segment in pieces that go on from each other; one that stays in one place is no line."""
    if len(set(segment)) < 2:  # noqa: PLR2004 - a line has two points
        return
    for start in range(0, max(1, len(segment) - 1), _MOST_POINTS):
        piece = segment[start : start + _MOST_POINTS + 1]
        if len(set(piece)) > 1:
            yield [list(position) for position in piece]


def _parts(lines: list[list[list[float]]]) -> list[list[list[list[float]]]]:
    parts: list[list[list[list[float]]]] = [[]]
    for line in lines:
        if parts[-1] and sum(map(len, parts[-1])) + len(line) > _MOST_POINTS + 1:
            parts.append([])
        parts[-1].append(line)
    return parts
