"""Cuts the ground into atoms: polygons that no record has a part in, from the border, the corridor and the land.

An atom is the least piece of ground that the gate knows. Each is a polygon on a grid of 10⁻⁴ degrees (11 m), and
together they are a partition: no two overlap, and what lies in none of them is never published.

- ``R###``: what is nearest to one reach of the border (10 km of chainage), within 12 km on land at home, within 2 km
  on the other bank, and within 12 km there as well where the neighbour's outlines are in the project;
- ``C##``: what is left beside 10 km of the corridor, within 6 km of it;
- an h3 cell of resolution 5: what is left of the land.

*Why it is right.* The pieces are cut by lines that are noded together on the grid; each face between them is given, by
a point inside it, to the first kind that holds it. Faces of a noded arrangement don't overlap and leave no gap,
whatever the cutting lines are; so neither do unions of them. How well a Voronoi edge between two reaches follows the
true middle does not matter: the polygons themselves are the rule by which a record is placed.

*Invariants* (`tests/release/test_boxes.py`): faces don't overlap; each position of the border lies in the atom of its
reach or of the next one to it; the same ground gives the same atoms.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.errors import GeometryError
from atlas.geojson.meridian_features import turned_positions
from atlas.geometry.chainage import MeasuredLine
from atlas.geometry.geodesy import Positions, scale_m
from atlas.geometry.meridian_frame import MeridianFrame
from atlas.release.box_levels import CELL
from atlas.release.ground import REACH_KM, Ground

# atoms are drawn as they are: no finer than a position that could be taken for a record's
GRID_DEG = 1e-4
_FINE_DEG = 1e-6
HOME_KM, BEYOND_KM, CORRIDOR_KM = 12.0, 2.0, 6.0
# a position just off the drawn coast is on land; the coast of the base map is generalised to some 300 m
_COAST_DEG, _COAST_SIMPLE_DEG = 0.01, 0.002
_SAMPLE_KM, _AROUND_KM = 0.25, 50.0
_SMOOTH_DEG = 0.0002
_JUMP_DEG = 179.0
# what is thinner than some metres has no place for a record
_SLIVER_DEG2 = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Atoms:
    """Atoms by name, and the part of each that is land; shapes in degrees.

    Attributes
    ----------
    land
        What of each atom is land at home (beyond the line for an atom that lies there), without the sea around it.
    beyond
        Names of the atoms that lie on a neighbour's land.
    border, corridor
        The two lines, in degrees.
    """

    shapes: Mapping[str, BaseGeometry]
    land: Mapping[str, BaseGeometry]
    beyond: frozenset[str]
    border: BaseGeometry
    corridor: BaseGeometry
    ground: Ground

    def on_one_side(self, names: Iterable[str]) -> tuple[str, ...]:
        """Of several atoms those that count for the floor: those with land at home if any has, else those beyond."""
        known = sorted(names)
        home = [name for name in known if name not in self.beyond and not self.land[name].is_empty]
        return tuple(home or [name for name in known if name in self.beyond] or known)

    def is_beyond(self, names: Iterable[str]) -> bool:
        """Whether atoms together lie on a neighbour's land."""
        return any(name in self.beyond for name in self.on_one_side(names))


@dataclass(frozen=True, slots=True, eq=False)
class _Plane:
    """Kilometres east and north by the scale at the middle of the line: 1 % true over this border, for buffers only."""

    scale_km: Positions

    @classmethod
    def of(cls, positions: Positions) -> _Plane:
        return cls(np.asarray(scale_m(np.array([positions[:, 1].mean()]))[0], dtype=np.float64) / 1000)

    def buffered(self, shape: BaseGeometry, distance_km: float) -> BaseGeometry:
        """A shape in degrees with all that is so near to it."""
        plane = shapely.transform(shape, lambda at: at * self.scale_km)
        return shapely.transform(shapely.buffer(plane, distance_km, quad_segs=6), lambda at: at / self.scale_km)


def cut_atoms(ground: Ground, neighbours: BaseGeometry | None = None) -> Atoms:
    """The atoms of a ground.

    Parameters
    ----------
    neighbours
        The neighbours' land in degrees, where their outlines are in the project.

    Raises
    ------
    GeometryError
        The ground lies within a degree of 180° of longitude.
    """
    _refuse_where_degrees_jump(ground)
    plane = _Plane.of(ground.border.positions)
    home = shapely.union_all([ground.land, *(each.shape for each in ground.municipalities)], grid_size=_FINE_DEG)
    beyond = None if neighbours is None else shapely.difference(neighbours, home, grid_size=_FINE_DEG)
    border = shapely.linestrings(ground.border.positions)
    corridor = shapely.LineString() if ground.corridor is None else shapely.linestrings(ground.corridor.positions)
    shore = _with_shore(home if beyond is None else shapely.union(home, beyond, grid_size=_FINE_DEG))
    thin = shapely.simplify(border, _SMOOTH_DEG)
    band = shapely.union(
        plane.buffered(thin, BEYOND_KM), shapely.intersection(plane.buffered(thin, HOME_KM), shore), grid_size=_FINE_DEG
    )
    # without the neighbour's outlines, what is farther than 2 km beyond the line is nobody's
    strip = shapely.difference(shapely.intersection(plane.buffered(corridor, CORRIDOR_KM), shore), band)
    rest = shapely.difference(shore, shapely.union(band, strip, grid_size=_FINE_DEG), grid_size=_FINE_DEG)
    kinds = [(band, _nearest(ground.border, "R{:03d}"))]
    if ground.corridor is not None:
        kinds.append((strip, _nearest(ground.corridor, "C{:02d}")))
    pieces = [piece for whole, parts in kinds for piece in _cut(whole, parts)] + _cut(
        rest, _cells(rest, ground.frame_start)
    )
    shapes = _noded(pieces)
    over = {} if beyond is None else {name: shapely.intersection(at, beyond) for name, at in shapes.items()}
    land = {name: shapely.intersection(at, home, grid_size=_FINE_DEG) for name, at in shapes.items()}
    # a reach has both banks, and is measured at home
    outside = frozenset(name for name, part in over.items() if name[0] not in "RC" and part.area > land[name].area)
    return Atoms(
        shapes,
        {name: over[name] if name in outside else part for name, part in land.items()},
        outside,
        border,
        corridor,
        ground,
    )


def _refuse_where_degrees_jump(ground: Ground) -> None:
    """Refuse a ground near 180° that is not laid out across it: half of the world lies between both parts of a cell."""
    if ground.frame_start is not None:
        return
    west, _, east, _ = shapely.total_bounds([ground.land, *(each.shape for each in ground.municipalities)])
    if west < -_JUMP_DEG or east > _JUMP_DEG:
        msg = (
            f"the ground reaches from {west:g}° to {east:g}° of longitude; boxes are not cut within a degree of 180°. "
            "Clip the layers to what lies on one side"
        )
        raise GeometryError(msg)


Piece = tuple[str, BaseGeometry]


def _with_shore(land: BaseGeometry) -> BaseGeometry:
    """The land with a strip of the sea beside it."""
    near = shapely.buffer(shapely.simplify(land, _COAST_SIMPLE_DEG), _COAST_DEG, quad_segs=2)
    return shapely.make_valid(shapely.simplify(near, _COAST_SIMPLE_DEG))


def _nearest(line: MeasuredLine, name: str) -> Sequence[Piece]:
    """What is nearest to each 10 km of a line: cells around its positions, put together by their kilometre."""
    count = max(1, math.ceil(line.length_km / REACH_KM))
    at_km = np.arange(_SAMPLE_KM / 2, line.length_km, _SAMPLE_KM)
    points = np.array([line.at(float(km)) for km in at_km])
    numbers = np.minimum((at_km // REACH_KM).astype(int), count - 1)
    scale = np.asarray(scale_m(np.array([points[:, 1].mean()]))[0]) / 1000
    sites = shapely.multipoints(points * scale)
    around = shapely.box(*(shapely.bounds(sites) + np.array([-1, -1, 1, 1]) * _AROUND_KM))
    cells = shapely.get_parts(shapely.voronoi_polygons(sites, extend_to=around, ordered=True))
    parts = [(name.format(number), shapely.union_all(cells[numbers == number])) for number in range(count)]
    return [(place_id, shapely.transform(part, lambda at: at / scale)) for place_id, part in parts]


def _cells(land: BaseGeometry, start: float | None) -> Sequence[Piece]:
    """The cells of the h3 grid that may hold some of a shape, in the frame that begins at a longitude."""
    import h3  # noqa: PLC0415 - needed only where a map is made

    cells: set[str] = set()
    for part in shapely.get_parts(shapely.buffer(land, 0.12)):
        if part.geom_type != "Polygon":
            continue
        outer = [(lat, MeridianFrame.within(lon)) for lon, lat in shapely.get_coordinates(part.exterior).tolist()]
        cells |= set(h3.h3shape_to_cells(h3.LatLngPoly(outer), CELL))
    rims = ((cell, np.array(h3.cell_to_boundary(cell))[:, ::-1]) for cell in sorted(cells))
    return [(cell, shapely.polygons(turned_positions(rim, start))) for cell, rim in rims]


def _cut(whole: BaseGeometry, parts: Sequence[Piece]) -> list[Piece]:
    cut = [(name, _areas(shapely.intersection(whole, part, grid_size=_FINE_DEG))) for name, part in parts]
    return [(name, part) for name, part in cut if not part.is_empty]


def _noded(pieces: Sequence[Piece]) -> Mapping[str, BaseGeometry]:
    """Polygons that share their edges to the last digit, made of pieces that nearly do.

    Where two pieces claim a face, the first counts.
    """
    edges = shapely.union_all([shapely.boundary(shape) for _, shape in pieces], grid_size=GRID_DEG)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(edges)))
    faces = faces[shapely.area(faces) > _SLIVER_DEG2]
    tree = shapely.STRtree([shape for _, shape in pieces])
    inside, owner = tree.query(shapely.point_on_surface(faces), predicate="intersects")
    first: dict[int, int] = {}
    for face, piece in zip(inside.tolist(), owner.tolist(), strict=True):
        first[face] = min(piece, first.get(face, piece))
    members: defaultdict[str, list[BaseGeometry]] = defaultdict(list)
    for face, piece in sorted(first.items()):
        members[pieces[piece][0]].append(faces[face])
    return {name: united(parts) for name, parts in sorted(members.items())}


def united(parts: Sequence[BaseGeometry], *, grid_deg: float = _FINE_DEG) -> BaseGeometry:
    """Polygons on the grid put together, on the grid; nothing but polygons is left."""
    return _areas(shapely.union_all(list(parts), grid_size=grid_deg))


def _areas(shape: BaseGeometry) -> BaseGeometry:
    """The polygons of a shape: where two shapes touch, what they share holds lines and points as well."""
    kept = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)
