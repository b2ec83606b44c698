"""Gaps and overlaps between neighbouring areas as strips, measured; as findings, and as features of their own."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.check.messages import metres, place, square_metres
from atlas.check.open_gaps import open_gaps
from atlas.check.polygon_rules import Shapes
from atlas.geojson.model import Mark
from atlas.geojson.path import shown
from atlas.geojson.shapely_geometries import geometry_member
from atlas.geometry.geodesy import ellipsoid
from atlas.geometry.units import METRES_PER_DEGREE
from atlas.vector.output_format import encode, format_of, layer_name

WIDEST_M = 200.0
NARROWEST_M = 1e-4
_DECIMALS = 7
_NAMED = 3
_MOST = 0.5

# what two areas share, by their indexes
Overlaps = Mapping[tuple[int, int], BaseGeometry]


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """A gap or an overlap: average width, area, a position on it, and the features it lies between."""

    rule: str
    shape: BaseGeometry
    width_m: float
    area_m2: float
    position: tuple[float, float]
    marks: tuple[Mark, ...]
    is_open: bool = False

    @property
    def message(self) -> str:
        """What check says about it."""
        size = f"{metres(self.width_m)} wide on average, {square_metres(self.area_m2)}"
        if self.rule == "overlap":
            other = name_of(self.marks[1])
            return f"Overlaps {other} by a strip {size}, at {place(self.position)}: give the strip to one of them."
        names = " and ".join(name_of(one) for one in self.marks[:_NAMED])
        end = ", open at an end" if self.is_open else ""
        return f"A gap {size}, between {names} at {place(self.position)}{end}: move one edge onto the other."

    @property
    def widest_m(self) -> float:
        """Diameter in metres of the widest circle on it."""
        scale = METRES_PER_DEGREE * np.array([np.cos(np.radians(self.position[1])), 1.0])
        flat = shapely.transform(self.shape, lambda xy: xy * scale)
        radii = [shapely.length(shapely.maximum_inscribed_circle(part)) for part in _areal_parts(flat)]
        return 2 * max(map(float, radii), default=0.0)


def name_of(one: Mark) -> str:
    """How a message calls a feature."""
    return shown(one.feature_id) if one.feature_id is not None else f"features[{one.index}]"


def overlap_strips(common: Overlaps, marks: Sequence[Mark]) -> Iterator[Strip]:
    """Strips that two neighbours both claim, of any width."""
    for (a, b), shared in common.items():
        for part in _areal_parts(shared):
            yield _strip("overlap", part, (marks[a], marks[b]))


def gap_strips(shapes: Shapes, marks: Sequence[Mark], union: BaseGeometry) -> Iterator[Strip]:
    """Narrow holes in the union that no single area has as a hole of its own, and gaps that are open at an end."""
    rings = shapely.get_rings(shapely.get_parts(union))
    gaps = [gap for gap in shapely.polygons(rings).tolist() if shapely.is_valid(gap)]
    outer = shapely.get_exterior_ring(shapely.get_parts(union))
    tree = shapely.STRtree(shapes)
    shells = Counter(shapely.to_wkb(shapely.polygons(outer)).tolist())
    closed = []
    for gap in gaps:
        if shapely.to_wkb(gap) in shells:
            continue
        around = np.sort(tree.query(gap, predicate="intersects"))
        strip = _strip("gap", gap, tuple(marks[n] for n in around.tolist()))
        if is_narrow(strip) and len(around) > 1:
            closed.append(gap)
            yield strip
    holes = shapely.STRtree(closed)
    for one in open_gaps(shapes, union, WIDEST_M):
        strip = _strip("gap", one.strip, (marks[one.first], marks[one.second]), is_open=True)
        beside = [closed[n] for n in holes.query(one.strip, predicate="intersects").tolist()]
        # the two edges of a gap that others close at its ends
        is_known = any(shapely.intersection(one.strip, gap).area > _MOST * one.strip.area for gap in beside)
        if is_narrow(strip) and not is_known:
            yield strip


def is_narrow(strip: Strip) -> bool:
    """Whether a strip is a fault of drawing by its width, and not by rounding."""
    return NARROWEST_M <= strip.width_m <= WIDEST_M


def _strip(rule: str, shape: BaseGeometry, marks: tuple[Mark, ...], *, is_open: bool = False) -> Strip:
    area, around = ellipsoid().geometry_area_perimeter(shapely.orient_polygons(shape))
    lon, lat = shapely.get_coordinates(shapely.point_on_surface(shape))[0].tolist()
    width = 2 * abs(area) / around if around else 0.0
    return Strip(rule, shape, width, abs(area), (lon, lat), marks, is_open)


def _areal_parts(geometry: BaseGeometry) -> list[BaseGeometry]:
    return [part for part in shapely.get_parts(geometry).tolist() if part.geom_type == "Polygon"]


def became(before: Sequence[Strip], after: Sequence[Strip]) -> list[tuple[Strip, str]]:
    """Strips with what became of them: closed, given to one of the two, or left; those that are new are left too."""
    tree = shapely.STRtree([one.shape for one in after])
    known: set[int] = set()
    made: list[tuple[Strip, str]] = []
    for one in before:
        near = [n for n in tree.query(one.shape).tolist() if _is_same(one, after[n])]
        known.update(near)
        made.append((one, "left" if near else "closed" if one.rule == "gap" else "settled"))
    return [*made, *((one, "left") for n, one in enumerate(after) if n not in known)]


def _is_same(one: Strip, other: Strip) -> bool:
    return one.rule == other.rule and bool(shapely.intersection(one.shape, other.shape).area > 0)


def strips_layer(strips: Iterable[tuple[str, Strip, str | None]], path: Path) -> bytes:
    """Strips as a layer in the format of a path's ending, GeoJSON where it says none.

    Each has the name of its file and what became of it, where something did.

    Raises
    ------
    UsageError
        The ending is that of a format that is not written.
    """
    features = [_feature(n, *one) for n, one in enumerate(strips, start=1)]
    form = format_of(path, usual="geojson")
    if form.name != "geojson":
        return encode(features, form, layer_name(path)).data
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in features)
    return f'{{"type":"FeatureCollection","features":[{lines and chr(10)}{lines}{lines and chr(10)}]}}\n'.encode()


def _feature(number: int, file: str, strip: Strip, state: str | None) -> dict[str, object]:
    shape = shapely.transform(strip.shape, lambda xy: np.round(xy, _DECIMALS) + 0.0)
    # a strip as narrow as its decimals is no area at them
    shape = shape if shapely.is_valid(shape) and shape.area else strip.shape
    properties = {
        "file": file,
        "kind": strip.rule,
        "is_open": strip.is_open,
        "between": ", ".join(name_of(one) for one in strip.marks),
        "width_m": round(strip.width_m, 3),
        "widest_m": round(strip.widest_m, 3),
        "area_m2": round(strip.area_m2, 2),
        **({} if state is None else {"state": state}),
    }
    geometry = geometry_member(shape)
    return {"type": "Feature", "id": number, "geometry": geometry, "properties": properties}
