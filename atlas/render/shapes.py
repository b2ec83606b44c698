"""The shapes of all layers as one set of shared arcs, and each feature as references to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.geometry.gridded_arcs import GRID_PER_DEGREE, gridded_arcs
from atlas.render import packing
from atlas.render.border_arcs import Spine
from atlas.render.views import View

POINT_DECIMALS = 5
BORDER = "border"
# layers whose lines may be stretches of the border
ON_BORDER = frozenset(
    {"border_reaches", "crossings_formal", "crossings_informal", "crossings_vehicular", "crossings_reported"}
)
# layers cut from one set of outlines, vertex for vertex
EXACT = ON_BORDER | {BORDER, "municipalities"}

Shape = list[Any] | None


@dataclass(frozen=True, slots=True)
class Packed:
    """Arcs of all layers, and per layer and feature ``["p", points]``, ``["l", lines]``, ``["a", areas]`` or nothing.

    A line is a list of arc numbers; ``~i`` is arc ``i`` backwards and ``[i, j]`` all from ``i`` to ``j``.
    """

    arcs: list[NDArray[np.int64]]
    layers: Mapping[str, Sequence[Shape]]

    @property
    def grid(self) -> dict[str, Any]:
        """The arcs as the browser gets them."""
        steps, sizes = packing.pack(self.arcs)
        return {"perDegree": GRID_PER_DEGREE, "steps": steps, "sizes": sizes}

    def only(self, names: Sequence[str]) -> Packed:
        """The same for some of the layers, with the arcs that they need and no others."""
        layers = {name: self.layers[name] for name in names}
        wanted = sorted({arc for shapes in layers.values() for shape in shapes for arc in _arcs_of(shape)})
        number = {arc: index for index, arc in enumerate(wanted)}
        renumbered = {name: [_renumbered(shape, number) for shape in shapes] for name, shapes in layers.items()}
        return Packed([self.arcs[arc] for arc in wanted], renumbered)


def _runs_of(shape: Shape) -> Iterator[list[Any]]:
    if shape is None or shape[0] == "p":
        return
    for part in shape[1]:
        yield from ([part] if shape[0] == "l" else part)


def _arcs_of(shape: Shape) -> Iterator[int]:
    """Numbers of the arcs that a shape is made of, whichever way it runs along them."""
    for run in (run for line in _runs_of(shape) for run in line):
        first, last = run if isinstance(run, list) else (run, run)
        yield from (ref if ref >= 0 else ~ref for ref in range(first, last + 1))


def _renumbered(shape: Shape, number: Mapping[int, int]) -> Shape:
    if shape is None or shape[0] == "p":
        return shape

    def one(ref: int) -> int:
        return number[ref] if ref >= 0 else ~number[~ref]

    # all arcs of a run are kept, so that a run stays a run
    def line(runs: list[Any]) -> list[Any]:
        return [[one(run[0]), one(run[1])] if isinstance(run, list) else one(run) for run in runs]

    kind, parts = shape
    return [kind, [line(part) if kind == "l" else [line(ring) for ring in part] for part in parts]]


@dataclass(slots=True)
class _Collector:
    spine: Spine
    lines: list[NDArray[np.float64]] = field(default_factory=list)
    tolerances: list[float] = field(default_factory=list)
    spans: dict[tuple[int, int], int] = field(default_factory=dict)

    def add(self, positions: NDArray[np.float64], tolerance_m: float) -> int:
        self.lines.append(positions)
        self.tolerances.append(tolerance_m)
        return len(self.lines) - 1

    def add_plain(self, line: BaseGeometry, tolerance_m: float) -> int:
        """A line that has nothing to do with the border."""
        return self.add(shapely.get_coordinates(line), tolerance_m)

    def add_exact(self, line: BaseGeometry, tolerance_m: float) -> int:
        """A line that may be a stretch of the border; the same stretch is kept once."""
        span = self.spine.span_of(line)
        if span is None:
            return self.add(self.spine.with_cuts(shapely.get_coordinates(line)), tolerance_m)
        if span not in self.spans:
            self.spans[span] = self.add(self.spine.between(*span), tolerance_m)
        return self.spans[span]


def pack_layers(
    views: Sequence[View], features: Mapping[str, Sequence[Mapping[str, Any]]], shapes: Mapping[str, Sequence[Any]]
) -> Packed:
    """Share, simplify and pack the shapes of all layers together."""
    stretches = [
        part for name in sorted(ON_BORDER & set(shapes)) for shape in shapes[name] for part in _lines_of(shape)
    ]
    spine = Spine(features.get(BORDER, ()), stretches)
    arcs: list[NDArray[np.int64]] = []
    layers: dict[str, Sequence[Shape]] = {}
    for family in _families(views):
        collector = _Collector(spine)
        drafts = {view.name: [_draft(shape, view, collector) for shape in shapes[view.name]] for view in family}
        shared = gridded_arcs(collector.lines, collector.tolerances)
        runs = [_runs(line, len(arcs)) for line in shared.lines]
        layers |= {name: [_resolve(draft, runs) for draft in drafted] for name, drafted in drafts.items()}
        arcs += shared.arcs
    return Packed(arcs, layers)


def _families(views: Sequence[View]) -> list[list[View]]:
    """Layers that share their stretches; the border comes first, so that its arcs are numbered along the line."""
    exact = sorted((view for view in views if view.name in EXACT), key=lambda view: view.name != BORDER)
    return [family for family in (exact, *([view] for view in views if view.name not in EXACT)) if family]


def _runs(line: list[int], offset: int) -> list[Any]:
    """Arc numbers with consecutive ones joined; backwards runs are consecutive too, ``~5, ~4, ~3``."""
    numbers = [ref + offset if ref >= 0 else ref - offset for ref in line]
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1 and (number < 0) == (runs[-1][0] < 0):
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return [first if first == last else [first, last] for first, last in runs]


def _lines_of(shape: BaseGeometry | None) -> list[BaseGeometry]:
    if shape is None or not shape.geom_type.endswith("LineString"):
        return []
    return list(shapely.get_parts(shape))


def _draft(shape: BaseGeometry | None, view: View, collector: _Collector) -> Shape:
    """A shape with line numbers in place of positions."""
    if shape is None:
        return None
    if shape.geom_type.endswith("Point"):
        return ["p", np.round(shapely.get_coordinates(shape), POINT_DECIMALS).tolist()]
    add = collector.add_exact if view.name in EXACT else collector.add_plain
    parts = shapely.get_parts(shape)
    if shape.geom_type.endswith("LineString"):
        return ["l", [add(part, view.tolerance_m) for part in parts]]
    rings = [[part.exterior, *part.interiors] for part in parts]
    return ["a", [[add(ring, view.tolerance_m) for ring in part] for part in rings]]


def _resolve(draft: Shape, lines: Sequence[list[Any]]) -> Shape:
    if draft is None or draft[0] == "p":
        return draft
    kind, numbers = draft
    if kind == "l":
        return [kind, [lines[number] for number in numbers]]
    return [kind, [[lines[number] for number in part] for part in numbers]]
