"""The same function on every part: in this process, or as tasks of a Dask cluster."""

from __future__ import annotations

import importlib
import ipaddress
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from atlas.errors import AtlasError, UsageError
from atlas.points.addresses import Part

Progress = Callable[[float], None]
Made = TypeVar("Made")
_ATTEMPTS = 3
# nobody looks at a local cluster: what it would record of itself takes time from the rows
_QUIET = {
    "distributed.worker.multiprocessing-method": "spawn",
    "distributed.worker.profile.enabled": False,
    "distributed.admin.log-length": 0,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.diagnostics.nvml": False,
    "distributed.scheduler.active-memory-manager.start": False,
}
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where tasks run: so many processes on this machine, or a cluster that is there already.

    Attributes
    ----------
    workers
        Processes to start.
    scheduler
        Address of a scheduler, ``tls://host:8786``.
    ca, cert, key
        Files of the certificates for ``tls://``.
    """

    workers: int = 0
    scheduler: str | None = None
    ca: str | None = None
    cert: str | None = None
    key: str | None = None

    def __post_init__(self) -> None:
        """Refuse what would send exact positions in the open.

        Raises
        ------
        UsageError
            Both or neither are given, or the address is neither tls nor on this machine.
        """
        if (self.workers > 0) == (self.scheduler is not None):
            msg = (
                "give --workers N for processes on this machine, or --scheduler tls://HOST:8786 for a cluster, not both"
            )
            raise UsageError(msg)
        if self.scheduler is not None:
            scheme, mark, rest = self.scheduler.partition("://")
            if not mark or scheme not in {"tls", "tcp"}:
                msg = f"--scheduler {self.scheduler}: give an address such as tls://host:8786"
                raise UsageError(msg)
            if scheme == "tcp" and not _is_loopback(rest):
                msg = (
                    f"--scheduler {self.scheduler}: exact positions do not leave this machine in the open; start the "
                    "cluster with certificates and give tls://, see docs/scale.md"
                )
                raise UsageError(msg)


def run_tasks(
    function: Callable[[Any, Part, Progress], Made],
    job: Any,  # noqa: ANN401 - whatever the function takes
    parts: Sequence[Part],
    cluster: Cluster | None,
    report: Progress,
) -> list[Made]:
    """What a function makes of each part, in their order.

    A task that is repeated because its worker was lost writes the same bytes under the same name.

    Raises
    ------
    UsageError
        Dask is not installed, or the scheduler does not answer.
    """
    total = sum(part.weight for part in parts)
    if cluster is None:
        made, done = [], 0
        for part in parts:
            before, weight = done, part.weight

            def share(of_part: float, before: int = before, weight: int = weight) -> None:
                report((before + weight * of_part) / total)

            made.append(function(job, part, share))
            done += part.weight
            report(done / total)
        return made
    with _client(cluster) as client:
        distributed = importlib.import_module("distributed")
        futures = {client.submit(_task, function, job, part, pure=False, retries=_ATTEMPTS): part for part in parts}
        results: dict[int, Made] = {}
        done = 0
        for future in distributed.as_completed(futures):
            part = futures[future]
            results[part.number] = _result(future)
            done += part.weight
            report(done / total)
            future.release()
        return [results[part.number] for part in parts]


def _task(function: Callable[[Any, Part, Progress], Made], job: Any, part: Part) -> Made | AtlasError:  # noqa: ANN401 - as above
    try:
        return function(job, part, lambda _share: None)
    except AtlasError as error:
        # a fault of the input is the same on every worker, so it is handed back and not tried again
        return error


def _result(future: Any) -> Any:  # noqa: ANN401 - distributed's
    value = future.result()
    if isinstance(value, AtlasError):
        raise value
    return value


@contextmanager
def _client(cluster: Cluster) -> Iterator[Any]:
    try:
        distributed = importlib.import_module("distributed")
        dask = importlib.import_module("dask")
    except ImportError as error:
        msg = "several workers need Dask: pip install 'border-atlas[scale]'"
        raise UsageError(msg) from error
    if cluster.scheduler is None:
        # nothing listens but on the loopback, and there is no dashboard
        with (
            dask.config.set(_QUIET),
            distributed.LocalCluster(
                n_workers=cluster.workers,
                threads_per_worker=1,
                processes=True,
                dashboard_address=None,
                host="127.0.0.1",
                silence_logs=50,
            ) as local,
            distributed.Client(local) as client,
        ):
            yield client
        return
    security = None
    if cluster.scheduler.startswith("tls://"):
        security = distributed.Security(
            tls_ca_file=cluster.ca, tls_client_cert=cluster.cert, tls_client_key=cluster.key, require_encryption=True
        )
    try:
        client = distributed.Client(cluster.scheduler, security=security, timeout="20s")
    except (OSError, ValueError, TypeError) as error:
        msg = f"--scheduler {cluster.scheduler} does not answer ({' '.join(str(error).split())[:120]}); is it running?"
        raise UsageError(msg) from error
    with client:
        yield client


def _is_loopback(rest: str) -> bool:
    host = rest.rpartition(":")[0].strip("[]") or rest
    try:
        return host in _LOCAL or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
