"""What is on the first page: three screens, in both languages the same, with links that lead somewhere."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from atlas import __version__

LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
ENGLISH, SPANISH = "README.md", "README.es.md"


@pytest.mark.parametrize("name", [ENGLISH, SPANISH])
def test_it_fits_three_screens_and_has_a_picture_for_each_user(repo: Path, name: str) -> None:
    text = (repo / name).read_text("utf-8")
    # a screen is some fifty lines; a cell of a table runs over several of them
    assert len(text.splitlines()) <= 100
    assert len(text) <= 9_000
    assert len(re.findall(r"!\[[^\]]{12,}\]\(docs/\w+\.png\)", text)) == 3
    assert text.count("make atlas") == text.count("make test") == 1


@pytest.mark.parametrize("name", [ENGLISH, SPANISH, "CONTRIBUTING.md", "SECURITY.md", "geodata/evidence/README.md"])
def test_its_links_lead_somewhere(repo: Path, name: str) -> None:
    links = [link for link in LINK.findall((repo / name).read_text("utf-8")) if "://" not in link]
    page = repo / name
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_both_languages_say_the_same_numbers_and_commands(repo: Path) -> None:
    english, spanish = ((repo / name).read_text("utf-8") for name in (ENGLISH, SPANISH))
    numbers = [Counter(re.findall(r"\d+(?:[.,]\d+)*", re.sub(r"\]\([^)]*\)", "", text))) for text in (english, spanish)]
    assert numbers[0] == numbers[1]
    words = [
        Counter(re.findall(r"`[^`\n]+`", re.sub(r"```.*?```", "", text.replace(" --lang es`", "`"), flags=re.DOTALL)))
        for text in (english, spanish)
    ]
    assert words[0] == words[1]
    assert [line.count("|") for line in english.splitlines() if line.startswith("|")] == [
        line.count("|") for line in spanish.splitlines() if line.startswith("|")
    ]


def test_the_version_is_the_same_wherever_it_is_written(repo: Path) -> None:
    assert f"\nversion: {__version__}\n" in (repo / "CITATION.cff").read_text("utf-8")
    for name, word in ((ENGLISH, "version"), (SPANISH, "versión")):
        assert f"{word} {__version__};" in (repo / name).read_text("utf-8"), name
