"""What attackers got out of the gate before there were boxes: their own inputs give them nothing now."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from atlas.api import Atlas
from atlas.errors import PolicyError
from atlas.pipeline.publish_options import PublishOptions
from atlas.project import Project
from atlas.release.boxes import BoxMap
from atlas.release.ground import Ground
from atlas.release.terms_reader import default_policy_text

pytestmark = pytest.mark.slow

Record = dict[str, Any]
DATA = Path(__file__).parent.parent / "data" / "release"
TODAY = date(2027, 3, 5)


def case(name: str) -> list[Record]:
    records: list[Record] = json.loads((DATA / f"{name}.geojson").read_bytes())["features"]
    return records


def on_days(records: list[Record]) -> list[Record]:
    """The same records, each on a day of its own."""
    days = [f"2026-05-{number % 28 + 1:02d}" for number in range(len(records))]
    return [
        {**one, "properties": {**one["properties"], "observed_at": day}} for one, day in zip(records, days, strict=True)
    ]


@pytest.fixture
def fine(tmp_path: Path) -> PublishOptions:
    """Terms of a large book: boxes first."""
    path = tmp_path / "fine.toml"
    path.write_text(default_policy_text().replace("expected_notes = 200", "expected_notes = 5000"), encoding="utf-8")
    return PublishOptions(policy=path, today=TODAY, close=(2026,))


@pytest.fixture
def released(project: Project, write: Callable[..., Path], tmp_path: Path) -> Callable[..., dict[str, bytes]]:
    def made(name: str, records: list[Record], terms: PublishOptions) -> dict[str, bytes]:
        Atlas(project).release([write(records)], tmp_path / name, terms)
        return {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}

    return made


def places(files: dict[str, bytes]) -> list[str]:
    return [each["properties"]["place"] for each in json.loads(files["records.geojson"])["features"]]


@pytest.mark.parametrize("name", ["A", "B", "pv", "since_r0"])
def test_notes_of_one_day_are_one_and_tell_nothing(
    released: Callable[..., dict[str, bytes]], fine: PublishOptions, name: str
) -> None:
    # five notes of one day were k records: 1.8 km² of a claimed 13.6 km
    assert places(released("out", case(name), fine)) == []


@pytest.mark.parametrize("name", ["A", "B", "pv", "metapa"])
def test_the_place_that_is_told_is_all_that_is_left_of_the_rule(
    released: Callable[..., dict[str, bytes]], fine: PublishOptions, boxes: BoxMap, name: str
) -> None:
    places_shown = places(released("out", on_days(case(name)), fine))
    for place_id in places_shown:
        place = boxes.place(place_id)
        assert place.size_m >= 10_000
        # every atom of it gets its label from the polygon alone
        inside = np.array([boxes.atoms[atom].representative_point().coords[0] for atom in place.atoms])
        assert {boxes.place_of(atom, place.level) for atom in boxes.atoms_at(inside)} == {place_id}


def test_metapas_five_may_be_anywhere_in_their_boxes(
    project: Project,
    released: Callable[..., dict[str, bytes]],
    fine: PublishOptions,
    boxes: BoxMap,
    ground: Ground,
) -> None:
    # "up until k share it" gave them away: 12.2 km² of a printed 368 km
    metapa = next(each.shape for each in ground.municipalities if each.name == "Metapa")
    records = case("metapa")
    first = released("first", records, fine)
    moved = 0
    for one in records:
        spot = shapely.Point(one["geometry"]["coordinates"])
        if metapa.contains(spot):
            (atom,) = boxes.atoms_at(shapely.get_coordinates(spot))
            outside = shapely.difference(boxes.place(boxes.place_of(atom, "box")).shape, metapa)
            one["geometry"]["coordinates"] = list(outside.representative_point().coords[0])
            moved += 1
    assert moved == 5
    (project.geodata / "released" / "ledger.json").unlink()
    (project.geodata / "private" / "release.json").unlink()
    second = released("second", records, fine)
    for name in ("records.geojson", "counts.csv"):
        assert second[name] == first[name]


@pytest.mark.parametrize("name", ["pv1", "pv3"])
def test_the_policies_that_ranged_are_no_policies_any_more(
    released: Callable[..., dict[str, bytes]], name: str
) -> None:
    # six policies with --since left 0.27 km²
    with pytest.raises(PolicyError, match=r"version: 1 is of before there were boxes; take floor_m and \[places\] out"):
        released("out", case("pv"), PublishOptions(policy=DATA / f"{name}.toml", today=TODAY))


def test_a_second_release_with_two_more_tells_nothing_of_the_two(
    released: Callable[..., dict[str, bytes]],
) -> None:
    first = released("a", on_days(case("since_r0")), PublishOptions(today=TODAY))
    second = released("b", on_days(case("since_r1")), PublishOptions(today=date(2027, 4, 1)))
    assert places(first)
    for name in ("records.geojson", "counts.csv", "ledger.json"):
        assert second[name] == first[name]


def test_nothing_of_a_record_is_in_a_release(released: Callable[..., dict[str, bytes]]) -> None:
    records = case("exact8")
    files = released("out", on_days(records), PublishOptions(today=TODAY))
    whole = b"".join(files.values())
    for word in ("Artemio", "Renata", "Solórzano", "KB-73", "06:11", "92.147321", "14.683215"):
        assert word.encode() not in whole


def test_releases_with_edits_and_removals_move_no_number(
    project: Project, released: Callable[..., dict[str, bytes]], records_near: Callable[..., list[Record]]
) -> None:
    # of 172 rises of a class 110 were by exactly one
    dice = np.random.default_rng(11)
    pool = records_near(7, 400)
    releases: list[bytes] = []
    for number in range(4):
        kept = [one for one in pool if dice.random() > 0.1]
        files = released(f"r{number}", kept, PublishOptions(today=date(2026, 6 + number, 5)))
        releases.append(files["records.geojson"])
    assert json.loads(releases[0])["features"]
    assert len(set(releases)) == 1
    assert project.geodata.is_dir()
