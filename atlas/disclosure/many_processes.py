"""The same work on many shares in several processes of this machine, its results in the order of the shares."""

from __future__ import annotations

import copyreg
import io
import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from atlas.border_project.expected_region import expect_in, region
from atlas.disclosure.byte_view import MEGABYTE
from atlas.errors import AtlasError, InputError

Job = TypeVar("Job")
Made = TypeVar("Made")
_SHARE, _MOST = 8 * MEGABYTE, 500
_ENDED = (
    "a process of the audit was ended from outside, most likely because memory was short; audit again with fewer "
    "--workers"
)


@dataclass(frozen=True)
class _Work(Generic[Job]):
    """What each process does: a function of a job and a share."""

    function: Callable[[Any, Any], Any]
    job: Job


# of a process that was started here
_ours: list[_Work[Any]] = []


def shares_of(files: Sequence[Path]) -> list[list[Path]]:
    """Files as shares of work, in their order: many small ones, or a large one; the same however many processes."""
    shares: list[list[Path]] = []
    size = 0
    for file in files:
        more = file.stat().st_size if file.is_file() else 0
        if not shares or size + more > _SHARE or len(shares[-1]) >= _MOST:
            shares.append([])
            size = 0
        shares[-1].append(file)
        size += more
    return shares


def in_processes(
    function: Callable[[Job, list[Path]], Made], job: Job, shares: Sequence[list[Path]], processes: int
) -> Iterator[Made]:
    """What a function makes of each share, in their order; what was started ends with the iterator.

    Raises
    ------
    InputError
        A process was ended from outside.
    """
    others = {each.pid for each in multiprocessing.active_children()}
    pool = ProcessPoolExecutor(
        min(processes, len(shares)),
        # a process that is copied would keep the locks of the threads that it does not have
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(_packed((_Work(function, job), region().border)),),
    )
    try:
        for future in [pool.submit(_done, share) for share in shares]:
            yield _handed_back(future.result())
    except BrokenProcessPool as error:
        raise InputError(_ENDED) from error
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in multiprocessing.active_children():
            if child.pid not in others:
                child.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _handed_back(made: Any) -> Any:  # noqa: ANN401 - whatever the function makes
    if isinstance(made, AtlasError):
        raise made
    return made


def _begin(packed: bytes) -> None:
    # Ctrl-C reaches all; the process that started this one ends it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    work, border = pickle.loads(packed)  # noqa: S301 - from the process that started this one
    expect_in(border)
    _ours[:] = [work]


def _end_with_parent() -> None:
    if (parent := multiprocessing.parent_process()) is not None:
        wait([parent.sentinel])
        os._exit(1)


def _done(share: list[Path]) -> Any:  # noqa: ANN401 - whatever the function makes
    (work,) = _ours
    try:
        return work.function(work.job, share)
    except AtlasError as error:
        # a fault of the input, which is the caller's
        return error


def _packed(thing: object) -> bytes:
    """Something as bytes, also where it holds mappings that can't be changed."""
    stream = io.BytesIO()
    pickler = pickle.Pickler(stream, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = {**copyreg.dispatch_table, MappingProxyType: _taken_apart}
    pickler.dump(thing)
    return stream.getvalue()


def _taken_apart(mapping: MappingProxyType[Any, Any]) -> tuple[Any, ...]:
    return _fixed, (dict(mapping),)


def _fixed(items: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(items)
