"""Two editions of one layer told apart: what happened to each feature, how far, how sure."""

from __future__ import annotations

import dataclasses
from collections import Counter

import numpy as np
import pytest
import shapely

from atlas.editions.changes import Comparison, Confidence, Kind, compare_editions
from atlas.editions.edition import Features, paired_editions
from atlas.errors import InputError, UsageError
from tests.editions.generated import Generated, Outcome, Row, coverage, features, generated

HALF_DEGREE_BOX = shapely.box(-92, 16, -91.5, 16.5)


def compared(old: list[Row], new: list[Row], **options: float) -> Comparison:
    return compare_editions(*paired_editions(features("old", old), features("new", new)), **options)


def outcomes(comparison: Comparison) -> set[tuple[str, str | None, str | None]]:
    old, new = comparison.old, comparison.new
    return {
        (
            change.kind.value,
            None if change.old is None else old.codes[change.old],
            None if change.new is None else new.codes[change.new],
        )
        for change in comparison.changes
    }


# 20 coverages of 60 areas: more than a thousand
@pytest.mark.parametrize("seed", range(20))
def test_every_generated_change_is_named(seed: int) -> None:
    made = generated(seed)
    assert outcomes(compared(made.old, made.new)) == made.changes


@pytest.mark.parametrize("seed", range(5))
def test_changes_are_named_when_the_new_edition_was_also_drawn_anew(seed: int) -> None:
    made = generated(seed)
    assert outcomes(compared(made.old, drawn_anew(made))) == when_drawn_anew(made)


@pytest.mark.parametrize("seed", range(5))
def test_looking_back_turns_splits_into_mergers(seed: int) -> None:
    made = generated(seed)
    assert outcomes(compared(made.new, made.old)) == looking_back(made)


@pytest.mark.long
def test_a_thousand_splits_mergers_and_renames_are_named_each_way() -> None:
    counts: Counter[str] = Counter()
    for seed in range(100, 160):
        made = generated(seed)
        counts.update(kind for kind, *_ in made.changes)
        assert outcomes(compared(made.old, made.new)) == made.changes, seed
        assert outcomes(compared(made.old, drawn_anew(made))) == when_drawn_anew(made), seed
        assert outcomes(compared(made.new, made.old)) == looking_back(made), seed
    assert counts["split"] + counts["merged"] + counts["renamed"] > 1000


def drawn_anew(made: Generated) -> list[Row]:
    """The new edition moved by some 200 m, the same for all who share a place."""

    def redrawn(xy: np.ndarray) -> np.ndarray:
        return xy + 0.002 * np.column_stack([np.sin(xy[:, 1] * 40), np.cos(xy[:, 0] * 40)])

    return [(code, name, shapely.transform(area, redrawn)) for code, name, area in made.new]


def when_drawn_anew(made: Generated) -> set[Outcome]:
    """What is the weightiest thing that happened to each then."""
    return {(("moved" if kind in {"unchanged", "renamed", "recoded"} else kind), a, b) for kind, a, b in made.changes}


def looking_back(made: Generated) -> set[Outcome]:
    """What happened from the new edition to the old one."""
    turned = {"split": "merged", "merged": "split", "new": "gone", "gone": "new"}
    return {(turned.get(kind, kind), b, a) for kind, a, b in made.changes}


def test_without_codes_and_names_the_ground_alone_decides() -> None:
    made = generated(3)
    bare = [dataclasses.replace(one, properties=[{} for _ in one.properties]) for one in made.features()]
    comparison = compare_editions(*paired_editions(*bare))
    counts = {kind: sum(kind == each for each, *_ in made.changes) for kind in ("gone", "new")}
    assert {kind.value: comparison.counts.get(kind, 0) for kind in (Kind.GONE, Kind.NEW)} == counts
    assert Kind.RENAMED not in comparison.counts


def test_an_area_that_gives_ground_to_its_neighbour_moved_and_says_how_much() -> None:
    west, east = shapely.box(-92, 16, -91.5, 16.5), shapely.box(-91.5, 16, -91, 16.5)
    new_west, new_east = shapely.box(-92, 16, -91.45, 16.5), shapely.box(-91.45, 16, -91, 16.5)
    comparison = compared([("1", "W", west), ("2", "E", east)], [("1", "W", new_west), ("2", "E", new_east)])
    assert {change.kind for change in comparison.changes} == {Kind.MOVED}
    first, second = comparison.changes
    # 0.05° of longitude at 16° are 5,352 m
    assert first.displacement_m == pytest.approx(5352, rel=0.01)
    assert first.gained_ha == pytest.approx(second.lost_ha)
    assert first.gained_ha == pytest.approx(5.352 * 55.3 * 100, rel=0.01)
    assert first.lost_ha == pytest.approx(0, abs=1e-6)


def test_most_of_an_area_may_change_hands_and_both_keep_their_names() -> None:
    old = [("1", "W", shapely.box(-92, 16, -91, 16.5)), ("2", "E", shapely.box(-91, 16, -90, 16.5))]
    new = [("1", "W", shapely.box(-92, 16, -91.6, 16.5)), ("2", "E", shapely.box(-91.6, 16, -90, 16.5))]
    assert outcomes(compared(old, new)) == {("moved", "1", "1"), ("moved", "2", "2")}


def test_a_shape_drawn_with_other_positions_on_the_same_line_is_unchanged() -> None:
    fine = shapely.segmentize(HALF_DEGREE_BOX, 0.01)
    comparison = compared([("1", "A", HALF_DEGREE_BOX)], [("1", "A", fine)])
    assert comparison.is_same


def test_codes_that_changed_places_follow_the_ground() -> None:
    rows = coverage(12, 1)
    swapped = [(rows[1][0], *rows[0][1:]), (rows[0][0], *rows[1][1:]), *rows[2:]]
    pairs = {change[1:] for change in outcomes(compared(rows, swapped)) if change[0] == "recoded"}
    assert pairs == {("00000", "00001"), ("00001", "00000")}


def test_a_code_that_was_given_to_another_place_is_no_proof() -> None:
    far = shapely.box(-89, 18, -88.5, 18.5)
    comparison = compared([("1", "Tapachula", HALF_DEGREE_BOX)], [("1", "Bacalar", far)])
    assert outcomes(comparison) == {("gone", "1", None), ("new", None, "1")}
    assert {change.confidence for change in comparison.changes} == {Confidence.LOW}
    assert all("another place" in change.why for change in comparison.changes)


def test_a_shape_over_unchanged_ground_came_from_nowhere() -> None:
    """Layers may overlap: a protected area that is declared inside another has split nothing."""
    inner = shapely.box(-91.9, 16.1, -91.8, 16.2)
    assert outcomes(compared([("1", "A", HALF_DEGREE_BOX)], [("1", "A", HALF_DEGREE_BOX), ("2", "B", inner)])) == {
        ("unchanged", "1", "1"),
        ("new", None, "2"),
    }


def test_points_move_and_keep_their_codes() -> None:
    old = [("1", "A", shapely.Point(-92, 15)), ("2", "B", shapely.Point(-91, 15)), ("3", "C", shapely.Point(-90, 15))]
    new = [
        ("1", "A", shapely.Point(-92, 15.001)),
        ("2", "B", shapely.Point(-91, 15)),
        ("4", "D", shapely.Point(-89, 15)),
    ]
    comparison = compared(old, new)
    assert outcomes(comparison) == {
        ("moved", "1", "1"),
        ("unchanged", "2", "2"),
        ("gone", "3", None),
        ("new", None, "4"),
    }
    assert comparison.changes[0].displacement_m == pytest.approx(110.6, abs=0.5)


def test_lines_are_held_against_each_other_too() -> None:
    line = shapely.LineString([(-92, 15), (-91, 15)])
    shifted = shapely.transform(line, lambda xy: xy + np.array([0, 0.002]))
    comparison = compared([("1", "A", line)], [("1", "A", shifted)])
    assert outcomes(comparison) == {("moved", "1", "1")}
    assert comparison.changes[0].displacement_m == pytest.approx(221, abs=1)


def test_a_feature_without_a_place_is_known_by_its_code() -> None:
    old, new = [("1", "A", None), ("2", "B", HALF_DEGREE_BOX)], [("1", "A", None), ("2", "B", None)]
    assert outcomes(compared(old, new)) == {("unchanged", "1", "1"), ("moved", "2", "2")}  # type: ignore[arg-type]


def test_two_empty_editions_are_the_same() -> None:
    assert compared([], []).is_same
    assert outcomes(compared([], [("1", "A", HALF_DEGREE_BOX)])) == {("new", None, "1")}


def test_an_area_that_crosses_itself_is_read_as_what_it_covers() -> None:
    bow = shapely.Polygon([(-92, 16), (-91, 17), (-91, 16), (-92, 17)])
    assert compared([("1", "A", bow)], [("1", "A", bow)]).is_same


@pytest.mark.parametrize("order", [1, -1])
def test_points_and_areas_are_no_two_editions(order: int) -> None:
    rows = [[("1", "A", HALF_DEGREE_BOX)], [("1", "A", shapely.Point(-92, 15))]][::order]
    with pytest.raises(InputError, match="two editions of one layer hold the same kind"):
        compared(*rows)


def test_a_code_that_stands_twice_is_refused_with_both_rows() -> None:
    rows = Generated([("1", "A", HALF_DEGREE_BOX), ("1", "B", shapely.Point(0, 0))])
    with pytest.raises(InputError, match=r"features 1 and 2 have one code \(cvegeo = '1'\)"):
        paired_editions(*rows.features(), key="cvegeo")


def test_a_field_that_is_not_there_is_named_with_those_that_are() -> None:
    made = Generated([("1", "A", HALF_DEGREE_BOX)], [("1", "A", HALF_DEGREE_BOX)])
    with pytest.raises(UsageError, match="old has no field 'cvego'; it has cvegeo"):
        paired_editions(*made.features(), key="cvego")


def test_a_field_that_was_renamed_is_followed() -> None:
    shapes = np.array([HALF_DEGREE_BOX], dtype=object)
    old = Features("old", shapes, [{"CVE": 7.0, "NOM": " Tapachula "}], [None])
    new = Features("new", shapes, [{"code": "7", "name": "Tapachula"}], [None])
    comparison = compare_editions(*paired_editions(old, new, key="CVE=code", name="NOM=name"))
    assert comparison.is_same
    assert comparison.changes[0].why.startswith("same code and name")
