"""A large table is read block after block: quickly, in little memory, and to the last row."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from atlas.disclosure import large_files, row_blocks
from atlas.disclosure.limits import Limits
from atlas.disclosure.public_content import public_pairs
from atlas.disclosure.row_blocks import blocks
from atlas.disclosure.scan import Scan
from atlas.disclosure.scanned_paths import scan_paths
from atlas.disclosure.search import Search
from atlas.disclosure.secrets import secrets_of
from atlas.project import Project
from tests.disclosure import plants

pytestmark = pytest.mark.slow

LON, LAT = plants.PLACES[0]
HEAD = "id,name,lon,lat,kind,month,value\n"


def _rows(size: int) -> Iterator[str]:
    dice, number, length = np.random.default_rng(5), 0, 0
    while length < size:
        count = 20_000
        lons, lats, values = dice.uniform(-117, -87, count), dice.uniform(14, 32, count), dice.integers(0, 10**6, count)
        text = "".join(
            f"{number + n},poste {number + n} norte,{x:.6f},{y:.6f},kilometre_post,2026-0{n % 9 + 1},{v}\n"
            for n, (x, y, v) in enumerate(zip(lons, lats, values, strict=True))
        )
        number, length = number + count, length + len(text)
        yield text


def _table(path: Path, size: int, *, secret_at: float, secret: str) -> None:
    done, planted = 0, False
    with path.open("w") as stream:
        stream.write(HEAD)
        for text in _rows(size):
            if not planted and done >= size * secret_at:
                stream.write(secret)
                planted = True
            stream.write(text)
            done += len(text)
        if not planted:
            stream.write(secret)


@pytest.fixture
def scan(project: Project, limits: Limits) -> Scan:
    records = [plants.record(place, number) for number, place in enumerate(plants.PLACES[:1])]
    return Scan(limits, Search(secrets_of(records, limits), limits, public_pairs(project)))


@pytest.mark.parametrize("secret_at", [0.0, 1.0])
def test_one_row_of_a_table_is_found(
    scan: Scan, tmp_path: Path, secret_at: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large_files, "LARGE", 100_000)
    monkeypatch.setattr(row_blocks, "_BLOCK", 400_000)
    steps: list[str] = []
    scan.progress = steps.append
    _table(tmp_path / "a.csv", 2_000_000, secret_at=secret_at, secret=f"x,y,{LON},{LAT},kilometre_post,2026-05,1\n")
    scan_paths(scan, [tmp_path / "a.csv"])
    assert [one.rule for one in scan.findings.all() if one.rule.startswith("secret")] == ["secret-position"]
    assert scan.files == 1
    assert scan.size == (tmp_path / "a.csv").stat().st_size
    assert any("%" in step for step in steps)
    # every row states no sensitivity, and is counted once
    count = len((tmp_path / "a.csv").read_text().splitlines()) - 1
    assert sum(one.count for one in scan.findings.all() if one.rule == "unclassified") == count


def test_blocks_are_the_whole_file_and_end_with_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_blocks, "_BLOCK", 1000)
    path = tmp_path / "a.csv"
    path.write_text(HEAD + "0,a,1,2,x,y,z\n" + "".join(f'{n},"a note\nof two lines",1,2,x,y,z\n' for n in range(500)))
    listed = list(blocks(path))
    assert len(listed) > 5
    assert b"".join(block.data for block in listed) == path.read_bytes()
    assert all(block.data.count(b'"') % 2 == 0 and block.data.endswith(b"\n") for block in listed)
    assert all(block.head == HEAD.encode() for block in listed[1:])
    assert all(path.read_bytes()[block.start :].startswith(block.data) for block in listed)


def test_a_note_over_two_blocks_is_found(scan: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_files, "LARGE", 1000)
    monkeypatch.setattr(row_blocks, "_BLOCK", 2000)
    filler = "nothing to be read in this line\n" * 62
    text = filler[: 2000 - 30] + "\n" + plants.NOTE.replace(" ", "\n") + "\n" + filler
    (tmp_path / "a.txt").write_text(text)
    scan_paths(scan, [tmp_path / "a.txt"])
    assert "secret-text" in {one.rule for one in scan.findings.all()}


# a process counts the memory of the one that it was forked from, so the audit starts from one that has hardly any
_MEASURE = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
sys.stdout.write(done.stdout.decode())
"""


def measured(path: Path, exact: Path) -> tuple[float, float, str]:
    """Seconds of processor time and megabytes that an audit of a file takes, and what it prints."""
    command = [sys.executable, "-m", "atlas", "audit", str(path), "--against", str(exact)]
    done = subprocess.run([sys.executable, "-c", _MEASURE, *command], capture_output=True, text=True, check=True)
    used, _, text = done.stdout.partition("\n")
    seconds, memory = map(float, used.split())
    return seconds, memory / (1e6 if sys.platform == "darwin" else 1e3), text


@pytest.mark.long
def test_a_hundred_megabytes_are_read_in_a_minute_and_a_gigabyte(tmp_path: Path) -> None:
    features = [plants.record(plants.PLACES[0], 0)]
    (tmp_path / "exact.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    secret = f"x,y,{LON},{LAT},kilometre_post,2026-05,1\n"
    _table(tmp_path / "a.csv", 100_000_000, secret_at=0.7, secret=secret)
    seconds, megabytes, text = measured(tmp_path / "a.csv", tmp_path / "exact.geojson")
    assert "secret-position" in text
    assert megabytes < 1000
    assert seconds < 60
