"""Attacks on releases: noise is averaged out, places are intersected, totals are differenced; good releases hold."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import shapely

from atlas.disclosure.attacks import Attacker
from atlas.disclosure.count_tables import CountTable, differenced
from atlas.disclosure.exact_yardstick import truth_of
from atlas.disclosure.landmarks import landmarks
from atlas.disclosure.limits import Limits
from atlas.disclosure.past_releases import PastRelease, read_release
from atlas.project import Project

KM = 1 / 111.2


@pytest.fixture(scope="module")
def ground(project: Project) -> Any:
    return landmarks(project)


@pytest.fixture(scope="module")
def truth(ground: Any) -> list[dict[str, Any]]:
    """Made-up records on the border line."""
    line = ground["border"]
    longest = max(shapely.get_parts(line), key=lambda part: part.length)
    made = []
    for number in range(30):
        at = longest.interpolate(number / 30, normalized=True)
        properties = {"category": "informal_crossing", "observed_at": f"20{number + 10}-01-02"}
        geometry = {"type": "Point", "coordinates": [at.x, at.y]}
        made.append({"type": "Feature", "id": f"made-up-{number}", "geometry": geometry, "properties": properties})
    return made


def _release(name: str, features: list[dict[str, Any]], counts: str = "") -> PastRelease:
    document = {"type": "FeatureCollection", "features": features}
    release = read_release(name, {"records.geojson": json.dumps(document).encode(), "counts.csv": counts.encode()})
    assert release is not None
    return release


def _masked(truth: list[dict[str, Any]], seed: int, *, ids: bool = True) -> list[dict[str, Any]]:
    """Donut masking: each point 1 to 5 km away."""
    dice = np.random.default_rng(seed)
    masked = []
    for one in truth:
        x, y = one["geometry"]["coordinates"]
        far, way = dice.uniform(1, 5) * KM, dice.uniform(0, 2 * np.pi)
        properties = {"category": "informal_crossing", "month": one["properties"]["observed_at"][:7]}
        geometry = {"type": "Point", "coordinates": [x + far * np.cos(way), y + far * np.sin(way)]}
        feature = {"type": "Feature", "geometry": geometry, "properties": {**properties, "sensitivity": "generalised"}}
        masked.append({**feature, "id": one["id"]} if ids else feature)
    return masked


def _attacked(limits: Limits, ground: Any, releases: list[PastRelease], truth: Any = None) -> dict[str, Any]:
    attacker = Attacker(releases, limits, ground, truth_of(truth) if truth else None)
    return {attack.name: (attack, findings) for attack, findings in attacker.attacks()}


def test_donut_masked_points_fail_when_they_are_snapped_to_the_border(limits: Limits, ground: Any, truth: Any) -> None:
    done = _attacked(limits, ground, [_release("one", _masked(truth, 1))], truth)
    attack, findings = done["snapping to the nearest border"]
    plain, _ = done["points as they are"]
    assert findings
    assert attack.distance_m < plain.distance_m
    assert attack.distance_m < 1000


@pytest.mark.parametrize("ids", [True, False])
def test_averaging_twenty_noisy_releases_is_detected(limits: Limits, ground: Any, truth: Any, *, ids: bool) -> None:
    releases = [_release(f"r{seed}", _masked(truth, seed, ids=ids)) for seed in range(20)]
    attack, findings = _attacked(limits, ground, releases, truth)["averaging releases"]
    assert findings
    assert attack.distance_m < 700
    # without the truth, the error is told from the spread
    blind, named = _attacked(limits, ground, releases)["averaging releases"]
    assert named
    assert blind.size_m < 2000


def test_circles_that_move_from_release_to_release_are_intersected(limits: Limits, ground: Any, truth: Any) -> None:
    releases = []
    for seed in range(6):
        features = _masked(truth, seed)
        for one in features:
            circle = shapely.Point(one["geometry"]["coordinates"]).buffer(6 * KM)
            one["geometry"] = json.loads(shapely.to_geojson(circle))
        releases.append(_release(f"r{seed}", features))
    one, _ = _attacked(limits, ground, releases[:1])["places"]
    attack, findings = _attacked(limits, ground, releases)["intersecting releases"]
    assert one.size_m > limits.floor_m > attack.size_m
    assert findings


def _placed(limits: Limits, number: int, *, place: str = "zone R010") -> list[dict[str, Any]]:
    """A class of a release that shows a number."""
    assert limits.places is not None
    at = limits.places.place(place)
    assert at is not None
    stated = {
        "group": "crossings",
        "period": "2025",
        "reports_at_least": number,
        "sensitivity": "generalised",
        **at.fields,
    }
    return [{"type": "Feature", "id": f"{place} {number}", "geometry": at.geometry, "properties": stated}]


def test_a_good_release_holds_over_twenty_releases(limits: Limits, ground: Any) -> None:
    releases = [_release(f"r{n}", _placed(limits, 5) + _placed(limits, 10, place="box R030")) for n in range(20)]
    done = _attacked(limits, ground, releases)
    assert not [findings for _, findings in done.values() if findings]
    assert done["places"][0].k == 5
    assert done["intersecting releases"][0].size_m >= limits.floor_m
    assert done["snapping areas to the border"][0].size_m >= limits.floor_m


def test_classes_that_show_the_same_number_at_several_places_are_not_one_record(limits: Limits, ground: Any) -> None:
    releases = [_release(name, _placed(limits, 5, place=f"zone {at}")) for name, at in (("a", "R010"), ("b", "R000"))]
    assert "intersecting releases" not in _attacked(limits, ground, releases)


def test_too_few_in_a_place_are_found(limits: Limits, ground: Any) -> None:
    attack, findings = _attacked(limits, ground, [_release("one", _placed(limits, 4))])["places"]
    assert attack.k == 4
    assert [one.rule for one in findings] == ["k"]


def test_the_order_of_the_records_is_noticed(limits: Limits, ground: Any, truth: Any) -> None:
    shuffled = [truth[i] for i in np.random.default_rng(3).permutation(len(truth))]
    done = _attacked(limits, ground, [_release("one", _masked(shuffled, 1, ids=False))], shuffled)
    assert done["order of records"][1]
    done = _attacked(limits, ground, [_release("one", _masked(truth, 1, ids=False))], shuffled)
    assert "order of records" not in done


COUNTS = """area,area_name,category,year,records
A,A,x,total,{ax}
A,A,y,total,{ay}
A,A,total,total,{a}
B,B,x,total,{bx}
B,B,y,total,{by}
B,B,total,total,{b}
total,total,x,total,{x}
total,total,y,total,{y}
total,total,total,total,{all}
"""


def _counts(**cells: Any) -> str:
    full = {"ax": 7, "ay": 9, "a": 16, "bx": 3, "by": 12, "b": 15, "x": 10, "y": 21, "all": 31}
    return COUNTS.format(**full | cells)


def _recovered(*tables: str) -> list[str]:
    releases = [PastRelease(f"r{n}", [], [row.split(",") for row in text.split()]) for n, text in enumerate(tables)]
    return [one.rule for _, findings in differenced(releases, 5) for one in findings]


def test_a_cell_that_totals_give_back_is_found() -> None:
    assert _recovered(_counts(bx="suppressed")) == ["counts"]
    assert _recovered(_counts(bx="suppressed", by="suppressed")) == ["counts"]
    assert _recovered(_counts(bx="suppressed", by="suppressed", ax="suppressed", ay="suppressed")) == []
    assert _recovered(_counts()) == ["counts"]


def test_a_cell_that_another_release_prints_is_found() -> None:
    hidden = _counts(bx="suppressed", by="suppressed", ax="suppressed", ay="suppressed", b=19, all=35, x=14)
    shown = hidden.replace("B,B,x,total,suppressed", "B,B,x,total,7")
    assert "counts" in _recovered(hidden, shown)
    assert _recovered(hidden, hidden) == []


def test_suppressed_cells_are_bounded_by_their_totals() -> None:
    rows = _counts(bx="suppressed", by="suppressed", ax="suppressed", ay="suppressed").split()
    bounds = CountTable.of([row.split(",") for row in rows]).bounds()
    assert bounds["B", "x", "total"] == (0, 10)
    assert bounds["A", "y", "total"] == (6, 16)
