"""Makes a project's map of boxes from its public layers, and writes it; the same layers give the same bytes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.geojson.collection import read_collection
from atlas.geojson.meridian_features import turned_features
from atlas.geojson.shapely_geometries import placed_shape, shape_of
from atlas.geojson.strict import parse
from atlas.project import Project
from atlas.published.layers import open_published_layers
from atlas.release.box_atoms import Atoms, cut_atoms, united
from atlas.release.box_floor import lines_km
from atlas.release.box_levels import levels_of
from atlas.release.box_merge import merge
from atlas.release.boxes import FORMAT, VERSION, BoxMap, box_map, steps_of
from atlas.release.ground import REACH_KM, Ground, open_ground
from atlas.release.groups import CONTROL, CROSSINGS, HELP

NEIGHBOURS_FILE = "neighbours.geojson"
# units on the other side of a border that a project file describes
UNITS_BEYOND_FILE = "neighbour_regions.geojson"
# a municipality is named for a box that it holds a fifth of
_NEAR_SHARE = 0.2
# what everybody knows of, by layer: the group that it is a candidate for
_PUBLIC = (
    ("crossings_formal", CROSSINGS),
    ("crossings_vehicular", CROSSINGS),
    ("facilities", HELP),
    ("checkpoints", CONTROL),
)


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """Something on a public map: what it may stand for, and where it may be, in degrees."""

    group: str
    name: str
    shape: BaseGeometry


def build_boxes(project: Project, *, earlier: Mapping[str, BaseGeometry] | None = None) -> dict[str, Any]:
    """What the file of a project's map says.

    Parameters
    ----------
    earlier
        Places that releases of another kind have drawn; see `box_merge.merge`.

    Raises
    ------
    InputError
        A layer is missing or damaged.
    GeometryError
        The ground is smaller than the floor.
    """
    ground = open_ground(project)
    atoms = cut_atoms(ground, neighbours_of(project))
    members = merge(atoms, earlier)
    return map_document(atoms, members, public_candidates(project), earlier=sorted(earlier or {}))


def neighbours_of(project: Project) -> BaseGeometry | None:
    """The neighbours' land, where the project has its outlines: a file of its own, or its layer of units there."""
    path = project.layers_dir / NEIGHBOURS_FILE
    if project.border is not None and not path.is_file():
        path = project.layers_dir / UNITS_BEYOND_FILE
    if not path.is_file():
        return None
    features = turned_features(read_collection(path), project.frame_start)
    shapes = [placed_shape(feature["geometry"]) for feature in features]
    return shapely.union_all([shapely.make_valid(shape) for shape in shapes], grid_size=1e-6)


def map_document(
    atoms: Atoms, members: Mapping[str, Sequence[str]], public: Sequence[Candidate], *, earlier: Sequence[str] = ()
) -> dict[str, Any]:
    """What a map says, from its atoms and the atoms of each box."""
    shapes = {box: united([atoms.shapes[atom] for atom in names]) for box, names in members.items()}
    beyond = frozenset(box for box, names in members.items() if atoms.is_beyond(names))
    km = {box: _km_of(box, shape, atoms) for box, shape in shapes.items() if box[0] in "RC"}
    levels = levels_of(members, km, beyond)
    counts = _candidates(shapes, public)
    near = _near(shapes, atoms.ground)
    return {
        "format": FORMAT,
        "version": VERSION,
        "both_banks": bool(atoms.beyond),
        "earlier": list(earlier),
        "atoms": {name: list(_rings(shape)) for name, shape in sorted(atoms.shapes.items())},
        "boxes_of": {atom: box for box, names in sorted(members.items()) for atom in names if atom != box},
        "zones": dict(sorted(levels.zones.items())),
        "sections": dict(sorted(levels.sections.items())),
        "parts": dict(sorted(levels.parts.items())),
        "boxes": {
            box: {"km": _span(names, box), "near": near[box], "candidates": counts[box]}
            for box, names in sorted(members.items())
        },
    }


def file_bytes(document: Mapping[str, Any]) -> bytes:
    """The file of a map, an atom or a box a line."""
    lines = []
    for key, value in document.items():
        if key in {"atoms", "boxes"}:
            rows = [f"{json.dumps(name)}:{_compact(row)}" for name, row in value.items()]
            lines.append(f"{json.dumps(key)}:{{\n" + ",\n".join(rows) + "\n}")
        else:
            lines.append(f"{json.dumps(key)}:{_compact(value)}")
    return ("{" + ",\n".join(lines) + "}\n").encode()


def made_map(document: Mapping[str, Any]) -> BoxMap:
    """The map that a document is, as it will be read from its file."""
    return box_map(parse(file_bytes(document).decode()))


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _rings(shape: BaseGeometry) -> Iterator[list[list[int]]]:
    for part in shapely.get_parts(shapely.orient_polygons(shapely.normalize(shape))):
        yield [list(steps_of(shapely.get_coordinates(ring))) for ring in (part.exterior, *part.interiors)]


def _km_of(box: str, shape: BaseGeometry, atoms: Atoms) -> float:
    return lines_km(shapely.intersection(atoms.border if box[0] == "R" else atoms.corridor, shape))


def _span(atoms: Sequence[str], box: str) -> list[float] | None:
    """From and to which kilometre of its guide a box lies, in whole reaches; nothing away from the guides."""
    numbers = [int(atom[1:]) for atom in atoms if atom[0] == box[0]] if box[0] in "RC" else []
    return [min(numbers) * REACH_KM, (max(numbers) + 1) * REACH_KM] if numbers else None


def public_candidates(project: Project) -> list[Candidate]:
    """What the atlas' own layers and thereby everybody knows of; a thing in two layers counts once."""
    release = open_published_layers(project)
    known: dict[tuple[str, str], Candidate] = {}
    for layer, group in _PUBLIC:
        for feature in release.features(layer) if layer in release.names else ():
            shape = shape_of(feature["geometry"])
            name = str(feature["properties"].get("crossing") or feature["id"])
            # a crossing that is only known by the border of its municipality is nobody's candidate
            if shape is not None and not (group == CROSSINGS and shape.length > 1):
                known.setdefault((group, name), Candidate(group, name, shape))
    return list(known.values())


def _candidates(shapes: Mapping[str, BaseGeometry], public: Sequence[Candidate]) -> Mapping[str, dict[str, int]]:
    """How many public things of each group there may be in each box: by the middle of what is drawn of them."""
    counts: dict[str, Counter[str]] = {box: Counter() for box in shapes}
    names = list(shapes)
    tree = shapely.STRtree([shapes[name] for name in names])
    for each in public:
        for index in tree.query(shapely.point_on_surface(each.shape), predicate="intersects").tolist()[:1]:
            counts[names[index]][each.group] += 1
    return {box: dict(sorted(counted.items())) for box, counted in counts.items()}


def _near(shapes: Mapping[str, BaseGeometry], ground: Ground) -> Mapping[str, list[str]]:
    """Names of the border municipalities that hold a good part of each box, those with the most first."""
    outlines = [shapely.simplify(each.shape, 0.001) for each in ground.municipalities]
    named: dict[str, list[str]] = {}
    for box, shape in shapes.items():
        shares = np.array([shapely.area(shapely.intersection(each, shape)) for each in outlines]) / shape.area
        order = [index for index in np.argsort(-shares, kind="stable").tolist() if shares[index] >= _NEAR_SHARE]
        named[box] = [ground.municipalities[index].name for index in order]
    return named
