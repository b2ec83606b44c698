"""Classes of numbers: every value in one, ends that a legend can print, and schemes as mapclassify has them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.cartography.classification import classify, symbol_steps
from atlas.cartography.composition import SCHEMES, Style
from atlas.cartography.numeric_field import are_numbers, figures_of, shown_number
from atlas.errors import UsageError

pytestmark = pytest.mark.slow

NUMBERS = st.lists(st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: round(x, 4)), min_size=1, max_size=60)


@pytest.mark.parametrize("scheme", [name for name in SCHEMES if name != "user"])
@settings(max_examples=25, deadline=None)
@given(values=NUMBERS, classes=st.integers(2, 9))
def test_every_value_lies_in_its_interval(scheme: str, values: list[float], classes: int) -> None:
    made = classify(values, Style("x", scheme=scheme, classes=classes))
    for value, number in zip(values, made.of, strict=True):
        interval = made.intervals[number]
        assert interval.low < value <= interval.high or (interval.first and interval.low <= value <= interval.high)
    assert sum(interval.count for interval in made.intervals) == len(values)


def test_breaks_of_a_person_are_kept_to_the_digit() -> None:
    made = classify([1, 5.5, 20, 400], Style("x", breaks=(5.25, 20, 100)))
    assert [interval.high for interval in made.intervals] == [5.25, 20, 100, 400]
    assert made.of == (0, 1, 1, 3)


def test_what_lies_on_the_midpoint_is_neither_below_nor_above() -> None:
    made = classify([-3, -1, 0, 2, 9], Style("x", midpoint=0, classes=4))
    assert (made.below, made.on) == (2, 1)
    assert made.of == (0, 1, 2, 3, 4)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"scheme": "jenks"}, "no scheme 'jenks'"),
        ({"scheme": "user"}, "needs breaks"),
        ({"breaks": (3, 2)}, "must rise"),
        ({"classes": 1}, "cannot have 1 classes"),
        ({"opacity": 0}, "above 0"),
    ],
)
def test_impossible_styles_are_refused(given: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Style("x", **given)  # type: ignore[arg-type]


def test_codes_are_kinds_and_gaps_are_no_numbers() -> None:
    assert not are_numbers("cvegeo", ["07089"])
    assert not are_numbers("zone", ["01", "02"])
    assert are_numbers("rate", ["1.5", "N/D", "2", "3", "4"])
    assert figures_of("rate", ["1,5", "2,25", "<5"]).values == (1.5, 2.25, None)
    assert figures_of("rate", ["1,500,000", "20"]).values == (1_500_000, 20)
    with pytest.raises(UsageError, match="thousands or for decimals"):
        figures_of("rate", ["1,500", "20"])


def test_numbers_of_the_legend() -> None:
    assert shown_number(-1234.5, 1) == "\u22121,234.5"
    assert shown_number(2021, years=True) == "2021"
    assert symbol_steps([120, 3]) == [100, 20, 5]
    assert symbol_steps([0.0004]) == [0.0002, 0.0001, 0.00002]


@pytest.mark.parametrize("scheme", ["quantiles", "equal_interval", "fisher_jenks"])
def test_ends_on_both_sides_of_a_midpoint_are_short_and_stay_on_their_side(scheme: str) -> None:
    values = [-17.0, -13.0, -12.0, -9.0, -8.0, -4.0, -2.0, 0.0, 3.0, 6.0, 7.0, 11.0, 16.0, 17.0, 22.0]
    made = classify(values, Style("x", scheme=scheme, midpoint=0, classes=6))
    assert made.decimals <= 1
    ends = [interval.high for interval in made.intervals]
    assert 0 in ends
    assert [end < 0 for end in ends[: made.below]] == [True] * made.below
    # a midpoint that no short number is stays what the person said
    odd = classify([0.1, 0.2, 1 / 3, 0.4, 0.5], Style("x", scheme=scheme, midpoint=1 / 3, classes=4))
    assert 1 / 3 in [interval.high for interval in odd.intervals]
    # and an end does not cross it
    close = classify([0.41, 0.42, 0.47, 9.0, 20.0], Style("x", scheme=scheme, midpoint=0.48, classes=4))
    assert all(interval.high <= 0.48 for interval in close.intervals[: close.below])


@pytest.mark.parametrize("scheme", ["quantiles", "equal_interval", "fisher_jenks", "head_tail", "std_mean"])
@pytest.mark.parametrize("middle", [0, 0.0, -0.1])
def test_colours_change_at_the_midpoint_itself_where_no_value_stands_on_it(scheme: str, middle: float) -> None:
    values = [-2.98, -1.13, -0.5, -0.19, 0.3, 1.2, 3.12, 7.8]
    made = classify(values, Style("x", scheme=scheme, midpoint=middle, classes=4))
    assert made.intervals[made.below - 1].high == middle == made.intervals[made.below].low
    assert [number < made.below for number in made.of] == [value < middle for value in values]


def test_a_break_of_a_person_on_the_midpoint_is_kept() -> None:
    made = classify([-2, -1, 1, 2], Style("x", scheme="user", breaks=(-1.5, 0, 1.5), midpoint=0))
    assert [interval.high for interval in made.intervals] == [-1.5, 0, 1.5, 2]
