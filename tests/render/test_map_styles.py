"""A user's own map with classes, circles and joins: the page says what it shows, and nothing is dropped in silence."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import html5lib
import pytest

from atlas.admission.published_atlas import PublishedAtlas
from atlas.cartography.composition import Composition, Join, MapLayer, Style, bilingual
from atlas.errors import InputError, PolicyError, UsageError
from atlas.render import render_composition

pytestmark = pytest.mark.slow

INCIDENTS = "lat,lon,kind,people,phone\n"
INCIDENTS += "14.9,-92.26,robbery,3,555-0141\n15.1,-92.1,</script>{x},120,555-0142\n16.9,-91.1,,,557\n"
RATES = "cvegeo,rate,cases\n7089,12.50,3\n07015,3,40\n04010,N/D,7\n99999,4,1\n"


def _file(folder: Path, text: str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _page(release: PublishedAtlas, layer: MapLayer, **more: Any) -> tuple[str, str]:
    html, notes = render_composition(Composition((layer,), **more), release=release)
    html5lib.HTMLParser(strict=True).parse(html.decode())
    assert render_composition(Composition((layer,), **more), release=release)[0] == html
    return html.decode(), "\n".join(notes)


def _block(html: str, name: str) -> Mapping[str, Any]:
    block = re.search(rf'id="{name}">(.*?)</script>', html, re.DOTALL)
    assert block is not None
    stated: Mapping[str, Any] = json.loads(block[1])
    return stated


def test_kinds_have_colours_and_numbers_circles(release: PublishedAtlas, tmp_path: Path) -> None:
    layer = MapLayer(_file(tmp_path, INCIDENTS), Style("kind", "people"), popup=("kind",))
    html, _ = _page(release, layer)
    made = _block(html, "atlas-portrayals")["own"]
    # the largest first; what has no number comes last and has a class of its own
    assert made["shares"] == [1.0, pytest.approx((3 / 120) ** 0.5, abs=1e-4), None]
    assert [made["classes"][number][3] for number in made["of"]] == [False, False, True]
    assert len({colour for colour, *_ in made["classes"]}) == 3
    assert "555-0142" not in html
    texts = _block(html, "atlas-texts")
    assert texts["es"]["map.own.class.2"] == "sin datos"
    assert "</script>{x}" in texts["en"].values()
    assert texts["en"]["own.missing.credit"] in html


def test_a_join_tells_lost_zeros_strays_and_gaps(release: PublishedAtlas, tmp_path: Path) -> None:
    join = Join("municipalities", "cvegeo")
    html, notes = _page(release, MapLayer(_file(tmp_path, RATES), Style("rate"), join=join))
    assert "7089 → 07089" in notes
    assert "match no feature and are not on the map: 1 (99999)" in notes
    assert "Features without a row in the table: 20" in notes
    rows = {row[0]: row[1] for row in _block(html, "layer_own")["rows"]}
    # as it was written
    assert rows["Tapachula"] == "12.50"
    texts = _block(html, "atlas-texts")
    assert texts["es"]["map.own.class.0"] == "3.0"
    assert "note.strays" not in texts["es"]
    assert any("no corresponden a ningún elemento" in text for text in texts["es"].values())


def test_counts_on_areas_get_a_word_and_rates_do_not(release: PublishedAtlas, tmp_path: Path) -> None:
    path, join = _file(tmp_path, RATES), Join("municipalities", "cvegeo")
    assert "cases is a count" in _page(release, MapLayer(path, Style("cases"), join=join))[1]
    html, notes = _page(release, MapLayer(path, Style("cases", per="border"), join=join))
    assert "is a count" not in notes
    assert _block(html, "atlas-texts")["es"]["map.own.head"] == "cases por km de frontera"


def test_doubled_rows_are_refused_until_one_is_chosen(release: PublishedAtlas, tmp_path: Path) -> None:
    path = _file(tmp_path, "cvegeo,rate,year\n07089,1,2020\n07089,2,2021\n07015,3,2021\n")
    layer = MapLayer(path, Style("rate"), join=Join("municipalities", "cvegeo"))
    with pytest.raises(InputError, match=r"more than one row for a feature.*\n.*rows 2, 3"):
        render_composition(Composition((layer,)), release=release)
    chosen = MapLayer(path, Style("rate"), join=layer.join, where=(("year", "2021"),))
    assert "chosen: 2 of 3, by year = 2021" in _page(release, chosen)[1]


def test_a_table_cannot_open_what_is_closed(release: PublishedAtlas, tmp_path: Path) -> None:
    closed = _file(tmp_path, "cvegeo,rate,sensitivity\n07089,1,restricted\n")
    join = Join("municipalities", "cvegeo")
    with pytest.raises(PolicyError, match="restricted"):
        render_composition(Composition((MapLayer(closed, Style("rate"), join=join),)), release=release)
    point = {"type": "Point", "coordinates": [-92, 15]}
    secret = {"type": "Feature", "geometry": point, "properties": {"k": "a", "sensitivity": "restricted"}}
    layer = _file(tmp_path, json.dumps({"type": "FeatureCollection", "features": [secret]}), "secret.geojson")
    opened = _file(tmp_path, "k,sensitivity\na,open\n", "opened.csv")
    with pytest.raises(PolicyError, match="restricted"):
        render_composition(Composition((MapLayer(opened, Style("k"), join=Join(str(layer), "k")),)), release=release)
    with pytest.raises(UsageError, match="places are generalised"):
        render_composition(
            Composition((MapLayer(opened, Style("k"), join=Join("crossings_informal", "name")),)), release=release
        )


def test_texts_are_those_of_each_language(release: PublishedAtlas, tmp_path: Path) -> None:
    texts = {"title": bilingual({"en": "Rates", "es": "Tasas"}, "title"), "credit": bilingual("<b>A</b>", "credit")}
    html, _ = _page(release, MapLayer(_file(tmp_path, INCIDENTS)), texts=texts, sources=(bilingual("INM", "s"),))
    catalogues = _block(html, "atlas-texts")
    assert [catalogues[language]["page.own.title"] for language in ("en", "es")] == ["Rates", "Tasas"]
    assert "&lt;b&gt;A&lt;/b&gt;" in html
    assert "<title>Rates" in html
    assert catalogues["en"]["own.missing.sources"] not in html.split("<main")[0].split("</h1>")[1]


def test_several_layers_and_those_of_the_atlas(release: PublishedAtlas, tmp_path: Path) -> None:
    path = _file(tmp_path, INCIDENTS)
    layers = (
        MapLayer("municipalities", Style("population_2020", per="area")),
        MapLayer("crossings_formal"),
        MapLayer(path),
    )
    html, _ = render_composition(Composition(layers), release=release)
    text = html.decode()
    assert _block(text, "layer_own-2")["rows"]
    assert _block(text, "layer_crossings_formal")["shown"] is True
    assert 'id="layer_municipalities"' not in text
    assert len(html) < 900_000


def test_times_labels_widths_and_hatches_reach_the_page(release: PublishedAtlas, tmp_path: Path) -> None:
    path = _file(tmp_path, "cvegeo,rate,year\n07089,1.50,2020\n07089,2,2021\n07015,3,2021\n")
    style = Style("rate", time="year", label="name", hatch=True)
    html, notes = _page(release, MapLayer(path, style, join=Join("municipalities", "cvegeo")))
    made = _block(html, "atlas-portrayals")["own"]
    assert made["steps"] == ["2020", "2021"]
    assert len(made["times"]) == 2 * 23
    assert "Tapachula" in made["labels"]
    assert made["hatch"] is True
    assert "shown as no data: 1" in notes


def test_numbers_of_a_table_with_places_keep_their_zeros(release: PublishedAtlas, tmp_path: Path) -> None:
    path = _file(tmp_path, "lat,lon,dose\n15.0,-92.0,1.50\n15.1,-92.1,3\n")
    html, _ = _page(release, MapLayer(path, popup=("dose",)))
    assert [row[0] for row in _block(html, "layer_own")["rows"]] == [{"number": "1.50"}, 3]


def test_land_lies_under_data_far_away_and_nowhere_else(release: PublishedAtlas, tmp_path: Path) -> None:
    far = _file(tmp_path, "lat,lon,v\n40,30,1\n", "far.csv")
    html, notes = _page(release, MapLayer(far))
    assert "land_world" in html
    assert "Turqu\u00eda" in _block(html, "atlas-texts")["es"].values()
    assert "coarse map of the world" in notes
    near = _file(tmp_path, "lat,lon,v\n15,-92,1\n", "near.csv")
    assert "land_world" not in json.dumps(_block(_page(release, MapLayer(near))[0], "layer_basemap"))
