"""Figures of the atlas' own, wherever they are shown: one length a line, and crossings in doubt not counted as open."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from atlas.evidence.formal import open_and_other
from atlas.figure.figure_texts import load_words
from atlas.geometry.geodesy import length_km
from atlas.render.build_context import BuildContext

KM = re.compile(r"\d[\d,]*\.\d")


def _block(page: bytes, name: str) -> Any:
    match = re.search(rb'id="atlas-' + name.encode() + rb'">(.*?)</script>', page, re.DOTALL)
    assert match, name
    return json.loads(match.group(1))


@pytest.fixture(scope="module")
def measured(edition: BuildContext) -> dict[str, float]:
    """Lengths in km as the layers carry them."""
    border = [feature["properties"] for feature in edition.features["border"]]
    corridor = [feature["properties"]["length_km"] for feature in edition.features["corridor"]]
    line = next(
        shape
        for feature, shape in zip(edition.features["containment"], edition.shapes["containment"], strict=True)
        if feature["properties"]["item"] == "isthmus_line_length"
    )
    return {
        **{n: math.fsum(p["length_km"] for p in border if p["neighbour"] == n) for n in ("GTM", "BLZ")},
        "both": math.fsum(p["length_km"] for p in border),
        "corridor": math.fsum(corridor),
        "isthmus": length_km(line),
    }


def test_every_layer_comes_to_the_same_length_of_the_border(
    edition: BuildContext, measured: Mapping[str, float]
) -> None:
    layers = edition.features
    ends = [feature["properties"]["chainage_to_km"] for feature in layers["border"]]
    reaches = math.fsum(feature["properties"]["length_km"] for feature in layers["border_reaches"])
    shared = math.fsum(feature["properties"]["border_km"] for feature in layers["municipalities"])
    drawn = math.fsum(map(length_km, edition.shapes["border"]))
    for length in (max(ends), reaches, shared, drawn):
        assert length == pytest.approx(measured["both"], abs=0.05)
        assert f"{length:,.1f}" == f"{measured['both']:,.1f}"


def test_the_road_is_as_long_as_its_legs(edition: BuildContext, measured: Mapping[str, float]) -> None:
    ends = [feature["properties"]["chainage_to_km"] for feature in edition.features["corridor"]]
    assert max(ends) == pytest.approx(measured["corridor"], abs=0.005)
    assert math.fsum(map(length_km, edition.shapes["corridor"])) == pytest.approx(measured["corridor"], abs=0.05)


def test_every_page_shows_that_length(
    pages: Mapping[str, bytes], edition: BuildContext, measured: Mapping[str, float]
) -> None:
    index = pages["index.html"].decode()
    assert f'<data value="{round(measured["both"])}" data-number>' in index
    border = pages["border.html"].decode()
    for part in ("GTM", "BLZ", "both"):
        assert f'<data value="{round(measured[part], 1)}" data-number>' in border, part
    counts = _block(pages["crossings.html"], "counts")
    assert counts["lengthKm"] == pytest.approx(measured["both"], abs=0.001)
    assert counts["turnKm"] == pytest.approx(measured["GTM"], abs=0.001)
    lengths = {row["key"]: row["measured_km"] for row in _block(pages["containment.html"], "containment")["lengths"]}
    assert lengths["isthmus"] == round(measured["isthmus"], 1)
    checks = {check.claim_id: check for check in edition.evidence.claim_checks}
    shown = [one for one in edition.findings if one.unit == "km" and isinstance(one.measured, float)]
    assert shown
    for finding in shown:
        check = checks[finding.claim.claim_id]
        if check.check == "border_length":
            assert finding.measured == round(measured[check.argument or "both"], 1), finding.claim.claim_id


def test_the_atlas_has_no_second_length_of_its_own_beside_it(edition: BuildContext, pages: Mapping[str, bytes]) -> None:
    shown = _block(pages["border.html"], "lengths")
    atlas_sources = {name for name, source in edition.evidence.sources.items() if source.publisher == "this project"}
    assert len(shown) > 10
    assert not [row for row in shown if atlas_sources & set(row["sources"])]
    words = [str(row.what) for row in edition.evidence.containment]
    words += [cell for row in edition.evidence.unsourced if row.table == "containment" for cell in row.row.values()]
    assert not [text for text in words if "own computation" in text]


def test_the_readme_prints_the_measured_lengths(repo: Path, measured: Mapping[str, float]) -> None:
    readme = (repo / "README.md").read_text(encoding="utf-8")
    for name, start in (("GTM", "| Mexico–Guatemala |"), ("BLZ", "| Mexico–Belize")):
        row = next(line for line in readme.splitlines() if line.startswith(start))
        assert f"{measured[name]:,.1f} km" in row, row
    for name in ("README.md", *(f"docs/{path.name}" for path in (repo / "docs").glob("*.md"))):
        text = (repo / name).read_text(encoding="utf-8")
        for km in re.findall(r"\b(?:1,15\d(?:\.\d)?|96[2-4]\.\d|195\.\d|23[23]\.\d) km", text):
            number = km.removesuffix(" km")
            decimals = len(number.partition(".")[2])
            assert any(number == f"{value:,.{decimals}f}" for value in measured.values()), (name, km)


def test_crossings_in_doubt_are_never_counted_as_open(
    edition: BuildContext, pages: Mapping[str, bytes], repo: Path
) -> None:
    listed, other = open_and_other(edition.features["crossings_formal"])
    assert {feature["id"] for feature in other} == {
        "formal-union_juarez",
        "formal-nuevo_orizaba",
        "formal-rail_suchiate",
    }
    index = pages["index.html"].decode()
    facts = dict(re.findall(r'data-t="index\.facts\.([\w.]+)">.*?<data value="(\d+)"', index))
    assert (facts["formal"], facts["formal.doubt"]) == (str(len(listed)), str(len(other)))
    why = index[index.index('id="doubtful"') :].partition("</li>")[0]
    for feature in other:
        assert feature["properties"]["name"] in why
        assert f"value.crossings_formal.status.{feature['properties']['status']}" in why
    readme = " ".join((repo / "README.md").read_text(encoding="utf-8").split())
    assert f"Formal crossings: {len(listed)} that sources list as open, and {len(other)} in doubt or closed" in readme
    for text in (repo / "README.md", repo / "geodata" / "README.md", *(repo / "docs").glob("*.md")):
        assert not re.search(r"\b(?:13|thirteen|trece) (?:formal crossings|cruces formales)", text.read_text("utf-8"))


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_figure_counts_them_apart_as_well(edition: BuildContext, language: str) -> None:
    listed, other = open_and_other(edition.features["crossings_formal"])
    words = load_words(language)
    text = words("formal.counted", name=words.layer("crossings_formal"), open=str(len(listed)), other=str(len(other)))
    assert re.findall(r"\d+", text) == ["10", "3"]


def test_population_is_shown_with_its_census_its_variable_and_its_date(edition: BuildContext, repo: Path) -> None:
    record = edition.release.record("municipalities")
    (field,) = [field for field in record["fields"] if field["name"] == "population_2020"]
    # what names a census of one country stands in the project of this border
    shipped = repo / "atlas/projects/southern_border"
    figures = [json.loads((shipped / f"figure/{code}.json").read_bytes()) for code in ("en", "es")]
    pages = [json.loads((shipped / f"texts/{code}/municipalities.json").read_bytes()) for code in ("en", "es")]
    texts = [
        *field["description"].values(),
        *(text["municipalities.note"] for text in figures),
        *(text["municipalities.note.population_2020"] for text in pages),
    ]
    for text in texts:
        assert "Censo de Población y Vivienda 2020" in text
        assert "INEGI" in text
        assert "POBTOT" in text
        assert re.search(r"2 (?:to|al) 27 (?:de marzo de|March) 2020", text), text
