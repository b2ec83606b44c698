"""Attackers and mishaps of a team's own: twenty releases, clocks, forks, withdrawals, ledgers that somebody edited."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.errors import AtlasError, PolicyError, UsageError
from atlas.release.book import BOOK_LEVELS, KS, PERIODS, Book
from atlas.release.books import disclose, withdrawal
from atlas.release.box_labels import Label, label
from atlas.release.boxes import BoxMap
from atlas.release.class_counts import Places, counts_of
from atlas.release.closing import is_withdrawn
from atlas.release.drafts import drafts_of
from atlas.release.groups import ALL_GROUPS, GROUPINGS, overlapping
from atlas.release.public_ledger import Ledger, read_ledger
from atlas.release.terms import Policy

CATEGORIES = ("informal_crossing", "shelter", "incident", "checkpoint", "observation")
TODAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def world(small_map: Callable[..., BoxMap]) -> BoxMap:
    return small_map([[1, 3, 5], [4, 2], [2, 2, 2]], atoms=2, candidates={"S0Z1B0": {"help": 1}})


def policy_of(policy: Policy, *books: Book) -> Policy:
    return replace(policy, books=MappingProxyType({book.year: book for book in books}), usual=None)


def some(dice: random.Random, boxes: BoxMap, count: int) -> list[Label]:
    atoms = sorted(boxes.atoms)
    return [
        Label(
            dice.choice(atoms[: dice.choice((6, len(atoms)))]),
            dice.choice(CATEGORIES),
            date(2025, 1, 1) + timedelta(days=dice.randrange(365)),
            dice.choice("ab"),
        )
        for _ in range(count)
    ]


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    level=st.sampled_from(BOOK_LEVELS),
    grouping=st.sampled_from(GROUPINGS),
    period=st.sampled_from(tuple(PERIODS)),
    k=st.sampled_from(KS),
)
def test_of_twenty_releases_no_two_say_two_numbers_of_one_class(  # noqa: PLR0913, PLR0917 - the terms of a book
    world: BoxMap, policy: Policy, seed: int, level: str, grouping: str, period: str, k: int
) -> None:
    # edits, removals, re-adding, a closing and withdrawals at any point: a key has one number, for good, or is gone
    dice = random.Random(seed)  # noqa: S311 - made-up records
    chosen = policy_of(policy, Book(2025, 200, level, grouping, period, k))
    ledger, labels, gone, withdrawn = Ledger("x", "small"), some(dice, world, 300), [], set()
    closing = dice.randrange(20)
    numbers: dict[str, int] = {}
    for number in range(20):
        today = TODAY + timedelta(days=7 * number)
        gone += [labels.pop(dice.randrange(len(labels))) for _ in range(dice.randrange(12))]
        labels += [gone.pop() for _ in range(min(len(gone), dice.randrange(8)))] + some(dice, world, dice.randrange(9))
        if dice.random() < 0.1:
            withdrawn.add(withdrawal(f"{dice.choice(('S0Z1', 'S1Z0', 'S2Z2'))}:{dice.choice(ALL_GROUPS)}", world))
        close = (2025,) if number == closing else ()
        before = ledger
        ledger = disclose(labels, chosen, world, ledger, today=today, close=close, withdrawn=withdrawn).ledger
        assert ledger.follows(before) or not before.books
        entry = ledger.books["2025"]
        for key, shown in {**entry.shown, **entry.rest}.items():
            assert numbers.setdefault(key, shown) == shown
            assert shown % k == 0
        everywhere = {(place, other) for place, group in withdrawn for other in overlapping(group)}
        for key in (*entry.shown, *entry.rest):
            place, group = key.split("|")[:2]
            assert not is_withdrawn(place, group, everywhere, world.coarser)


def test_a_lapsed_review_closes_no_book(world: BoxMap, policy: Policy) -> None:
    chosen = policy_of(policy, Book(2025, 200, "zone", "five"))
    labels = some(random.Random(1), world, 300)  # noqa: S311 - made-up records
    ledger = disclose(labels, chosen, world, Ledger("x", "small"), today=TODAY).ledger
    lapsed = replace(chosen, lapsed=tuple(chosen.decisions)[:1])
    with pytest.raises(PolicyError, match=r"not closed under a lapsed review.*Review the decision first"):
        disclose(labels, lapsed, world, ledger, today=TODAY, close=(2025,))


@pytest.mark.parametrize("group", ALL_GROUPS)
def test_a_withdrawal_holds_in_books_of_either_grouping(world: BoxMap, policy: Policy, group: str) -> None:
    labels = [Label("S0Z2B0a0", category, date(2025, 1, day), "") for category in CATEGORIES for day in range(1, 9)]
    for grouping in GROUPINGS:
        chosen = policy_of(policy, Book(2025, 200, "zone", grouping))
        ledger = disclose(labels, chosen, world, Ledger("x", "small"), today=TODAY).ledger
        assert any(key.split("|")[1] in overlapping(group) for key in ledger.books["2025"].shown)
        narrowed = disclose(
            labels, chosen, world, ledger, today=TODAY, close=(2025,), withdrawn={("zone S0Z2", group)}
        ).ledger.books["2025"]
        assert not [key for key in narrowed.shown if key.split("|")[1] in overlapping(group)]
        assert len(narrowed.shown) == len(ledger.books["2025"].shown) - len(
            {key for key in ledger.books["2025"].shown if key.split("|")[1] in overlapping(group)}
        )


def test_groups_overlap_as_their_categories_do() -> None:
    assert overlapping("crossings") == {"crossings"}
    assert overlapping("help") == {"help", "all_else"}
    assert overlapping("all_else") == {"help", "harm", "control", "other", "all_else"}


def test_of_a_section_only_what_was_not_withdrawn_is_counted(world: BoxMap, policy: Policy) -> None:
    chosen = policy_of(policy, Book(2025, 200, "section", "five"))
    labels = [Label("S0Z2B0a0", "incident", date(2025, 1, day), "") for day in range(1, 29)]
    labels += [Label("S0Z0B0a0", "incident", date(2025, 2, day), "") for day in range(1, 8)]
    ledger = disclose(
        labels, chosen, world, Ledger("x", "small"), today=TODAY, withdrawn={("zone S0Z2", "harm")}
    ).ledger
    assert dict(ledger.books["2025"].shown) == {"section S0|harm|2025": 5}


def test_a_clock_that_went_back_is_noticed(world: BoxMap, policy: Policy) -> None:
    chosen = policy_of(policy, Book(2025, 200, "zone", "five"), Book(2026, 200, "zone", "five"))
    labels = [Label("S0Z2B0a0", "incident", date(2026, 1, day), "") for day in range(1, 9)]
    ahead = disclose(labels, chosen, world, Ledger("x", "small"), today=date(2027, 3, 5), close=(2026,)).ledger
    with pytest.raises(
        UsageError, match=r"was written on 2027-03-05, and today is 2026-03-01: one of the two is wrong"
    ):
        disclose([], chosen, world, ahead, today=TODAY)
    # the evening before, on a machine in another time zone
    assert disclose([], chosen, world, ahead, today=date(2027, 3, 4)).ledger == ahead


@pytest.mark.parametrize(
    ("year", "message"),
    [
        (2019, r"nothing to close; is the year right.*--forecast. says which notes"),
        (1, "from 1900 to 2100"),
        (99999, "1900 to 2100"),
    ],
)
def test_a_year_of_which_there_is_nothing_is_not_closed(world: BoxMap, policy: Policy, year: int, message: str) -> None:
    labels = [Label("S0Z2B0a0", "incident", date(2025, 1, day), "") for day in range(1, 9)]
    with pytest.raises(UsageError, match=message):
        disclose(labels, policy, world, Ledger("x", "small"), today=TODAY, close=(year,))


def _record(number: int, **stated: Any) -> dict[str, Any]:
    properties = {"category": "shelter", "sensitivity": "generalised", "observed_at": f"2025-05-{number:02d}", **stated}
    geometry = {"type": "Point", "coordinates": [-92.15, 14.70]}
    return {"type": "Feature", "id": number, "geometry": geometry, "properties": properties}


def test_days_to_come_are_held_and_named(policy: Policy, boxes: BoxMap) -> None:
    days = ("2025-06-02", "2025-06-03T00:10:00-06:00", "2025-06-03", "2199-01-01", "1850-01-01", "", None)
    records = [_record(number + 1, observed_at=day) for number, day in enumerate(days)]
    made = label(drafts_of(records, policy), boxes, lambda at: ["away"] * len(at), today=date(2025, 6, 2))
    assert [each.day for each in made.labels] == [date(2025, 6, 2)]
    assert made.held == {"of a day that is still to come": 2, "without a full date": 4}


def test_one_observer_is_one_however_the_name_is_written(policy: Policy, boxes: BoxMap) -> None:
    names = ("Ana P", "ana p", " ANA  P. ", "Aná-P", "a\u200bna p", "\uff21na p", "A n a p", "anap")
    records = [_record(number + 1, observer=name) for number, name in enumerate(names)]
    labels = label(drafts_of(records, policy), boxes, lambda at: ["away"] * len(at)).labels
    (count,) = counts_of(labels, Places(boxes, Book(2025, 200, "zone", "five"))).values()
    assert count.observer_number == 1


def test_the_same_evening_in_any_time_zone_is_one_day(policy: Policy, boxes: BoxMap) -> None:
    stamps = (
        "2025-05-03T22:00:00-06:00",
        "2025-05-04T04:00:00Z",
        "2025-05-04T13:00:00+09:00",
        "2025-05-03T21:00:00-07:00",
    )
    records = [_record(number + 1, observed_at=stamp) for number, stamp in enumerate(stamps)]
    labels = label(drafts_of(records, policy), boxes, lambda at: ["away"] * len(at)).labels
    assert {each.day for each in labels} == {date(2025, 5, 3)}
    assert len(labels) == 4


def test_corners_and_edges_of_boxes_have_one_place_each_and_the_same_in_any_order(boxes: BoxMap) -> None:
    dice = np.random.default_rng(5)
    names = sorted(boxes.atoms)
    rings = [shapely.get_coordinates(boxes.atoms[name]) for name in dice.choice(names, 60)]
    spots = np.vstack([*(ring[:-1] for ring in rings), *((ring[:-1] + ring[1:]) / 2 for ring in rings)])
    atoms = boxes.atoms_at(spots)
    order = dice.permutation(len(spots))
    shuffled = boxes.atoms_at(spots[order])
    assert [atoms[index] for index in order] == shuffled
    # a corner is in an atom that touches it, and the first of those by name
    for spot, atom in list(zip(spots, atoms, strict=True))[::97]:
        touching = [name for name in names if shapely.intersects_xy(boxes.atoms[name], *spot)]
        assert atom == (touching[0] if touching else None)


LEDGER = Ledger("id", "small")


def _edits(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], Any]]:
    """Every part of a document, with what somebody could write instead."""
    others: tuple[Any, ...] = (None, [], {}, "", "x", "a|b|c|d", -5, 7, 2.5, True, ["x"], {"x": 1}, "2025-02-30")
    edits = [(path, other) for other in others] if path else []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return edits + [edit for key, part in inner for edit in _edits(part, (*path, key))]


def test_a_ledger_edited_anywhere_is_refused_or_read_and_never_a_crash(
    world: BoxMap, policy: Policy, tmp_path: Path
) -> None:
    chosen = policy_of(policy, Book(2025, 200, "box", "five"))
    labels = some(random.Random(1), world, 200)  # noqa: S311 - made-up records
    ledger = disclose(labels, chosen, world, LEDGER, today=TODAY, close=(2025,)).ledger
    assert ledger.books["2025"].rest
    whole = json.loads(ledger.data)
    path = tmp_path / "ledger.json"
    edits, refusals = _edits(whole), set()
    dice = random.Random(2)  # noqa: S311 - which of them
    for where, other in dice.sample(edits, 400):
        document = json.loads(ledger.data)
        at = document
        for key in where[:-1]:
            at = at[key]
        at[where[-1]] = other
        path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        try:
            read = read_ledger(path)
            assert read is not None
            disclose(labels, chosen, world, read, today=TODAY + timedelta(days=30), close=())
        except AtlasError as error:
            refusals.add(str(error))
    assert refusals
    assert all("ledger.json" in refusal or "book" in refusal for refusal in refusals)
