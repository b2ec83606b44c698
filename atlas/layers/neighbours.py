"""`neighbour_regions`: the departments, districts or other regions of the neighbours, as areas.

The limits are lines of WDBII, which has neither names nor areas. Together with the land's edge they cut the land into
faces; a face belongs to the region that most of GeoNames' settlements in it are counted to, and a face without any
to the neighbour that it shares most of its edge with. All areas come out of one set of lines, so that neighbours have
the same positions on their common edge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.border_project import shipped_border
from atlas.errors import GeometryError
from atlas.evidence import Evidence
from atlas.evidence.surroundings import NeighbourRegion
from atlas.geojson.collection import DECIMALS
from atlas.geometry.coverage import tidied
from atlas.layers.basemap import Mosaic, neighbour_borders
from atlas.layers.border_segments import Spine
from atlas.layers.layer import Citation, Layer, cited
from atlas.sources import SourceRecord, Sources
from atlas.sources.geonames import Town

Region = tuple[str, str]

_COARSE_DEG = 0.003
# WDBII's lines end up to this far from the land's edge and from each other where they should meet
_REACH_DEG = 0.08
_BEYOND_DEG = 1e-4
_GRID_DEG = 10**-DECIMALS
# a smaller piece of a region is a face that two drawings of one shore left over
_SPECK_DEG2 = 1e-4
_COUNTRIES: Mapping[str, str] = {side.code: str(side.country) for side in shipped_border().neighbours}
_PROTOCOL = "limits generalised to about 300 m for drawing; assigned to the region by the settlements inside"


def region_areas(evidence: Evidence, sources: Sources, mosaic: Mosaic, spine: Spine) -> dict[str, BaseGeometry]:
    """The area of each region of ``neighbour_regions.csv``, by its id.

    Raises
    ------
    GeometryError
        No settlement of a region lies in any face of the land, so that it has no area.
    """
    faces = _faces(_network(sources, mosaic, spine), mosaic.beyond)
    regions = _regions(faces, list(sources.towns.values()))
    exact = [_area(row, faces, regions) for row in evidence.neighbour_regions]
    # together, so that neighbours keep one edge between them
    areas = shapely.coverage_simplify(exact, _COARSE_DEG)
    written = [tidied(shapely.multipolygons(shapely.get_parts(area)), decimals=DECIMALS) for area in areas]
    return {row.region_id: area for row, area in zip(evidence.neighbour_regions, written, strict=True)}


def neighbour_regions_layer(evidence: Evidence, areas: Mapping[str, BaseGeometry], record: SourceRecord) -> Layer:
    """One feature a region."""
    return Layer.of(
        "neighbour_regions", [_region(row, areas[row.region_id], record) for row in evidence.neighbour_regions]
    )


def _region(row: NeighbourRegion, area: BaseGeometry, record: SourceRecord) -> dict[str, object]:
    properties = {
        "name": row.name,
        "region_kind": row.kind,
        "neighbour": row.neighbour,
        "admin1_code": row.admin1_code,
        "note": row.note,
    }
    citation = Citation(
        source_ids=[record.evidence_id, *row.source_ids],
        as_of=None,
        confidence=row.confidence,
        uncertainty_m=record.accuracy_m,
        protocol=_PROTOCOL,
    )
    return cited(f"region-{row.region_id.replace('_', '-')}", area, properties, citation)


def _network(sources: Sources, mosaic: Mosaic, spine: Spine) -> BaseGeometry:
    """The land's edge and every limit in it, with ends that fall short led on to the nearest line."""
    rim = shapely.boundary(mosaic.beyond)
    limits = [line for line in shapely.get_parts(sources.limits) if line.geom_type == "LineString" and line.length > 0]
    drawn = list(shapely.simplify(limits, _COARSE_DEG)) + neighbour_borders(sources, mosaic, spine)
    lines = [line for line in drawn if line.intersects(mosaic.beyond)]
    # on the grid of the files, so that no edge moves when it is written
    return shapely.union_all([rim, *lines, *_closings(lines, rim, mosaic.beyond)], grid_size=_GRID_DEG)


def _closings(lines: Sequence[BaseGeometry], rim: BaseGeometry, land: BaseGeometry) -> list[BaseGeometry]:
    closings = []
    for number, line in enumerate(lines):
        others = np.array([rim, *lines[:number], *lines[number + 1 :]], dtype=object)
        for end in (shapely.get_point(line, 0), shapely.get_point(line, -1)):
            distances = shapely.distance(end, others)
            nearest = int(np.argmin(distances))
            if _GRID_DEG < distances[nearest] < _REACH_DEG and land.covers(end):
                closings.append(_led_across(shapely.shortest_line(end, others[nearest])))
    return closings


def _led_across(gap: BaseGeometry) -> BaseGeometry:
    """A straight line a little longer than the gap, so that it crosses the line that it leads to."""
    start, end = shapely.get_coordinates(gap)
    return shapely.linestrings([start, end + (end - start) / np.linalg.norm(end - start) * _BEYOND_DEG])


def _faces(network: BaseGeometry, land: BaseGeometry) -> NDArray[np.object_]:
    faces = shapely.get_parts(shapely.polygonize([network]))
    shapely.prepare(land)
    return np.asarray(faces[shapely.covers(land, shapely.point_on_surface(faces))], dtype=object)


def _regions(faces: NDArray[np.object_], towns: Sequence[Town]) -> dict[int, Region]:
    """Country and first-level code of each face, by its index."""
    tree = shapely.STRtree(faces)
    votes: dict[int, Counter[Region]] = {}
    inside, around = tree.query(shapely.points([town.position for town in towns]), predicate="within").tolist()
    for town, face in zip(inside, around, strict=True):
        votes.setdefault(face, Counter())[towns[town].country, towns[town].admin1] += 1
    regions = {face: max(sorted(counts), key=counts.__getitem__) for face, counts in votes.items()}
    empty = sorted(set(range(len(faces))) - set(regions), key=lambda face: -float(shapely.area(faces[face])))
    # a face may touch only faces that are themselves without settlements
    while empty:
        left = [face for face in empty if not _join(face, faces, tree, regions)]
        if len(left) == len(empty):
            break
        empty = left
    return regions


def _join(face: int, faces: NDArray[np.object_], tree: shapely.STRtree, regions: dict[int, Region]) -> bool:
    edge = shapely.boundary(faces[face])
    shared: Counter[Region] = Counter()
    for other in tree.query(faces[face], predicate="intersects").tolist():
        if other != face and other in regions:
            shared[regions[other]] += shapely.length(shapely.intersection(edge, shapely.boundary(faces[other])))
    longest = max(sorted(shared), key=shared.__getitem__, default=None)
    if longest is None or not shared[longest] > 0:
        return False
    regions[face] = longest
    return True


def _area(row: NeighbourRegion, faces: NDArray[np.object_], regions: Mapping[int, Region]) -> BaseGeometry:
    wanted = (_COUNTRIES[row.neighbour], row.admin1_code)
    parts = [faces[face] for face, region in regions.items() if region == wanted]
    if not parts:
        code = ".".join(wanted)
        why = f"no part of the land has most of its settlements under GeoNames' code {code}"
        msg = f"neighbour_regions.csv: {row.region_id} has no area, because {why}; correct admin1_code"
        raise GeometryError(msg)
    whole = [part for part in shapely.get_parts(shapely.union_all(parts)) if shapely.area(part) > _SPECK_DEG2]
    return shapely.multipolygons(whole)
