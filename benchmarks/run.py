"""Ratios of the atlas to a hand-written page: time to build, bytes, first drawn path, and frames of a drag.

Both sides run in turn in one session on one machine, so that the ratios mean something where the seconds do not.
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import browsing
import local

ROOT = Path(__file__).resolve().parent.parent
PEER = Path(__file__).with_name("peer.py")
RAW_LIMIT, PACKED_LIMIT = 900_000, 330_000
BUILD_LIMIT, PATH_LIMIT = 1.0, 0.6
# what was measured, and the seconds of each run
Measured = tuple[str, list[float]]
OURS = "maps/atlas.html"
ONE, EVERY = "peer.html", "peer-all.html"
# what each page to compare with shows
PEERS = {EVERY: "explore() of all layers of the atlas on one map", ONE: "explore() of the 23 municipalities alone"}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="runs of each side; the median counts")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="atlas-bench-") as name:
        folder = Path(name)
        shutil.copytree(ROOT / "geodata", folder / "geodata")
        atlas = [sys.executable, "-m", "atlas.cli", "--project", str(folder), "build"]
        layer = folder / "geodata" / "layers" / "municipalities.geojson"
        peer = [sys.executable, str(PEER), str(folder / ONE), str(layer)]
        ours, theirs = _in_turn(atlas, peer, folder, runs)
        _report(("all pages of the atlas", ours), ("one explore() page", theirs), limit=BUILD_LIMIT)
        every = [str(path) for path in sorted(layer.parent.glob("*.geojson"))]
        subprocess.run([sys.executable, str(PEER), str(folder / EVERY), *every], cwd=ROOT, check=True)
        _sizes(folder)
        _in_browser(folder, runs)


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


def _report(ours: Measured, theirs: Measured, *, limit: float | None) -> None:
    (name, mine), (other, peers) = ours, theirs
    a, b = statistics.median(mine), statistics.median(peers)
    bound = f"at most {limit}; " if limit else ""
    print(f"{name}: {a:.2f} s, {other}: {b:.2f} s, ratio {a / b:.2f} ({bound}median of {len(mine)})")


def _sizes(folder: Path) -> None:
    for page in [*sorted((folder / "maps").glob("*.html")), *(folder / name for name in PEERS)]:
        data = page.read_bytes()
        packed = len(gzip.compress(data, mtime=0))
        # the page to compare with is bound by nothing
        over = page.name not in PEERS and (len(data) > RAW_LIMIT or packed > PACKED_LIMIT)
        mark = "  TOO LARGE" if over else ""
        print(f"{page.name:<22} {len(data) / 1000:>8,.0f} kB  {packed / 1000:>7,.0f} kB gzip{mark}")


def _in_browser(folder: Path, runs: int) -> None:
    """Open the pages in turn, with all that they ask for answered by this machine, and drag their maps about."""
    if browsing.program() is None:
        print("first path and panning: not measured, there is no chromium")
        return
    if not local.install():
        print("first path and panning: not measured, npm could not fetch the libraries of explore()'s page")
        return
    for name in PEERS:
        local.localise(folder / name)
    with local.served(folder) as at:
        pages = {f"{at}/{OURS}": OURS, **{f"{at}/{name}": said for name, said in PEERS.items()}}
        _first_paths(browsing.first_paths(list(pages), runs), pages)
        _panning(browsing.drags(list(pages), max(1, runs // 2)), pages)


def _first_paths(seen: Mapping[str, browsing.Seen], pages: Mapping[str, str]) -> None:
    """The first shape on the screen; our page's is a still drawing of the line, so the living map is told as well."""
    ours, *peers = [(pages[address], found) for address, found in seen.items()]
    for name, found in peers:
        _report((f"first path of {ours[0]}", ours[1].path), (f"of {name}", found.path), limit=PATH_LIMIT)
    for name, found in peers:
        _report((f"living map of {ours[0]}", ours[1].live), (f"of {name}", found.live), limit=None)


def _panning(seen: Mapping[str, browsing.Seen], pages: Mapping[str, str]) -> None:
    for address, found in seen.items():
        median = statistics.median(found.frames)
        print(
            f"frames of a drag, {pages[address]}: median {median:.1f} ms, 95 in 100 under {found.slow:.1f} ms, "
            f"{found.on_time:.0%} at 60 in a second ({len(found.frames)} frames)"
        )


if __name__ == "__main__":
    main()
