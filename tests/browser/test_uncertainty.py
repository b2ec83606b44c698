"""What a popup says of how sure and how exact a thing is, in both languages, and what the legend tells apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
CARD = """([name, wanted]) => {
  const layer = Atlas.view.byName.get(name);
  return Atlas.details.card(layer, layer.features.find(({ id }) => id === wanted)).textContent;
}"""


@pytest.mark.parametrize(
    ("language", "which", "wanted"),
    [
        ("en", ["containment", "containment-distance_2013_3"], ["place as stated: to within about 64 km", "100 m"]),
        (
            "es",
            ["containment", "containment-distance_2013_3"],
            ["ubicación según la fuente", "64 km", "contorno dibujado"],
        ),
        ("es", ["containment", "containment-isthmus_line"], ["no afirma una posición", "sin trazar una línea"]),
        ("en", ["facilities", "facility-caitf_palenque"], ["planned, not known to be built", "outline as drawn"]),
        ("es", ["facilities", "facility-caitf_palenque"], ["planeado; no consta que se haya construido"]),
        ("en", ["crossings_formal", "formal-rail_suchiate"], ["at the same position", "Suchiate I (Puente"]),
        ("es", ["crossings_formal", "formal-suchiate_1"], ["en la misma posición", "Ferrocarril en Ciudad Hidalgo"]),
        ("es", ["checkpoints", "checkpoint-CP07"], ["la fecha es inferida"]),
    ],
)
def test_a_popup_says_how_sure_and_how_exact(
    maps: Path, opener: Opener, language: str, which: list[str], wanted: list[str]
) -> None:
    page = opener(maps / "atlas.html", state=f"lang={language}").page
    text = page.evaluate(CARD, which)
    assert [words for words in wanted if words not in text] == [], text


@pytest.mark.parametrize(
    ("language", "wanted"),
    [("en", ["built", "planned", "begun", "abandoned"]), ("es", ["construido", "planeado", "iniciado", "abandonado"])],
)
def test_the_legend_tells_what_stands_from_what_was_planned(
    maps: Path, opener: Opener, language: str, wanted: list[str]
) -> None:
    page = opener(maps / "atlas.html", state=f"lang={language}").page
    rows = page.locator("[data-layer=facilities] .legend li").all()
    assert len(rows) == 5
    texts = " ".join(str(row.text_content()) for row in rows)
    assert [word for word in wanted if word not in texts] == []
    signs = {str(row.locator("svg").inner_html()) for row in rows}
    assert len(signs) == len(rows), "each status has a sign of its own"
