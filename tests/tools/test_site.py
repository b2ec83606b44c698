"""The documentation as a site: every link leads somewhere, both languages have the same pages, and nothing is asked."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import atlas
from atlas.border_project.keys import TABLES
from atlas.cartography import map_toml
from tools import site

LINK = re.compile(r"\[[^\]\[]+\]\((?!https?://|mailto:)([^)\s]+)\)")
WRITTEN_TWICE = {
    "index",
    "concepts",
    "do-no-harm",
    "fieldwork",
    "release-gate",
    "researchers",
    "gis",
    "field",
    "promises",
    "install",
    "overview",
    "map-file",
    "borders",
    "scale",
    "publishers",
    "comparison",
}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "docs"
    site.stage(folder)
    return folder


def test_every_link_leads_to_a_page_of_the_site(stage: Path) -> None:
    broken = []
    for page in stage.rglob("*.md"):
        for target in LINK.findall(page.read_text("utf-8")):
            path = target.partition("#")[0]
            source = re.sub(r"^(?:es|\.\.)/(.+)\.html$", r"\1.md", path)
            if path and not (page.parent / source).exists():
                broken.append(f"{page.relative_to(stage)}: {target}")
    assert broken == []


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("fieldwork.md", "[en español](es/fieldwork.html)"),
        ("fieldwork.es.md", "[in English](../fieldwork.html)"),
        ("release-gate.md", "[En español](es/release-gate.html)"),
        ("do-no-harm.es.md", "[In English](../do-no-harm.html)"),
        ("overview.md", "[es](es/release-gate.html)"),
    ],
)
def test_a_page_leads_to_its_edition_in_the_other_language(stage: Path, page: str, address: str) -> None:
    text = (stage / page).read_text("utf-8")
    assert address in text
    # on a page in English there is no such file
    assert page.endswith(".es.md") or ".es.md" not in text


def test_the_maps_go_along_and_both_languages_lead_to_them(stage: Path, repo: Path) -> None:
    assert (stage / "maps" / "index.html").read_bytes() == (repo / "maps" / "index.html").read_bytes()
    for name in ("index.md", "index.es.md"):
        assert "](maps/index.html)" in (stage / name).read_text("utf-8")


def test_what_is_written_by_hand_is_there_in_both_languages(stage: Path) -> None:
    pages = {page.name for page in stage.rglob("*.md")}
    assert {f"{name}{language}.md" for name in WRITTEN_TWICE for language in ("", ".es")} <= pages


def test_the_languages_of_a_page_have_the_same_headings_and_commands(stage: Path) -> None:
    for page in (stage / "start").glob("*.es.md"):
        spanish = page.read_text("utf-8")
        english = page.with_name(page.name.replace(".es", "")).read_text("utf-8")
        assert spanish.count("\n## ") == english.count("\n## "), page.name
        commands = [re.findall(r"^atlas \w+(?: \w+)?", text, re.MULTILINE) for text in (english, spanish)]
        assert commands[0] == commands[1], page.name


def test_the_page_of_the_library_has_every_word_with_its_parameters(stage: Path) -> None:
    text = (stage / "python.md").read_text("utf-8")
    for word in ("cite(name)", "deposit(folder, on_step)", "layer(name)", "claims()", "evidence"):
        assert f"## `{word}`" in text
    assert "- `UsageError`:" in text
    assert "----" not in text


def test_every_page_of_the_menu_is_there_and_none_is_left_out(stage: Path, repo: Path) -> None:
    menu = re.search(r"^nav:\n(.*)\Z", (repo / "mkdocs.yml").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert menu
    listed = set(re.findall(r"[\w/-]+\.md", menu.group(1)))
    pages = {page.relative_to(stage).as_posix() for page in stage.rglob("*.md") if ".es." not in page.name}
    assert listed == pages


def test_the_site_asks_for_no_typeface_and_no_script_of_others(repo: Path) -> None:
    settings = (repo / "mkdocs.yml").read_text("utf-8")
    assert "font: false" in settings
    assert "assets/iframe-worker.js" in settings
    assert re.findall(r"https?://", settings) == []


def test_the_page_of_the_library_has_all_words_of_the_open_project(stage: Path) -> None:
    text = (stage / "python.md").read_text("utf-8")
    shown = set(re.findall(r"^## `(\w+)", text, re.MULTILINE))
    words = {name for name in dir(atlas.Atlas) if not name.startswith("_")} - {"project"}
    assert words - shown == set()
    assert "```python\nlocate(points: Any" in text
    # what stands in quotes of reStructuredText is code here as well
    assert "``" not in text.replace("```", "")


def test_every_notebook_is_a_page_with_what_it_printed_and_in_the_menu(stage: Path, repo: Path) -> None:
    menu = (repo / "mkdocs.yml").read_text("utf-8")
    notebooks = sorted((repo / "docs" / "notebooks").glob("*.ipynb"))
    assert len(notebooks) == 5
    for path in notebooks:
        page = (stage / "notebooks" / f"{path.stem}.md").read_text("utf-8")
        assert f": notebooks/{path.stem}.md" in menu
        cells = json.loads(path.read_text("utf-8"))["cells"]
        printed = [output for cell in cells for output in cell.get("outputs", [])]
        assert page.count("```text") == len(printed) > 0
        assert page.startswith("# ")


def test_the_pages_of_the_file_formats_name_every_key_and_no_other(stage: Path) -> None:
    project = (stage / "project-file.md").read_text("utf-8")
    for table, keys in TABLES.items():
        for key in keys:
            assert f"| `{key}` |" in project, (table, key)
    for name in ("map-file.md", "map-file.es.md"):
        text = (stage / name).read_text("utf-8")
        rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
        named = {key for row in rows for key in re.findall(r"`(?:\[\[)?(\w+)", row)}
        assert named == {*map_toml._WHOLE, *map_toml._LAYER}, name


def test_every_page_has_its_place_and_its_spanish_name_in_the_menu(stage: Path, repo: Path) -> None:
    menu = (repo / "mkdocs.yml").read_text("utf-8")
    pages = {str(page.relative_to(stage)) for page in stage.rglob("*.md") if not page.name.endswith(".es.md")}
    listed = set(re.findall(r"[\w/.-]+\.md", menu.partition("\nnav:\n")[2]))
    assert listed == pages
    translations = re.findall(r"^ {12}([^:]+): \S", menu, re.MULTILINE)
    titles = re.findall(r"^ +- ([^:\n]+):", menu.partition("\nnav:\n")[2], re.MULTILINE)
    assert sorted(set(titles) - set(translations)) == []
