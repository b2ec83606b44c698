"""Features and ids that stand in a file twice, found with a few bytes a feature."""

from __future__ import annotations

import marshal
from array import array
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atlas.check.model import Findings
from atlas.check.position_batch import Kind, Parts
from atlas.geojson.model import Item, Mark
from atlas.geojson.path import shown

_MOST_IDS = 200_000
_BITS = 0xFFFF_FFFF_FFFF_FFFF


@dataclass(slots=True)
class DuplicateFeatures:
    """Keeps a number for each feature's id and content, and compares them at the end."""

    findings: Findings
    _ids: array[int] = field(default_factory=lambda: array("Q"))
    _contents: array[int] = field(default_factory=lambda: array("Q"))
    _lines: array[int] = field(default_factory=lambda: array("Q"))
    _names: list[str | None] = field(default_factory=list)

    def check(self, parts: Parts) -> None:
        """Remember the features of a batch."""
        first = np.searchsorted(parts.owners, np.arange(len(parts.batch.items)))
        past = np.searchsorted(parts.owners, np.arange(len(parts.batch.items)), side="right")
        points = (parts.kinds == Kind.POINT).tolist()
        starts = parts.starts.tolist()
        numbers = parts.xy.tobytes()
        for item, start, end in zip(parts.batch.items, first.tolist(), past.tolist(), strict=True):
            value: Any = item.value
            feature_id = value.get("id") if isinstance(value, dict) else None
            # ids that are 1 and "1" are one and the same to most programs
            missing = feature_id is None or isinstance(feature_id, dict | list)
            self._ids.append(0 if missing else _number(str(feature_id)))
            if item.plain or (end - start == 1 and points[start] and _is_point(value)):
                # a position is sixteen bytes, and a part of one position is as long as its number
                at = starts[start] * 16
                content: object = numbers[at : at + 16], _packed(value.get("properties"))
            else:
                content = _content(item, parts, start, end)
            self._contents.append(_number(content))
            self._lines.append(item.line or 0)
            if len(self._names) < _MOST_IDS:
                self._names.append(None if missing else item.feature_id)

    def finish(self) -> None:
        """Say which ids and features stand twice."""
        for index, other in _pairs(self._ids):
            feature_id = self._names[index] if index < len(self._names) else None
            what = f"The id {shown(feature_id)}" if feature_id is not None else "This id"
            message = f"{what} is also that of features[{other}] (line {self._lines[other]:,}): give each its own."
            self.findings.add("id-twice", self._mark(index), message, path=("id",))
        for index, other in _pairs(self._contents):
            where = f"features[{other}] (line {self._lines[other]:,})"
            message = f"The feature has the same geometry and properties as {where}: remove one of them."
            self.findings.add("feature-twice", self._mark(index), message)

    def _mark(self, index: int) -> Mark:
        name = self._names[index] if index < len(self._names) else None
        return Mark(index, self._lines[index], name, ("features", index))


def _number(value: object) -> int:
    return (hash(value) & _BITS) or 1


def _is_point(value: Any) -> bool:  # noqa: ANN401 - whatever stands among the features
    """Whether a feature's geometry is a point, and not a collection of one."""
    return isinstance(value, dict) and isinstance(value.get("geometry"), dict) and value["geometry"]["type"] == "Point"


def _content(item: Item, parts: Parts, start: int, end: int) -> object:
    """Geometry and properties as something to hash; without the id, which may be all that differs."""
    value = item.value if isinstance(item.value, dict) else {"": item.value}
    geometry = value.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if start == end:
        # no positions that could be read: whatever stands there
        return str(kind), _packed(geometry), _packed(value.get("properties"))
    low, high = int(parts.starts[start]), int(parts.ends[end - 1])
    shape = parts.xy[low:high].tobytes(), parts.sizes[start:end].tobytes(), parts.kinds[start:end].tobytes()
    return str(kind), shape, _packed(value.get("properties"))


def _packed(value: Any) -> object:  # noqa: ANN401 - whatever JSON may hold
    try:
        # version 0 has no references, so that equal values are equal bytes
        return marshal.dumps(value, 0)
    except ValueError:
        return repr(value)


def _pairs(numbers: array[int]) -> list[tuple[int, int]]:
    """Indexes of repeated numbers other than 0, each with the index of the first of its kind, in order."""
    values: NDArray[np.uint64] = np.frombuffer(numbers, dtype=np.uint64)
    # equal ones come to stand side by side, the first of them first; millions of features take few bytes each
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    again = np.flatnonzero((ordered[1:] == ordered[:-1]) & (ordered[1:] != 0))
    if not len(again):
        return []
    begins = np.concatenate([[True], np.diff(again) > 1])
    first = again[begins][np.cumsum(begins) - 1]
    return sorted(zip(order[again + 1].tolist(), order[first].tolist(), strict=True))
