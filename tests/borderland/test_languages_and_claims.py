"""A project with a language of its own, every text of every page in it, and a stretch of its line in dispute."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from atlas.border_project.json_schema import json_schema
from atlas.errors import GeometryError, InputError, message_of
from atlas.pipeline.build import build
from atlas.pipeline.refresh import refresh
from atlas.project import find_project

pytestmark = pytest.mark.slow

Command = Callable[..., subprocess.CompletedProcess[str]]
# what an error names: a key and its English, as they would stand in the file
ROW = re.compile(r'\.json: ("(?:[^"\\]|\\.)*"): ("(?:[^"\\]|\\.)*")$', re.MULTILINE)
LANGUAGE = """
[languages.fr]
name = "Français"
file = "texts/fr.json"
"""
DISPUTE = """
[[disputes]]
name = { en = "The wells", es = "Los pozos", fr = "Les puits" }
from = [10.0, 23.5]
to = [10.0, 23.9]

[[disputes.claims]]
by = "AAA"
text = { en = "the line of 1890", es = "la línea de 1890", fr = "la ligne de 1890" }
source = "Note A"

[[disputes.claims]]
by = "BBB"
text = { en = "the wells", es = "los pozos", fr = "les puits" }
source = "Note B"
"""


def strange(text: str) -> str:
    """A text as no other language has it, with its places as they are."""
    return re.sub(r"(\{\w+\})|e", lambda part: part[1] or "ё", text)


def changed(folder: Path, more: str) -> Path:
    path = folder / "atlas.toml"
    text = re.sub(r'es = "(Desert|Südland|Nordland)"', r'es = "\1", fr = "\1"', path.read_text(encoding="utf-8"))
    path.write_text(text + more, encoding="utf-8")
    (folder / "texts").mkdir()
    (folder / "texts/fr.json").write_text("{}", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def spoken(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project in three languages, whose third was written by following the errors of the build."""
    folder = changed(shutil.copytree(made, tmp_path_factory.mktemp("spoken") / "desert"), LANGUAGE + DISPUTE)
    refresh(find_project(folder))
    path, words = folder / "texts/fr.json", {}
    for _ in range(3):
        try:
            build(find_project(folder))
        except InputError as error:
            message = message_of(error, whole=True)
            rows = {json.loads(key): json.loads(english) for key, english in ROW.findall(message)}
            assert f"{len(rows)} texts of the pages are missing; add each to its file" in message
            words |= {key: strange(english) for key, english in rows.items()}
            path.write_text(json.dumps(words), encoding="utf-8")
        else:
            return folder
    pytest.fail("the texts that the errors name are not all")


def _block(page: str, name: str) -> dict[str, dict[str, str]]:
    block = re.search(rf'<script[^>]*id="atlas-{name}"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert block
    texts: dict[str, dict[str, str]] = json.loads(block[1])
    return texts


@pytest.mark.parametrize("name", ["index", "atlas", "border", "municipalities", "annotate"])
def test_every_text_of_every_page_is_there_in_it(spoken: Path, name: str) -> None:
    page = (spoken / "maps" / f"{name}.html").read_text(encoding="utf-8")
    texts = _block(page, "texts")
    assert set(texts) == {"en", "es", "fr"}
    assert set(texts["fr"]) == set(texts["en"])
    assert _block(page, "translations")["fr"].keys() == _block(page, "spanish").keys()
    assert texts["fr"]["ui.sources"] == strange(texts["en"]["ui.sources"]) != texts["en"]["ui.sources"]
    assert (
        '<button type="button" data-language="fr" lang="fr" aria-pressed="false" title="Français">FR</button>' in page
    )


def test_a_text_that_is_missing_is_an_error_that_names_it(spoken: Path, tmp_path: Path, command_line: Command) -> None:
    folder = shutil.copytree(spoken, tmp_path / "copy")
    words = json.loads((folder / "texts/fr.json").read_bytes())
    del words["page.border.lead"]
    (folder / "texts/fr.json").write_text(json.dumps(words), encoding="utf-8")
    built = command_line("--project", folder, "build")
    assert (built.returncode, "1 texts of the pages are missing" in built.stderr) == (2, True)
    assert 'fr.json: "page.border.lead": "The border by course and neighbour' in built.stderr


def test_a_stretch_in_dispute_says_who_claims_what(spoken: Path) -> None:
    features = json.loads((spoken / "geodata/layers/border.geojson").read_bytes())["features"]
    disputed = [feature["properties"] for feature in features if feature["properties"]["nature"] == "disputed"]
    assert {row["treaty"] for row in disputed} == {"dispute-1"}
    # 0.4 degrees of latitude along a line that winds a little
    assert sum(row["length_km"] for row in disputed) == pytest.approx(44.6, abs=1)
    texts = _block((spoken / "maps/border.html").read_text(encoding="utf-8"), "texts")
    assert texts["es"]["value.border.treaty.dispute-1"] == (
        "Los pozos – Südland: la línea de 1890 (Note A) | Nordland: los pozos (Note B)"
    )
    assert texts["es"]["value.border.nature.disputed"] == "línea en disputa"


def test_the_project_file_fits_its_schema_and_the_project_verifies(spoken: Path, command_line: Command) -> None:
    jsonschema.validate(tomllib.loads((spoken / "atlas.toml").read_text(encoding="utf-8")), json_schema())
    verified = command_line("--project", spoken, "verify")
    assert verified.stdout.splitlines()[-1].startswith("No difference in")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('by = "BBB"', 'by = "CCC"', r"\[disputes 1 claims\] by = 'CCC' is no side; write one of AAA, BBB"),
        ("to = [10.0, 23.9]\n", "", r"\[disputes 1\] has one of from and to; give both"),
        ('source = "Note B"', "", r"\[disputes 1 claims\] source is missing: where that is written; add source ="),
        ('fr = "Desert"', 'de = "Desert"', r'\[project\] title has no text for fr; write title = \{ en = "…"'),
        ('file = "texts/fr.json"', 'file = "fr.json"', r"\[languages.fr\] file: there is no file"),
        ("[languages.fr]", "[languages.es]", r"\[languages.es\] must be the code of another language"),
    ],
)
def test_errors_name_table_key_and_remedy(spoken: Path, tmp_path: Path, old: str, new: str, message: str) -> None:
    folder = shutil.copytree(spoken, tmp_path / "copy")
    text = (folder / "atlas.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "atlas.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        find_project(folder)


def test_a_dispute_beside_the_line_is_refused(spoken: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(spoken, tmp_path / "copy")
    text = (folder / "atlas.toml").read_text(encoding="utf-8")
    (folder / "atlas.toml").write_text(text.replace("[10.0, 23.5]", "[23.5, 10.0]"), encoding="utf-8")
    with pytest.raises(GeometryError, match=r"\[disputes 1\] position 23.5, 10 is .* km from the line"):
        refresh(find_project(folder))


def test_a_text_with_a_place_that_its_english_has_not_is_refused(
    spoken: Path, tmp_path: Path, command_line: Command
) -> None:
    folder = shutil.copytree(spoken, tmp_path / "copy")
    words = json.loads((folder / "texts/fr.json").read_bytes())
    words["page.border.lead"] += " {nombre}"
    (folder / "texts/fr.json").write_text(json.dumps(words), encoding="utf-8")
    built = command_line("--project", folder, "build")
    assert built.returncode == 2
    assert "fr.json has texts that do not fit the pages" in built.stderr
    assert "'page.border.lead' has {nombre}, which its English has not; remove it" in built.stderr


def test_words_of_the_project_file_that_fit_no_text_are_refused(made: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(made, tmp_path / "copy")
    path = folder / "atlas.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        f'{text}\n[texts.en]\n"page.index.laed" = "x"\n"page.index.lead" = "{{here}} {{nobody}}"\n', encoding="utf-8"
    )
    with pytest.raises(InputError, match="words that do not fit the pages") as refused:
        build(find_project(folder))
    assert "'page.index.laed' is no text of a page; did you mean 'page.index.lead'?" in message_of(refused.value)
    assert "'page.index.lead' has {nobody}, for which there is nothing to put in" in message_of(refused.value)
    path.write_text(f'{text}\n[texts.en]\n"page.index.lead" = "All of {{here}}"\n', encoding="utf-8")
    build(find_project(folder))
    assert "All of Südland" in (folder / "maps/index.html").read_text(encoding="utf-8")
