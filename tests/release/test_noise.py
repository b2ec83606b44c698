"""Noisy counts: off by default, for large books alone, drawn for every class, spent once, never too high."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

import pytest

from atlas.errors import PolicyError, UsageError
from atlas.release import noise
from atlas.release.book import Book
from atlas.release.books import disclose
from atlas.release.box_labels import Label
from atlas.release.boxes import BoxMap
from atlas.release.class_counts import Places
from atlas.release.noise import DOUBT, margin, noisy_counts, noisy_shown
from atlas.release.public_ledger import Ledger, read_ledger
from atlas.release.terms import Policy
from atlas.release.terms_reader import default_policy_text, read_policy

TODAY = date(2026, 3, 1)
NOISY = Book(2025, 9_000, "box", "five", epsilon=1.0)


@pytest.fixture(scope="module")
def world(small_map: Callable[..., BoxMap]) -> BoxMap:
    return small_map([[3, 3], [4]], atoms=2)


def policy_of(policy: Policy, book: Book) -> Policy:
    return replace(policy, books=MappingProxyType({book.year: book}), usual=None)


def labels(days: int, atom: str = "S0Z0B0a0") -> list[Label]:
    return [Label(atom, "shelter", date(2025, 1, 1) + timedelta(days=day), "") for day in range(days)]


def test_counts_have_no_noise_by_default(policy: Policy) -> None:
    assert policy.usual is not None
    assert policy.usual.epsilon is None
    assert "epsilon" not in policy.usual.terms


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("expected_notes = 4999\nepsilon = 1", "noise is for books of 5,000 notes and more; with 4,999 expected"),
        ("expected_notes = 9000\nepsilon = 0", "epsilon: 0; expected a number from 0.1 to 3"),
        ("expected_notes = 9000\nepsilon = 100", "expected a number from 0.1 to 3"),
        ("expected_notes = 9000\nepsilon = nan", "expected a number from 0.1 to 3"),
        ("expected_notes = 9000\nepsilon = true", "expected a number from 0.1 to 3"),
        ("expected_notes = 9000\nepsilon = '1'", "expected a number from 0.1 to 3"),
        ("expected_notes = 9000\nepsilon = 1\nmin_observers = 2", "min_observers would tell who noted"),
    ],
)
def test_noise_is_for_large_books_and_a_sensible_epsilon(lines: str, message: str) -> None:
    text = default_policy_text().replace("expected_notes = 200", lines)
    with pytest.raises(PolicyError, match=message):
        read_policy(text, "a policy")


def test_epsilon_is_locked_and_what_is_spent_is_in_the_ledger(world: BoxMap, policy: Policy, tmp_path: Any) -> None:
    start = Ledger("x", "small")
    ledger = disclose(labels(200), policy_of(policy, NOISY), world, start, today=TODAY).ledger
    (tmp_path / "ledger.json").write_bytes(ledger.data)
    entry = read_ledger(tmp_path / "ledger.json").books["2025"]
    assert entry.epsilon_spent == 1.0
    assert b'"epsilon_spent": 1.0' in ledger.data
    # nothing is drawn again
    for _ in range(3):
        assert disclose(labels(250), policy_of(policy, NOISY), world, ledger, today=TODAY).ledger.data == ledger.data
    for other in (2.0, None):
        with pytest.raises(PolicyError, match=r"locked since .*epsilon was 1\.0, is"):
            disclose([], policy_of(policy, replace(NOISY, epsilon=other)), world, ledger, today=TODAY, close=(2025,))


def test_closing_looks_at_the_notes_no_more(world: BoxMap, policy: Policy) -> None:
    many = [each for box in range(3) for each in labels(30, f"S0Z0B{box}a0")]
    ledger = disclose(many, policy_of(policy, NOISY), world, Ledger("x", "small"), today=TODAY).ledger
    closed = disclose(many * 2, policy_of(policy, NOISY), world, ledger, today=TODAY, close=(2025,)).ledger
    assert closed.books["2025"].closed == "2026-03-01"
    assert closed.books["2025"].rest == {}
    assert closed.books["2025"].shown == ledger.books["2025"].shown


def test_no_number_is_more_than_was_noted_and_no_class_is_made_up(world: BoxMap, policy: Policy) -> None:
    for days in (1, 20, 80):
        for _ in range(20):
            entry = disclose(
                labels(days), policy_of(policy, NOISY), world, Ledger("x", "small"), today=TODAY, close=(2025,)
            ).ledger.books["2025"]
            assert entry.shown.keys() <= {"box S0Z0B0|help|2025"}
            assert all(number <= days and number % 5 == 0 for number in entry.shown.values())
    assert entry.shown["box S0Z0B0|help|2025"] >= 55


def test_noise_is_drawn_for_every_class_there_may_be(
    monkeypatch: pytest.MonkeyPatch, world: BoxMap, policy: Policy
) -> None:
    drawn: list[int] = []
    monkeypatch.setattr(noise, "noisy_counts", lambda numbers, _epsilon: drawn.append(len(numbers)) or list(numbers))
    for counted in (labels(1), labels(40)):
        disclose(counted, policy_of(policy, NOISY), world, Ledger("x", "small"), today=TODAY, close=(2025,))
    assert drawn == [10 * 5, 10 * 5]


def test_a_withdrawn_zone_is_left_out_after_the_noise(world: BoxMap, policy: Policy) -> None:
    ledger = disclose(
        labels(200),
        policy_of(policy, NOISY),
        world,
        Ledger("x", "small"),
        today=TODAY,
        withdrawn={("zone S0Z0", "help")},
    ).ledger
    assert ledger.books["2025"].shown == {}


@pytest.mark.parametrize("epsilon", [0.1, 0.5, 1.0, 3.0])
@pytest.mark.parametrize("classes", [1, 50, 7_690])
def test_the_margin_is_the_least_that_no_noise_of_a_book_exceeds(epsilon: float, classes: int) -> None:
    ratio = math.exp(-epsilon)

    def exceeded(number: int) -> float:
        return classes * ratio ** (number + 1) / (1 + ratio)

    least = margin(epsilon, classes)
    assert exceeded(least) <= DOUBT
    assert least == 0 or exceeded(least - 1) > DOUBT


def test_draws_are_discrete_laplace() -> None:
    # P(noise = t) = (1 - a) / (1 + a) a^|t|; 40,000 draws, five standard deviations
    ratio, many = math.exp(-1), 40_000
    counts = Counter(noisy_counts([7] * many, 1.0))
    for at in range(-3, 4):
        share = (1 - ratio) / (1 + ratio) * ratio ** abs(at)
        assert abs(counts[7 + at] / many - share) < 5 * math.sqrt(share * (1 - share) / many)


@pytest.mark.slow
def test_two_notes_that_differ_by_one_day_can_hardly_be_told_apart(world: BoxMap) -> None:
    # the ratio of the chances of each output is at most e^epsilon, here with room for chance
    places = Places(world, replace(NOISY, epsilon=0.5))
    with_one, without = (_outcomes(places, days) for days in (60, 59))
    for number in with_one.keys() | without.keys():
        if min(with_one[number], without[number]) > 200:
            assert with_one[number] / without[number] < math.exp(0.5) * 1.25
            assert without[number] / with_one[number] < math.exp(0.5) * 1.25


def _outcomes(places: Places, days: int) -> Counter[int]:
    from atlas.release.class_counts import counts_of

    counts = counts_of(labels(days), places)
    key = "box S0Z0B0|help|2025"
    return Counter(noisy_shown(counts, places.book.periods, places, 0.5).get(key, 0) for _ in range(1_500))


def test_without_opendp_the_command_to_install_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "opendp.domains", None)
    with pytest.raises(UsageError, match=r"needs OpenDP: pip install -c constraints\.txt '\.\[noise\]'"):
        noisy_counts([1], 1.0)
