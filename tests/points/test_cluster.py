"""A real cluster on this machine gives the bytes of one process, also when a worker is killed in the middle."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import atlas
from atlas.errors import UsageError
from atlas.points.locating import Job, locate_part
from atlas.points.reading import ReadingOptions
from atlas.points.tasks import Cluster, run_tasks

pytestmark = pytest.mark.slow(25.0)
distributed = pytest.importorskip("distributed", reason="the extra scale is not installed")


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


def _slow_part(job: Job, part: object, share: object) -> object:
    """As the command does it, but so slowly that a worker can be killed while it works."""
    time.sleep(0.4)
    return locate_part(job, part, share)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def local() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1", silence_logs=50
    ) as cluster:
        yield cluster


def test_a_killed_worker_changes_nothing(opened: atlas.Atlas, pings: Path, local: Any, tmp_path: Path) -> None:
    import cloudpickle

    from atlas.points.addresses import parts_of

    # a worker knows the atlas, but no tests
    cloudpickle.register_pickle_by_value(sys.modules[__name__])

    opened.locate(pings, tmp_path / "alone")
    (tmp_path / "many").mkdir()
    job = Job(opened.project.geodata, ReadingOptions(), None, str(tmp_path / "many"))
    victim = next(iter(local.workers.values())).pid
    killer = threading.Timer(0.5, os.kill, (victim, signal.SIGKILL))
    killer.start()
    cluster = Cluster(scheduler=local.scheduler_address)
    tallies = run_tasks(_slow_part, job, parts_of([pings]), cluster, lambda _share: None)
    killer.join()
    assert victim not in {worker.pid for worker in local.workers.values()}
    assert sum(one.rows for one in tallies) == 2400
    alone = _bytes(tmp_path / "alone")
    alone.pop("_atlas.json")
    assert _bytes(tmp_path / "many") == alone


def test_workers_count_and_locate_as_one_process_does(opened: atlas.Atlas, pings: Path, tmp_path: Path) -> None:
    ask = {"by": ["zone", "month"], "distinct": "device", "k": 5}
    opened.count(pings, tmp_path / "one" / "c.csv", **ask)
    shares: list[float] = []
    opened.count(pings, tmp_path / "two" / "c.csv", **ask, cluster=Cluster(2), on_progress=shares.append)
    assert (tmp_path / "one" / "c.csv").read_bytes() == (tmp_path / "two" / "c.csv").read_bytes()
    assert shares == sorted(shares)
    assert shares[-1] == 1


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


def test_a_file_that_is_bad_is_named_by_whichever_worker_reads_it(
    opened: atlas.Atlas, local: Any, tmp_path: Path
) -> None:
    cluster = Cluster(scheduler=local.scheduler_address)
    (tmp_path / "in.csv").write_text("a,b\n1,2\n")
    with pytest.raises(atlas.errors.InputError, match="no column of positions"):
        opened.locate(tmp_path / "in.csv", tmp_path / "out", cluster=cluster)
    with pytest.raises(UsageError, match="several workers write several files"):
        opened.locate(tmp_path / "in.csv", tmp_path / "out.csv", cluster=cluster)
    assert not (tmp_path / "out").exists()
