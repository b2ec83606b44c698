"""Figures as a reader gets them: every page in every format, the same bytes again, and clear refusals."""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET
from itertools import product
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest

from atlas.errors import OutputError, UsageError
from atlas.figure import PAGES, draw, draw_figure
from atlas.published import PublishedLayers
from tests.rounds import first

pytestmark = pytest.mark.slow(1.3)

A4_MM = 297
SPANISH = {
    "atlas": "La frontera sur de México",
    "border": "marca de kilómetro, cada 100 km",
    "municipalities": "Habitantes por km², 2020",
    "crossings": "El Ceibo (uso informal)",
    "checkpoints": "en algún punto de este intervalo",
    "containment": "segundo cinturón: a unas 20 millas de la frontera",
    "cards": "total publicado que no es la suma de los estados",
    "series": "Solicitudes de refugio",
    "timeline": "Anuncio del Programa Frontera Sur",
}


def _comments(svg: str) -> str:
    """The words of an SVG whose letters are drawn as outlines; each line of type is a comment."""
    return " ".join(re.findall(r"<!-- (.*?) -->", svg))


@pytest.mark.parametrize("page", PAGES)
def test_svg_is_well_formed_in_spanish_on_one_sheet_and_cites_all_that_it_draws(
    release: PublishedLayers, page: str, tmp_path: Path, monkeypatch: Any
) -> None:
    cited: list[tuple[Any, set[str]]] = []
    real = draw.foot
    monkeypatch.setattr(
        draw, "foot", lambda desk, *more, **how: cited.append((desk, set(desk.used))) or real(desk, *more, **how)
    )
    path = draw_figure(release, page, tmp_path / "figure.svg", width_mm=170, lang="es")
    root = ET.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314 - our own file
    assert float(root.get("width", "").removesuffix("pt")) == pytest.approx(170 / 25.4 * 72, abs=1e-4)
    # as wide as a page it stands on one sheet, in the language that takes more lines
    assert float(root.get("viewBox", "").split()[3]) / 72 * 25.4 <= A4_MM
    words = _comments(path.read_text(encoding="utf-8"))
    assert SPANISH[page] in words
    assert "Atlas de la frontera sur de México, versión" in words
    # the foot is laid out before the maps are painted: a page has to say first what it will draw
    [(desk, known)] = cited
    assert set(desk.used) == known


@pytest.mark.parametrize("page", first(["atlas", "series"], PAGES))
def test_png_has_the_pixels_asked_for(release: PublishedLayers, page: str, tmp_path: Path) -> None:
    data = draw_figure(release, page, tmp_path / "figure.png", width_mm=120, dpi=50).read_bytes()
    assert struct.unpack(">I", data[16:20])[0] == round(120 / 25.4 * 50)


@pytest.mark.parametrize("page", first(["containment", "cards", "timeline"], PAGES))
def test_pdf_is_one_page_with_its_fonts_and_no_date(release: PublishedLayers, page: str, tmp_path: Path) -> None:
    data = draw_figure(release, page, tmp_path / "figure.pdf", width_mm=84, lang="es").read_bytes()
    assert data.startswith(b"%PDF-")
    assert b"/FontFile2" in data
    assert b"CreationDate" not in data
    box = re.search(rb"/MediaBox \[ ?0 0 ([\d.]+)", data)
    assert box is not None
    assert float(box[1]) == pytest.approx(84 / 25.4 * 72, abs=0.01)


@pytest.mark.parametrize(
    ("page", "ending"),
    first(
        [("checkpoints", "svg"), ("cards", "png"), ("cards", "pdf")],
        product(["checkpoints", "cards"], ["png", "svg", "pdf"]),
    ),
)
def test_a_figure_is_the_same_bytes_again(release: PublishedLayers, page: str, ending: str, tmp_path: Path) -> None:
    first, second = (draw_figure(release, page, tmp_path / f"{n}.{ending}", width_mm=84, dpi=50) for n in (1, 2))
    assert first.read_bytes() == second.read_bytes()


def test_the_readers_own_settings_neither_change_a_figure_nor_are_changed(
    release: PublishedLayers, tmp_path: Path
) -> None:
    plain = draw_figure(release, "cards", tmp_path / "plain.svg").read_bytes()
    with mpl.rc_context({"font.family": "serif", "lines.linewidth": 9, "svg.fonttype": "none"}):
        assert draw_figure(release, "cards", tmp_path / "mine.svg").read_bytes() == plain
        assert mpl.rcParams["lines.linewidth"] == 9


def test_a_poster_is_the_page_enlarged(release: PublishedLayers, tmp_path: Path) -> None:
    pages = [
        ET.fromstring(draw_figure(release, "cards", tmp_path / f"{width}.svg", width_mm=width).read_text())  # noqa: S314
        for width in (170, 340)
    ]
    small, large = ([float(number) for number in page.get("viewBox", "").split()] for page in pages)
    assert large[2:] == pytest.approx([2 * length for length in small[2:]], rel=1e-6)


def test_informal_crossings_are_bands_and_no_signs(release: PublishedLayers, monkeypatch: Any, tmp_path: Path) -> None:
    from atlas.figure import signs

    drawn: list[str] = []
    real = signs.crossing
    monkeypatch.setattr(signs, "crossing", lambda *a, **k: (drawn.append("sign"), real(*a, **k)))
    draw_figure(release, "crossings", tmp_path / "figure.svg", width_mm=84)
    points = [f for f in release.features("crossings_formal") if f["geometry"]["type"] == "Point"]
    kinds_in_the_legend = 5
    maps = 3
    assert len(drawn) == maps * len(points) + kinds_in_the_legend


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"page": "claims"}, "no figure of 'claims'; the pages with a figure are atlas, border"),
        ({"path": Path("figure.gif")}, r"'figure\.gif' does not say which format.*\.png, \.svg, \.pdf"),
        ({"path": Path("figure")}, "does not say which format"),
        ({"width_mm": 39.9}, r"cannot be 39\.9 mm wide; choose from 40 to 1000"),
        ({"width_mm": float("nan")}, "cannot be nan mm wide"),
        ({"dpi": 1201}, "cannot have 1201 dpi; choose from 50 to 1200"),
        ({"lang": "fr"}, "cannot be written in 'fr'; choose one of en, es"),
        ({"width_mm": 1000, "dpi": 1200, "page": "cards"}, "pixels, too many; choose a lower --dpi"),
    ],
)
def test_refusals(
    release: PublishedLayers, change: dict[str, Any], match: str, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    asked: dict[str, Any] = {"page": "cards", "path": Path("figure.png"), **change}
    with pytest.raises(UsageError, match=match):
        draw_figure(release, asked.pop("page"), asked.pop("path"), **asked)
    assert not list(tmp_path.iterdir())


def test_a_folder_is_not_a_file(release: PublishedLayers, tmp_path: Path) -> None:
    (tmp_path / "figure.png").mkdir()
    with pytest.raises(UsageError, match="is a folder; give the name of a file"):
        draw_figure(release, "cards", tmp_path / "figure.png")


def test_a_place_that_cannot_be_written(release: PublishedLayers, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    with pytest.raises(OutputError, match=r"cannot write .*file.*choose another folder"):
        draw_figure(release, "cards", tmp_path / "file" / "figure.svg")
    assert (tmp_path / "file").read_text() == "kept"


@pytest.mark.parametrize(
    ("page", "lang", "shown"),
    [
        (
            "crossings",
            "en",
            ("about 400, of which 97\xa0% illegal;", "at least 300, Mexico–Guatemala–Belize", "≥ 300"),
        ),
        ("crossings", "es", ("unos 400, 97\xa0% de ellos ilegales;", "al menos 300, México–Guatemala–Belice")),
        ("cards", "en", ("broken axis: forms before, cards after", "To 2013 the source counts migration forms")),
        ("cards", "es", ("Hasta 2013 la fuente cuenta formas migratorias", "todas son de esta única fuente")),
    ],
)
def test_figures_are_as_exact_as_their_sources(
    release: PublishedLayers, page: str, lang: str, shown: tuple[str, ...], tmp_path: Path
) -> None:
    words = _comments(draw_figure(release, page, tmp_path / "figure.svg", lang=lang).read_text(encoding="utf-8"))
    assert [text for text in shown if text not in words] == []


def test_figures_in_time_have_unit_period_and_source_and_leave_out_what_is_not_confirmed(
    release: PublishedLayers, tmp_path: Path
) -> None:
    words = _comments(draw_figure(release, "series", tmp_path / "series.svg").read_text(encoding="utf-8"))
    assert "Tapachula: 76,239 applications" in words
    assert "2022; La Razón (2023)" in words
    # of two that don't fit, and of a range
    assert "southern border of Mexico: 11 crossings *" in words
    assert "El Ceibo: 5–8 vehicles a day" in words
    assert "292,459" not in words
    assert "66,179" not in words


def test_the_timeline_draws_every_event_and_says_how_its_date_is_known(
    release: PublishedLayers, tmp_path: Path
) -> None:
    words = _comments(draw_figure(release, "timeline", tmp_path / "timeline.svg").read_text(encoding="utf-8"))
    plain = " ".join(words.split())
    assert [event.title for event in release.evidence.events if " ".join(event.title.split()[:4]) not in plain] == []
    assert "Mérida Initiative no date" in plain
    assert "Jul 2019 (inferred)" in plain
