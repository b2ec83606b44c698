"""Classes of a map of figures: the best breaks are really the best, and equal figures stay together."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.render.classes import Classes, equal_counts, natural_breaks

FIGURES = st.lists(st.integers(0, 30) | st.none(), max_size=9)


def _inside(groups: list[list[float]]) -> float:
    return sum(sum((value - sum(group) / len(group)) ** 2 for value in group) for group in groups)


def _groups(values: list[float | None], classes: Classes) -> list[list[float]]:
    return [
        [value for value, of in zip(values, classes.of, strict=True) if value is not None and of == number]
        for number in range(len(classes.ranges))
    ]


@given(FIGURES)
def test_natural_breaks_leave_the_least_spread_of_all_ways_to_cut(values: list[float | None]) -> None:
    distinct = sorted({value for value in values if value is not None})
    known = sorted(value for value in values if value is not None)
    wanted = min(3, len(distinct))
    ways = [
        [[value for value in known if sum(value > upper for upper in uppers) == number] for number in range(wanted)]
        for uppers in combinations(distinct[:-1], max(wanted - 1, 0))
    ]
    groups = _groups(values, natural_breaks(values, wanted=3))
    assert _inside(groups) == pytest.approx(min((_inside(way) for way in ways if all(way)), default=0.0), abs=1e-6)


@given(FIGURES)
@pytest.mark.parametrize("method", [natural_breaks, equal_counts])
def test_classes_follow_the_order_and_keep_ties_together(method: type[Classes], values: list[float | None]) -> None:
    classes = method(values)
    groups = _groups(values, classes)
    assert [(min(group), max(group)) for group in groups] == list(classes.ranges)
    assert [len(group) for group in groups] == list(classes.counts)
    assert all(low[1] < high[0] for low, high in zip(classes.ranges, classes.ranges[1:], strict=False))
    assert [of is None for of in classes.of] == [value is None for value in values]


def test_quantiles_differ_by_one_figure_at_most_without_ties() -> None:
    assert equal_counts(list(range(23))).counts == (5, 5, 4, 5, 4)


def test_a_tie_across_a_quantile_goes_into_one_class() -> None:
    assert equal_counts([1, 2, 2, 2, 3], wanted=2).of == (0, 0, 0, 0, 1)


def test_fit_is_the_share_of_the_spread_between_the_classes() -> None:
    assert natural_breaks([1, 1, 5, 5], wanted=2).fit == 1.0
    assert natural_breaks([1, 3, 11, 13], wanted=2).fit == pytest.approx(1 - 4 / 104)
