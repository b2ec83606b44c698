"""The map of boxes: what ground there is for the gate, read from ``geodata/boxes.json`` and known by its hash.

Everything that the gate needs of the ground is in this one file: the atoms as polygons, which box each belongs to, the
levels above, how many things of each group everybody knows in a box. The live layers are not asked: a border line
that is drawn better next year moves no label (Theorem 1 needs a fixed function from position to place).

*Invariants*: the hash is of all that the file says; a file whose content has another hash than a ledger names is
another map, and holds for new ledgers only.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.errors import InputError, UsageError
from atlas.files import read_text, sha256_hex
from atlas.geojson.meridian_features import turned_positions
from atlas.geojson.strict import JsonFaultError, parse
from atlas.geometry.antimeridian_steps import HALF, WHOLE
from atlas.geometry.geodesy import Positions
from atlas.project import Project
from atlas.release.box_atoms import united
from atlas.release.box_levels import BOX, LEVELS, PART, SECTION, ZONE, Levels
from atlas.release.box_place import PLACE_FIELDS, MapPlace
from atlas.release.groups import CROSSINGS, candidates_in

BOXES_FILE = "boxes.json"
FORMAT, VERSION = "atlas-boxes", 1
PER_DEGREE = 10_000
# a million positions as shapes would take hundreds of megabytes
_AT_ONCE = 100_000
_REMEDY = "make it with `atlas boxes`, or restore the file that the project came with"


@dataclass(frozen=True, eq=False)
class BoxMap:
    """A map of boxes.

    Attributes
    ----------
    atoms
        Polygons by name, in degrees.
    box_of
        The box of each atom.
    about
        Of each box: ``km`` of its guide from and to, ``near`` (municipalities that share it), ``candidates``.
    both_banks
        Whether the neighbours' outlines were in the project when the map was made.
    """

    sha256: str
    atoms: Mapping[str, BaseGeometry]
    box_of: Mapping[str, str]
    levels: Levels
    about: Mapping[str, Mapping[str, Any]]
    both_banks: bool
    _places: dict[str, MapPlace | None] = field(default_factory=dict, repr=False)

    def atoms_at(self, positions: Positions) -> list[str | None]:
        """The atom of each position, longitude and latitude in degrees, shape (n, 2); nothing where there is none.

        On an edge between two atoms it is the one whose name comes first.
        """
        rows = turned_positions(np.asarray(positions, dtype=np.float64).reshape(-1, 2), self.frame_start)
        first = np.full(len(rows), len(self._names))
        for start in range(0, len(rows), _AT_ONCE):
            points = shapely.points(rows[start : start + _AT_ONCE])
            at, inside = self._tree.query(points, predicate="intersects")
            np.minimum.at(first, at + start, inside)
        return [self._names[index] if index < len(self._names) else None for index in first.tolist()]

    def place_of(self, atom: str, level: str) -> str:
        """Name of the place of a level that holds an atom, such as ``zone R010``."""
        return f"{level} {self._at_level[level][atom]}"

    def coarser(self, place: str, level: str) -> str:
        """Name of the place of a coarser level, or the same, that holds a place."""
        below, _, name = place.partition(" ")
        for above in LEVELS[LEVELS.index(below) + 1 : LEVELS.index(level) + 1]:
            name = self._next[above][name]
        return f"{level} {name}"

    def names(self, level: str) -> tuple[str, ...]:
        """Names of all places of a level, such as ``zone R010``."""
        return tuple(f"{level} {name}" for name in sorted(set(self._at_level[level].values())))

    def place(self, place_id: str) -> MapPlace | None:
        """The place of that name, if there is one."""
        if place_id not in self._places:
            self._places[place_id] = self._made(place_id)
        return self._places[place_id]

    def chain(self, place_id: str) -> tuple[MapPlace, ...]:
        """The place and all coarser ones, finest first."""
        level = place_id.partition(" ")[0]
        if self.place(place_id) is None:
            return ()
        above = (self.place(self.coarser(place_id, each)) for each in LEVELS[LEVELS.index(level) :])
        return tuple(place for place in above if place is not None)

    def recognised(self, place_id: object, geometry: object) -> MapPlace | None:
        """The place that a feature says it is at, if its geometry is that place's and no other."""
        place = self.place(place_id) if isinstance(place_id, str) else None
        return place if place is not None and place.geometry == geometry else None

    def is_coarsened(self, zone: str, group: str, grouping: str, k: int) -> bool:
        """Whether a zone is told as one place for a group: some box of it has 1 to k - 1 things on public maps.

        All of the zone and not only that box, else what is told of the zone would be told of the box.
        """
        counts = (self.about[box]["candidates"] for box in self._boxes_of[zone])
        return any(0 < candidates_in(each, group, grouping) < k for each in counts)

    def candidates(self, place: str, group: str, grouping: str) -> int:
        """How many things of a group everybody knows in a place, from public maps."""
        boxes = {self.box_of[atom] for atom in self._members[place]}
        return sum(candidates_in(self.about[box]["candidates"], group, grouping) for box in boxes)

    @cached_property
    def frame_start(self) -> float | None:
        """The longitude below which longitudes go on beyond 180°, where the boxes lie across that."""
        west, _, east, _ = shapely.total_bounds(list(self.atoms.values())).tolist()
        return (east - WHOLE + west) / 2 if east > HALF else None

    @cached_property
    def _names(self) -> Sequence[str]:
        return sorted(self.atoms)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree([self.atoms[name] for name in self._names])

    @cached_property
    def _next(self) -> Mapping[str, Mapping[str, str]]:
        return {ZONE: self.levels.zones, SECTION: self.levels.sections, PART: self.levels.parts}

    @cached_property
    def _at_level(self) -> Mapping[str, Mapping[str, str]]:
        at: dict[str, Mapping[str, str]] = {BOX: self.box_of}
        for below, level in pairwise(LEVELS):
            at[level] = {atom: self._next[level][name] for atom, name in at[below].items()}
        return at

    @cached_property
    def _boxes_of(self) -> Mapping[str, Sequence[str]]:
        boxes: defaultdict[str, list[str]] = defaultdict(list)
        for box, zone in self.levels.zones.items():
            boxes[zone].append(box)
        return boxes

    @cached_property
    def _members(self) -> Mapping[str, Sequence[str]]:
        members: defaultdict[str, list[str]] = defaultdict(list)
        for level in LEVELS:
            for atom in self._names:
                members[self.place_of(atom, level)].append(atom)
        return members

    def _made(self, place_id: str) -> MapPlace | None:
        if place_id not in self._members:
            return None
        atoms = tuple(self._members[place_id])
        level, _, _ = place_id.partition(" ")
        # no lambda: a map of boxes goes to other processes as well
        drawn = partial(self._drawn, atoms)
        return MapPlace(place_id, level, atoms, self._fields(place_id, atoms), drawn, self.frame_start)

    def _drawn(self, atoms: Sequence[str]) -> BaseGeometry:
        whole = united([self.atoms[atom] for atom in atoms], grid_deg=1 / PER_DEGREE)
        return shapely.transform(whole, lambda at: np.round(at, 4) + 0.0)

    def _fields(self, place_id: str, atoms: Sequence[str]) -> Mapping[str, Any]:
        boxes = sorted({self.box_of[atom] for atom in atoms})
        near = [name for box in boxes for name in self.about[box]["near"]]
        spans = [self.about[box]["km"] for box in boxes if self.about[box]["km"]]
        # a part or a section of the border runs through many municipalities
        named = list(dict.fromkeys(near)) if len(boxes) == 1 else []
        values = {
            "place": place_id,
            "level": place_id.partition(" ")[0],
            "near": named,
            "chainage_from_km": min((span[0] for span in spans), default=None),
            "chainage_to_km": max((span[1] for span in spans), default=None),
        }
        return {name: values[name] for name in PLACE_FIELDS}


def open_boxes(project: Project) -> BoxMap:
    """The project's map of boxes.

    Raises
    ------
    UsageError
        The project has none.
    InputError
        The file is damaged.
    """
    path = project.geodata / BOXES_FILE
    if not path.is_file():
        msg = f"{path} does not exist: the project has no map of boxes, in which records are counted; {_REMEDY}"
        raise UsageError(msg)
    return read_boxes(path)


def read_boxes(path: Path) -> BoxMap:
    """A map of boxes from its file.

    Raises
    ------
    InputError
        The file is damaged, or no map of boxes.
    """
    text = read_text(path, remedy=_REMEDY)
    try:
        return _last_read(text)
    except JsonFaultError as fault:
        raise fault.of_file(path, _REMEDY) from None
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
        msg = f"{path} is not a map of boxes ({type(error).__name__}); {_REMEDY}"
        raise InputError(msg) from error


@lru_cache(maxsize=1)
def _last_read(text: str) -> BoxMap:
    """The map of a file's text; one command, and more so one session, asks for the same several times."""
    return box_map(parse(text))


def box_map(document: Any) -> BoxMap:  # noqa: ANN401 - straight from a file
    """A map of boxes from what its file says; errors of any kind where that is no such map."""
    if document["format"] != FORMAT or document["version"] != VERSION:
        raise ValueError(document["format"])
    atoms = {name: _polygons(parts) for name, parts in document["atoms"].items()}
    box_of = {name: document["boxes_of"].get(name, name) for name in atoms}
    levels = Levels(document["zones"], document["sections"], document["parts"])
    made = BoxMap(map_sha256(document), atoms, box_of, levels, document["boxes"], bool(document["both_banks"]))
    _refuse_odd(made)
    return made


def _refuse_odd(made: BoxMap) -> None:
    """Refuse a map that lacks something, or has it in another form, with an error of any kind."""
    if not shapely.is_valid(list(made.atoms.values())).all():
        msg = "an atom is no valid polygon"
        raise ValueError(msg)
    # every atom has a place of every level
    for name in made.atoms:
        made.place_of(name, PART)
    if not all(isinstance(name, str) for level in LEVELS for name in made.names(level)):
        msg = "a place without a name"
        raise TypeError(msg)
    for about in (made.about[box] for box in set(made.box_of.values())):
        span, near, candidates = about["km"], about["near"], about["candidates"]
        if span is not None and [type(km) in {int, float} for km in span] != [True, True]:
            raise ValueError(span)
        if not isinstance(near, list) or not all(isinstance(name, str) for name in near):
            raise TypeError(near)
        if any(type(number) is not int or number < 0 for number in candidates.values()):
            raise ValueError(candidates)
        candidates_in(candidates, CROSSINGS, "five")


def map_sha256(document: Mapping[str, Any]) -> str:
    """The hash of all that a map says, however its file is spaced."""
    return sha256_hex(json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())


def _polygons(parts: Sequence[Sequence[Sequence[int]]]) -> BaseGeometry:
    polygons = [shapely.Polygon(rings[0], rings[1:]) for rings in (list(map(_ring, part)) for part in parts)]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _ring(steps: Sequence[int]) -> Positions:
    at = np.cumsum(np.array(steps, dtype=np.int64).reshape(-1, 2), axis=0)
    if not np.array_equal(at[0], at[-1]):
        msg = "a ring that does not close"
        raise ValueError(msg)
    return np.round(at / PER_DEGREE, 4)


def steps_of(ring: Positions) -> Iterator[int]:
    """The positions of a ring as whole steps on the grid, each from the one before."""
    at = np.round(ring * PER_DEGREE).astype(np.int64)
    yield from np.diff(at, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).ravel().tolist()
