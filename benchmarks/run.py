"""Ratios of the atlas to a hand-written page: time to build, bytes, and time to the first drawn path.

Both sides run in turn in one session on one machine, so that the ratios mean something where the seconds do not.
"""

from __future__ import annotations

import argparse
import gzip
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEER = Path(__file__).with_name("peer.py")
RAW_LIMIT, PACKED_LIMIT = 900_000, 330_000
BUILD_LIMIT, PATH_LIMIT = 1.0, 0.6
VENDOR = ROOT / "atlas" / "render" / "static" / "vendor"
LEAFLET = ("leaflet.js", "leaflet.css")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="runs of each side; the median counts")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="atlas-bench-") as name:
        folder = Path(name)
        shutil.copytree(ROOT / "geodata", folder / "geodata")
        atlas = [sys.executable, "-m", "atlas.cli", "--project", str(folder), "build"]
        layer = folder / "geodata" / "layers" / "municipalities.geojson"
        peer = [sys.executable, str(PEER), str(layer), str(folder / "peer.html")]
        ours, theirs = _in_turn(atlas, peer, folder, runs)
        _report("all pages of the atlas", ours, "one explore() page", theirs, BUILD_LIMIT)
        _sizes(folder)
        _first_paths(folder, runs)


def _in_turn(ours: list[str], theirs: list[str], folder: Path, runs: int) -> tuple[list[float], list[float]]:
    """Seconds of each command, run alternately."""
    spent: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        for command, seconds in zip((ours, theirs), spent, strict=True):
            # what is built already would be left alone
            shutil.rmtree(folder / "maps", ignore_errors=True)
            started = time.perf_counter()
            subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
            seconds.append(time.perf_counter() - started)
    subprocess.run(ours, cwd=ROOT, check=True, capture_output=True)
    return spent


def _report(ours: str, mine: list[float], theirs: str, other: list[float], limit: float) -> None:
    a, b = statistics.median(mine), statistics.median(other)
    print(f"{ours}: {a:.2f} s, {theirs}: {b:.2f} s, ratio {a / b:.2f} (at most {limit}; median of {len(mine)})")


def _sizes(folder: Path) -> None:
    for page in [*sorted((folder / "maps").glob("*.html")), folder / "peer.html"]:
        data = page.read_bytes()
        packed = len(gzip.compress(data, mtime=0))
        # the page to compare with is bound by nothing
        over = page.name != "peer.html" and (len(data) > RAW_LIMIT or packed > PACKED_LIMIT)
        mark = "  TOO LARGE" if over else ""
        print(f"{page.name:<22} {len(data) / 1000:>8,.0f} kB  {packed / 1000:>7,.0f} kB gzip{mark}")


READY = """() => new Promise((done) => {
  const drawn = () => document.querySelector("path.leaflet-interactive")
    || [...document.querySelectorAll(".leaflet-overlay-pane canvas")].some((canvas) => canvas.width
      && canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value));
  const look = () => (drawn() || performance.now() > 30000 ? done(performance.now()) : requestAnimationFrame(look));
  look();
})"""


def _first_paths(folder: Path, runs: int) -> None:
    """From opening a file to the first shape on it; what the peer's page asks for is answered at once, by this machine.

    Only Leaflet is really given; its other libraries, which draw nothing here, are empty, which is in its favour.
    """
    program = shutil.which("chromium")
    if program is None:
        print("first path: not measured, there is no chromium")
        return
    from playwright.sync_api import Route, sync_playwright  # noqa: PLC0415 - only where there is a browser

    def answer(route: Route) -> None:
        name = route.request.url.rsplit("/", 1)[-1]
        given = VENDOR / name if name in LEAFLET else None
        route.fulfill(body=given.read_text(encoding="utf-8") if given else "", content_type=_kind(name))

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        spent: dict[str, list[float]] = {"maps/atlas.html": [], "peer.html": []}
        for _ in range(runs):
            for name, seconds in spent.items():
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                page.route(re.compile(r"^https?://"), answer)
                page.goto((folder / name).as_uri(), wait_until="commit")
                seconds.append(page.evaluate(READY) / 1000)
                page.close()
        browser.close()
    _report("first path of atlas.html", spent["maps/atlas.html"], "of explore()", spent["peer.html"], PATH_LIMIT)


def _kind(name: str) -> str:
    return "text/css" if name.endswith(".css") else "text/javascript"


if __name__ == "__main__":
    main()
