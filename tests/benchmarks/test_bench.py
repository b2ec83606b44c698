"""The benchmark runs and prints its ratios; the seconds themselves are nobody's gate."""

from __future__ import annotations

import gzip
import importlib
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rounds import first


@pytest.mark.slow
def test_no_page_is_too_large(repo: Path, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(repo / "benchmarks")
    run = importlib.import_module("run")
    sizes = {
        page.name: (len(page.read_bytes()), len(gzip.compress(page.read_bytes(), mtime=0)))
        for page in (built / "maps").glob("*.html")
    }
    assert "atlas.html" in sizes
    assert {name: size for name, size in sizes.items() if size[0] > run.RAW_LIMIT or size[1] > run.PACKED_LIMIT} == {}


@pytest.mark.browser
@pytest.mark.long
def test_the_benchmark_runs_and_no_page_is_too_large(repo: Path) -> None:
    if importlib.util.find_spec("mapclassify") is None:
        pytest.skip("the page to compare with needs the extra `bench`")
    command = [sys.executable, str(repo / "benchmarks" / "run.py"), "--runs", "1"]
    paths = os.pathsep.join(filter(None, [str(repo), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr
    assert len(re.findall(r"ratio \d+\.\d\d \(at most", done.stdout)) == 3
    assert "TOO LARGE" not in done.stdout


@pytest.mark.slow(10.0)
# each of two workers starts twice, which takes as long as all the rest
@pytest.mark.parametrize("alone", first([["--alone"]], [["--alone"], []]))
def test_the_benchmark_of_points_prints_its_ratios(repo: Path, alone: list[str]) -> None:
    command = [sys.executable, str(repo / "benchmarks" / "scale.py"), "--points", "20000", "--runs", "1", *alone]
    paths = os.pathsep.join(filter(None, [str(repo), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"geopandas and shapely: [\d.]+ s a million, ratio \d+", done.stdout)
    assert "read, located and written" in done.stdout
    assert ("two workers: " in done.stdout) is (not alone)


@pytest.mark.browser
@pytest.mark.long
def test_the_benchmark_of_pages_of_points_runs_on_small_sizes(repo: Path) -> None:
    command = [sys.executable, str(repo / "benchmarks" / "page.py"), "--points", "60000"]
    paths = os.pathsep.join(filter(None, [str(repo), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"^atlas: made in .* all drawn \d+\.\d\d s, frames on time", done.stdout, re.MULTILINE)


@pytest.mark.browser
@pytest.mark.long
def test_the_benchmark_of_pages_of_areas_runs_on_small_sizes(repo: Path) -> None:
    command = [sys.executable, str(repo / "benchmarks" / "areas.py"), "--areas", "400", "--runs", "1"]
    paths = os.pathsep.join(filter(None, [str(repo), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr
    if "not measured" in done.stdout:
        pytest.skip(done.stdout.splitlines()[-1])
    assert re.search(r"^live map: atlas [\d.]+ s, explore [\d.]+ s, ratio [\d.]+ ", done.stdout, re.MULTILINE)
    assert re.search(r"^drag, atlas: worst frame \d+ ms", done.stdout, re.MULTILINE)
