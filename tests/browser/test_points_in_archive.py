"""Points in an archive beside the page: counted at every zoom, asked and filtered, from a host and from a disk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from atlas.admission.published_atlas import PublishedAtlas
from atlas.cartography.composition import Composition, MapLayer, Style
from atlas.cartography.world_grid import BITS, grid_steps
from atlas.pipeline.map_folder import MapFolder, write_map_folder
from tests.rounds import first
from tools import node

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COUNT = 60_000
# more than a tile holds on one spot
SPOT = (-91.25, 16.125)
TOGETHER = 9_000
Served = tuple[str, list[tuple[str, str | None]]]


@pytest.fixture(scope="module")
def host() -> ModuleType:
    spec = spec_from_file_location("range_server", Path(__file__).with_name("range_server.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    random = np.random.default_rng(11)
    middles = random.uniform((-92, 15), (-88.8, 18), (12, 2))
    places = (middles[random.integers(0, 12, COUNT)] + random.normal(0, 0.2, (COUNT, 2))).round(6)
    places[:TOGETHER] = SPOT
    kinds = np.array(["bus", "boat", "<b>on foot"])[random.integers(0, 3, COUNT)]
    days = np.datetime_as_string(np.datetime64("2025-01-01") + random.integers(0, 365, COUNT))
    device = [f"dev-{number:05d}" for number in range(COUNT)]
    return pd.DataFrame({"lon": places[:, 0], "lat": places[:, 1], "kind": kinds, "day": days, "device": device})


@pytest.fixture(scope="module")
def folder(frame: pd.DataFrame, release: PublishedAtlas, tmp_path_factory: pytest.TempPathFactory) -> MapFolder:
    made = tmp_path_factory.mktemp("archive")
    frame.to_parquet(made / "trips.parquet")
    layer = MapLayer(made / "trips.parquet", Style(colour="kind"), popup=("device", "kind", "day"))
    return write_map_folder(Composition((layer,)), made / "site", release=release, share=lambda _done: None)


@pytest.fixture
def served(folder: MapFolder, host: ModuleType) -> Iterator[Served]:
    with host.serving(folder.page.parent) as given:
        yield given


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    # a tab that may ask the loopback, and complains loudly
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert [one for one in complaints if "favicon" not in one] == []


def _opened(page: Page, address: str, state: str = "lang=en") -> Page:
    page.goto(f"{address}#{state}")
    page.evaluate("async () => { await Atlas.ready; }")
    return page


LOOK = """async ([lat, lon, zoom]) => {
  const { cloud, view: { map } } = Atlas;
  map.setView([lat, lon], zoom, { animate: false });
  await cloud.draw();
  const { zoom: tile, left, top, right, bottom } = cloud._window;
  return [cloud.drawn, tile, left, top, right, bottom, cloud.inSight()];
}"""


@pytest.mark.slow(60)
def test_every_point_is_counted_at_every_zoom(page: Page, served: Served, frame: pd.DataFrame) -> None:
    _opened(page, f"{served[0]}index.html")
    x, y = grid_steps(frame[["lon", "lat"]].to_numpy())
    views = [(16.5, -90.4, zoom) for zoom in (3, 6.5, 7)]
    views += [(frame["lat"][TOGETHER + 9], frame["lon"][TOGETHER + 9], zoom) for zoom in range(8, 19)]
    views += [(SPOT[1], SPOT[0], zoom) for zoom in (8, 13, 16.5, 18)]
    for lat, lon, zoom in views:
        drawn, tile, left, top, right, bottom, sight = page.evaluate(LOOK, [float(lat), float(lon), zoom])
        column, row = x >> (BITS - tile), y >> (BITS - tile)
        inside = (column >= left) & (column <= right) & (row >= top) & (row <= bottom)
        assert drawn == inside.sum() > 0
        assert 0 < sight <= drawn
        if zoom <= 7:
            assert drawn == COUNT
    # the page asked its own folder alone, and never for the whole archive
    assert {path for path, _ in served[1]} <= {"/index.html", f"/{_archive(served)}", "/favicon.ico"}
    assert all(wanted for path, wanted in served[1] if path.endswith(".pmtiles"))


def _archive(served: Served) -> str:
    return next(path[1:] for path, _ in served[1] if path.endswith(".pmtiles"))


def test_a_tap_asks_a_point_of_a_square(page: Page, served: Served) -> None:
    _opened(page, f"{served[0]}index.html")
    for zoom in (9, 18):
        page.evaluate(LOOK, [SPOT[1], SPOT[0], zoom])
        box = page.locator(".atlas-map").bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        card = page.locator(".card-popup")
        expect(card.locator("h3")).to_contain_text("dev-0")
        # of a square as many as it has; those on the spot are all in it
        also = int(card.locator("h4").inner_text().split(": ")[1].replace(",", ""))
        assert TOGETHER - 1 <= also < TOGETHER + 2_000
        assert card.locator("b").count() == 0
        page.keyboard.press("Escape")


def test_kinds_and_times_are_filtered_at_every_zoom(page: Page, served: Served, frame: pd.DataFrame) -> None:
    _opened(page, f"{served[0]}index.html", "lang=es")
    status = page.locator(".cloud-status")
    page.get_by_role("checkbox", name="bus").uncheck()
    left = frame["kind"] != "bus"
    expect(status).to_contain_text(f"{left.sum():,} de 60,000 puntos mostrados")
    # bins of eight days
    page.get_by_role("slider", name="Desde").fill("10")
    since = frame["day"] >= (np.datetime64("2025-01-01") + 80).astype(str)
    expect(page.locator(".cloud-times output").first).to_have_text("2025-03-22")
    expect(page.locator(".cloud-times output").last).to_have_text("2025-12-31")
    expect(status).to_contain_text(f"{(left & since).sum():,} de 60,000")
    for zoom in (3, 6.5):
        assert page.evaluate(LOOK, [16.5, -90.4, zoom])[0] == (left & since).sum()


def test_from_a_disk_the_reader_chooses_the_archive(page: Page, folder: MapFolder, tmp_path: Path) -> None:
    _opened(page, folder.page.as_uri())
    source = page.locator(".cloud-source")
    expect(source).to_contain_text(f"The points are in the file {folder.archive.name}")
    other = tmp_path / "other.pmtiles"
    other.write_bytes(folder.archive.read_bytes()[:30_000])
    page.get_by_label("Choose the file").set_input_files(other)
    expect(source).to_contain_text("ends too early")
    other.write_bytes(b"no archive" * 3_000)
    page.get_by_label("Choose the file").set_input_files(other)
    expect(source).to_contain_text("This is not the file")
    page.get_by_label("Choose the file").set_input_files(folder.archive)
    expect(page.locator(".cloud-status")).to_contain_text("60,000 of 60,000 points shown")
    expect(source).to_be_hidden()
    assert page.evaluate(LOOK, [16.5, -90.4, 6.5])[0] == COUNT


def test_a_host_without_ranges_is_named(browser: Browser, folder: MapFolder, host: ModuleType) -> None:
    with host.serving(folder.page.parent, gives_ranges=False) as (address, _):
        page = browser.new_page()
        _opened(page, f"{address}index.html", "lang=es")
        expect(page.locator(".cloud-source")).to_contain_text("no entrega partes de archivos")
        page.get_by_label("Elija el archivo").set_input_files(folder.archive)
        expect(page.locator(".cloud-status")).to_contain_text("60,000 de 60,000 puntos mostrados")
        page.close()


# a key is worked off before the browser tells that the fold opened
RUSHED = """() => {
  const fold = document.querySelector(".cloud-near");
  fold.querySelector("summary").click();
  return fold.querySelectorAll("button").length;
}"""
# in pixels from the middle: the farthest point of the list, and a spot
NEAREST = """([lat, lon]) => {
  const { cloud, view: { map } } = Atlas;
  const middle = map.getPixelBounds().getCenter();
  const off = (place) => map.project(place).distanceTo(middle);
  const hits = cloud.around(middle.x, middle.y, 640).slice(0, 50);
  return [Math.max(0, ...hits.map((i) => off(cloud.feature(i).shape.positions[0]))), off([lat, lon])];
}"""
FOCUSED = "() => document.activeElement.textContent"


def test_the_nearest_points_are_a_list_for_the_keyboard(page: Page, served: Served, frame: pd.DataFrame) -> None:
    _opened(page, f"{served[0]}index.html")
    row: Any = frame.iloc[TOGETHER + 9]
    page.evaluate(LOOK, [row["lat"], row["lon"], 17])
    fold = page.get_by_text("Points nearest to the middle of the map")
    fold.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".card-popup h3")).to_have_text(row["device"])
    # who opened the list by its summary is still on it once it is filled
    page.keyboard.press("Shift+Tab")
    expect(fold).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate(RUSHED) > 0
    expect(fold).to_be_focused()


def test_the_list_keeps_the_focus_where_it_is_made_anew(page: Page, served: Served) -> None:
    _opened(page, f"{served[0]}index.html")
    page.evaluate(LOOK, [SPOT[1], SPOT[0], 18])
    assert page.evaluate(RUSHED) == 50
    page.locator(".cloud-near button").nth(3).focus()
    before = page.evaluate(FOCUSED)
    assert before.startswith("dev-0")
    page.evaluate("() => { window.oldRow = document.activeElement; }")
    page.evaluate(LOOK, [SPOT[1] + 0.0001, SPOT[0], 18])
    page.wait_for_function("() => !window.oldRow.isConnected")
    assert page.evaluate(FOCUSED) == before
    # of a list without that point, the one at its place
    page.get_by_role("checkbox", name="bus").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", name="bus")).to_be_focused()
    page.evaluate("() => document.querySelector('.cloud-near summary').focus()")
    page.evaluate(LOOK, [0, -60, 18])
    expect(page.locator(".cloud-near p")).to_be_visible()
    expect(page.locator(".cloud-near summary")).to_be_focused()


def test_the_list_never_says_that_counted_points_are_not_there(page: Page, served: Served) -> None:
    _opened(page, f"{served[0]}index.html")
    page.evaluate(LOOK, [SPOT[1], SPOT[0], 12])
    assert page.evaluate(RUSHED) == 0
    expect(page.locator(".cloud-near p")).to_have_text(re.compile("drawn as squares. Zoom in"))
    # what is listed lies nearer than what is only counted
    for east, zoom in ((0.15, 11), (0.15, 12), (0.05, 13), (0.01, 15)):
        sight = page.evaluate(LOOK, [SPOT[1], SPOT[0] + east, zoom])[-1]
        near, spot = page.evaluate(NEAREST, [SPOT[1], SPOT[0]])
        assert near < spot or not near
        assert sight or page.locator(".cloud-near p").inner_text() == "No point is in sight."
    page.evaluate(LOOK, [0, -60, 12])
    expect(page.locator(".cloud-near p")).to_have_text("No point is in sight.")


@pytest.mark.parametrize("state", first(["lang=es&theme=dark"], ["lang=en&theme=light"]))
def test_axe_finds_nothing(page: Page, folder: MapFolder, served: Served, repo: Path, state: str) -> None:
    script = (node.packages(repo / "web") / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    for address in (f"{served[0]}index.html", folder.page.as_uri()):
        _opened(page, address, state)
        page.evaluate("() => { for (const fold of document.querySelectorAll('details')) fold.open = true; }")
        page.evaluate(script)
        violations = page.evaluate("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations")
        grave = [one for one in violations if one["impact"] in {"serious", "critical"}]
        assert [(one["id"], one["nodes"][0]["html"]) for one in grave] == []


def test_the_legend_counts_all_and_the_page_says_what_it_reads(page: Page, served: Served, frame: pd.DataFrame) -> None:
    _opened(page, f"{served[0]}index.html")
    for kind, count in frame["kind"].value_counts().items():
        expect(page.get_by_text(f"{kind} ({count:,})")).to_be_visible()
    expect(page.locator("body")).to_contain_text("Only the points are read, from the folder of this page.")
    expect(page.locator("body")).not_to_contain_text("Nothing on this page is fetched")
