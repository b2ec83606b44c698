"""Where the positions are: off the globe, axes swapped, metres for degrees, at 0, 0, with how many decimals."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from atlas.border_project.expected_region import region
from atlas.check.antimeridian_rules import Straight, hold_straight, look_at_antimeridian
from atlas.check.axes import Axes, stated_place
from atlas.check.bbox_rules import Box, box_of, check_bbox
from atlas.check.messages import place, several
from atlas.check.model import Findings
from atlas.check.position_batch import Kind, Parts, distinct, portions
from atlas.check.projections import guess
from atlas.geojson.model import Item, Mark, mark
from atlas.geometry.antimeridian_steps import HALF, WHOLE

METRES_FROM = 1000
_USEFUL_DECIMALS = 7
_COARSE, _FINE = 3, 6
_SAMPLE = 400
# how far a number may be from its decimal, in units of the last one
_AS_DOUBLE = 1e-4


@dataclass(slots=True)
class Places:
    """Looks at the positions batch by batch; what only the whole file can tell is said in ``finish``."""

    findings: Findings
    # of the whole file, where it is known before its features
    box: Box | None = None
    extent: NDArray[np.float64] = field(default_factory=lambda: np.full(4, np.nan))
    positions: int = 0
    _straight: list[Straight] = field(default_factory=list)
    _projected: list[Mark] = field(default_factory=list)
    _projected_count: int = 0
    _sample: list[tuple[float, float]] = field(default_factory=list)
    _coarse: Mark | None = None
    _coarse_count: int = 0
    _fine_count: int = 0
    _kinds: dict[str, tuple[int, Mark]] = field(default_factory=dict)
    _axes: Axes = field(default_factory=Axes)
    _longitude: float | None = None

    def check(self, parts: Parts) -> None:
        """Hold the positions of a batch against the rules."""
        self.positions += len(parts.xy)
        boxes = parts.item_boxes()
        self._boxes(parts, boxes)
        self._swapped_or_off(parts, boxes)
        self._null_island(parts)
        self._straight.extend(look_at_antimeridian(parts, self.findings, self.box)[: self.findings.cap])
        self._decimals(parts)
        self._count_kinds(parts)

    def _boxes(self, parts: Parts, boxes: NDArray[np.float64]) -> None:
        self.extent[:2] = np.fmin(self.extent[:2], np.fmin.reduce(boxes[:, :2]))
        self.extent[2:] = np.fmax(self.extent[2:], np.fmax.reduce(boxes[:, 2:]))
        for n, item in enumerate(parts.batch.items):
            # a box of a bare geometry is that of the root
            if item.plain or item.index is None or not isinstance(item.value, dict) or "bbox" not in item.value:
                continue
            if (box := box_of(item, item.value, None)) and not np.isnan(boxes[n, 0]):
                check_bbox(item, box, boxes[n].tolist(), self.findings)
        for owner, path, box in parts.batch.boxes:
            held = [n for n in np.flatnonzero(parts.owners == owner) if parts.batch.paths[n][: len(path)] == path]
            if held:
                low, high = parts.boxes()[held, :2].min(axis=0), parts.boxes()[held, 2:].max(axis=0)
                check_bbox(parts.batch.items[owner], box, [*low.tolist(), *high.tolist()], self.findings, path)

    def root_box(self, item: Item) -> None:
        """Hold the bbox of the outermost object against all positions."""
        if isinstance(item.value, dict) and not np.isnan(self.extent[0]):
            box: Box | None = box_of(item, item.value, None)
            if box:
                check_bbox(item, box, self.extent.tolist(), self.findings)
                hold_straight(self._straight, box, self.findings)

    def _swapped_or_off(self, parts: Parts, boxes: NDArray[np.float64]) -> None:
        off = ~_on_globe(parts.xy)
        swapped = _swapped(boxes) | _beyond_poles(parts, boxes)
        far = (np.abs(boxes).max(axis=1) > METRES_FROM) & _all_off(parts, off, len(boxes))
        swapped |= self._axes.check(parts, boxes, swapped | far, self.findings.cap)
        for index in np.flatnonzero(swapped).tolist():
            first = int(np.flatnonzero(parts.owners == index)[0])
            position = parts.position(int(parts.starts[first]))
            message = (
                f"The first position is {place(position)}: these are latitude and longitude, GeoJSON has longitude "
                "first. Swap the two numbers of every position."
            )
            path = parts.path(first, 0)
            self.findings.add("axes-swapped", parts.item(first), message, path=path, position=position)
        on_globe = np.flatnonzero(~far & ~_all_off(parts, off, len(boxes)) & np.isfinite(boxes).all(axis=1))
        if self._longitude is None and len(on_globe):
            self._longitude = float(boxes[on_globe[0], [0, 2]].mean())
        for index in np.flatnonzero(far & ~swapped).tolist():
            self._take_projected(parts, index)
        settled = (swapped | far)[parts.owners]
        flags = np.asarray(off & ~settled[parts.part_of], dtype=np.bool_)
        for part in parts.any_of(flags).tolist():
            offset, count = parts.first_of(flags, part)
            position = parts.position(int(parts.starts[part]) + offset)
            also = f" (and {several(count - 1, 'more', 'more')} in this line)" if count > 1 else ""
            message = f"{place(position)}{also} is not on the globe: longitude within ±180, latitude within ±90."
            path = parts.path(part, offset)
            self.findings.add("position-range", parts.item(part), message, path=path, position=position)

    def _take_projected(self, parts: Parts, index: int) -> None:
        self._projected_count += 1
        value = parts.batch.items[index].value
        properties = value.get("properties") if isinstance(value, dict) else None
        if self._longitude is None and isinstance(properties, dict) and (place_of := stated_place(properties)):
            self._longitude = place_of[0]
        if len(self._projected) < self.findings.cap:
            self._projected.append(mark(parts.batch.items[index]))
        if len(self._sample) < _SAMPLE:
            first = int(np.flatnonzero(parts.owners == index)[0])
            self._sample.append(parts.position(int(parts.starts[first])))

    def _null_island(self, parts: Parts) -> None:
        # a grid, a coast or an equator may well pass there
        flags = (parts.xy[:, 0] == 0) & (parts.xy[:, 1] == 0) & (parts.kinds <= Kind.POINTS)[parts.part_of]
        for part in parts.any_of(flags).tolist():
            offset, _ = parts.first_of(flags, part)
            message = "A position at 0, 0 is mostly an empty cell: make the geometry null, or look the place up."
            path = parts.path(part, offset)
            self.findings.add("null-island", parts.item(part), message, path=path, position=(0.0, 0.0))

    def _decimals(self, parts: Parts) -> None:
        flags = finer(parts.xy, _USEFUL_DECIMALS) & _on_globe(parts.xy)
        last = None
        for part in parts.any_of(flags).tolist():
            if parts.owners[part] == last:
                continue
            last = parts.owners[part]
            offset, _ = parts.first_of(flags, part)
            position = parts.position(int(parts.starts[part]) + offset)
            message = f"More than {_USEFUL_DECIMALS} decimals, such as {position[0]!r}: round to 6 (0.1 m) or 7 (1 cm)."
            path = parts.path(part, offset)
            self.findings.add("precision-excessive", parts.item(part), message, path=path, position=position)
        finer_than_coarse = _by_item(parts, finer(parts.xy, _COARSE))
        fine = _by_item(parts, finer(parts.xy, _FINE - 1))
        placed = np.isin(np.arange(len(fine)), parts.owners)
        coarse = np.flatnonzero(placed & ~finer_than_coarse)
        self._fine_count += int(fine.sum())
        self._coarse_count += len(coarse)
        if self._coarse is None and len(coarse):
            self._coarse = mark(parts.batch.items[int(coarse[0])])

    def _count_kinds(self, parts: Parts) -> None:
        for name, chosen in _kinds_of(parts).items():
            owners = distinct(parts.owners[chosen])
            if len(owners):
                count, first = self._kinds.get(name, (0, mark(parts.batch.items[int(owners[0])])))
                self._kinds[name] = (count + len(owners), first)

    def finish(self) -> None:
        """What only the whole file can tell."""
        if len(self._kinds) > 1:
            ordered = sorted(self._kinds.items(), key=lambda pair: -pair[1][0])
            counts = ", ".join(f"{name} in {count:,}" for name, (count, _) in ordered)
            message = f"The file has {counts} features: most formats and programs take one kind, divide it for them."
            self.findings.add("geometry-mixed", ordered[-1][1][1], message)
        self.finish_axes()
        if self._projected:
            fits = guess(self._sample, self._longitude)
            for one in self._projected:
                self.findings.add("crs-projected", one, f"Metres, not degrees: {fits}", position=self._sample[0])
            self.findings.counts["crs-projected"] += self._projected_count - len(self._projected)
        if self._coarse is not None and self._fine_count:
            message = (
                f"{several(self._coarse_count, 'feature has', 'features have')} 3 decimals (100 m) or fewer, "
                f"{self._fine_count:,} have 6 (0.1 m) or more: say in a field how exact each one is."
            )
            self.findings.add("precision-mixed", self._coarse, message)

    def finish_axes(self) -> None:
        """Say of features whose numbers are on the globe either way that their axes are swapped, where that shows."""
        why = self._axes.evidence()
        if why is None:
            return
        for one in self._axes.marks:
            message = f"Latitude stands first: {why}. Swap the two numbers of every position."
            self.findings.add("axes-swapped", one, message, path=("geometry",))
        self.findings.counts["axes-swapped"] += self._axes.count - len(self._axes.marks)


def _kinds_of(parts: Parts) -> dict[str, NDArray[np.bool_]]:
    return {"points": parts.kinds <= Kind.POINTS, "lines": parts.kinds == Kind.LINE, "areas": parts.rings}


def _on_globe(xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray((np.abs(xy[:, 0]) <= 180) & (np.abs(xy[:, 1]) <= 90), dtype=np.bool_)  # noqa: PLR2004 - degrees


def _swapped(boxes: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Features that lie in the region once longitude and latitude are swapped, and not as they stand."""
    turned = boxes[:, [1, 0, 3, 2]]
    return _in(region().around, turned) & ~_in(region().around, boxes)


def _in(box: Box, boxes: NDArray[np.float64]) -> NDArray[np.bool_]:
    if box[2] > HALF:
        # a box across 180° goes on beyond it
        boxes = boxes + np.where(boxes[:, [0, 0, 0, 0]] < box[0], WHOLE, 0.0) * np.array([1.0, 0.0, 1.0, 0.0])
    within = (boxes[:, :2] > box[:2]).all(axis=1) & (boxes[:, 2:] < box[2:]).all(axis=1)
    return np.asarray(within, dtype=np.bool_)


def _beyond_poles(parts: Parts, boxes: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Features all of whose latitudes are beyond a pole, or beyond both as those of a shape across 180°, swapped."""
    far, near = np.abs(boxes[:, [1, 3]]), np.abs(boxes[:, [0, 2]])
    beyond = np.asarray(((far > 90) & (far <= 180) & (near <= 90)).all(axis=1), dtype=np.bool_)  # noqa: PLR2004 - degrees
    if beyond.any():
        beyond[parts.owners[parts.part_of[np.abs(parts.xy[:, 1]) <= 90]]] = False  # noqa: PLR2004 - degrees
    return beyond


def _all_off(parts: Parts, off: NDArray[np.bool_], count: int) -> NDArray[np.bool_]:
    """Features that have positions, all of them off the globe."""
    owners = parts.owners[parts.part_of]
    total = np.bincount(owners, minlength=count)
    return np.asarray((total > 0) & (np.bincount(owners[off], minlength=count) == total), dtype=np.bool_)


def finer(xy: NDArray[np.float64], decimals: int) -> NDArray[np.bool_]:
    """Positions that have more decimals than so many, as far as a double can tell."""
    flags = np.zeros(len(xy), dtype=np.bool_)
    for some in portions(len(xy)):
        # numbers near the end of what doubles hold are no degrees, and are said by another rule
        with np.errstate(over="ignore", invalid="ignore"):
            scaled = xy[some] * 10.0**decimals
            apart = np.abs(scaled - np.rint(scaled)) > _AS_DOUBLE
        flags[some] = apart[:, 0] | apart[:, 1]
    return flags


def _by_item(parts: Parts, flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Features in which a flag is set for any position."""
    flagged = np.zeros(len(parts.batch.items), dtype=np.bool_)
    flagged[parts.owners[parts.part_of[flags]]] = True
    return flagged
