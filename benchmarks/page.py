"""Many points in one page: the atlas beside folium, ``explore``, plotly, pydeck and lonboard.

A line a program: seconds to make the page, its bytes, and in a browser without a network the first paint, the frames of
a drag and the heap. What is not installed is left out and said so; a page that asks the network for its scripts is made
and weighed, and then shows nothing to measure.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

import atlas
from tools import browsers

ROOT = Path(__file__).resolve().parent.parent
MILLION = 1_000_000
SIZE = {"width": 1280, "height": 800}
PATIENCE_MS = 90_000
STEPS = 60
# what the issue of a million points asks for
MOST_BYTES, MOST_PAINT_S, MOST_DRAWN_S, FRAME_MS = 10_000_000, 2.0, 4.0, 1000 / 60 * 1.2
_FRAMES = """() => { window.benchFrames = []; let last = performance.now(); window.benchOn = true;
  const each = (now) => { window.benchFrames.push(now - last); last = now;
  if (window.benchOn) requestAnimationFrame(each); }; requestAnimationFrame(each); }"""
_STATE = """() => ({ paint: (performance.getEntriesByName("first-contentful-paint")[0] ?? {}).startTime ?? null,
  heap: performance.memory?.usedJSHeapSize ?? null })"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=MILLION, help="how many points, around the border")
    chosen = parser.parse_args()
    frame = points(chosen.points)
    print(f"{chosen.points:,} points")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        program = browsers.find(browsers.CHROMIUM)
        browser = playwright.chromium.launch(executable_path=program, args=browsers.BARE)
        for name, make in SIDES.items():
            path = Path(folder) / f"{name}.html"
            started = time.perf_counter()
            try:
                make(frame, path)
            except Exception as error:  # noqa: BLE001 - whatever another program raises
                print(f"{name}: left out ({type(error).__name__}: {' '.join(str(error).split())[:90]})")
                continue
            made = time.perf_counter() - started
            print(f"{name}: made in {made:.1f} s, {path.stat().st_size / 1e6:.2f} MB, {_looked_at(browser, path)}")
        browser.close()
    print(
        f"goals at a million: {MOST_BYTES / 1e6:.0f} MB, paint {MOST_PAINT_S} s, all drawn {MOST_DRAWN_S} s, "
        "95 of 100 frames on time"
    )


def points(count: int) -> gpd.GeoDataFrame:
    """Points around towns along the border, each with a kind and a time."""
    random = np.random.default_rng(7)
    towns = random.uniform((-92.4, 14.6), (-88.2, 18.2), (60, 2))
    places = (towns[random.integers(0, 60, count)] + random.normal(0, 0.15, (count, 2))).round(6)
    kinds = np.array(["bus", "boat", "on foot", "truck"])[random.integers(0, 4, count)]
    times = np.datetime64("2025-01-01T00:00:00") + random.integers(0, 365 * 86_400, count)
    columns = {"kind": kinds, "time": np.datetime_as_string(times, unit="s")}
    return gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(*places.T), crs=4326)


def _by_atlas(frame: gpd.GeoDataFrame, path: Path) -> None:
    made = atlas.open(ROOT).compose(title="Trips").add(frame, colour="kind", popup=["kind", "time"])
    made.save(path)


def _by_folium(frame: gpd.GeoDataFrame, path: Path) -> None:
    import folium  # noqa: PLC0415 - may be missing

    page = folium.Map(prefer_canvas=True)
    folium.GeoJson(frame, marker=folium.CircleMarker(radius=2)).add_to(page)
    page.save(path)


def _by_explore(frame: gpd.GeoDataFrame, path: Path) -> None:
    frame.explore(column="kind", prefer_canvas=True).save(path)


def _by_plotly(frame: gpd.GeoDataFrame, path: Path) -> None:
    import plotly.graph_objects as go  # noqa: PLC0415 - may be missing

    dots = go.Scattergl(x=frame.geometry.x, y=frame.geometry.y, mode="markers", text=frame["time"])
    go.Figure(dots).write_html(path, include_plotlyjs=True)


def _by_pydeck(frame: gpd.GeoDataFrame, path: Path) -> None:
    import pydeck  # noqa: PLC0415 - may be missing

    rows = frame.drop(columns="geometry").assign(lon=frame.geometry.x, lat=frame.geometry.y)
    layer = pydeck.Layer("ScatterplotLayer", rows, get_position=["lon", "lat"], get_radius=100)
    pydeck.Deck(layer, map_provider=None).to_html(str(path), open_browser=False)


def _by_lonboard(frame: gpd.GeoDataFrame, path: Path) -> None:
    import lonboard  # noqa: PLC0415 - may be missing

    lonboard.Map(lonboard.ScatterplotLayer.from_geopandas(frame)).to_html(path)


SIDES: Mapping[str, Callable[[gpd.GeoDataFrame, Path], None]] = {
    "atlas": _by_atlas,
    "folium": _by_folium,
    "explore": _by_explore,
    "plotly": _by_plotly,
    "pydeck": _by_pydeck,
    "lonboard": _by_lonboard,
}


def _looked_at(browser: Browser, path: Path) -> str:
    context = browser.new_context(viewport=SIZE, offline=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    try:
        page.goto(path.as_uri(), timeout=PATIENCE_MS)
        if failed:
            return f"asks the network for {len(failed)} files"
        return _measured(page)
    except Exception as error:  # noqa: BLE001 - a page that never answers is a result
        return f"nothing to measure ({type(error).__name__})"
    finally:
        context.close()


def _measured(page: Page) -> str:
    drawn = page.evaluate(
        "async () => { if (!window.Atlas?.drawn) return null; await Atlas.drawn; return performance.now(); }"
    )
    page.wait_for_timeout(1500)
    state: dict[str, Any] = page.evaluate(_STATE)
    page.evaluate(_FRAMES)
    page.mouse.move(800, 400)
    page.mouse.down()
    for step in range(STEPS):
        page.mouse.move(800 + 3 * step, 400 + step)
        page.wait_for_timeout(8)
    frames = page.evaluate("() => { window.benchOn = false; return window.benchFrames.slice(3); }")
    page.mouse.up()
    on_time = sum(frame <= FRAME_MS for frame in frames) / max(1, len(frames))
    worst = statistics.quantiles(frames, n=20)[-1] if len(frames) > 1 else 0
    all_drawn = "" if drawn is None else f"all drawn {drawn / 1000:.2f} s, "
    paint = "no paint" if state["paint"] is None else f"paint {state['paint'] / 1000:.2f} s"
    heap = (state["heap"] or 0) / 1e6
    return f"{paint}, {all_drawn}frames on time {on_time:.0%} (95 of 100 under {worst:.0f} ms), heap {heap:.0f} MB"


if __name__ == "__main__":
    main()
