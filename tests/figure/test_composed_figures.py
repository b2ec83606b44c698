"""A user's own map on paper: no text on another, inside its height, in every format, with a caption to copy."""

from __future__ import annotations

import io
import json
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
import shapely
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

import atlas
from atlas.cartography.assembly import assemble
from atlas.cartography.composition import Composition, Join, MapLayer, Style, bilingual
from atlas.errors import UsageError
from atlas.figure import composed_figure, draw
from atlas.figure.composed_figure import draw_composition
from atlas.figure.draw import SheetOptions
from atlas.figure.frame import MapFrame
from atlas.published import PublishedLayers
from tests.rounds import first

pytestmark = pytest.mark.slow

INCIDENTS = "lat,lon,kind,people\n14.9,-92.26,a kind with a long name,3\n15.1,-92.1,b,120\n16.9,-91.1,c,40\n18,-89,,\n"
RATES = "cvegeo,rate\n7089,12.50\n07015,3\n04010,7\n07034,30\n07059,44.125\n"


@pytest.fixture
def maps(tmp_path: Path) -> dict[str, Composition]:
    (tmp_path / "incidents.csv").write_text(INCIDENTS, encoding="utf-8")
    (tmp_path / "rates.csv").write_text(RATES, encoding="utf-8")
    far = {"type": "MultiPoint", "coordinates": [[29, 41], [36.8, -1.3]]}
    (tmp_path / "far.geojson").write_text(json.dumps(far), encoding="utf-8")
    texts = {"title": bilingual({"en": "A title", "es": "Un título"}, "title")}
    join = Join("municipalities", "cvegeo")
    return {
        "points": Composition((MapLayer(tmp_path / "incidents.csv", Style("kind", "people")),), texts),
        "areas": Composition(
            (MapLayer(tmp_path / "rates.csv", Style("rate"), join=join), MapLayer("crossings_formal")), texts
        ),
        "far": Composition((MapLayer(tmp_path / "far.geojson"),), texts),
        "corner": Composition(
            (MapLayer(tmp_path / "incidents.csv", Style("kind")),), texts, (), (-92.5, 14.5, -91.9, 15.3)
        ),
    }


@pytest.mark.parametrize(
    ("name", "width_mm"),
    first(
        [("points", 85), ("areas", 170), ("far", 85), ("corner", 170)],
        product(["points", "areas", "far", "corner"], [85, 170]),
    ),
)
def test_no_text_lies_on_another_and_the_height_is_kept(  # noqa: PLR0913, PLR0917 - fixtures and cases
    release: PublishedLayers, maps: dict[str, Composition], tmp_path: Path, monkeypatch: Any, name: str, width_mm: int
) -> None:
    sheets: list[Figure] = []
    real = draw.sheet_of
    monkeypatch.setattr(draw, "sheet_of", lambda *given: sheets.append(real(*given)) or sheets[-1])
    options = SheetOptions(width_mm, 150, dpi=100, lang="es")
    draw_composition(release, assemble(maps[name], release), tmp_path / "f.png", options)
    [sheet] = sheets
    assert sheet.get_size_inches()[1] * 25.4 <= 150.3
    texts = [text for text in sheet.findobj(Text) if text.get_text().strip() and text.get_visible()]
    boxes = [(text.get_text(), text.get_window_extent().padded(-1.0)) for text in texts]
    # outside of the map's window nothing is drawn
    on_paper = [(text, box) for text, box in boxes if sheet.bbox.overlaps(box)]
    assert not [(a, b) for (a, one), (b, other) in combinations(on_paper, 2) if one.overlaps(other)]
    assert not [text for text, box in on_paper if not sheet.bbox.padded(1).contains(box.x1, box.y1)]


@pytest.mark.parametrize("ending", ["svg", "pdf", "tiff"])
def test_formats_are_the_same_bytes_again(
    release: PublishedLayers, maps: dict[str, Composition], tmp_path: Path, ending: str
) -> None:
    made = assemble(maps["areas"], release)
    first, second = (
        draw_composition(release, made, tmp_path / f"{n}.{ending}", SheetOptions(60, titled=False)).read_bytes()
        for n in (1, 2)
    )
    assert first == second
    if ending == "tiff":
        assert Image.open(io.BytesIO(first)).info["dpi"] == pytest.approx((600, 600))


def test_a_height_that_cannot_be_kept_is_refused(
    release: PublishedLayers, maps: dict[str, Composition], tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="cannot be made to fit 45 mm; allow more by --max-height-mm"):
        draw_composition(release, assemble(maps["areas"], release), tmp_path / "f.pdf", SheetOptions(85, 45))
    assert not list(tmp_path.glob("*.pdf"))


def test_a_caption_has_both_languages_and_bibtex(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_text(RATES, encoding="utf-8")
    made = atlas.open(repo).compose(title={"en": "Rates", "es": "Tasas"}, sources=["A & B {2024}"])
    made.add(tmp_path / "rates.csv", colour="rate", join="municipalities:cvegeo")
    made.figure(tmp_path / "f.svg", width_mm=85, caption=tmp_path / "caption.txt")
    caption = (tmp_path / "caption.txt").read_text(encoding="utf-8")
    english, spanish = caption.split("\nEspañol\n")
    assert english.startswith("English\nRates\n")
    assert spanish.startswith("Tasas\n")
    assert "sin datos (18)" in spanish
    assert r"title  = {A \& B \{2024\}}" in caption
    assert "@misc{inegi_mg," in caption


def test_a_map_is_drawn_into_axes_of_ones_own(repo: Path) -> None:
    figure = Figure(figsize=(4, 3))
    axes = figure.add_subplot()
    made = atlas.open(repo).compose().add("municipalities", colour="population_2020", per="area", scheme="head_tail")
    assert made.figure(ax=axes) is None
    assert len(axes.patches) > 23
    assert "srcdoc" in made._repr_html_()


def test_times_are_small_maps_and_too_many_are_refused(release: PublishedLayers, tmp_path: Path) -> None:
    path = tmp_path / "years.csv"
    join = Join("municipalities", "cvegeo")
    path.write_text("cvegeo,rate,year\n" + "".join(f"07089,{n},{2000 + n}\n" for n in range(1, 7)), encoding="utf-8")
    made = Composition((MapLayer(path, Style("rate", time="year", hatch=True), join=join),))
    draw_composition(release, assemble(made, release), tmp_path / "f.svg", SheetOptions(170, 150))
    drawn = (tmp_path / "f.svg").read_text(encoding="utf-8")
    # a hatch for each of the five classes
    assert drawn.count("<pattern") >= 5
    points = tmp_path / "points.csv"
    points.write_text("lat,lon,rate,year\n" + "".join(f"15,-92,{n},{2000 + n}\n" for n in range(25)), encoding="utf-8")
    made = Composition((MapLayer(points, Style("rate", time="year")),))
    with pytest.raises(UsageError, match="25 times, and a figure shows at most 24"):
        draw_composition(release, assemble(made, release), tmp_path / "g.svg", SheetOptions(170, 200))


def _words(sheets: list[Figure]) -> str:
    [sheet] = sheets
    return " ".join(text.get_text() for text in sheet.findobj(Text))


@pytest.fixture
def sheets(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    kept: list[Figure] = []
    real = draw.sheet_of
    monkeypatch.setattr(draw, "sheet_of", lambda *given: kept.append(real(*given)) or kept[-1])
    return kept


@pytest.mark.parametrize("lang", ["en", "es"])
def test_only_what_is_drawn_is_credited(
    release: PublishedLayers, tmp_path: Path, sheets: list[Figure], lang: str
) -> None:
    path = tmp_path / "berlin.csv"
    path.write_text("lat,lon\n52.5,13.4\n52.4,13.3\n", encoding="utf-8")
    assembled = assemble(Composition((MapLayer(path),)), release)
    draw_composition(release, assembled, tmp_path / "f.png", SheetOptions(85, dpi=100, lang=lang))
    words = _words(sheets)
    assert not [name for name in ("INEGI", "GeoNames", "GSHHG", "1882") if name in words]
    assert "Natural Earth" in words
    assert "Lambert" in words


def test_the_region_is_credited_where_it_is_drawn(
    release: PublishedLayers, maps: dict[str, Composition], tmp_path: Path, sheets: list[Figure]
) -> None:
    draw_composition(release, assemble(maps["points"], release), tmp_path / "f.png", SheetOptions(85, dpi=100))
    words = _words(sheets)
    assert all(name in words for name in ("INEGI", "GeoNames", "GSHHG"))
    assert "Natural Earth" not in words


def test_odd_signs_are_told_and_break_no_line(
    repo: Path, tmp_path: Path, sheets: list[Figure], recwarn: pytest.WarningsRecorder
) -> None:
    document = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [-92, 15 + n]},
                "properties": {"name": text},
            }
            for n, text in enumerate(["bell\x07", "two\nlines", "字 town"])
        ],
    }
    made = atlas.open(repo).compose(title="a\tb\x07 " + "long" * 80, credit="https://example.org/" + "x" * 200)
    made.add(document, label="name").figure(tmp_path / "f.png", width_mm=85, dpi=100)
    [sheet] = sheets
    texts = [text.get_text() for text in sheet.findobj(Text)]
    assert {"bell", "two lines", "字 town"} <= set(texts)
    assert not [text for text in texts if any(ord(letter) < 32 for letter in text)]
    edges = [
        text.get_window_extent() for text in sheet.findobj(Text) if "long" in text.get_text() or "xx" in text.get_text()
    ]
    assert max(edge.x1 for edge in edges) <= sheet.bbox.x1
    assert made.notes == ["The font of figures has no sign for 字; a box stands in its place. A page shows them."]
    assert not [one for one in recwarn if "Glyph" in str(one.message)]


@pytest.mark.parametrize("width_mm", [85, 170])
def test_names_of_the_ground_stand_on_one_side_of_the_line(
    release: PublishedLayers,
    maps: dict[str, Composition],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    width_mm: int,
) -> None:
    frames: list[MapFrame] = []
    real = composed_figure.name_features
    monkeypatch.setattr(
        composed_figure, "name_features", lambda frame, **given: frames.append(frame) or real(frame, **given)
    )
    draw_composition(release, assemble(maps["areas"], release), tmp_path / "f.png", SheetOptions(width_mm, dpi=100))
    [frame] = frames
    lines = shapely.union_all([frame.shape(feature) for feature in release.features("border")])
    crossed = []
    for text in frame.axes.texts:
        box = text.get_window_extent().transformed(frame.axes.transData.inverted())
        if text.get_text() and lines.intersects(shapely.box(box.x0, box.y0 + 0.5, box.x1, box.y1 - 0.5)):
            crossed.append(text.get_text())
    assert crossed == []


def test_what_is_wrong_with_a_file_is_said_of_its_figure_too(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_text("lat,lon,n\n14.9,-92.26,1\nabc,-92.1,2\n", encoding="utf-8")
    drawn = atlas.open(repo).compose().add(tmp_path / "odd.csv")
    drawn.figure(tmp_path / "f.png", dpi=72, width_mm=60)
    assert any("row 3 lat: “abc” is no coordinate" in note for note in drawn.notes)


def test_the_scale_bar_lies_on_no_point(release: PublishedLayers, tmp_path: Path, sheets: list[Figure]) -> None:
    path = tmp_path / "corners.csv"
    rows = [f"{lat},{lon}" for lat in (14.6, 14.7, 14.8, 18.3) for lon in (-92.2, -91.5, -90.5, -89.5, -88.6)]
    path.write_text("lat,lon\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assembled = assemble(Composition((MapLayer(path),)), release)
    draw_composition(release, assembled, tmp_path / "f.png", SheetOptions(85, dpi=100))
    [sheet] = sheets
    [bar] = [text for text in sheet.findobj(Text) if text.get_text().endswith(" km")]
    box = bar.get_window_extent()
    axes = bar.axes
    points = [axes.transData.transform(at) for one in axes.collections for at in one.get_offsets()]
    assert len(points) >= 20
    assert not [at for at in points if box.padded(4).contains(*at)]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("lat,lon\n", "The file t.csv holds no features, so that the map shows none of it."),
        ("lat,lon,a\n15,-92,x\n,,y\n", "Rows of the file without a usable position, not on the map: 1."),
        ("lat,lon,a\n15,-92,x\n15,-92,x\n", "feature twice"),
    ],
)
def test_a_figure_tells_what_is_wrong_with_its_file(repo: Path, tmp_path: Path, text: str, note: str) -> None:
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    made = atlas.open(repo).compose().add(tmp_path / "t.csv")
    made.figure(tmp_path / "f.png", width_mm=60, dpi=50)
    assert note in " ".join(made.notes)
