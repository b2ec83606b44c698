"""A cloud of points: every point counted at every zoom, asked by a tap, filtered, by keyboard, and in print."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from atlas.admission.published_atlas import PublishedAtlas
from atlas.cartography.composition import Composition, MapLayer, Style
from atlas.cartography.world_grid import grid_steps
from atlas.render import render_composition
from tests.rounds import first
from tools import node

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Opener = Callable[..., Any]
COUNT = 60_000
SPOT = (-91.25, 16.125)
TOGETHER = 7


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    random = np.random.default_rng(11)
    middles = random.uniform((-92, 15), (-88.8, 18), (12, 2))
    places = (middles[random.integers(0, 12, COUNT)] + random.normal(0, 0.2, (COUNT, 2))).round(6)
    # points on one spot, with nobody near
    far = np.hypot(*(places - SPOT).T) < 0.02
    places[far] += 0.05
    places[:TOGETHER] = SPOT
    kinds = np.array(["bus", "boat", "<b>on foot"])[random.integers(0, 3, COUNT)]
    days = np.datetime_as_string(np.datetime64("2025-01-01") + random.integers(0, 365, COUNT))
    device = [f"dev-{number:05d}" for number in range(COUNT)]
    return pd.DataFrame(
        {
            "lon": places[:, 0],
            "lat": places[:, 1],
            "kind": kinds,
            "day": days,
            "fare": random.integers(0, 999, COUNT) / 4,
            "device": device,
        }
    )


@pytest.fixture(scope="module")
def points_page(frame: pd.DataFrame, release: PublishedAtlas, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cloud")
    frame.to_parquet(folder / "trips.parquet")
    layer = MapLayer(folder / "trips.parquet", Style(colour="kind"), popup=("device", "kind", "day", "fare"))
    html, _ = render_composition(Composition((layer,)), release=release)
    (folder / "points.html").write_bytes(html)
    return folder / "points.html"


def _ready(page: Page) -> None:
    page.evaluate("async () => { await Atlas.ready; }")


def _on_canvas(page: Page, frame: pd.DataFrame, zoom: float, lat: float, lon: float) -> tuple[int, int]:
    """Points that the map says it drew, and those of the file that lie where it drew."""
    page.evaluate(
        "([lat, lon, zoom]) => void Atlas.view.map.setView([lat, lon], zoom, { animate: false })", [lat, lon, zoom]
    )
    at = page.evaluate(
        """() => {
          // a drag paints strips, a draw paints all and counts it
          Atlas.cloud.draw();
          const { origin, view } = Atlas.cloud._at;
          const { width, height } = Atlas.cloud._canvas;
          return [Atlas.cloud.drawn, view.scale, ...origin, width, height, Atlas.view.map.getZoom()];
        }"""
    )
    drawn, scale, left, top, wide, high, reached = at
    assert reached == zoom
    x, y = ((steps + 0.5) * scale for steps in grid_steps(frame[["lon", "lat"]].to_numpy()))
    inside = (x >= left) & (x < left + wide) & (y >= top) & (y < top + high)
    return drawn, int(inside.sum())


@pytest.mark.slow(60)
def test_every_point_is_counted_at_every_zoom(points_page: Path, opener: Opener, frame: pd.DataFrame) -> None:
    opened = opener(points_page, state="lang=en")
    page = opened.page
    _ready(page)
    single = page.evaluate("() => Atlas.cloud.about.single")
    assert 7 < single <= 18
    for zoom in (6.5, 7):
        drawn, expected = _on_canvas(page, frame, zoom, 16.5, -90.4)
        assert drawn == expected == COUNT
    # where points are, and where several are on one spot
    views = [(zoom, frame["lat"][100], frame["lon"][100]) for zoom in range(8, 19)]
    views += [(zoom, SPOT[1], SPOT[0]) for zoom in (8, 13, 18)]
    for zoom, lat, lon in views:
        drawn, expected = _on_canvas(page, frame, zoom, float(lat), float(lon))
        assert drawn == expected > 0
    assert opened.console == []
    assert len(opened.requests) == 1


def test_what_a_drag_paints_is_what_a_new_picture_shows(points_page: Path, opener: Opener) -> None:
    page = opener(points_page, state="lang=en").page
    _ready(page)
    for zoom in (9, 15):
        same = page.evaluate(
            """(zoom) => {
              const { cloud, view: { map } } = Atlas;
              const alphas = () => {
                const { width, height } = cloud._canvas;
                const data = cloud._brush.getImageData(0, 0, width, height).data;
                return Uint8Array.from({ length: width * height }, (_, i) => (data[4 * i + 3] ? 1 : 0));
              };
              map.setView(cloud.feature(500).shape.positions[0], zoom, { animate: false });
              for (const by of [[61, 0], [0, 55], [-130, -40], [33, -71], [-20, 90]])
                map.panBy(by, { animate: false, noMoveStart: true });
              const { origin } = cloud._at;
              const before = alphas();
              cloud.draw();
              const moved = [origin[0] - cloud._at.origin[0], origin[1] - cloud._at.origin[1]];
              const after = alphas();
              const { width, height } = cloud._canvas;
              let wrong = 0, painted = 0;
              for (let y = 50; y < height - 50; y += 1)
                for (let x = 50; x < width - 50; x += 1) {
                  const other = before[(y - moved[1]) * width + x - moved[0]];
                  painted += after[y * width + x];
                  wrong += other !== after[y * width + x] ? 1 : 0;
                }
              return [wrong / Math.max(1, painted), painted, moved];
            }""",
            zoom,
        )
        assert same[1] > 0
        # discs that are cut at the edge of a strip differ in a pixel of their rim
        assert same[0] < 0.01, same


def test_a_tap_tells_what_is_there_and_how_many(points_page: Path, opener: Opener, frame: pd.DataFrame) -> None:
    opened = opener(points_page, state="lang=en")
    page = opened.page
    _ready(page)
    page.evaluate("([lon, lat]) => void Atlas.view.map.setView([lat, lon], 16, { animate: false })", SPOT)
    box = page.locator(".atlas-map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    card = page.locator(".card-popup")
    expect(card.locator("h3")).to_have_text("dev-00000")
    expect(card).to_contain_text(f"Also here: {TOGETHER - 1}")
    row = frame.iloc[0]
    for text in (row["kind"], row["day"], str(row["fare"])):
        expect(card).to_contain_text(text)
    assert card.locator("b").count() == 0
    card.get_by_role("button").first.click()
    expect(card.locator("h3")).to_have_text("dev-00001")
    assert opened.console == []


def test_kinds_and_days_are_filtered(points_page: Path, opener: Opener, frame: pd.DataFrame) -> None:
    page = opener(points_page, state="lang=es").page
    _ready(page)
    page.get_by_role("checkbox", name="bus").uncheck()
    left = frame["kind"] != "bus"
    expect(page.locator(".cloud-status")).to_contain_text(f"{left.sum():,} de 60,000 puntos mostrados")
    page.get_by_role("slider", name="Desde").fill("100")
    since = frame["day"] >= (np.datetime64(frame["day"].min()) + 100).astype(str)
    expect(page.locator(".cloud-status")).to_contain_text(f"{(left & since).sum():,} de 60,000")
    page.evaluate("() => { Atlas.view.map.setView([16.5, -90.4], 6.5, { animate: false }); Atlas.cloud.draw(); }")
    assert page.evaluate("() => Atlas.cloud.drawn") == (left & since).sum()
    page.get_by_role("slider", name="Desde").press("ArrowRight")
    expect(page.locator(".cloud-times output").first).to_have_text("2025-04-12")


def test_a_link_shows_what_its_sender_saw(points_page: Path, opener: Opener, frame: pd.DataFrame) -> None:
    page = opener(points_page, state="lang=en").page
    _ready(page)
    page.get_by_role("checkbox", name="bus").uncheck()
    page.get_by_role("slider", name="To").fill("99")
    left = (frame["kind"] != "bus") & (frame["day"] <= (np.datetime64(frame["day"].min()) + 99).astype(str))
    expect(page.locator(".cloud-status")).to_contain_text(f"{left.sum():,} of 60,000")
    state = page.url.partition("#")[2]
    assert "hidden=2" in state
    other = opener(points_page, state=state.replace("lang=en", "lang=es")).page
    _ready(other)
    expect(other.locator(".cloud-status")).to_contain_text(f"{left.sum():,} de 60,000")
    expect(other.get_by_role("checkbox", name="bus")).not_to_be_checked()
    expect(other.get_by_role("slider", name="Hasta")).to_have_value("99")
    # what nobody wrote filters nothing
    for strange in ("hidden=9,x&span=1", "hidden=-1&span=5,2", "hidden=77&span=1,99999999", "span=1,2,3"):
        other.evaluate("(state) => { window.location.hash = state; }", f"lang=en&{strange}")
        expect(other.locator(".cloud-status")).to_contain_text("60,000 of 60,000")


def test_the_nearest_points_are_a_list_for_the_keyboard(points_page: Path, opener: Opener) -> None:
    page = opener(points_page, size="phone", state="lang=en").page
    _ready(page)
    page.evaluate("([lon, lat]) => void Atlas.view.map.setView([lat, lon], 16, { animate: false })", SPOT)
    page.locator("#handle").click()
    page.get_by_text("Points nearest to the middle of the map").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".cloud-near li")).to_have_count(TOGETHER)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".card-popup h3")).to_have_text("dev-00000")


@pytest.mark.parametrize(
    ("size", "state"),
    first(
        [("desktop", "lang=en&theme=light"), ("phone", "lang=es&theme=dark")],
        [("desktop", "lang=es&theme=dark"), ("phone", "lang=en&theme=light")],
    ),
)
def test_axe_finds_nothing(points_page: Path, opener: Opener, repo: Path, size: str, state: str) -> None:
    page = opener(points_page, size=size, state=state).page
    _ready(page)
    if size == "phone":
        page.locator("#handle").click()
    page.evaluate("() => { for (const fold of document.querySelectorAll('details')) fold.open = true; }")
    page.evaluate((node.packages(repo / "web") / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    violations = page.evaluate("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations")
    assert [
        (one["id"], one["nodes"][0]["html"])
        for one in violations
        if one["impact"] in {"moderate", "serious", "critical"}
    ] == []


def test_the_points_are_on_paper(points_page: Path, opener: Opener) -> None:
    page = opener(points_page, state="lang=en").page
    _ready(page)
    page.emulate_media(media="print")
    counts = page.evaluate(
        """() => {
          window.dispatchEvent(new Event("beforeprint"));
          const on = Atlas.cloud.drawn;
          window.dispatchEvent(new Event("afterprint"));
          return [on, Atlas.cloud.drawn];
        }"""
    )
    assert counts[0] == COUNT
    page.emulate_media(media="screen")
