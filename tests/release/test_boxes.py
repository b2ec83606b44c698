"""The map of boxes: a partition, nested levels, each box with the floor, proved by other means than it was built."""

from __future__ import annotations

import csv
import io
import json
import math
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import atlas
from atlas.errors import GeometryError, InputError, UsageError
from atlas.geometry.chainage import MeasuredLine
from atlas.geometry.locate import LineLocator
from atlas.project import find_project
from atlas.release.box_atoms import cut_atoms
from atlas.release.box_build import build_boxes, file_bytes, map_document
from atlas.release.box_floor import Guides, lacking_of_guides, least_width, size_of
from atlas.release.box_levels import BOX, LEVELS, levels_of
from atlas.release.box_merge import merge
from atlas.release.box_project import shares_csv
from atlas.release.box_proof import faults_of, least_shadow_km
from atlas.release.boxes import BoxMap, box_map, open_boxes, read_boxes
from atlas.release.ground import Ground, Municipality

KM = 1 / 111.2


@pytest.fixture(scope="module")
def document(boxes_file: Path) -> Any:
    return json.loads(boxes_file.read_bytes())


@pytest.mark.slow
def test_every_box_keeps_the_floor_by_other_measures_than_those_that_built_it(boxes: BoxMap, ground: Ground) -> None:
    assert faults_of(boxes, ground) == []


@pytest.mark.slow
def test_the_proof_finds_a_box_that_was_cut(document: Any, ground: Ground) -> None:
    # two reaches that only keep the floor together, told apart; the proof is only asked about the border's boxes
    cut = json.loads(json.dumps(document))
    box = next(name for name, at in cut["boxes"].items() if name[0] == "R" and at["km"][1] - at["km"][0] == 20)
    other = next(atom for atom, to in cut["boxes_of"].items() if to == box and atom[0] == "R")
    del cut["boxes_of"][other]
    cut["boxes"][other] = cut["boxes"][box]
    cut["zones"][other] = cut["zones"][box]
    kept = {name for name in cut["boxes"] if name[0] == "R"}
    cut["atoms"] = {name: at for name, at in cut["atoms"].items() if cut["boxes_of"].get(name, name) in kept}
    faults = faults_of(box_map(cut), ground)
    assert any(fault.startswith((f"box {box}:", f"box {other}:")) for fault in faults)


def test_the_same_ground_gives_the_hash_that_is_shipped(boxes: BoxMap, document: Any) -> None:
    assert box_map(json.loads(file_bytes(document))).sha256 == boxes.sha256


@pytest.mark.long
def test_building_again_gives_the_same_bytes(repo: Path, boxes_file: Path) -> None:
    assert file_bytes(build_boxes(find_project(repo))) == boxes_file.read_bytes()


def test_atoms_are_a_partition(boxes: BoxMap) -> None:
    shapes = list(boxes.atoms.values())
    assert shapely.coverage_is_valid(shapes)
    whole = shapely.coverage_union_all(shapes)
    assert math.isclose(whole.area, sum(shape.area for shape in shapes), rel_tol=1e-9)


def test_every_level_is_a_union_of_places_of_the_one_before(boxes: BoxMap) -> None:
    for fine, coarse in pairwise(LEVELS):
        for place in boxes.names(fine):
            atoms = boxes.place(place).atoms
            assert {boxes.place_of(atom, coarse) for atom in atoms} == {boxes.coarser(place, coarse)}
    assert set(boxes.names("part")) == {"part border", "part corridor", "part inland"}


def test_every_position_of_the_border_lies_in_a_box_of_its_own_reach_or_the_next(boxes: BoxMap, ground: Ground) -> None:
    at_km = np.arange(0.05, ground.border.length_km, 0.5)
    atoms = boxes.atoms_at(np.array([ground.border.at(float(km)) for km in at_km]))
    apart = [abs(int(atom[1:]) - km // 10) for km, atom in zip(at_km, atoms, strict=True) if atom]
    assert len(apart) == len(at_km)
    assert max(apart) <= 1


def test_a_position_is_in_one_atom_or_in_none(boxes: BoxMap) -> None:
    corner = shapely.get_coordinates(boxes.atoms["R010"])[:50]
    once, again = boxes.atoms_at(corner), boxes.atoms_at(corner[::-1])[::-1]
    assert once == again
    assert None not in once
    assert boxes.atoms_at(np.array([[-60.0, 10.0], [-92.9, 20.0]])) == [None, None]
    assert boxes.atoms_at(np.empty((0, 2))) == []


def test_metapa_is_not_told_from_its_neighbours(boxes: BoxMap, ground: Ground) -> None:
    # today's counterexample: 12 km² were left of a place of 368 km
    metapa = next(each.shape for each in ground.municipalities if each.name == "Metapa")
    for atom in {atom for atom in boxes.atoms_at(shapely.get_coordinates(metapa)[::20]) if atom}:
        place = boxes.place(boxes.place_of(atom, BOX))
        assert shapely.intersection(place.shape, metapa).area < place.shape.area / 2
        assert place.size_m >= 10_000


@settings(max_examples=60, deadline=None)
@given(st.floats(1, 40), st.floats(1, 40), st.floats(0, math.pi))
def test_both_measures_of_width_agree(long: float, short: float, turn: float) -> None:
    side = shapely.affinity.rotate(shapely.box(0, 0, long, short), turn, use_radians=True)
    exact = min(long, short)
    assert least_width(side) == pytest.approx(exact, rel=1e-9)
    assert exact - 0.03 < least_shadow_km(side) <= exact + 1e-9


def test_a_sliver_and_a_thin_arm_lack_the_circle_or_the_width() -> None:
    assert size_of(shapely.box(-92, 15, -92 + 9.5 * KM, 15.3)).lacks == ("width",)
    arms = shapely.union_all([shapely.box(-92, 15, -91.7, 15 + 3 * KM), shapely.box(-92, 15, -92 + 3 * KM, 15.3)])
    assert size_of(arms).lacks == ("circle",)
    assert size_of(shapely.box(-92, 15, -91.9, 15.1)).lacks == ()
    # the largest part counts, and not what lies around it
    apart = shapely.union(shapely.box(-92, 15, -91.95, 15.05), shapely.box(-91, 15, -90.95, 15.05))
    assert "width" in size_of(apart).lacks


def test_of_a_guide_a_box_holds_nothing_or_as_much_as_the_floor() -> None:
    square = shapely.box(-92, 15, -91.8, 15.2)
    line = shapely.LineString([(-92.5, 15.1), (-91.5, 15.1)])
    crumb = shapely.LineString([(-92.5, 15.1), (-91.95, 15.1)])
    away = shapely.LineString([(-90, 15.1), (-89, 15.1)])
    areas = {"half": shapely.box(-92, 15, -91.9, 15.2), "edge": shapely.box(-93, 15, -91.97, 15.2)}
    lacking = lacking_of_guides(square, Guides({"line": line, "crumb": crumb, "away": away}, areas))
    assert lacking == ("crumb", "edge")


def test_zones_are_fifty_kilometres_and_a_rest_joins_the_one_before() -> None:
    km = {f"R{n:03d}": 20.0 for n in range(20)} | {"C00": 30.0, "C01": 30.0, "C02": 10.0}
    levels = levels_of(km, km, frozenset())
    runs: dict[str, int] = {}
    for zone in levels.zones.values():
        runs[zone] = runs.get(zone, 0) + 1
    assert runs == {"R000": 3, "R003": 3, "R006": 3, "R009": 3, "R012": 3, "R015": 5, "C00": 3}
    assert levels.sections["R003"] == "R000"
    assert levels.sections["R015"] == "R000"
    assert levels.parts == {"R000": "border", "C00": "corridor"}
    # reaches are some metres short or long: five of them are a zone all the same
    short = {f"R{n:03d}": 9.995 for n in range(10)}
    assert len(set(levels_of(short, short, frozenset()).zones.values())) == 2


def test_a_project_without_a_map_or_with_a_damaged_one_says_how_to_get_it(project: Any) -> None:
    path = project.geodata / "boxes.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match=r"boxes\.json is not a map of boxes .*atlas boxes"):
        open_boxes(project)
    path.unlink()
    with pytest.raises(UsageError, match=r"has no map of boxes.*make it with `atlas boxes`"):
        open_boxes(project)


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("boxes", "R010"), None),
        (("boxes", "R010", "near"), "Tapachula"),
        (("boxes", "R010", "km"), [0, "x"]),
        (("boxes", "R010", "candidates"), {"help": -1}),
        (("boxes", "R010", "candidates"), {"churches": 1}),
        (("zones", "R010"), None),
        (("parts", "R000"), ["border"]),
        (("atoms", "R003", 0, 0, 9), 10**30),
        (("atoms", "R003", 0, 0, 9), 7_000),
        (("atoms", "R003"), [[[0, 0, 1]]]),
    ],
    ids=str,
)
def test_a_map_that_somebody_edited_is_refused_in_words(
    document: Any, tmp_path: Path, where: tuple[str | int, ...], value: Any
) -> None:
    edited = json.loads(json.dumps(document))
    at = edited
    for key in where[:-1]:
        at = at[key]
    at[where[-1]] = value
    path = tmp_path / "boxes.json"
    path.write_text(json.dumps(edited), encoding="utf-8")
    with pytest.raises(InputError, match=r"boxes\.json is not a map of boxes .*atlas boxes"):
        read_boxes(path)


def test_the_shares_of_municipalities_join_boxes_with_statistics(boxes: BoxMap, ground: Ground) -> None:
    rows = list(csv.DictReader(io.StringIO(shares_csv(boxes, ground).decode())))
    shares: dict[str, float] = {}
    for row in rows:
        shares[row["box"]] = shares.get(row["box"], 0.0) + float(row["share_of_box"])
    assert all(0 < share < 1.01 for share in shares.values())
    assert {f"box {box}" for box in shares} <= set(boxes.names(BOX))
    assert {row["cvegeo"] for row in rows} == {each.cvegeo for each in ground.municipalities}
    metapa = {row["box"] for row in rows if row["municipality"] == "Metapa"}
    assert metapa
    assert all(float(row["share_of_box"]) < 0.5 for row in rows if row["municipality"] == "Metapa")


def test_a_moved_layer_changes_no_label(project: Any, boxes: BoxMap) -> None:
    # P14: the live line is not asked
    (project.geodata / "layers").unlink()
    random = np.random.default_rng(4)
    spots = np.column_stack([random.uniform(-93, -88, 500), random.uniform(14.5, 18.6, 500)])
    assert open_boxes(project).atoms_at(spots) == boxes.atoms_at(spots)


def test_a_zone_with_a_box_of_few_public_things_is_one_place_for_their_group(boxes: BoxMap) -> None:
    held = next(box for box, about in boxes.about.items() if about["candidates"].get("crossings"))
    zone = boxes.coarser(f"box {held}", "zone").removeprefix("zone ")
    assert boxes.is_coarsened(zone, "crossings", "five", 5)
    assert not boxes.is_coarsened(zone, "harm", "five", 5)


@pytest.mark.long
def test_with_the_neighbours_outlines_both_banks_have_boxes_and_another_map(repo: Path, releasing: Path) -> None:
    layers = releasing / "geodata" / "layers"
    layers.unlink()
    shutil.copytree(repo / "geodata" / "layers", layers)
    base = json.loads((layers / "basemap.geojson").read_bytes())["features"]
    land = next(each["geometry"] for each in base if each["properties"]["kind"] == "land_neighbours")
    near = shapely.intersection(shapely.from_geojson(json.dumps(land)).buffer(0), shapely.box(-92.3, 14.4, -87.9, 18.6))
    feature = {"type": "Feature", "id": "n", "geometry": json.loads(shapely.to_geojson(near)), "properties": {}}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    (layers / "neighbours.geojson").write_text(text, encoding="utf-8")
    before = open_boxes(find_project(releasing))
    # the proof is part of it: each box keeps the floor on its own bank
    atlas.open(releasing).make_boxes()
    made = open_boxes(find_project(releasing))
    assert made.both_banks
    assert made.sha256 != before.sha256
    assert "part beyond" in made.names("part")
    (atom,) = made.atoms_at(np.array([[-90.5, 15.5]]))
    assert made.place_of(atom, "part") == "part beyond"


def _made_up(west: float, south: float) -> Ground:
    """A border of some 330 km that winds northwards, two municipalities and a corridor beside it."""
    along = np.linspace(0, 1, 300)
    line = np.column_stack([west + 0.02 * np.sin(along * 60), south + 3 * along])
    land = shapely.Polygon(np.vstack([line, (line - [2, 0])[::-1]]))
    outlines = [shapely.Polygon(np.vstack([at, (at - [0.4, 0])[::-1]])) for at in (line[:151], line[150:])]
    municipalities = tuple(Municipality(str(number), str(number), "", at, ()) for number, at in enumerate(outlines))
    border, corridor = MeasuredLine.of(line), MeasuredLine.of(line[::10] - [1, 0])
    rest = shapely.difference(land, shapely.union_all(outlines))
    return Ground(border, LineLocator.of(border), corridor, municipalities, rest)


@pytest.mark.slow
@pytest.mark.parametrize(("west", "south"), [(-60, -25), (10, 62), (30, -1.5)])
def test_another_projects_border_has_boxes_that_keep_the_floor(west: float, south: float) -> None:
    ground = _made_up(west, south)
    atoms = cut_atoms(ground)
    made = box_map(json.loads(file_bytes(map_document(atoms, merge(atoms), []))))
    assert faults_of(made, ground) == []


def test_a_ground_at_the_antimeridian_is_refused_in_words() -> None:
    with pytest.raises(GeometryError, match=r"boxes are not cut within a degree of 180°. Clip the layers"):
        cut_atoms(_made_up(180.0, 50))
