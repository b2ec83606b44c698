"""Secrets planted in every form, encoding and container: at most one in ten is missed, and only what the docs name."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from atlas.disclosure import sniff
from atlas.disclosure.families import FAMILIES
from atlas.disclosure.finding import RULES
from atlas.disclosure.limits import Limits
from atlas.disclosure.public_content import public_pairs, public_words
from atlas.disclosure.scan import Scan
from atlas.disclosure.search import Search
from atlas.disclosure.secrets import secrets_of
from atlas.disclosure.unpack import OPENERS
from atlas.project import Project
from tests.disclosure import plants
from tools.families import pages

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def planted(project: Project, limits: Limits) -> Search:
    records = [plants.record(place, number) for number, place in enumerate(plants.PLACES)]
    return Search(secrets_of(records, limits, public_words(project)), limits, public_pairs(project))


def _missed(search: Search, limits: Limits, *, every: bool) -> tuple[int, dict[str, list[str]]]:
    counts: Counter[str] = Counter()
    missed: dict[str, list[str]] = defaultdict(list)
    tried = 0
    for plant in plants.plants(plants.PLACES, every=every):
        run = Scan(limits, search)
        run.data(plant.name, plant.data, judged=False)
        tried += 1
        counts[plant.family] += 1
        if not any(one.rule.startswith("secret") for one in run.findings.all()):
            missed[plant.family].append(f"{plant.form} in {plant.container}")
    for family, number in counts.items():
        print(f"{family}: {number - len(missed.get(family, ()))} of {number} plants are found")  # noqa: T201 - the count of each family
    return tried, missed


def test_at_most_one_plant_in_ten_is_missed(planted: Search, limits: Limits) -> None:
    tried, missed = _missed(planted, limits, every=False)
    assert tried > 200
    assert not {family: cases for family, cases in missed.items() if family not in plants.NOT_LOOKED_FOR}
    assert sum(map(len, missed.values())) <= tried / 10


@pytest.mark.long
def test_plants_are_found_in_every_container(planted: Search, limits: Limits) -> None:
    tried, missed = _missed(planted, limits, every=True)
    assert tried > 800
    overlooked = {family: cases for family, cases in missed.items() if family not in plants.NOT_LOOKED_FOR}
    # a word of a few letters inside a wrapping inside another, such as a geohash in base64 in JSON
    assert sum(map(len, overlooked.values())) <= tried / 50, overlooked


def test_the_documentation_has_every_family_with_its_plants(repo: Path) -> None:
    for name, text in pages().items():
        assert text == (repo / "docs" / name).read_text("utf-8"), "write it anew: python -m tools.families"


def test_every_family_has_plants_and_every_rule_is_one() -> None:
    assert {plant.family for plant in plants.plants(plants.PLACES, every=False)} == set(FAMILIES)
    assert {family.rule for family in FAMILIES.values()} - {None} <= set(RULES)


def test_every_form_that_a_file_may_have_has_its_opener() -> None:
    named = {form for _, form in sniff._MAGIC}
    assert named | sniff.TEXTS | sniff.PICTURES | {"bytes", "utf16", "tar", sniff.POSITIONS} <= set(OPENERS)
