"""Locates a folder on a cluster of two processes, one of which is killed while it works; started by a test."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

from distributed import LocalCluster

from atlas.points.addresses import parts_of
from atlas.points.locating import Job, locate_part
from atlas.points.point_reader import ReadingOptions
from atlas.points.tasks import Cluster, run_tasks


def slow_part(job: Job, part: object, share: object) -> object:
    """As the command does it, but so slowly that a worker can be killed while it works."""
    from time import sleep

    sleep(0.5)
    return locate_part(job, part, share)  # type: ignore[arg-type]


def main() -> None:
    """Run, and print how many rows there were and whether the worker is gone."""
    geodata, pings, output = sys.argv[1:]
    job = Job(Path(geodata), ReadingOptions(), None, output)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as local:
        victim = next(iter(local.workers.values())).pid
        killer = threading.Timer(0.6, os.kill, (victim, signal.SIGKILL))
        killer.start()
        cluster = Cluster(scheduler=local.scheduler_address)
        tallies = run_tasks(slow_part, job, parts_of([pings]), cluster, lambda _share: None)
        killer.join()
        time.sleep(0.1)
        left = {worker.pid for worker in local.workers.values()}
        print(sum(one.rows for one in tallies), victim in left)  # noqa: T201 - for the test


if __name__ == "__main__":
    main()
