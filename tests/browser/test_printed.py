"""A map on paper: a PDF is made and looked at, for what wipes a map off the sheet shows nowhere else."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
import shapely
from playwright.sync_api import Page, expect

from atlas.published import PublishedLayers
from atlas.render import render_field_page, render_layer
from tests.rounds import first

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
Place = tuple[float, float]
MAP_PAGES = ("atlas", "border", "municipalities", "crossings", "checkpoints", "containment", "annotate")
# whoever prints at night or from a phone gets the same sheet
READERS = {"desktop": "lang=en", "phone": "lang=es&theme=dark"}
# each size and each language; crosswise it is the same sheet
READ_ALWAYS = [("desktop", "en"), ("phone", "es")]
READ = [(size, language) for size in READERS for language in ("en", "es")]
COLOURS = {
    "sea": "dfeaf2",
    "land": "ece7db",
    "land-beyond": "f7f4ee",
    "coast": "b9c6cf",
    "river": "8fb8d4",
    "own": "d1495b",
}
# longitude and latitude in degrees; of each kind there are some on every page
PLACES: Mapping[str, list[Place]] = {
    "sea": [(-93.5, 15.0), (-92.7, 14.4), (-87.6, 17.5), (-92.4, 19.0), (-93.6, 15.7)],
    "land": [(-92.55, 16.6), (-92.9, 16.0), (-93.3, 16.4), (-91.5, 18.2), (-92.2, 17.1)],
    "land-beyond": [(-90.3, 16.9), (-91.3, 15.2), (-90.2, 15.2), (-92.0, 14.8)],
    "coast": [(-92.45, 14.7), (-93.2, 15.6), (-88.1, 18.0)],
}
# the width of A4 in CSS pixels, and how many pixels the picture has for each
SHEET_PX = 794
SCALE = 2
# the last to hear of it, when the map is on the sheet already
LISTEN = """(places) => window.addEventListener("beforeprint", () => {
  const { map } = Atlas.view;
  window.sheet = { places: places.map(([lon, lat]) => map.latLngToContainerPoint([lat, lon])), size: map.getSize() };
})"""


def _first_sheet(page: Page) -> Any:
    """Pixels by row, column and colour."""
    none = dict.fromkeys(("top", "right", "bottom", "left"), "0")
    pdf = pypdfium2.PdfDocument(page.pdf(format="A4", margin=none, page_ranges="1"))
    return pdf[0].render(scale=SCALE * 96 / 72, rev_byteorder=True).to_numpy()[:, :, :3]


class Sheet:
    """The map on the first sheet of a page, as pixels."""

    def __init__(self, page: Page, places: Mapping[str, list[Place]]) -> None:
        expect(page.locator(".picture")).to_have_count(0)
        page.evaluate(LISTEN, [place for kind in places.values() for place in kind])
        picture = _first_sheet(page)
        sheet = page.evaluate("() => window.sheet")
        page.set_viewport_size({"width": SHEET_PX, "height": 1123})
        page.emulate_media(media="print")
        stage = page.locator(".stage").bounding_box()
        assert stage is not None
        self._size = (sheet["size"]["x"], sheet["size"]["y"])
        left, top, right, bottom = (
            round(SCALE * edge)
            for edge in (stage["x"], stage["y"], stage["x"] + self._size[0], stage["y"] + self._size[1])
        )
        self._map = picture[top:bottom, left:right]
        points = iter(sheet["places"])
        self._at = {
            name: [(one["x"], one["y"]) for _, one in zip(kind, points, strict=False)] for name, kind in places.items()
        }

    def share(self, name: str, around_px: float) -> float | None:
        """The greatest share of a colour around one of its places that the map shows; nothing if it shows none."""
        squares = [
            tuple(round(SCALE * edge) for edge in (x - around_px, y - around_px, x + around_px, y + around_px))
            for x, y in self._at[name]
            if around_px < x < self._size[0] - around_px and around_px < y < self._size[1] - around_px
        ]
        return max(
            (float(_alike(name, self._map[top:bottom, left:right]).mean()) for left, top, right, bottom in squares),
            default=None,
        )

    def pixels(self, name: str) -> int:
        """How many pixels of the map have about a colour."""
        return int(_alike(name, self._map).sum())


def _alike(name: str, pixels: Any) -> Any:
    colour = [int(COLOURS[name][place : place + 2], 16) for place in (0, 2, 4)]
    red, green, blue = (
        np.abs(pixels[..., channel].astype(np.int16) - level) <= 10 for channel, level in enumerate(colour)
    )
    return red & green & blue


@pytest.fixture(scope="module")
def places(release: PublishedLayers) -> Mapping[str, list[Place]]:
    """Places of each kind; those of the coast are moved to the nearest position of the base map's outline."""
    land = [
        shapely.geometry.shape(feature["geometry"])
        for feature in release.features("basemap")
        if feature["properties"]["kind"] in {"land_mexico", "land_neighbours"}
    ]
    positions = shapely.get_coordinates(land)
    nearest = [positions[np.hypot(*(positions - place).T).argmin()] for place in PLACES["coast"]]
    return {**PLACES, "coast": [(float(lon), float(lat)) for lon, lat in nearest]}


def _complete(sheet: Sheet) -> None:
    for name, around_px, least in (("sea", 9, 0.7), ("land", 9, 0.7), ("coast", 3, 0.03)):
        share = sheet.share(name, around_px)
        assert share is not None, f"no place of {name} is on the map"
        assert share > least, name
    beyond = sheet.share("land-beyond", 9)
    assert beyond is None or beyond > 0.7
    assert sheet.pixels("river") > 200


# each page by one of the readers, and the two that differ most by both; the rest by `make long`
@pytest.mark.parametrize(
    ("name", "size", "language"),
    first(
        [
            (name, *read)
            for at, name in enumerate(MAP_PAGES)
            for turn, read in enumerate(READ_ALWAYS)
            if name in {"atlas", "annotate"} or at % 2 == turn
        ],
        [(name, *read) for name in MAP_PAGES for read in READ],
    ),
)
def test_a_map_is_complete_on_paper(  # noqa: PLR0913, PLR0917 - each page in all ways
    maps: Path, opener: Opener, places: Mapping[str, list[Place]], name: str, size: str, language: str
) -> None:
    theme = "&theme=dark" if size == "phone" else ""
    opened = opener(maps / f"{name}.html", size=size, state=f"lang={language}{theme}")
    _complete(Sheet(opened.page, places))
    assert opened.console == []


def _file(folder: Path, name: str, shapes: list[Any]) -> Path:
    path = folder / f"{name}.geojson"
    features = [{"type": "Feature", "properties": {"name": f"{name} {n}"}, "geometry": s} for n, s in enumerate(shapes)]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


# plainly nobody's places: a triangle, a line that crosses the coast, a lattice of points
FEW = [
    {"type": "Polygon", "coordinates": [[[-90, 17], [-89, 17], [-89, 18], [-90, 17]]]},
    {"type": "LineString", "coordinates": [[-94, 14], [-87, 19]]},
    {"type": "Point", "coordinates": [-91.5, 16.5]},
]
LATTICE = [{"type": "Point", "coordinates": [-94 + 0.07 * (n % 100), 14 + 0.07 * (n // 100)]} for n in range(4000)]


@pytest.fixture(scope="module", params=[FEW, LATTICE], ids=["few", "lattice"])
def user_page(
    request: pytest.FixtureRequest, release: PublishedLayers, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("own")
    (folder / "own.html").write_bytes(render_layer(_file(folder, "own", request.param), release=release)[0])
    return folder / "own.html"


@pytest.mark.parametrize("size", READERS)
def test_a_file_of_ones_own_is_over_the_map_on_paper(
    user_page: Path, opener: Opener, places: Mapping[str, list[Place]], size: str
) -> None:
    sheet = Sheet(opener(user_page, size=size, state=READERS[size]).page, places)
    assert sheet.pixels("own") > 1000
    _complete(sheet)


def test_a_teams_page_of_notes_is_complete_on_paper(
    release: PublishedLayers, opener: Opener, places: Mapping[str, list[Place]], tmp_path: Path
) -> None:
    html = render_field_page(release, layers=[_file(tmp_path, "few", FEW)])
    (tmp_path / "field.html").write_bytes(html)
    _complete(Sheet(opener(tmp_path / "field.html", state="lang=es").page, places))


def test_without_scripts_the_picture_is_on_the_first_sheet(maps: Path, opener: Opener) -> None:
    page = opener(maps / "atlas.html", java_script_enabled=False).page
    sheet = _first_sheet(page)
    for name in ("sea", "land", "land-beyond"):
        assert _alike(name, sheet).sum() > 10_000, name


def test_an_open_card_is_whole_on_paper(maps: Path, opener: Opener) -> None:
    page = opener(maps / "crossings.html", state="lang=en").page
    expect(page.locator(".picture")).to_have_count(0)
    page.locator("[data-layer=crossings_formal] .list summary").click()
    page.locator("[data-layer=crossings_formal] .list ol button").first.click()
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    card, sheet = (page.locator(part).bounding_box() for part in (".leaflet-popup", ".atlas-map"))
    assert card is not None
    assert sheet is not None
    assert sheet["x"] <= card["x"]
    assert sheet["y"] <= card["y"]
    assert card["x"] + card["width"] <= sheet["x"] + sheet["width"]
    assert card["y"] + card["height"] <= sheet["y"] + sheet["height"]


def test_after_printing_the_map_is_drawn_for_the_screen_again(
    maps: Path, opener: Opener, until: Callable[..., None]
) -> None:
    page = opener(maps / "crossings.html", state="lang=en&theme=dark").page
    expect(page.locator(".picture")).to_have_count(0)
    look = """() => [...document.querySelectorAll(".leaflet-pane canvas")].map((canvas) => [canvas.width, canvas.height,
      ...canvas.getContext("2d").getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data])"""
    before = page.evaluate(look)
    page.pdf()
    until(page, lambda: page.evaluate(look) == before)
    assert page.evaluate(look) == before
