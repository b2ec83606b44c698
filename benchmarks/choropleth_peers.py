"""One choropleth by ``explore()``, geopandas with matplotlib, a QGIS layout and the atlas: lines, bytes, seconds.

Rates of 2022 from the gallery's synthetic table, joined to the 23 municipalities, in five quantiles. The programs of
the peers stand in ``choropleth/``; the atlas is two commands. A table in Markdown is printed, which
``docs/comparison.md`` shows; seconds are those of the processor, which another load does not change much. What is not
installed is left out, and that is said.
"""

from __future__ import annotations

import argparse
import os
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEERS = Path(__file__).with_name("choropleth")
LAYER = ROOT / "geodata" / "layers" / "municipalities.geojson"
TABLE = ROOT / "docs" / "gallery" / "data" / "synthetic_rates.csv"
STYLE = (
    f"{shlex.quote(str(TABLE))} --join municipalities:cvegeo --where year=2022 --colour rate --palette YlOrBr "
    '--title "Rates (synthetic), 2022" --title-es "Tasas (datos sintéticos), 2022" --source "Own table, 2024"'
)
# the Python that QGIS was built for, not this one
SYSTEM_PYTHON = "/usr/bin/python3"
PATIENCE_S = 600


def main() -> None:
    """Make each map some times over, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="how often each is made; the median counts")
    parser.add_argument("--keep", type=Path, help="a folder to keep the maps in")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        print("| made with | lines | bytes | seconds |\n| --- | ---: | ---: | ---: |")
        for name, command, lines, output in _sides(folder):
            print(_row(name, command, lines, output, chosen.runs), flush=True)


def _sides(folder: Path) -> Sequence[tuple[str, list[str], int, Path]]:
    """Name, command, lines that somebody writes, and the file that comes out."""
    made = []
    for name, program, python, suffix in (
        ("explore()", "by_explore.py", sys.executable, "html"),
        ("geopandas and matplotlib", "by_geopandas.py", sys.executable, "pdf"),
        ("QGIS layout", "by_qgis.py", SYSTEM_PYTHON, "pdf"),
    ):
        path = PEERS / program
        output = folder / f"{path.stem}.{suffix}"
        made.append((name, [python, str(path), str(output), str(LAYER), str(TABLE)], _lines(path), output))
    for name, words, output in (
        ("atlas map", f"map {STYLE}", folder / "by_atlas.html"),
        ("atlas figure", f"figure {STYLE} --width-mm 170 --max-height-mm 150", folder / "by_atlas.pdf"),
    ):
        command = [sys.executable, "-m", "atlas", *shlex.split(words), "-o", str(output), "--project", str(ROOT)]
        made.append((name, command, 1, output))
    return made


def _lines(path: Path) -> int:
    """Lines that are neither empty nor the docstring."""
    return sum(bool(line.strip()) and not line.startswith('"""') for line in path.read_text("utf-8").splitlines())


def _row(name: str, command: list[str], lines: int, output: Path, runs: int) -> str:
    seconds = []
    for _ in range(runs):
        output.unlink(missing_ok=True)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        if command[0] == SYSTEM_PYTHON:
            # modules of this Python are none of that one
            surroundings.pop("PYTHONPATH", None)
        done = subprocess.run(
            command, cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
        if done.returncode or not output.is_file():
            return f"| {name} | {lines} | left out: {(done.stderr.strip().splitlines() or ['no file'])[-1][:80]} | |"
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return f"| {name} | {lines} | {output.stat().st_size:,} | {statistics.median(seconds):.1f} |"


if __name__ == "__main__":
    main()
