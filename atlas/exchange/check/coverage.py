"""Gaps and overlaps between neighbouring areas, measured; the only rules that hold all areas in memory."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.exchange.check.batch import Parts
from atlas.exchange.check.model import Findings, Mark, mark
from atlas.exchange.check.polygons import Shapes
from atlas.exchange.check.wording import metres, place, shown, square_metres
from atlas.geometry.geodesy import ellipsoid

MOST_POSITIONS = 2_000_000
WIDEST_M = 200.0
_NARROWEST_M = 1e-4
# areas that cover each other for more than this share lie on top of each other on purpose
_STACKED = 0.5


@dataclass(slots=True)
class Coverage:
    """Collects the areas of a file, and compares neighbours at the end while there are not too many of them."""

    findings: Findings
    _areas: list[BaseGeometry] = field(default_factory=list)
    _marks: list[Mark] = field(default_factory=list)
    _positions: int = 0
    _fits: bool = True
    _only_areas: bool = True

    def look(self, parts: Parts, areas: Shapes, items: NDArray[np.int64]) -> None:
        """Take the sound areas of a batch, with the indexes of their features."""
        self._only_areas = self._only_areas and bool(parts.rings.all())
        self._positions += len(parts.xy)
        self._fits = self._fits and self._positions <= MOST_POSITIONS
        if not (self._fits and self._only_areas):
            self._areas.clear()
            self._marks.clear()
            return
        inside = (np.abs(shapely.bounds(areas)) <= [180, 90, 180, 90]).all(axis=1)
        self._areas.extend(areas[inside])
        self._marks.extend(mark(parts.batch.items[index]) for index in items[inside].tolist())

    def finish(self) -> None:
        """Say where neighbours leave gaps, overlap or do not share their vertices."""
        if not self._only_areas:
            return
        if not self._fits:
            note = f"Gaps and overlaps were not looked for: more than {MOST_POSITIONS:,} positions."
            self.findings.notes.append(note)
            return
        if len(self._areas) < 2:  # noqa: PLR2004 - neighbours are two
            return
        chosen = _not_stacked(self._areas)
        areas, marks = [self._areas[n] for n in chosen], [self._marks[n] for n in chosen]
        if len(areas) < len(self._areas):
            note = f"{len(self._areas) - len(areas)} areas lie on others and were not compared with their neighbours."
            self.findings.notes.append(note)
        if len(areas) > 1:
            _compare(areas, marks, self.findings)


def _not_stacked(areas: list[BaseGeometry]) -> list[int]:
    """Indexes of the areas that lie side by side: of those on top of each other none is anyone's neighbour."""
    tree = shapely.STRtree(areas)
    left, right = tree.query(areas, predicate="intersects")
    pairs = left < right
    left, right = left[pairs], right[pairs]
    shapes = np.array(areas, dtype=object)
    shared = np.array([_shared(shapes[a], shapes[b]) for a, b in zip(left, right, strict=True)])
    stacked = set(right[shared > _STACKED].tolist()) if len(shared) else set()
    return [index for index in range(len(areas)) if index not in stacked]


def _shared(left: BaseGeometry, right: BaseGeometry) -> float:
    smaller = min(left.area, right.area)
    if shapely.touches(left, right):
        return 0.0
    return float(shapely.intersection(left, right).area / smaller) if smaller else 0.0


def _compare(areas: list[BaseGeometry], marks: list[Mark], findings: Findings) -> None:
    shapes = np.array(areas, dtype=object)
    wrong = shapely.coverage_invalid_edges(shapes)
    faulty = np.flatnonzero(~shapely.is_empty(wrong)).tolist()
    near: list[BaseGeometry] = []
    near.extend(_overlaps(shapes, faulty, marks, findings))
    near.extend(_gaps(shapes, marks, findings))
    explained = shapely.buffer(shapely.union_all(near), 1e-9) if near else shapely.Point()
    for index in faulty:
        rest = wrong[index] if not near else _away_from(wrong[index], explained)
        if not shapely.is_empty(rest):
            lon, lat = shapely.get_coordinates(rest)[0].tolist()
            message = (
                f"The edge does not have the neighbour's vertices near {place((lon, lat))}: "
                "give both the same ones, so that no gap opens when they are drawn or simplified."
            )
            findings.add("edge-mismatch", marks[index], message, position=(lon, lat))


def _away_from(edges: BaseGeometry, explained: BaseGeometry) -> BaseGeometry:
    lines = shapely.get_parts(edges)
    return shapely.multilinestrings(lines[~shapely.intersects(lines, explained)])


def _overlaps(shapes: Shapes, faulty: list[int], marks: list[Mark], findings: Findings) -> list[BaseGeometry]:
    """Strips that two neighbours both claim."""
    found: list[BaseGeometry] = []
    if not faulty:
        return found
    chosen = shapes[faulty]
    left, right = shapely.STRtree(chosen).query(chosen, predicate="intersects")
    for a, b in sorted({(min(p), max(p)) for p in zip(left.tolist(), right.tolist(), strict=True) if p[0] != p[1]}):
        common = shapely.intersection(chosen[a], chosen[b])
        for strip in _areal_parts(common):
            width, square_m, position = _measured(strip)
            found.append(strip)
            if not _NARROWEST_M <= width <= WIDEST_M:
                continue
            other = _name(marks[faulty[b]])
            message = (
                f"Overlaps {other} by a strip {metres(width)} wide on average, {square_metres(square_m)}, at "
                f"{place(position)}: give the strip to one of them."
            )
            findings.add("overlap", marks[faulty[a]], message, position=position)
    return found


def _gaps(shapes: Shapes, marks: list[Mark], findings: Findings) -> list[BaseGeometry]:
    """Narrow holes in the union that no single area has as a hole of its own."""
    union = shapely.union_all(shapes)
    holes = shapely.get_rings(shapely.get_parts(union))
    gaps = [gap for gap in shapely.polygons(holes).tolist() if shapely.is_valid(gap)]
    outer = shapely.get_exterior_ring(shapely.get_parts(union))
    tree = shapely.STRtree(shapes)
    found = []
    shells = Counter(shapely.to_wkb(shapely.polygons(outer)).tolist())
    for gap in gaps:
        if shapely.to_wkb(gap) in shells:
            continue
        width, square_m, position = _measured(gap)
        around = np.sort(tree.query(gap, predicate="intersects"))
        if not _NARROWEST_M <= width <= WIDEST_M or len(around) < 2:  # noqa: PLR2004 - neighbours are two
            continue
        found.append(gap)
        names = " and ".join(_name(marks[index]) for index in around[:3].tolist())
        message = (
            f"A gap {metres(width)} wide on average, {square_metres(square_m)}, between {names} at "
            f"{place(position)}: move one edge onto the other."
        )
        findings.add("gap", marks[int(around[0])], message, position=position)
    return found


def _areal_parts(geometry: BaseGeometry) -> list[BaseGeometry]:
    return [part for part in shapely.get_parts(geometry).tolist() if part.geom_type == "Polygon"]


def _measured(strip: BaseGeometry) -> tuple[float, float, tuple[float, float]]:
    """Average width in metres, area in square metres, and a position on a strip."""
    area, around = ellipsoid().geometry_area_perimeter(shapely.orient_polygons(strip))
    lon, lat = shapely.get_coordinates(shapely.point_on_surface(strip))[0].tolist()
    return (2 * abs(area) / around if around else 0.0), abs(area), (lon, lat)


def _name(one: Mark) -> str:
    return shown(one.ident) if one.ident is not None else f"features[{one.index}]"


