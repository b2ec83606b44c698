"""`atlas map FILE -o FOLDER/`: a page and an archive, whole or not at all."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from atlas.cartography import point_cloud
from atlas.cartography.archive import archived_points

Run = Callable[..., subprocess.CompletedProcess[str]]


def _points(path: Path, count: int = 50_000) -> Path:
    random = np.random.default_rng(3)
    places = random.normal(0, 0.4, (count, 2)).round(5)
    pd.DataFrame(
        {"lon": places[:, 0] - 90.5, "lat": places[:, 1] + 16, "kind": np.array(["bus", "boat"])[np.arange(count) % 2]}
    ).to_parquet(path)
    return path


@pytest.mark.slow
def test_a_folder_is_written_and_written_again(command_line: Run, tmp_path: Path) -> None:
    points = _points(tmp_path / "p.parquet")
    first = command_line("map", points, "--colour", "kind", "-o", f"{tmp_path}/site/")
    assert first.returncode == 0, first.stderr
    page = tmp_path / "site" / "index.html"
    archive = next((tmp_path / "site").glob("points-*.pmtiles"))
    text = page.read_text(encoding="utf-8")
    assert archive.name in text
    assert "connect-src &#39;self&#39;" in text
    assert f"Wrote {page}" in first.stdout
    # what is not the atlas' own stays
    (tmp_path / "site" / "points-of-mine.pmtiles").write_bytes(b"mine")
    again = command_line("map", points, "--popup", "kind", "--where", "kind=bus", "-o", f"{tmp_path}/site/")
    assert again.returncode == 0, again.stderr
    left = {one.name for one in (tmp_path / "site").iterdir()}
    assert len(left) == 3
    assert archive.name not in left
    assert {"index.html", "points-of-mine.pmtiles"} < left


def test_of_what_fails_nothing_stays(command_line: Run, tmp_path: Path) -> None:
    few = command_line("map", _points(tmp_path / "few.parquet", 40), "-o", f"{tmp_path}/site/")
    assert few.returncode == 2
    assert "no layer of the map has 50,000 points; name a file for its page, as in -o map.html" in few.stderr
    points = _points(tmp_path / "p.parquet")
    for words in (("--colour", "speed"), ("--size", "kind"), ("--where", "kind=plane")):
        done = command_line("map", points, *words, "-o", f"{tmp_path}/site/")
        assert done.returncode == 2
        assert not (tmp_path / "site").exists()
    blocked = tmp_path / "file"
    blocked.write_text("x")
    done = command_line("map", points, "-o", f"{blocked}/")
    assert done.returncode == 2
    assert "is a file" in done.stderr
    assert blocked.read_text() == "x"


@pytest.mark.slow
def test_an_earlier_map_outlives_one_that_fails(command_line: Run, tmp_path: Path) -> None:
    points = _points(tmp_path / "p.parquet")
    assert command_line("map", points, "-o", f"{tmp_path}/site/").returncode == 0
    before = {one.name: one.read_bytes() for one in (tmp_path / "site").iterdir()}
    assert command_line("map", points, "--where", "kind=plane", "-o", f"{tmp_path}/site/").returncode == 2
    assert {one.name: one.read_bytes() for one in (tmp_path / "site").iterdir()} == before


def test_another_page_is_not_written_over(command_line: Run, tmp_path: Path) -> None:
    points = _points(tmp_path / "p.parquet")
    (tmp_path / "index.html").write_text("mine")
    done = command_line("map", points, "-o", f"{tmp_path}/")
    assert done.returncode == 2
    assert "is another page; choose a new folder" in done.stderr
    assert (tmp_path / "index.html").read_text() == "mine"


@pytest.mark.slow
def test_what_a_killed_run_left_is_removed(command_line: Run, tmp_path: Path) -> None:
    points = _points(tmp_path / "p.parquet")
    old, new = (tmp_path / "site" / f".atlas-map-{name}" for name in ("old", "new"))
    for left in (old, new):
        left.mkdir(parents=True)
        (left / "run-00000.arrow").write_bytes(b"exact")
    os.utime(old, (0, 0))
    assert command_line("map", points, "-o", f"{tmp_path}/site/").returncode == 0
    # another run may still be at work in the new one
    assert (old.exists(), new.exists()) == (False, True)


@pytest.mark.slow
def test_too_many_for_a_page_are_offered_a_folder(
    command_line: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(point_cloud, "MOST_POINTS", 49_999)
    points = _points(tmp_path / "p.parquet")
    done = command_line("map", points, "-o", tmp_path / "p.html")
    assert done.returncode == 2
    assert "-o FOLDER/" in done.stderr
    assert command_line("map", points, "-o", f"{tmp_path}/site/").returncode == 0


def test_rows_that_the_disk_cannot_hold_are_refused_before_any_work(
    command_line: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archived_points, "_ROW_BYTES", 10**12)
    points = _points(tmp_path / "p.parquet")
    done = command_line("map", points, "-o", f"{tmp_path}/site/")
    assert done.returncode == 2
    assert "Name a folder on another disk" in done.stderr
    assert not (tmp_path / "site").exists()


def test_a_page_of_the_atlas_is_no_folder(command_line: Run, tmp_path: Path) -> None:
    done = command_line("map", "border", "-o", f"{tmp_path}/site/")
    assert done.returncode == 2
    assert "name a file" in done.stderr
    assert not (tmp_path / "site").exists()
