"""Citations: a permanent id names one thing for ever, and each form can be read by the programs that want it."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from atlas.api import Atlas
from atlas.deposit import FORMS, Citation, find
from atlas.deposit.citable import urn
from atlas.errors import UsageError

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def opened(repo: Path) -> Atlas:
    return Atlas.at(repo)


def test_a_layer_a_claim_and_a_row_are_cited_by_short_or_long_id(opened: Atlas) -> None:
    known = opened.citables
    for asked, name in {
        "border": "layers/border",
        "municipalities": "layers/municipalities",
        "C42": "claims/C42",
        "claim_validity/C42": "claim_validity/C42",
        "monuments_deviation": "observations/monuments_deviation",
        "jornada2014": "sources/jornada2014",
        urn("layers/border"): "layers/border",
    }.items():
        assert find(known, asked).name == name


def test_every_id_is_of_one_row_and_can_stand_in_an_address(opened: Atlas) -> None:
    known = opened.citables
    evidence = opened.evidence
    assert sum(name.startswith("border_lengths/") for name in known) == len(evidence.border_lengths)
    assert sum(name.startswith("visitor_cards/") for name in known) == len(evidence.visitor_cards)
    assert len({held.urn for held in known.values()}) == len(known)
    assert [name for name in known if re.search(r"\s", name)] == []


def test_an_id_stays_what_it_is() -> None:
    # written into papers: a change here breaks them
    assert urn("layers/border") == "urn:uuid:00bf9cf3-7b7f-5823-9424-4069fd42db7e"
    assert urn("observations/monuments_deviation") == "urn:uuid:c4e731a9-d503-5f51-9084-2dfbbe6dda15"


@pytest.mark.parametrize("asked", ["nonsense", "", "layers/", "../registry", "talisman"])
def test_what_names_nothing_or_several_things_is_an_error(opened: Atlas, asked: str) -> None:
    with pytest.raises(UsageError, match=r"there is no layer, claim or row|is the name of 2 things"):
        opened.cite(asked)


def test_the_text_names_the_sources_and_who_must_be_named(opened: Atlas) -> None:
    text = opened.cite("border").text
    assert "data edition 2026.11, layers/border" in text
    assert "Source: Tratado Herrera-Mariscal." in text
    assert "INEGI, Marco Geoestadístico" in text
    assert "3.93–465.33 m" in str(opened.cite("monuments_deviation"))


def test_bibtex_escapes_what_latex_takes_for_a_sign(opened: Atlas) -> None:
    cited = opened.cite("jornada2014")
    odd = replace(cited.sources["jornada2014"], title=r"50% of {A} & B_1 #2 \x", publisher="A & B")
    bibtex = Citation(opened.cite("C42").cited, {"jornada2014": odd}, {}).bibtex
    assert r"50\% of \{A\} \& B\_1 \#2 \textbackslash{}x" in bibtex
    assert r"author = {{A \& B}}" in bibtex
    assert r"journal = {A \& B}" in bibtex
    assert bibtex.count("{") - bibtex.count(r"\{") == bibtex.count("}") - bibtex.count(r"\}")
    assert re.findall(r"^@(\w+)\{", bibtex, re.MULTILINE) == ["misc", "article"]


def test_csl_has_the_thing_and_its_sources_each_with_what_csl_asks_for(opened: Atlas) -> None:
    items = json.loads(opened.cite("C42").csl)
    assert [item["id"] for item in items] == ["claims/C42", "sources/ramos2020"]
    assert all({"id", "type", "title"} <= item.keys() for item in items)
    assert items[1]["DOI"]
    assert items[0]["issued"] == {"date-parts": [[2026]]}


def test_a_source_is_cited_as_itself_and_once(opened: Atlas) -> None:
    cited = opened.cite("ramos2020")
    assert cited.text.startswith("The southern border of Mexico: problems and challenges")
    assert cited.text.endswith(urn("sources/ramos2020"))
    assert re.findall(r"^@(\w+)\{", cited.bibtex, re.MULTILINE) == ["article"]
    (item,) = json.loads(cited.csl)
    assert (item["type"], item["container-title"].startswith("Política")) == ("article-journal", True)


def test_no_form_names_an_id_twice(opened: Atlas) -> None:
    sources = opened.evidence.sources
    for name, held in opened.citables.items():
        cited = Citation(held, {key: sources[key] for key in held.source_ids if key in sources}, {})
        keys = re.findall(r"^@\w+\{([^,]+),", cited.bibtex, re.MULTILINE)
        items = [item["id"] for item in json.loads(cited.csl)]
        assert (len(set(keys)), len(set(items))) == (len(keys), len(items)), name


def test_the_title_says_of_what_how_sure_and_at_least_how_many(opened: Atlas) -> None:
    assert "longest stay: 72 hours [held from 2014 until 2017-05]." in opened.cite("C42").text
    assert "all states: 23." in opened.cite("C07").text
    assert "asylum applications, nationals of Honduras: 27,888 applications (Mexico, 2024)" in str(
        opened.cite("comar_2024_honduras")
    )
    assert "card holders: at least 104,000 people" in str(opened.cite("tvr_holders_2014_08"))
    assert "[unconfirmed: the year is not known]" in str(opened.cite("tvr_cards_belizeans"))
    known = opened.citables
    unsure = [row for row in opened.evidence.observations if row.unconfirmed]
    assert len({row.unconfirmed for row in unsure}) == 4
    titles = [known[f"observations/{row.observation_id}"].title for row in unsure]
    assert [title for title in titles if "[unconfirmed: " not in title] == []


@pytest.mark.parametrize(
    ("asked", "meant"), [("c42", "C42?"), ("BORDER", "border"), ("observations/mon", "observations/monuments_2017_04")]
)
def test_what_may_be_meant_is_named_once(opened: Atlas, asked: str, meant: str) -> None:
    with pytest.raises(UsageError, match=r"did you mean") as bad:
        opened.cite(asked)
    named = str(bad.value).partition("did you mean ")[2].rstrip("?").split(" or ")
    assert meant.rstrip("?") in named
    assert len(set(named)) == len(named)


def test_prov_says_from_what_a_layer_was_made_and_by_what(opened: Atlas) -> None:
    document = json.loads(opened.cite("border").prov)
    derived = {part["prov:usedEntity"] for part in document["wasDerivedFrom"].values()}
    assert derived <= document["entity"].keys()
    assert {part["prov:entity"] for part in document["used"].values()} == derived
    (made,) = document["wasGeneratedBy"].values()
    assert made["prov:entity"] == urn("layers/border")
    assert "wasGeneratedBy" not in json.loads(opened.cite("C42").prov)


def test_the_command_prints_each_form_and_refuses_others(command_line: Command, repo: Path) -> None:
    done = command_line("cite", "--project", repo, "C42", "--format", "csl")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["id"] == "claims/C42"
    done = command_line("cite", "--project", repo, "C42", "--format", "ris")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"the formats are {', '.join(FORMS)}" in done.stderr
    done = command_line("cite", "--project", repo)
    assert done.returncode == 2
    assert "atlas cite --list" in done.stderr


def test_every_row_names_its_source_and_no_title_is_a_bare_key(opened: Atlas) -> None:
    known = opened.citables
    rows = {name: row for name, row in known.items() if not row.is_withdrawn and not name.startswith("layers/")}
    assert len(rows) > 1000
    assert [name for name, row in rows.items() if not row.source_ids] == []
    bare = [
        name
        for name, row in rows.items()
        if not name.startswith("sources/")
        and row.title.casefold() == re.sub("[._]", " ", name.partition("/")[2]).casefold()
        and not (row.cells.get("name") or row.cells.get("title"))
    ]
    assert bare == []
    assert [name for name, row in rows.items() if row.title.endswith((".", ": ", "of ")) or "None" in row.title] == []


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("T01", "informal crossings, Mexico–Guatemala border, taken as 956 km: 1,063, 44 of them vehicular (2008-11)"),
        ("visitor_cards/1.regional_visitor.Chiapas.2007", "regional visitor forms given out, Chiapas, 2007: 1,376"),
        ("deployments/naval_stations_2012", "Navy: 4 advanced stations (Río Hondo, 2012)"),
        ("claim_checks/C01", "check of length of the Mexico-Guatemala border: 540 miles"),
        ("C42", "Regional Visitor Card: longest stay: 72 hours [held from 2014 until 2017-05]"),
        (
            "claim_validity/C42",
            "validity of Regional Visitor Card: longest stay: 72 hours [held from 2014 until 2017-05]",
        ),
    ],
)
def test_a_title_has_the_figure_that_is_cited(opened: Atlas, name: str, title: str) -> None:
    assert opened.cite(name).cited.title == title
    assert f". {title}. In: " in opened.cite(name).text


def test_a_partial_count_says_so(opened: Atlas) -> None:
    assert opened.cite("P05").cited.title.startswith("partial count of informal crossings, ")
