"""Nothing in a string can leave the place where it stands, and no template runs twice."""

from __future__ import annotations

import json

import pytest

from atlas.errors import InputError
from atlas.render.assets import asset, bundle
from atlas.render.elements import AtlasPage, Blueprint, Verbatim
from atlas.render.embed import csp_hash, json_block
from atlas.render.page_texts import FOLDER, read_catalogue
from atlas.render.templates import environment

HOSTILE = "</script><img src=x onerror=alert(1)>${7*7}`{{7*7}}<!--\u2028\u2029\u202e'\""


def test_json_block_holds_no_character_that_ends_it() -> None:
    block = json_block({"name": HOSTILE})
    assert not set("<>&\u2028\u2029") & set(block)
    assert json.loads(block) == {"name": HOSTILE}


def test_templates_escape() -> None:
    assert environment().from_string("{{ x }}").render(x="<b>&\"'") == "&lt;b&gt;&amp;&#34;&#39;"


def test_finished_text_is_not_read_as_a_template_again() -> None:
    assert Verbatim("{{ 7 * 7 }}{% raw %}").render() == "{{ 7 * 7 }}{% raw %}"


def test_hostile_titles_stay_text_in_a_page() -> None:
    catalogue = {**read_catalogue(FOLDER / "en.json"), "page.index.title": HOSTILE}
    blueprint = Blueprint("index", "page.html.j2", scripts=(), styles=(), data={})
    html = AtlasPage(blueprint, {"en": catalogue, "es": catalogue}).render()
    assert "<img" not in html
    assert "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;" in html
    # its one script is the one of every page
    assert f"script-src {csp_hash(asset(bundle('early')))}; style-src 'none'".replace("'", "&#39;") in html
    assert "${7*7}`{{7*7}}" in html


def test_missing_library_says_what_to_do() -> None:
    with pytest.raises(InputError, match=r"vendor/nothing\.js does not exist; run `pip install \.` again"):
        asset("vendor/nothing.js")
