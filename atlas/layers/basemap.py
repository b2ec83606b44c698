"""`basemap`: land, water, states, rivers, neighbours' borders and settlements, generalised for the web.

This side's land is its publisher's outline and the neighbours' is GSHHG's, cut along the border line, so that there
is neither sliver nor gap between them. Near the line both keep its shape to some 40 m; elsewhere 300 m.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.border_project import shipped_border
from atlas.clean.area_repair import blunted
from atlas.clean.coverage_repair import CoverageRepair
from atlas.geojson.collection import DECIMALS
from atlas.layers.border_segments import Spine
from atlas.layers.layer import Citation, Layer, cited
from atlas.sources import REGION, SourceRecord, Sources
from atlas.sources.geonames import Town

_COARSE_DEG = 0.003
# no less than that at these latitudes
_COARSE_M = 333.0
_FINE_DEG = 0.0004
_STRIP_DEG = 0.02
# spikes and strips narrower than these are left over from cutting
_NEEDLE_M = 100.0
_STRIP_M = 1.0
_SPECK_DEG2 = 1e-5
_STUB_DEG = 0.1
_OPEN_WATER_DEG = 0.012
_NAMED_FROM = 20_000
_RANKS = (500_000, 100_000, _NAMED_FROM)
# beside the line every place has a name, whatever its size: a close view shows nothing else
_BESIDE_KM = 3.0
_BESIDE_BEYOND_KM = 30.0


# id, kind, shape, properties and source of a feature
Row = tuple[str, str, BaseGeometry, dict[str, Any], SourceRecord]


@dataclass(frozen=True, slots=True, eq=False)
class Mosaic:
    """The two sides of the border in the region, and what they are made of, thinned."""

    here: BaseGeometry
    beyond: BaseGeometry
    states: NDArray[np.object_]
    shores: BaseGeometry


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of settlements: km to the line of those near it, and the country that one is the capital of."""

    distance_km: Mapping[int, float]
    capitals: Mapping[int, str]

    def near(self, town: Town) -> bool:
        """Whether a settlement is so near to the line that a close view would show little else."""
        most_km = _BESIDE_KM if town.country == shipped_border().here.country else _BESIDE_BEYOND_KM
        return self.distance_km.get(town.geonameid, math.inf) <= most_km


_NOTHING_KNOWN = Beside({}, {})


def basemap_layer(  # noqa: PLR0913 - three are words of the project
    sources: Sources,
    mosaic: Mosaic,
    spine: Spine,
    named: Mapping[str, Town],
    *,
    key: str = "inegi_states",
    land: str = shipped_border().here.land,
    beside: Beside = _NOTHING_KNOWN,
) -> Layer:
    """All features of the base map; ``named`` are settlements that are shown whatever their size.

    ``key`` is that of the source of this side's outlines, ``land`` the kind of its land, ``beside`` what is known of
    settlements near the line.
    """
    records = sources.records
    outline, shores = records[key], records["gshhg_shores"]
    drawn: list[Row] = [
        (land.replace("_", "-"), land, mosaic.here, {}, outline),
        ("land-neighbours", "land_neighbours", mosaic.beyond, {}, shores),
    ]
    drawn += [(f"water-{i:03d}", "water", area, {}, shores) for i, area in _numbered(_waters(sources, mosaic))]
    for code, name, limit in _state_limits(sources, mosaic):
        drawn.append((f"state-{code}", "state", limit, {"name": name, "code": code}, outline))
    rivers = _thinned(_clear_of_border(sources.rivers, mosaic, spine))
    drawn += [(f"river-{i:03d}", "river", line, {}, records["wdbii_rivers"]) for i, line in _numbered(rivers)]
    drawn += [
        (f"neighbour-border-{i:03d}", "neighbour_border", line, {}, records["wdbii_borders"])
        for i, line in _numbered(neighbour_borders(sources, mosaic, spine))
    ]
    drawn += list(_settlements(sources, named, beside))
    return Layer.of("basemap", [_feature(*row) for row in drawn])


def _feature(
    feature_id: str, kind: str, geometry: BaseGeometry, properties: Mapping[str, Any], record: SourceRecord
) -> dict[str, Any]:
    blank = dict.fromkeys(("name", "code", "population", "rank", "country", "capital_of"))
    accuracy = record.accuracy_m if kind == "settlement" else record.accuracy_m + _COARSE_M
    citation = Citation(
        source_ids=[record.evidence_id],
        as_of=record.as_of or None,
        confidence="seen",
        uncertainty_m=accuracy,
        protocol="as in the source"
        if kind == "settlement"
        else "generalised to about 300 m for drawing; not for measuring",
    )
    return cited(feature_id, geometry, {"kind": kind, **blank, **properties}, citation)


def make_mosaic(sources: Sources, spine: Spine) -> Mosaic:
    """The land on both sides of the border, without sliver or gap between them."""
    box = shapely.box(*REGION)
    line = shapely.simplify(shapely.linestrings(spine.line.positions), _FINE_DEG)
    far_side = _far_side(line)
    states, shores = _coarse(sources.states.areas), _coarse(sources.land)
    inland = shapely.union_all(states)
    strip = shapely.buffer(line, _STRIP_DEG)
    exact = shapely.intersection(shapely.union_all(spine.municipalities.areas), strip)
    # the drawn line may run a little outside the exact one: the seam closes that
    seam = shapely.buffer(line, 2 * _FINE_DEG, cap_style="flat")
    here = shapely.difference(shapely.union_all([inland, exact, seam]), far_side)
    beyond = shapely.difference(shapely.intersection(shores, far_side), here)
    beyond = shapely.union(beyond, shapely.intersection(seam, far_side))
    # states simplified one by one leave needles between them, which are no lakes
    here = _without_holes(_areas(shapely.intersection(here, box)))
    beyond = _without_holes(_areas(shapely.intersection(beyond, box)))
    beyond = _areas(shapely.difference(beyond, here, grid_size=1e-6))
    both = np.array([blunted(here, _NEEDLE_M), blunted(beyond, _NEEDLE_M)], dtype=object)
    # on the grid their common edge is not exactly the same any more
    here, beyond = CoverageRepair(both, DECIMALS).mended(_STRIP_M, None)
    return Mosaic(here, beyond, states, shores)


def _far_side(line: BaseGeometry) -> BaseGeometry:
    """Everything in the region on the neighbours' side: the line, carried on into the sea beyond the edge."""
    ends = shipped_border().line
    ring = np.vstack([ends.start.onward, shapely.get_coordinates(line), ends.end.onward])
    return shapely.make_valid(shapely.polygons(ring))


def _waters(sources: Sources, mosaic: Mosaic) -> Iterator[BaseGeometry]:
    """Lakes, and the open water inside the outlines: bays and lagoons that the states count as theirs."""
    wet = shapely.difference(mosaic.here, mosaic.shores)
    open_water = shapely.buffer(shapely.buffer(wet, -_OPEN_WATER_DEG), _OPEN_WATER_DEG)
    both = shapely.union_all([shapely.intersection(open_water, mosaic.here), _coarse(sources.lakes)])
    yield from shapely.get_parts(_areas(shapely.simplify(both, _COARSE_DEG)))


def _state_limits(sources: Sources, mosaic: Mosaic) -> Iterator[tuple[str, str, BaseGeometry]]:
    """Each state's outline within the region, less what is coast or border."""
    inner = shapely.buffer(mosaic.here, -3 * _COARSE_DEG)
    for code, name, area in zip(sources.states.codes, sources.states.names, mosaic.states, strict=True):
        limit = shapely.intersection(shapely.boundary(area), inner)
        lines = [
            part for part in shapely.get_parts(shapely.line_merge(_lines(limit))) if shapely.length(part) > _STRIP_DEG
        ]
        if lines:
            yield code, name, shapely.multilinestrings(lines)


def _lines(geometry: BaseGeometry) -> BaseGeometry:
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type == "LineString"]
    return shapely.multilinestrings(np.array(parts, dtype=object))


def _clear_of_border(
    lines: Sequence[BaseGeometry], mosaic: Mosaic, spine: Spine, *, keep: BaseGeometry | None = None
) -> list[BaseGeometry]:
    """The lines less what runs beside the border, which has its own, better geometry."""
    band = shapely.buffer(shapely.simplify(shapely.linestrings(spine.line.positions), _COARSE_DEG), _STRIP_DEG)
    ground = shapely.union_all([mosaic.here, mosaic.beyond]) if keep is None else keep
    cleared = shapely.intersection(shapely.difference(lines, band), ground)
    merged = shapely.line_merge(_lines(shapely.union_all(cleared)))
    return [part for part in shapely.get_parts(merged) if shapely.length(part) > _STRIP_DEG]


def neighbour_borders(sources: Sources, mosaic: Mosaic, spine: Spine) -> list[BaseGeometry]:
    """The borders among the neighbours, thinned, less what runs beside this one."""
    cleared = _clear_of_border(sources.borders, mosaic, spine, keep=mosaic.beyond)
    return _thinned([line for line in cleared if shapely.length(line) > _STUB_DEG])


def _thinned(lines: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    return list(shapely.simplify(lines, _COARSE_DEG))


def _coarse(areas: Any) -> Any:  # noqa: ANN401 - one shape or an array of them, as shapely has it
    return shapely.make_valid(shapely.simplify(areas, _COARSE_DEG))


def _areas(geometry: BaseGeometry) -> BaseGeometry:
    """The polygons of a geometry without specks, on the grid that files are written on."""
    snapped = shapely.set_precision(geometry, 1e-6)
    whole: NDArray[np.object_] = shapely.get_parts(shapely.get_parts(snapped))
    kept = [part for part in whole if part.geom_type == "Polygon" and shapely.area(part) > _SPECK_DEG2]
    return shapely.multipolygons(np.array(kept, dtype=object))


def _without_holes(areas: BaseGeometry) -> BaseGeometry:
    return shapely.union_all(shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(areas))), grid_size=1e-6)


def _settlements(sources: Sources, named: Mapping[str, Town], beside: Beside) -> Iterator[Row]:
    wanted = {town.geonameid for town in named.values()} | beside.capitals.keys()
    for number, town in sources.towns.items():
        if not (number in wanted or town.population >= _NAMED_FROM or beside.near(town)):
            continue
        properties = {
            "name": town.name,
            "population": town.population or None,
            "rank": _rank(town, wanted=number in wanted),
            "country": town.country,
            "capital_of": beside.capitals.get(number),
        }
        yield (
            f"settlement-{number:08d}",
            "settlement",
            shapely.points(town.position),
            properties,
            sources.records["geonames"],
        )


def _rank(town: Town, *, wanted: bool) -> int:
    """1 for the largest to 4; a place that the atlas speaks of is at least 3."""
    size = next((rank for rank, least in enumerate(_RANKS, start=1) if town.population >= least), len(_RANKS) + 1)
    return min(size, len(_RANKS)) if wanted else size


def _numbered(shapes: Iterable[BaseGeometry]) -> list[tuple[int, BaseGeometry]]:
    """Shapes from west to east with numbers, so that ids don't hang on the order of a union."""
    ordered = sorted(shapes, key=lambda shape: shapely.to_wkt(shapely.centroid(shape), rounding_precision=6))
    ordered.sort(key=lambda shape: tuple(round(v, 6) for v in shapely.bounds(shape)))
    return list(enumerate(ordered, start=1))
