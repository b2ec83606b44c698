"""An id that was withdrawn names nothing again: it says when and why, and where to go instead."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from atlas.api import Atlas
from atlas.deposit.citable import urn
from atlas.errors import EvidenceError
from atlas.evidence import load_evidence

Spoil = Callable[..., Path]
ROW = "containment/isthmus_line_length_own,withdrawn,2026-11-29,,"


def test_a_withdrawn_id_is_cited_with_its_reason_in_every_form(repo: Path) -> None:
    opened = Atlas.at(repo)
    cited = opened.cite("isthmus_line_length_own")
    assert "[withdrawn on 2026-11-29]" in cited.text
    assert "no source stood behind" in cited.bibtex
    assert cited.cited.urn == urn("containment/isthmus_line_length_own")
    (ended,) = json.loads(cited.prov)["wasInvalidatedBy"].values()
    assert ended == {"prov:entity": cited.cited.urn, "prov:time": "2026-11-29T00:00:00Z"}
    assert "withdrawn on" in json.loads(cited.csl)[0]["title"]


def test_the_command_says_it_and_is_no_error(
    command_line: Callable[..., subprocess.CompletedProcess[str]], repo: Path
) -> None:
    done = command_line("cite", "--project", repo, "containment/isthmus_line_length_own")
    assert done.returncode == 0, done.stderr
    assert "withdrawn on 2026-11-29" in done.stdout


def test_every_id_that_was_given_out_is_a_row_or_has_a_tombstone(repo: Path) -> None:
    given = (repo / "tests" / "data" / "issued_ids.txt").read_text("utf-8").split()
    assert len(given) > 700
    gone = sorted(set(given) - Atlas.at(repo).citables.keys())
    assert gone == [], "give each a row in geodata/evidence/tombstones.csv: papers cite it"


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("claims/C42,withdrawn,2026-11-29,,", r"'claims/C42' is still in claims.csv; remove one of the two"),
        ("clams/C42,withdrawn,2026-11-29,,", r"'clams' is no table; write table, stroke, id"),
        ("claims/C999,recoded,2026-11-29,,", r"'' of a row that was recoded; name what takes its place"),
        ("claims/C999,recoded,2026-11-29,claims/C998,", r"'claims/C998' is in no table"),
        ("crossings_informal_named/paso,withdrawn,2026-11-29,,", r"may be a name that is kept out; remove the row"),
        ("claims/C999,lost,2026-11-29,,", r"'lost', expected one of withdrawn, recoded, merged, split"),
    ],
)
def test_a_tombstone_that_is_none_is_refused(new: str, message: str, spoil: Spoil) -> None:
    folder = spoil("tombstones.csv", ROW, new)
    with pytest.raises(EvidenceError, match=message):
        load_evidence(folder)


def test_ids_may_be_replaced_one_after_another(spoil: Spoil) -> None:
    more = "claims/C998,recoded,2026-11-29,claims/C42,Numbered anew.,Numerada de nuevo.\n"
    folder = spoil("tombstones.csv", ROW, f"claims/C999,recoded,2026-11-29,claims/C998,A.,B.\n{more}{ROW}")
    stones = {stone.withdrawn_id: stone.replaced_by for stone in load_evidence(folder).tombstones}
    assert stones["claims/C999"] == ("claims/C998",)
    with (folder / "tombstones.csv").open(encoding="utf-8", newline="") as lines:
        assert len(list(csv.DictReader(lines))) == 3
