"""Properties of the gate over histories of releases: blind within a place, in steps, told once, locked, closed once."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.errors import PolicyError, UsageError
from atlas.release.book import BOOK_LEVELS, KS, PERIODS, Book
from atlas.release.books import disclose, withdrawal
from atlas.release.box_labels import Label
from atlas.release.boxes import BoxMap
from atlas.release.class_counts import Class, Places, counts_of
from atlas.release.groups import GROUPINGS
from atlas.release.public_ledger import Ledger
from atlas.release.terms import Policy

SmallMap = Callable[..., BoxMap]
MANY = settings(max_examples=15, deadline=None)
CATEGORIES = ("informal_crossing", "vehicular_crossing", "shelter", "incident")
TODAY = date(2026, 3, 1)
BOOKS = st.builds(
    Book,
    st.just(2025),
    st.just(200),
    st.sampled_from(BOOK_LEVELS),
    st.sampled_from(GROUPINGS),
    st.sampled_from(tuple(PERIODS)),
    st.sampled_from(KS),
    st.sampled_from((1, 2)),
)


@pytest.fixture(scope="module")
def world(small_map: SmallMap) -> BoxMap:
    """Three sections, zones of one to five boxes, boxes of three atoms; a box with one public shelter."""
    return small_map([[1, 3, 5], [4, 2], [2, 2, 2]], atoms=3, candidates={"S0Z1B0": {"help": 1}, "S1Z0B1": {"help": 7}})


def policy_of(policy: Policy, *books: Book) -> Policy:
    return replace(policy, books=MappingProxyType({book.year: book for book in books}), usual=None)


def labels_of(dice: random.Random, boxes: BoxMap, count: int) -> list[Label]:
    """Labels of few places, so that steps are reached; by one observer, on few days, or thin, by turns."""
    kind = dice.randrange(4)
    atoms = sorted(boxes.atoms)[: 9 if kind < 3 else None]
    return [_label(dice, atoms, kind) for _ in range(count)]


def _label(dice: random.Random, atoms: Sequence[str], kind: int) -> Label:
    day = date(2025, 1, 1) + timedelta(days=dice.randrange(6 if kind == 2 else 365))
    observer = "a" if kind == 1 and dice.random() < 0.97 else dice.choice(("a", "b", ""))
    return Label(dice.choice(atoms), dice.choice(CATEGORIES), day, observer)


def history(seed: int, boxes: BoxMap) -> list[tuple[date, list[Label]]]:
    """Releases through two years: labels come, go and are edited in between."""
    dice = random.Random(seed)  # noqa: S311 - made-up records
    labels = labels_of(dice, boxes, dice.choice((30, 120, 300)))
    out = []
    for month in (3, 5, 6, 9, 12, 14):
        day = date(2025 + (month > 12), (month - 1) % 12 + 1, 20)
        out.append((day, [each for each in labels if each.day <= day]))
        labels = [each for each in labels if dice.random() > 0.02]
        labels = [
            each._replace(atom=dice.choice(sorted(boxes.atoms))) if dice.random() < 0.02 else each for each in labels
        ]
        labels += labels_of(dice, boxes, dice.choice((0, 1, 7, 30)))
    return out


def play(
    steps: Sequence[tuple[date, list[Label]]], policy: Policy, boxes: BoxMap, *, close: bool = True
) -> list[Ledger]:
    """The ledgers of a history, and that of the closing."""
    ledger, ledgers = Ledger("made-up", boxes.sha256), []
    for day, labels in steps:
        ledger = disclose(labels, policy, boxes, ledger, today=day).ledger
        ledgers.append(ledger)
    if close:
        ledgers.append(disclose(steps[-1][1], policy, boxes, ledger, today=date(2026, 5, 1), close=(2025,)).ledger)
    return ledgers


def bytes_of(ledgers: Sequence[Ledger]) -> list[bytes]:
    return [ledger.data for ledger in ledgers]


@MANY
@given(seed=st.integers(0, 10**6), book=BOOKS)
def test_another_atom_of_the_same_place_changes_no_byte_of_any_release(
    world: BoxMap, policy: Policy, seed: int, book: Book
) -> None:
    # P1 and Theorem 1: every record of a history is moved, in every release in which it has that place
    chosen, places = policy_of(policy, book), Places(world, book)
    dice = random.Random(seed)  # noqa: S311 - made-up records

    def place_of(atom: str) -> tuple[str, ...]:
        return tuple(places.of(atom, group) for group in ("crossings", "help", "harm", "all_else"))

    mates: dict[tuple[str, ...], list[str]] = {}
    for atom in world.atoms:
        mates.setdefault(place_of(atom), []).append(atom)

    def moved(each: Label) -> Label:
        return each._replace(atom=dice.choice(mates[place_of(each.atom)]))

    steps = history(seed, world)
    elsewhere = [(day, [moved(each) for each in labels]) for day, labels in steps]
    assert bytes_of(play(elsewhere, chosen, world)) == bytes_of(play(steps, chosen, world))


@MANY
@given(seed=st.integers(0, 10**6), book=BOOKS)
def test_numbers_are_steps_that_stand_and_are_backed_when_they_are_told(
    world: BoxMap, policy: Policy, seed: int, book: Book
) -> None:
    # P2, P4, told once: a number that stands never changes, and a period that was told gains nothing before closing
    chosen, places = policy_of(policy, book), Places(world, book)
    before: dict[str, int] = {}
    disclosed: set[str] = set()
    steps = history(seed, world)
    for (_, labels), ledger in zip(steps, play(steps, chosen, world, close=False), strict=True):
        entry = ledger.books.get(book.name)
        shown = dict(entry.shown) if entry else {}
        counts = counts_of(labels, places)
        assert {key: shown[key] for key in before} == before
        for key in shown.keys() - before.keys():
            name = Class(*key.split("|"))
            assert name.period not in disclosed
            assert len(counts[name].days) >= shown[key] >= book.k
            assert shown[key] % book.k == 0
            assert counts[name].observer_number >= book.min_observers
        before, disclosed = shown, set(entry.periods) if entry else set()


@MANY
@given(seed=st.integers(0, 10**6), book=BOOKS)
def test_order_and_copies_of_labels_say_nothing(world: BoxMap, policy: Policy, seed: int, book: Book) -> None:
    # P3
    chosen, steps = policy_of(policy, book), history(seed, world)
    shuffled = [(day, random.Random(seed).sample([*labels, *labels], 2 * len(labels))) for day, labels in steps]  # noqa: S311 - made-up records
    assert bytes_of(play(shuffled, chosen, world)) == bytes_of(play(steps, chosen, world))


@MANY
@given(seed=st.integers(0, 10**6), book=BOOKS)
def test_what_no_book_holds_changes_nothing(world: BoxMap, policy: Policy, seed: int, book: Book) -> None:
    # P5
    chosen, steps = policy_of(policy, book), history(seed, world)
    others = [label._replace(day=label.day.replace(year=2024, day=1)) for label in steps[0][1]]
    more = [(day, [*labels, *others]) for day, labels in steps]
    assert bytes_of(play(more, chosen, world)) == bytes_of(play(steps, chosen, world))


@MANY
@given(seed=st.integers(0, 10**6), book=BOOKS)
def test_a_rest_tells_of_places_that_show_nothing_and_less_than_half_of_what_they_can_hold(
    world: BoxMap, policy: Policy, seed: int, book: Book
) -> None:
    # P10 in its simple form; the exhaustive one is in test_closing
    places = Places(world, book)
    entry = play(history(seed, world), policy_of(policy, book), world)[-1].books[book.name]
    for key, number in entry.rest.items():
        place, group = key.split("|")
        showing = {each.split("|")[0] for each in entry.shown if each.split("|")[1] == group}
        silent = [
            name
            for name in places.names(group)
            if name not in showing and world.coarser(name, place.split(" ")[0]) == place
        ]
        assert number % book.k == 0
        assert 2 * number <= (len(silent) - 1) * (book.k - 1)


def test_a_class_is_told_sixty_days_after_its_period_and_not_before(world: BoxMap, policy: Policy) -> None:
    chosen = policy_of(policy, Book(2025, 200, "zone", "five"))
    labels = [Label("S0Z0B0a0", "shelter", date(2025, 1, day), "") for day in range(1, 8)]
    for day in (date(2025, 1, 5), date(2025, 12, 31), date(2026, 2, 28)):
        assert disclose(labels, chosen, world, Ledger("x", "small"), today=day).ledger.books == {}
    ledger = disclose(labels, chosen, world, Ledger("x", "small"), today=TODAY).ledger
    assert dict(ledger.books["2025"].shown) == {"zone S0Z0|help|2025": 5}
    # two more are known a week later: nothing moves, byte for byte
    more = [*labels, *(Label("S0Z0B0a0", "shelter", date(2025, 2, day), "") for day in range(1, 8))]
    assert disclose(more, chosen, world, ledger, today=TODAY + timedelta(days=7)).ledger.data == ledger.data


@pytest.mark.parametrize(("days", "shown"), [(4, 0), (5, 5), (9, 5), (10, 10), (26, 25), (30, 25)])
def test_no_number_says_that_every_day_of_a_month_was_noted(
    world: BoxMap, policy: Policy, days: int, shown: int
) -> None:
    # B11: 30 of 30 days of April
    chosen = policy_of(policy, Book(2025, 200, "zone", "five", "month"))
    labels = [Label("S0Z0B0a0", "shelter", date(2025, 4, day), "") for day in range(1, days + 1)]
    entry = disclose(labels, chosen, world, Ledger("x", "small"), today=TODAY).ledger.books["2025"]
    assert entry.shown.get("zone S0Z0|help|2025-04", 0) == shown


@pytest.mark.parametrize(
    "other",
    [{"k": 10}, {"level": "box"}, {"grouping": "two"}, {"period": "month"}, {"min_observers": 2}],
    ids=str,
)
@pytest.mark.parametrize("close", [(), (2025,)])
def test_the_terms_of_a_book_are_locked_by_its_first_release(
    world: BoxMap, policy: Policy, other: dict[str, Any], close: tuple[int, ...]
) -> None:
    # P6, P13: ranging k, level, groups, period and observers in a running book, also at its closing
    book = Book(2025, 200, "zone", "five")
    labels = labels_of(random.Random(3), world, 300)  # noqa: S311 - made-up records
    ledger = disclose(labels, policy_of(policy, book), world, Ledger("x", "small"), today=TODAY).ledger
    with pytest.raises(PolicyError, match=r"terms of book 2025 are locked since 2026-03-01.*\[books\.2026\]"):
        disclose(labels, policy_of(policy, replace(book, **other)), world, ledger, today=TODAY, close=close)


def test_a_book_is_closed_once_when_it_is_over_and_tells_nothing_after(world: BoxMap, policy: Policy) -> None:
    # P13
    chosen = policy_of(policy, Book(2025, 200, "box", "five"))
    labels = labels_of(random.Random(1), world, 200)  # noqa: S311 - made-up records
    start = Ledger("x", "small")
    with pytest.raises(UsageError, match="book 2025 cannot be closed before 2026-03-01"):
        disclose(labels, chosen, world, start, today=date(2026, 1, 5), close=(2025,))
    closed = disclose(labels, chosen, world, start, today=TODAY, close=(2025,)).ledger
    assert closed.books["2025"].closed == "2026-03-01"
    with pytest.raises(UsageError, match="book 2025 was closed on 2026-03-01; a book is closed once"):
        disclose(labels, chosen, world, closed, today=date(2026, 6, 1), close=(2025,))
    again = disclose(labels_of(random.Random(2), world, 900), chosen, world, closed, today=date(2026, 6, 1)).ledger  # noqa: S311 - made-up records
    assert again.data == closed.data
    with pytest.raises(UsageError, match=r"there is no book of 2023: the policy has neither \[books\.2023\]"):
        disclose(labels, chosen, world, closed, today=TODAY, close=(2023,))


def test_the_supplement_comes_with_the_closing_and_changes_no_number(world: BoxMap, policy: Policy) -> None:
    chosen = policy_of(policy, Book(2025, 200, "zone", "five"))
    few = [Label("S0Z0B0a0", "shelter", date(2025, 1, day), "") for day in range(1, 10)]
    late = [Label("S1Z0B0a0", "shelter", date(2025, 1, day), "") for day in range(1, 7)]
    ledger = disclose(few, chosen, world, Ledger("x", "small"), today=TODAY).ledger
    more = [*few, *late, Label("S0Z0B0a0", "shelter", date(2025, 3, 1), "")]
    closed = disclose(more, chosen, world, ledger, today=TODAY + timedelta(days=30), close=(2025,)).ledger
    assert dict(closed.books["2025"].shown) == {"zone S0Z0|help|2025": 5, "zone S1Z0|help|2025": 5}


def test_a_withdrawn_group_of_a_zone_leaves_every_later_release_and_names_itself_nowhere(
    world: BoxMap, policy: Policy
) -> None:
    # B8
    chosen = policy_of(policy, Book(2025, 200, "box", "five"))
    labels = [Label("S0Z1B1a0", "incident", date(2025, 1, day), "") for day in range(1, 13)]
    labels += [Label("S1Z0B0a0", "incident", date(2025, 1, day), "") for day in range(1, 8)]
    ledger = disclose(labels, chosen, world, Ledger("x", "small"), today=TODAY).ledger
    assert len(ledger.books["2025"].shown) == 2
    pair = withdrawal("S0Z1:harm", world)
    narrowed = disclose(labels, chosen, world, ledger, today=TODAY, withdrawn={pair}).ledger
    assert dict(narrowed.books["2025"].shown) == {"box S1Z0B0|harm|2025": 5}
    assert narrowed.narrowed
    assert b"S0Z1" not in narrowed.data
    closed = disclose(labels, chosen, world, narrowed, today=TODAY, close=(2025,), withdrawn={pair}).ledger
    assert not [key for key in (*closed.books["2025"].shown, *closed.books["2025"].rest) if "S0Z1" in key]


@pytest.mark.parametrize(
    ("text", "message"),
    [("R999:help", "a zone of the map"), ("S0Z1", "ZONE:GROUP"), ("S0Z1:helps", "no group 'helps'")],
)
def test_a_withdrawal_of_nothing_that_is_there_is_refused(world: BoxMap, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        withdrawal(text, world)


def test_under_a_lapsed_review_nothing_new_is_told(world: BoxMap, policy: Policy) -> None:
    chosen = policy_of(policy, Book(2025, 200, "zone", "five"))
    lapsed = replace(chosen, lapsed=tuple(chosen.decisions)[:1])
    labels = labels_of(random.Random(5), world, 400)  # noqa: S311 - made-up records
    start = Ledger("x", "small")
    assert disclose(labels, lapsed, world, start, today=TODAY).ledger.books == {}
    ledger = disclose(labels, chosen, world, start, today=TODAY).ledger
    assert disclose(labels, lapsed, world, ledger, today=TODAY).ledger.data == ledger.data


def test_a_book_of_three_years_is_one_period(world: BoxMap, policy: Policy) -> None:
    book = Book(2025, 30, "zone", "two", years=3)
    labels = [Label("S0Z0B0a0", "shelter", date(2025 + year, 5, day), "") for year in range(3) for day in (1, 2)]
    chosen = policy_of(policy, book)
    assert disclose(labels, chosen, world, Ledger("x", "small"), today=date(2028, 2, 28)).ledger.books == {}
    ledger = disclose(labels, chosen, world, Ledger("x", "small"), today=date(2028, 2, 29)).ledger
    assert dict(ledger.books["2025-2027"].shown) == {"zone S0Z0|all_else|2025-2027": 5}


@given(
    n=st.integers(0, 200),
    ks=st.sampled_from([(5, 10), (5, 10, 20), (10, 20)]),
)
def test_two_ledgers_with_nested_steps_tell_no_more_than_the_finer_of_them(n: int, ks: tuple[int, ...]) -> None:
    # B9: with k = 5 and 7 two counts below 40 are exact; with nested steps at least five always fit
    fits = [m for m in range(240) if all(m // k == n // k for k in ks)]
    assert len(fits) >= min(ks)


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("year", [2024, 2025])
def test_periods_fill_the_year_and_do_not_overlap(period: str, year: int) -> None:
    book = Book(year, 200, "zone", "five", period)
    days = [date(year, 1, 1) + timedelta(days=at) for at in range(366 if year == 2024 else 365)]
    assert [book.period_of(day).name for day in days] == [each.name for each in book.periods for _ in range(each.days)]
    assert book.period_of(date(year + 1, 1, 1)) is None


def test_a_year_is_not_told_again_in_a_book_of_other_years(world: BoxMap, policy: Policy) -> None:
    labels = labels_of(random.Random(3), world, 300)  # noqa: S311 - made-up records
    one = policy_of(policy, Book(2025, 200, "zone", "five"))
    ledger = disclose(labels, one, world, Ledger("x", "small"), today=TODAY).ledger
    for other in (Book(2025, 200, "zone", "five", years=2), Book(2024, 200, "zone", "five", years=3)):
        with pytest.raises(
            PolicyError, match=r"has begun book 2025.*told twice\. Write \[books\.2025\] with years = 1"
        ):
            disclose(labels, policy_of(policy, other), world, ledger, today=date(2028, 3, 1))
    longer = policy_of(policy, Book(2024, 200, "zone", "five", years=2))
    begun = disclose(labels, longer, world, Ledger("x", "small"), today=TODAY).ledger
    with pytest.raises(PolicyError, match=r"has begun book 2024-2025.*\[books\.2024\] with years = 2"):
        disclose(labels, one, world, begun, today=TODAY)


def test_a_section_is_withdrawn_with_all_that_is_in_it(world: BoxMap, policy: Policy) -> None:
    pair = withdrawal("section S0:harm", world)
    labels = labels_of(random.Random(1), world, 400)  # noqa: S311 - made-up records
    labels += [Label("S0Z1B1a0", "incident", date(2025, 1, day), "") for day in range(1, 13)]
    for level in BOOK_LEVELS:
        chosen = policy_of(policy, Book(2025, 200, level, "five"))
        ledger = disclose(labels, chosen, world, Ledger("x", "small"), today=TODAY, close=(2025,)).ledger
        assert any("S0" in key and "|harm" in key for key in ledger.books["2025"].shown)
        narrowed = disclose(labels, chosen, world, ledger, today=TODAY, withdrawn={pair}).ledger.books["2025"]
        assert not [key for key in (*narrowed.shown, *narrowed.rest) if "S0" in key and "|harm" in key]
        assert any("|crossings" in key for key in narrowed.shown)
