"""Every word in both languages, and every key that a page uses is there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from atlas.errors import InputError
from atlas.published import PublishedLayers
from atlas.render.build_context import BuildContext
from atlas.render.page_texts import FOLDER, SHIPPED, load_catalogues, read_catalogue
from atlas.render.views import APART, VIEWS

RENDER = FOLDER.parent
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def _english() -> set[str]:
    """Keys of the common catalogue and of every page's own."""
    return {key for path in [FOLDER / "en.json", *FOLDER.glob("en/*.json")] for key in read_catalogue(path)}


@pytest.mark.parametrize("name", ["", *(path.stem for path in sorted(FOLDER.glob("en/*.json")))])
def test_catalogues_have_the_same_keys_and_placeholders(name: str) -> None:
    english, spanish = (
        read_catalogue(FOLDER / language / f"{name}.json" if name else FOLDER / f"{language}.json")
        for language in ("en", "es")
    )
    assert english.keys() == spanish.keys()
    for key, text in english.items():
        assert text.strip(), key
        assert spanish[key].strip(), key
        assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(spanish[key])), key


def test_every_key_in_templates_and_scripts_is_in_the_catalogue() -> None:
    keys = _english()
    used = set()
    for path in [*RENDER.glob("templates/*.j2"), *RENDER.parents[1].glob("web/src/**/*.js")]:
        text = path.read_text("utf-8")
        used |= set(re.findall(r"""(?:data-t|data-t-label)="([a-z]+(?:\.[a-z]+)+)\"""", text))
        used |= set(re.findall(r"""\bt\("([a-z]+(?:\.[a-zA-Z_]+)+)\"""", text))
        used |= set(re.findall(r"""\["(legend\.[a-z.]+)\"""", text))
    assert len(used) > 40
    # what the maker of a map of one's own has written, which no catalogue has
    given = {"page.own.title", "map.credit", "map.licence"}
    assert used - given <= keys


def test_placement_keys_are_in_the_catalogue() -> None:
    placements = json.loads((SHIPPED / "placements.json").read_text("utf-8"))
    assert {place["key"] for place in placements if "key" in place} <= read_catalogue(FOLDER / "en.json").keys()


def test_units_and_classes_of_the_registry_have_words(release: PublishedLayers) -> None:
    keys = read_catalogue(FOLDER / "en.json").keys()
    for view in VIEWS:
        record = release.record(view.name)
        assert f"sensitivity.{record['sensitivity']}" in keys
        units = {field["unit"] for field in record["fields"] if field["name"] in view.fields and field.get("unit")}
        assert {f"unit.{unit}" for unit in units} <= keys


def test_every_layer_is_shown_with_fields_that_it_has(release: PublishedLayers) -> None:
    assert {view.name for view in VIEWS} == set(release.names) - APART
    for view in VIEWS:
        known = {field["name"] for field in release.record(view.name)["fields"]}
        assert set(view.fields) - {"chainage"} <= known, view.name


def test_a_text_in_one_language_only_is_refused(release: PublishedLayers) -> None:
    record = release.record("border")
    half = {**record, "title": {"en": "Border line"}}
    with pytest.raises(InputError, match=r"not there in both languages:\n  - layer.border.title"):
        load_catalogues({"border": half}, "atlas")


def test_a_broken_catalogue_is_one_clear_error(tmp_path: Path) -> None:
    broken = tmp_path / "en.json"
    broken.write_text('{"a": "b",}', "utf-8")
    with pytest.raises(InputError, match=r"en\.json is not JSON \(line 1"):
        read_catalogue(broken)


def test_only_allowed_fields_reach_the_page(edition: BuildContext, pages: Mapping[str, bytes]) -> None:
    html = pages["atlas.html"].decode()
    for view in edition.views:
        block = re.search(rf'id="layer_{view.name}">(.*?)</script>', html, re.DOTALL)
        assert block is not None
        assert {field[0] for field in json.loads(block[1])["fields"]} <= set(view.fields)
