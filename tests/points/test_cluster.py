"""A real cluster on this machine gives the bytes of one process, also when a worker is killed in the middle."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import atlas
from atlas.errors import UsageError
from atlas.points.tasks import Cluster

pytestmark = pytest.mark.slow(40.0)
pytest.importorskip("distributed", reason="the extra scale is not installed")


@pytest.fixture(scope="module")
def opened(repo: Path) -> atlas.Atlas:
    return atlas.open(repo)


@pytest.fixture(scope="module")
def pings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pings")
    random = np.random.default_rng(2)
    for number in range(6):
        points = random.uniform((-92.6, 14.4), (-88, 18.7), (400, 2))
        frame = pd.DataFrame(points, columns=["lon", "lat"]).assign(
            device=random.integers(0, 30, 400), time="2025-01-15"
        )
        frame.to_parquet(folder / f"{number}.parquet")
    return folder


def _bytes(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in sorted(folder.iterdir())}


def test_a_killed_worker_changes_nothing(repo: Path, opened: atlas.Atlas, pings: Path, tmp_path: Path) -> None:
    opened.locate(pings, tmp_path / "alone")
    opened.count(pings, tmp_path / "one" / "c.csv", by=["zone", "month"], distinct="device", k=5)
    (tmp_path / "many").mkdir()
    script = Path(__file__).with_name("killed_worker.py")
    command = [sys.executable, str(script), str(opened.project.geodata), str(pings), str(tmp_path / "many")]
    command.append(str(tmp_path / "two" / "c.csv"))
    paths = os.pathsep.join(filter(None, [str(repo), os.environ.get("PYTHONPATH")]))
    env = {**os.environ, "PYTHONPATH": paths}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=180)
    assert done.stdout.split() == ["2400", "False"] * 2, done.stderr
    alone = _bytes(tmp_path / "alone")
    alone.pop("_atlas.json")
    # what the killed one was writing has no name of a part; the command removes it before the folder appears
    assert {name: data for name, data in _bytes(tmp_path / "many").items() if not name.startswith(".")} == alone
    # the table, and the ledger of its terms
    counted = _bytes(tmp_path / "one")
    assert len(counted) == 2
    assert counted["c.csv"].count(b"\n") > 1
    assert _bytes(tmp_path / "two") == counted


@pytest.mark.long
def test_workers_count_as_one_process_does(repo: Path, opened: atlas.Atlas, pings: Path, tmp_path: Path) -> None:
    opened.count(pings, tmp_path / "one" / "c.csv", by=["zone", "month"], distinct="device", k=5)
    command = [
        sys.executable,
        "-m",
        "atlas",
        "count",
        str(pings),
        "--by",
        "zone,month",
        "--distinct",
        "device",
        "--k",
        "5",
    ]
    command += ["-o", str(tmp_path / "two" / "c.csv"), "--workers", "2"]
    done = subprocess.run(command, cwd=repo, capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "one" / "c.csv").read_bytes() == (tmp_path / "two" / "c.csv").read_bytes()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"scheduler": "tcp://10.0.0.1:8786"}, "do not leave this machine in the open"),
        ({"scheduler": "tcp://127.0.0.1.evil.org:8786"}, "do not leave this machine in the open"),
        ({"scheduler": "http://127.0.0.1:8786"}, "give an address such as tls"),
        ({"scheduler": "localhost"}, "give an address such as tls"),
        ({"workers": 2, "scheduler": "tls://host:8786"}, "not both"),
        ({}, "not both"),
    ],
)
def test_exact_positions_go_nowhere_in_the_open(options: dict, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Cluster(**options)


def test_several_workers_write_no_single_file(opened: atlas.Atlas, pings: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="several workers write several files"):
        opened.locate(pings, tmp_path / "out.csv", cluster=Cluster(1))
