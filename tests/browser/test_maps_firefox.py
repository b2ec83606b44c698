"""A map of one's own, the atlas and the figures in time in a real Firefox: drawn, filtered, searched, printed."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from atlas.admission.published_atlas import PublishedAtlas
from atlas.cartography.composition import Composition, Join, MapLayer, Style, bilingual
from atlas.render import render_composition
from tools import browsers, node

pytestmark = [pytest.mark.browser, pytest.mark.slow(60)]

DRIVE = Path(__file__).parent / "firefox" / "maps.mjs"
TIMEOUT_S = 400
RATES = "cvegeo,rate,year,note\n07089,1.50,2020,=1+1\n07015,10,2020,</b>\n07089,20,2021,x\n07015,3,2021,y\n"
SEA = (223, 234, 242)


def _map_of_rates(release: PublishedAtlas, folder: Path) -> Path:
    (folder / "rates.csv").write_text(RATES, encoding="utf-8")
    style = Style("rate", time="year", label="name")
    layer = MapLayer(folder / "rates.csv", style, popup=("name", "note"), join=Join("municipalities", "cvegeo"))
    composition = Composition((layer,), {"title": bilingual({"en": "Rates", "es": "Tasas"}, "title")})
    html, _ = render_composition(composition, release=release)
    (folder / "own.html").write_bytes(html)
    return folder / "own.html"


def test_firefox_draws_filters_searches_and_prints(
    release: PublishedAtlas, maps: Path, repo: Path, lacking: Callable[[str], None], tmp_path: Path
) -> None:
    firefox = browsers.find(browsers.FIREFOX)
    if firefox is None:
        lacking(browsers.FIREFOX.remedy)
    profile = tmp_path / "profile"
    profile.mkdir()
    pages = [page.as_uri() for page in (_map_of_rates(release, tmp_path), maps / "atlas.html", maps / "series.html")]
    modules = node.packages(repo / "web").parent
    command = [node.node(), str(DRIVE), str(modules), str(firefox), str(profile), *pages, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["console"] == []
    # Firefox prints with a font of its own
    assert {request.partition(":")[0] for request in report["requests"]} <= {"file", "data"}
    for drawn in (report["own desktop"], report["own phone"], report["atlas"]):
        assert drawn["inked"] > 0.15
        assert drawn["names"] > 10
        assert drawn["wider"] == 0
    for size in ("desktop", "phone"):
        before, first, later = report[f"own {size} rows"]
        assert before == 23
        assert "1.50" in first
        assert "20" in later[0]
    assert report["card"] == "Tapachula"
    assert report["spanish"] == "El atlas completo"
    assert "With a figure for this month: 1 of 23; the largest is 56,801" in report["series"]
    assert report["wider"] == 0
    for name in ("own-desktop", "own-phone", "atlas"):
        sheet = pypdfium2.PdfDocument(tmp_path / f"{name}.pdf")[0].render(scale=0.6).to_pil().convert("RGB")
        colours = Counter(sheet.get_flattened_data())
        assert sum(count for colour, count in colours.items() if _like(colour, SEA)) > 2000
        assert sum(colours.values()) - colours[255, 255, 255] > 30_000


def _like(colour: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return all(abs(one - two) <= 4 for one, two in zip(colour, other, strict=True))
