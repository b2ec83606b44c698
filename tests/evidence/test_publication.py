"""Closed by default: what is sensitive stands in the tables only as a decision of record allows it."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from atlas.errors import EvidenceError
from atlas.evidence import Evidence, load_evidence
from atlas.evidence.cells import PLACEHOLDERS
from atlas.evidence.decisions import (
    EMBARGO_MONTHS,
    LEAST_FLOOR_M,
    LEAST_SHARED,
    QUESTIONS,
    RECENT_MONTHS,
    is_embargoed,
    is_recent,
    last_day,
    months_before,
)
from atlas.evidence.publication import SENSITIVE
from atlas.pipeline.refresh import refresh
from atlas.project import Project
from atlas.release.terms_reader import load_policy

Spoil = Callable[[str, str, str], Path]
DECIDED = date(2026, 11, 29)


def _decisions(tables: Path) -> list[dict[str, str]]:
    with (tables / "publication_decisions.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _without_decision(folder: Path, table: str, row_id: str) -> None:
    path = folder / "publication_decisions.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if f",{table},{row_id}," not in line]
    assert len(kept) == len(lines) - 1
    path.write_text("".join(kept), encoding="utf-8", newline="")


ONE_OF_EACH = tuple(
    {
        "crossings_informal_named": "talisman",
        "crossings_informal_counts": "suchiate",
        "crossings_totals": "P02",
        "checkpoints": "CP14",
        "facilities": "naval_chetumal",
        "containment": "post_villahermosa",
        "observations": "review_points_2019",
    }.items()
)


@pytest.mark.parametrize(("table", "row_id"), ONE_OF_EACH)
def test_a_sensitive_row_without_a_decision_is_refused(copy: Path, table: str, row_id: str) -> None:
    _without_decision(copy, table, row_id)
    with pytest.raises(EvidenceError, match=rf"(?s)\(1 fault\).*{table}\.csv, line \d+.*'{row_id}' has no decision"):
        load_evidence(copy)


def test_every_sensitive_table_is_tried_above() -> None:
    assert {table for table, _ in ONE_OF_EACH} == set(SENSITIVE)


def test_a_row_without_a_decision_stops_the_refresh_before_anything_is_written(repo: Path, tmp_path: Path) -> None:
    shutil.copytree(repo / "geodata/evidence", tmp_path / "geodata/evidence")
    _without_decision(tmp_path / "geodata/evidence", "checkpoints", "CP03")
    with pytest.raises(EvidenceError, match=r"'CP03' has no decision, expected one in publication_decisions.csv"):
        refresh(Project(geodata=tmp_path / "geodata", maps=tmp_path / "maps"))
    assert [path.name for path in (tmp_path / "geodata").iterdir()] == ["evidence"]


def test_a_new_informal_crossing_needs_a_formal_one_of_its_name(copy: Path) -> None:
    path = copy / "crossings_informal_named.csv"
    row = "invented,Invented Ford,07087,,false,boat,tn23_2019,seen,\n"
    path.write_text(path.read_text(encoding="utf-8") + row, encoding="utf-8", newline="")
    with pytest.raises(EvidenceError, match="'invented' is unknown, expected a crossing_id of crossings_f") as caught:
        load_evidence(copy)
    assert "'invented' has no decision" in str(caught.value)


# table, what stands there, what is put in its place, what the message must say
EDITS = {
    "no answer": (
        "publication_decisions.csv",
        ",Nothing.,",
        ",TBD,",
        "column 'what_is_gained': 'TBD', expected an answ",
    ),
    "unknown word": ("publication_decisions.csv", "talisman,name,", "talisman,named,", "'named', expected one of name"),
    "word of another table": ("publication_decisions.csv", "talisman,name,", "talisman,count,", "this table: name"),
    "review before decision": (
        "publication_decisions.csv",
        ",2028-11-29,",
        ",2025-11-29,",
        "expected a day after 2026",
    ),
    "no such day": ("publication_decisions.csv", ",2026-11-29,", ",29/11/2026,", "expected a day such as 2026-11-29"),
    "no such row": ("publication_decisions.csv", ",CP18,", ",CP78,", "'CP78' is not in checkpoints.csv"),
    "decided twice": ("publication_decisions.csv", ",CP18,", ",CP17,", "'CP17' is decided in line [0-9]+ already"),
    "withheld and kept": ("publication_decisions.csv", "CP18,municipality,", "CP18,withheld,", "take it out of checkp"),
    "a count of too few": (
        "crossings_informal_counts.csv",
        "3,false,P01,",
        "3,false,,",
        "'3', expected 5 or more, or a",
    ),
    "among those of elsewhere": (
        "crossings_informal_counts.csv",
        "3,false,P01,",
        "3,false,P03,",
        "give a longer stretch",
    ),
    "among fewer than k": ("crossings_totals.csv", "P01,52,", "P01,4,", "column 'among': 'P01', expected 5 or more"),
    "too new": ("checkpoints.csv", "false,2022-10,", "false,2026-03,", "younger than 12 months"),
    "too new by its year": ("checkpoints.csv", "true,2023/2024,", "true,2023/2026,", "younger than 12 months"),
    "own name, recent": ("checkpoints.csv", "true,2019/2023-05,", "true,2019/2024,", "older than 36 months"),
    "own name, one year": ("checkpoints.csv", "false,2019/2021,", "false,2021,", "posts known for years"),
    "own name, no date": ("checkpoints.csv", "false,2019/2021,", "false,,", "posts known for years"),
    "finer than the municipality": (
        "checkpoints.csv",
        "CP01,Suchiate,",
        "CP01,Invented Bend,",
        "expected the name of the",
    ),
    "finer than the stretch": (
        "checkpoints.csv",
        "CP09,Huehuetán–Huixtla stretch",
        "CP09,Invented Bend",
        "two ends of a",
    ),
    "a kilometre": (
        "checkpoints.csv",
        "on the Tapachula–Metapa",
        "at km 5 of the Tapachula–Metapa",
        "has no kilometre",
    ),
    "kilometres in words": (
        "checkpoints.csv",
        "on the Ciudad Hid",
        "four kilometres from the Ciudad Hid",
        "no kilometre",
    ),
    "a kilometre of a note": (
        "checkpoints.csv",
        "seen,,tent\n",
        "seen,,tent at kilómetro 12\n",
        "column 'note'.*no kilometre",
    ),
    "a reading that is too fine": ("corridor_readings.csv", ",15,5,", ",15,2,", "finer than 5 km either way"),
    "a new naval place": ("facilities.csv", ",2012,", ",2026,", "naval place younger than 12 months"),
    "a kilometre of a belt's post": (
        "containment.csv",
        "road post between the",
        "kilometre 20 between the",
        "no kilometre",
    ),
    "a new post of a belt": ("containment.csv", 'Veracruz",2024,', 'Veracruz",2026-02,', "younger than 12 months"),
}


@pytest.mark.parametrize(("table", "old", "new", "message"), EDITS.values(), ids=EDITS.keys())
def test_an_edit_past_a_decision_is_refused(spoil: Spoil, table: str, old: str, new: str, message: str) -> None:
    folder = spoil(table, old, new)
    with pytest.raises(EvidenceError, match=message):
        load_evidence(folder)


def test_a_new_post_stands_by_state_and_month_alone(spoil: Spoil) -> None:
    spoil("publication_decisions.csv", "CP18,municipality,", "CP18,state_month,")
    spoil("checkpoints.csv", "false,2022-10,", "false,2026-10,")
    folder = spoil("checkpoint_areas.csv", "CP18,near,20327,efe2022,seen,the source says near Tapanatepec\n", "")
    assert load_evidence(folder).checkpoints[-1].as_of == "2026-10"
    spoil("checkpoints.csv", "false,2026-10,", "false,2026,")
    with pytest.raises(EvidenceError, match="expected a month, such as 2026-11"):
        load_evidence(folder)


def test_an_old_post_is_not_under_embargo(spoil: Spoil) -> None:
    folder = spoil("publication_decisions.csv", "CP18,municipality,", "CP18,state_month,")
    with pytest.raises(EvidenceError, match="younger than 12 months, and no other, is published by state and month"):
        load_evidence(folder)


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("2019", date(2019, 12, 31)),
        ("2024-02", date(2024, 2, 29)),
        ("2019/2023-05", date(2023, 5, 31)),
        ("2020-01-02", date(2020, 1, 2)),
    ],
)
def test_a_date_may_mean_its_last_day(period: str, day: date) -> None:
    assert last_day(period) == day


def test_the_embargo_ends_with_its_month() -> None:
    assert EMBARGO_MONTHS == 12
    assert months_before(date(2026, 2, 28), 12) == date(2025, 2, 28)
    assert months_before(date(2028, 2, 29), 12) == date(2027, 2, 28)
    assert months_before(date(2026, 1, 31), 2) == date(2025, 11, 30)
    assert is_embargoed("2025-12", DECIDED)
    assert is_embargoed("2025-11", DECIDED)
    assert not is_embargoed("2025-10", DECIDED)
    assert not is_embargoed(None, DECIDED)


def test_without_a_date_a_post_counts_as_recent() -> None:
    assert RECENT_MONTHS == 36
    assert is_recent(None, DECIDED)
    assert is_recent("2024", DECIDED)
    assert not is_recent("2023-05", DECIDED)


def test_our_own_decisions_are_complete_and_name_no_person(evidence: Evidence) -> None:
    assert len(evidence.publication_decisions) > 40
    for made in evidence.publication_decisions:
        assert made.decided_by == "atlas maintainers"
        assert all(getattr(made, question).lower() not in PLACEHOLDERS for question in (*QUESTIONS, "k_and_floor"))
        # what nothing is gained by is not published
        assert (made.what_is_gained == "Nothing.") == (made.published_as == "withheld")
        assert made.decided_on < made.review_by


def test_evidence_is_asked_the_same_as_a_field_note(repo: Path) -> None:
    policy = load_policy(Project(geodata=repo / "geodata", maps=repo / "maps"), allow_lapsed=True)
    assert (policy.k, policy.floor_m) == (LEAST_SHARED, LEAST_FLOOR_M)
    assert all(tuple(decision.answers) == QUESTIONS for decision in policy.decisions.values())


def test_a_lapsed_review_stops_the_refresh(spoil: Spoil, tmp_path: Path) -> None:
    folder = spoil("publication_decisions.csv", ",2026-11-29,2027-11-29,", ",2024-11-29,2025-11-29,")
    geodata = tmp_path / "geodata"
    geodata.mkdir()
    folder.rename(geodata / "evidence")
    with pytest.raises(EvidenceError, match=r"(?s)review is overdue.*D14 \(2025-11-29\)"):
        refresh(Project(geodata=geodata, maps=tmp_path / "maps"))
