"""Records that look alike: what counts as near, and that a crowd is not compared each with each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from atlas.field.duplicate_records import Sketch, _candidates, _cells, why_duplicate

ONE = Sketch("a", (-92.0, 15.0), 0.0, None, 100, "hazard", "Synthetic: tree across the road")
METRE = 1 / 111_320


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (ONE, "0 m apart, same day, notes 100% alike"),
        (replace(ONE, place=(-92.0, 15.0 + 40 * METRE)), "40 m apart"),
        (replace(ONE, place=(-92.0, 15.0 + 60 * METRE)), None),
        (replace(ONE, place=(-92.0, 15.0 + 60 * METRE), uncertainty_m=80), "60 m apart"),
        (replace(ONE, place=(-92.0, 15.0 + 600 * METRE), uncertainty_m=5000), None),
        (replace(ONE, day=101), "a day apart"),
        (replace(ONE, day=102), None),
        (replace(ONE, day=None), "a date is missing"),
        (replace(ONE, day=None, note="Synthetic: tree beside a house"), None),
        (replace(ONE, note="SYNTHÉTIC tree, across the road!!"), "notes 100% alike"),
        (replace(ONE, note="a bridge that fell"), None),
        (replace(ONE, note=""), "same category 'hazard'"),
        (replace(ONE, note="", category="shelter"), None),
        (replace(ONE, category="shelter"), "notes 100% alike"),
        (replace(ONE, place=None, reach="R012"), None),
    ],
)
def test_near_in_time_place_and_text_is_alike(other: Sketch, expected: str | None) -> None:
    for pair in ((ONE, other), (other, ONE)):
        reason = why_duplicate(*pair)
        assert (reason is None) == (expected is None)
        assert expected is None or expected in (reason or "")


def test_neighbours_across_the_edge_of_a_cell_are_compared() -> None:
    cells: dict[tuple[object, ...], list[Sketch]] = {}
    for made in (replace(ONE, place=(-92.0 - 1e-6, 15.0 - 1e-6)), replace(ONE, record_id="b", place=(-92.0, 15.0))):
        for cell in _cells(made):
            cells.setdefault(cell, []).append(made)
    assert len(cells) == 2
    assert len(list(_candidates(cells))) == 1


def test_in_a_crowd_only_neighbours_in_the_alphabet_are_compared() -> None:
    crowd = [replace(ONE, record_id=f"{i:05d}", note=f"synthetic {i * 7919 % 5000:05d}") for i in range(5000)]
    crowd[17] = replace(crowd[17], note="the very same")
    crowd[4711] = replace(crowd[4711], note="the very same")
    pairs = list(_candidates({("cell", 0, 0): crowd, ("cell", 1, 0): crowd[:2000]}))
    assert len(pairs) < 200_000
    assert ("00017", "04711") in {(one.record_id, other.record_id) for one, other in pairs}
