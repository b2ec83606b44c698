"""Lines and rings that cross 180° of longitude without being cut there, or may do so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from atlas.check.bbox_rules import Box, box_of
from atlas.check.model import Findings
from atlas.check.position_batch import Kind, Parts, distinct
from atlas.geojson.model import Item, JsonPath, Mark, mark
from atlas.geometry.antimeridian_steps import HALF, Reading, Role, Stretch, crosses_with, readings, wide_steps

RULE = "antimeridian"
MESSAGE = (
    "The next position is more than 180° of longitude away: where the shape crosses 180°, cut it in two there; where "
    "it goes the long way round, add positions in between."
)
_ROLES = {Kind.LINE: Role.LINE, Kind.SHELL: Role.SHELL, Kind.HOLE: Role.HOLE}


@dataclass(frozen=True, slots=True)
class Straight:
    """A line or ring with a wide step that is meant straight by all that its feature shows."""

    at: Mark
    path: JsonPath
    position: tuple[float, float]
    stretch: Stretch


def mark_crossing(parts: Parts, box: Box | None = None) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Set ``parts.crossing``; gives how each part is meant (``Reading``) and where its wide steps are.

    ``box`` is that of the whole file, where it is known.
    """
    meant, wide = np.zeros(parts.count, dtype=np.int64), _wide(parts)
    for owner in distinct(parts.owners[parts.any_of(wide)]).tolist():
        stretches = np.flatnonzero(parts.owners == owner)
        meant[stretches] = readings([_stretch(parts, part, box) for part in stretches.tolist()])
    parts.crossing = np.isin(meant, (Reading.ACROSS, Reading.UNSURE))
    return meant, wide


def _stretch(parts: Parts, part: int, box: Box | None) -> Stretch:
    role = _ROLES.get(Kind(int(parts.kinds[part])), Role.POINTS)
    boxes = boxes_around(parts.item(part), parts.batch.paths[part], box)
    return Stretch(parts.xy[parts.starts[part] : parts.ends[part]], role, tuple(boxes))


def _wide(parts: Parts) -> NDArray[np.bool_]:
    """Positions after which a line or ring on the globe goes over more than 180°."""
    flags = np.zeros(len(parts.xy), dtype=np.bool_)
    flags[:-1] = (np.abs(np.diff(parts.xy[:, 0])) > HALF) & (np.diff(parts.part_of) == 0)
    if not flags.any():
        return flags
    flags[:-1] &= wide_steps(parts.xy)
    boxes = parts.boxes()
    usable = (parts.kinds >= Kind.LINE) & (np.abs(boxes[:, [0, 2]]) <= HALF).all(axis=1)
    return np.asarray(flags & usable[parts.part_of], dtype=np.bool_)


def look_at_antimeridian(parts: Parts, findings: Findings, box: Box | None = None) -> list[Straight]:
    """Say where it is crossed, or may be; gives the wide lines and rings that are meant straight."""
    meant, wide = mark_crossing(parts, box)
    straight = []
    for part in parts.any_of(wide).tolist():
        offset, _ = parts.first_of(wide, part)
        position, path = parts.position(int(parts.starts[part]) + offset), parts.path(part, offset)
        if parts.crossing[part]:
            findings.add(RULE, parts.item(part), MESSAGE, path=path, position=position)
        elif meant[part] == Reading.STRAIGHT:
            straight.append(Straight(mark(parts.item(part)), path, position, _stretch(parts, part, None)))
    return straight


def hold_straight(straight: Sequence[Straight], box: Box, findings: Findings) -> None:
    """Say which of them the box of the whole file contradicts."""
    for one in straight:
        if crosses_with(one.stretch, box):
            findings.add(RULE, one.at, MESSAGE, path=one.path, position=one.position)


def boxes_around(item: Item, path: Sequence[str | int], box: Box | None) -> Iterator[Box]:
    """Every sound bbox on the way from the file to a part of a feature."""
    if box is not None:
        yield box
    value = item.value
    for step in path:
        if isinstance(value, Mapping) and (held := box_of(item, value, None)):
            yield held
        if isinstance(value, Mapping):
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int):
            value = value[step]
        else:
            return
