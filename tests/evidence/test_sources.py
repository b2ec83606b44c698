"""How sources are kept and cited: what is known in columns of its own, what is not known nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from atlas.errors import EvidenceError
from atlas.evidence import Evidence, citations, load_evidence

Spoil = Callable[[str, str, str], Path]

# words that say that something is not known, in either language, where only what is known may stand
NOT_KNOWN = re.compile(r"not recorded|not identified|unknown|no identificad|\[|\btitle\b|incomplete", re.IGNORECASE)
KNOWN = ("title", "subject_en", "subject_es", "author", "publisher", "copied_at", "doi", "isbn", "url")


def test_what_is_not_known_of_a_source_is_empty_and_no_sentence(evidence: Evidence) -> None:
    stated = {(source.source_id, name): getattr(source, name) for source in evidence.sources.values() for name in KNOWN}
    assert {key: text for key, text in stated.items() if text and NOT_KNOWN.search(text)} == {}


def test_every_source_can_be_cited_in_both_languages(evidence: Evidence) -> None:
    for source in evidence.sources.values():
        english, spanish = (citations.citation(source, language) for language in citations.LANGUAGES)
        assert source.title or source.subject_en, source.source_id
        assert not re.search(r"\bNone\b|\(\)|\[|, ,|:\s*,|\.\.\s|…\.", english + spanish), (english, spanish)
        if not source.title:
            assert english != spanish, source.source_id
            assert not re.search(r"\b(?:on|the|via)\b", spanish), spanish


def test_a_source_reads_as_a_reader_expects(evidence: Evidence) -> None:
    cite = {source_id: citations.citation(source, "es") for source_id, source in evidence.sources.items()}
    assert cite["elorbe2019"] == "Prensa: El Orbe (2019), sobre el Suchiate"
    assert cite["apro2017"].startswith("Prensa: Apro/Proceso, vía Trascender (2017), sobre ")
    assert cite["code_anexo22"] == "Código público: una lista de secciones aduaneras (Anexo 22)"
    assert cite["gpf2019"] == (
        "What the US-Mexico Migration Dispute Is Really About. Allison Fedirka, Geopolitical Futures, 2019"
    )
    assert citations.citation(evidence.sources["sela2022"], "en") == (
        "Press: copy at SELA (2022), on four lines of containment"
    )
    assert evidence.sources["ramos2020"].address == "https://doi.org/10.29105/pgc6.12-6"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (",,the Suchiate,el Suchiate,,El Orbe", ",,,,,El Orbe", r"column 'subject_en': ''.*title is ''"),
        (",,the Suchiate,el Suchiate,,El Orbe", ",,the Suchiate,,,El Orbe", r"column 'subject_es': ''"),
        (",,the Suchiate,", ",[title not recorded: Suchiate],the Suchiate,", r"column 'title'.*leave the cell empty"),
        (",Allison Fedirka,", ",author not identified (public code),", r"column 'author'.*what is known"),
        (",Allison Fedirka,", ",autor no identificado,", r"column 'author'.*what is known"),
        (",Allison Fedirka,", ",unknown,", r"column 'author'.*what is known"),
        ("10.29105/pgc6.12-6", "https://doi.org/10.29105/pgc6.12-6", r"column 'doi'.*without https"),
        ("10.29105/pgc6.12-6,,", "10.29105/pgc6.12-6,978-0804798280,", r"column 'isbn'.*13 digits"),
    ],
)
def test_a_source_that_pretends_is_refused(spoil: Spoil, old: str, new: str, message: str) -> None:
    folder = spoil("sources.csv", old, new)
    with pytest.raises(EvidenceError, match=message):
        load_evidence(folder)
