"""A policy with anything unknown, missing, lapsed or too fine is refused, with all that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.errors import InputError, PolicyError
from atlas.project import Project, find_project
from atlas.published.sensitivity import Sensitivity
from atlas.release.terms import CATEGORIES, Policy
from atlas.release.terms_reader import default_policy_text, load_policy, read_policy

TODAY = date(2026, 12, 1)
FAULTS = [
    ("k = 5", "k = 1", r"k: 1 is none of them; k is one of 5, 10, 20"),
    ("k = 5", "k = 7", r"k: 7 is none of them"),
    ("k = 5", "k = 5.0", r"k: got a number; k is one of"),
    ("k = 5", "k = true", r"k: got true or false"),
    ("k = 5", 'k = "5"', r"k: got text"),
    ("k = 5", "", r"k: missing"),
    ("k = 5", "K = 5", r"K: unknown key.*\n.*k: missing"),
    ("version = 2", "version = 3", r"version: 3 is not from 2 to 2"),
    ("version = 2", "version = 1", r"version: 1 is of before there were boxes; take floor_m and \[places\] out"),
    ("k = 5", "k = 5\nfloor_m = 10000", r"version: 1 is of before there were boxes"),
    ("expected_notes = 200", "", r"books.default.expected_notes: missing; expected a whole number from 0"),
    ("expected_notes = 200", "expected_notes = -1", r"books.default.expected_notes: -1; expected"),
    (
        "expected_notes = 200",
        "expected_notes = 200\nlevel = 'reach'",
        r"books.default.level: 'reach' is none of box, zone",
    ),
    ("expected_notes = 200", "expected_notes = 200\nk = 3", r"books.default.k: unknown key"),
    (
        "expected_notes = 200",
        "expected_notes = 200\nyears = 2",
        r"books.default.years: a book of several years names its",
    ),
    ("[books.default]", "[books.26]", r"books.26: a book is named by its year"),
    (
        "[books.default]",
        "[books.2026]\nexpected_notes = 1\nyears = 3\n[books.2028]",
        r"books.2028: book 2026-2028 holds",
    ),
    (
        "[books.default]",
        "[books.2026]\nexpected_notes = 1\nyears = 2\nperiod = 'month'\n[books.2029]",
        r"told as a whole",
    ),
    ('allow = ["category"', 'allow = ["phone"', r"fields.allow: 'phone' is not known"),
    ('allow = ["category"', 'allow = ["category", "category"', r"fields.allow: a word is there twice"),
    ("decimals = 4", "decimals = 7", r"open.decimals: 7 is not from 2 to 5"),
    ('shelter = "generalised"', 'shelter = "generalized"', r"categories.shelter: 'generalized' is no class"),
    ('shelter = "generalised"', 'sheltr = "generalised"', r"categories.shelter: missing"),
    (
        'informal_crossing = "generalised"',
        'informal_crossing = "open"',
        r"categories.informal_crossing: .*never be open",
    ),
    ('other = "generalised"', 'other = "open"', r"categories.other: .*never be open"),
    ("[classes.open]", "[classes.opne]", r"classes.opne: no class of that name"),
    ("[classes.withheld]", "[classes.secret]", r"classes.withheld: the decision is missing"),
    ('how = "By the mere', 'hwo = "By the mere', r"classes.withheld.hwo: unknown key"),
    ('already_public = "No."', 'already_public = " "', r"classes.restricted.already_public: expected words"),
    ('already_public = "No."', 'already_public = "TODO"', r"classes.restricted.already_public: expected words"),
    ("decided_on = 2026-11-22", "", r"classes.open.decided_on: missing"),
    ("decided_on = 2026-11-22", "decided_on = 2026-12-02", r"classes.open.decided_on: .* is still to come"),
    ("review_by = 2028-11-22", 'review_by = "2028-11-22"', r"classes.open.review_by: got text; expected a day"),
    ("review_by = 2028-11-22", "review_by = 2099-01-01", r"classes.open.review_by: .*at most 5 years"),
    ("review_by = 2028-11-22", "review_by = 2026-11-30", r"classes.open.review_by: 2026-11-30 has passed"),
    ("[open]", "[opened]", r"opened: unknown key.*(.|\n)*open: missing"),
    ("[books.default]", "[spare]", r"books: missing"),
    ("k = 5", "k = ", r"is not TOML"),
]


@pytest.mark.parametrize(("old", "new", "message"), FAULTS)
def test_a_fault_is_refused_and_named(old: str, new: str, message: str) -> None:
    text = default_policy_text()
    assert old in text
    with pytest.raises(PolicyError, match=message):
        read_policy(text.replace(old, new), "my.toml", today=TODAY)


def test_all_faults_come_in_one_message_with_the_remedy() -> None:
    text = default_policy_text().replace("k = 5", "k = 0").replace("[classes.withheld]", "[classes.hidden]")
    with pytest.raises(PolicyError, match=r"my.toml cannot be used.*--print-policy") as caught:
        read_policy(text, "my.toml", today=TODAY)
    for fault in ("k: 0", "classes.hidden", "classes.withheld"):
        assert fault in str(caught.value)


@settings(max_examples=150, deadline=None)
@given(line=st.integers(0, 200), cut=st.booleans())
def test_no_line_of_a_policy_can_be_left_out(line: int, cut: bool) -> None:  # noqa: FBT001 - it is drawn
    lines = default_policy_text().splitlines()
    wanted = [number for number, text in enumerate(lines) if text and not text.startswith("#")]
    number = wanted[line % len(wanted)]
    rest = lines[:number] if cut else [*lines[:number], *lines[number + 1 :]]
    with pytest.raises(PolicyError, match=r"my\.toml (cannot be used|is not TOML)"):
        read_policy("\n".join(rest), "my.toml", today=TODAY)


def test_a_lapsed_review_is_named_where_it_is_allowed() -> None:
    text = default_policy_text().replace("review_by = 2028-11-22", "review_by = 2026-11-30", 1)
    assert read_policy(text, "my.toml", today=TODAY, allow_lapsed=True).lapsed == (Sensitivity.OPEN,)


@pytest.mark.parametrize(
    ("notes", "level", "groups"),
    [(0, "zone", "two"), (99, "zone", "two"), (100, "zone", "five"), (999, "zone", "five"), (1000, "box", "five")],
)
def test_level_and_groups_follow_from_the_expected_number_of_notes(notes: int, level: str, groups: str) -> None:
    text = default_policy_text().replace("expected_notes = 200", f"expected_notes = {notes}")
    book = read_policy(text, "my.toml", today=TODAY).book_of(2031)
    assert (book.name, book.level, book.grouping, book.period, book.k) == ("2031", level, groups, "year", 5)


def test_a_year_has_its_own_book_or_the_usual_terms_or_none() -> None:
    text = default_policy_text().replace(
        "[books.default]", "[books.2026]\nexpected_notes = 30\nyears = 2\n[books.default]"
    )
    policy = read_policy(text, "my.toml", today=TODAY)
    assert [policy.book_of(year).name for year in (2025, 2026, 2027, 2028)] == [
        "2025",
        "2026-2027",
        "2026-2027",
        "2028",
    ]
    alone = read_policy(default_policy_text().replace("books.default", "books.2026"), "my.toml", today=TODAY)
    assert alone.book_of(2025) is None


def test_a_project_uses_its_own_policy_and_says_where_it_is_wrong(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "geodata").symlink_to(repo / "geodata")
    project = find_project(tmp_path)
    assert load_policy(project, today=TODAY).k == 5
    (tmp_path / "policy.toml").write_text(default_policy_text().replace("k = 5", "k = 10"), encoding="utf-8")
    assert load_policy(project, today=TODAY).k == 10
    (tmp_path / "policy.toml").write_text("", encoding="utf-8")
    with pytest.raises(PolicyError, match=r"policy\.toml cannot be used"):
        load_policy(project, today=TODAY)


def test_a_policy_that_is_named_and_missing_is_never_replaced_by_the_default(project: Project, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml does not exist; start from"):
        load_policy(project, tmp_path / "none.toml")


def test_the_default_opens_nothing_and_knows_every_category(policy: Policy) -> None:
    assert set(policy.categories) == set(CATEGORIES)
    assert Sensitivity.OPEN not in policy.categories.values()


def test_the_hash_is_of_what_is_said_and_not_of_the_comments(
    policy_with: Callable[..., Policy], policy: Policy
) -> None:
    assert policy_with(("version = 2", "# a comment\nversion = 2")).sha256 == policy.sha256
    assert policy_with(("k = 5", "k = 10")).sha256 != policy.sha256
