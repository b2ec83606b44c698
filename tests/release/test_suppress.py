"""Totals do not give suppressed cells back: held against every table that has the same totals."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.release.suppress import Suppressed, bounds, suppressed

ROWS, COLUMNS = ("a", "b", "c"), ("x", "y", "z")
TABLES = st.dictionaries(
    st.tuples(st.sampled_from(ROWS), st.sampled_from(COLUMNS)), st.integers(1, 9), min_size=1, max_size=9
)


def _tables(table: Suppressed) -> Iterator[dict[tuple[str, str], int]]:
    """Every way to fill the suppressed cells so that all totals are as printed."""
    hidden = sorted(table.hidden)
    most = [min(table.row_total(row), table.column_total(column)) for row, column in hidden]
    for values in itertools.product(*(range(each + 1) for each in most)):
        guess = {**table.counts, **dict(zip(hidden, values, strict=True))}
        rows = all(sum(guess.get((row, c), 0) for c in table.columns) == table.row_total(row) for row in table.rows)
        if rows and all(
            sum(guess.get((row, c), 0) for row in table.rows) == table.column_total(c) for c in table.columns
        ):
            yield guess


@settings(max_examples=120, deadline=None)
@given(counts=TABLES, k=st.integers(2, 6))
def test_nothing_small_is_shown_and_nothing_hidden_can_be_told(counts: dict[tuple[str, str], int], k: int) -> None:
    table = suppressed(counts, k=k, rest="other")
    if table is None:
        assert sum(counts.values()) < k
        return
    assert sum(table.counts.values()) == sum(counts.values())
    assert all(table.row_total(row) >= k for row in table.rows)
    assert all(table.column_total(column) >= k for column in table.columns)
    shown = [table.shown(row, column) for row in table.rows for column in table.columns]
    assert all(count is None or count == 0 or count >= k for count in shown)
    inside = len(table.rows) * len(table.columns)
    for cell in table.hidden:
        low, high = bounds(cell, table.hidden, table.counts)
        assert low <= table.counts.get(cell, 0) <= high
        assert high - low >= k or len(table.hidden) == inside


@settings(max_examples=25, deadline=None)
@given(
    counts=st.dictionaries(
        st.tuples(st.sampled_from(ROWS[:2]), st.sampled_from(COLUMNS)), st.integers(1, 5), min_size=1, max_size=6
    ),
    hidden=st.sets(st.tuples(st.sampled_from(ROWS[:2]), st.sampled_from(COLUMNS)), min_size=1, max_size=6),
)
def test_the_bounds_are_those_of_all_tables_that_there_can_be(
    counts: dict[tuple[str, str], int], hidden: set[tuple[str, str]]
) -> None:
    rows, columns = sorted({r for r, _ in [*counts, *hidden]}), sorted({c for _, c in [*counts, *hidden]})
    table = Suppressed(tuple(rows), tuple(columns), counts, frozenset(hidden))
    possible = list(_tables(table))
    for cell in hidden:
        values = [guess.get(cell, 0) for guess in possible]
        assert bounds(cell, hidden, counts) == (min(values), max(values))


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        # a small cell alone would be its row's total less the others
        ({("a", "x"): 2, ("a", "y"): 20, ("b", "x"): 20, ("b", "y"): 20}, 4),
        ({("a", "x"): 10, ("b", "y"): 10}, 0),
    ],
)
def test_a_small_cell_takes_others_with_it(counts: dict[tuple[str, str], int], hidden: int) -> None:
    table = suppressed(counts, k=5, rest="other")
    assert table is not None
    assert len(table.hidden) == hidden
