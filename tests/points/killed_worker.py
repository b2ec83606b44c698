"""Locates and counts a folder on a cluster of two processes, each time one is killed while it works; for a test."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

from distributed import LocalCluster

import atlas
from atlas.points import counting
from atlas.points.addresses import parts_of
from atlas.points.locating import Job, locate_part
from atlas.points.point_reader import ReadingOptions
from atlas.points.tasks import Cluster, run_tasks


def slow_part(job: Job, part: object, share: object) -> object:
    """As the command does it, but so slowly that a worker can be killed while it works."""
    from time import sleep

    sleep(0.5)
    return locate_part(job, part, share)  # type: ignore[arg-type]


def slow_count(job: object, part: object, share: object) -> object:
    """The same of a part that is counted."""
    from time import sleep

    from atlas.points.counting import count_part

    sleep(0.5)
    return count_part(job, part, share)  # type: ignore[arg-type]


def main() -> None:
    """Run, and print how many rows there were and whether the worker is gone, of each of the two."""
    geodata, pings, output, table = sys.argv[1:]
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as local:
        cluster = Cluster(scheduler=local.scheduler_address)
        killer = _killer(local)
        job = Job(Path(geodata), ReadingOptions(), None, output)
        tallies = run_tasks(slow_part, job, parts_of([pings]), cluster, lambda _share: None)
        print(sum(one.rows for one in tallies), _lives(killer, local))  # noqa: T201 - for the test
        # what the command sends to the workers
        counting.count_part = slow_count  # type: ignore[assignment]
        killer = _killer(local)
        opened = atlas.open(Path(geodata).parent)
        done = opened.count(pings, table, by=["zone", "month"], distinct="device", k=5, cluster=cluster)
        print(done.rows, _lives(killer, local))  # noqa: T201 - as above


def _killer(local: LocalCluster) -> threading.Timer:
    victim = next(worker.pid for worker in local.workers.values() if worker.pid)
    killer = threading.Timer(0.6, os.kill, (victim, signal.SIGKILL))
    killer.start()
    return killer


def _lives(killer: threading.Timer, local: LocalCluster) -> bool:
    killer.join()
    time.sleep(0.1)
    return killer.args[0] in {worker.pid for worker in local.workers.values()}


if __name__ == "__main__":
    main()
