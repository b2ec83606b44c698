"""Runs the audit over all that a git folder remembers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from atlas.disclosure.byte_view import MEGABYTE, Budget
from atlas.disclosure.compressed import Refused
from atlas.disclosure.finding import Finding, shortened
from atlas.disclosure.folder import Repository
from atlas.disclosure.history import Remembered, remembered

if TYPE_CHECKING:
    from atlas.disclosure.scan import Scan

_HISTORY = 4_000 * MEGABYTE
_KINDS = 20
_HISTORY_FILES = 10_000
_SMALL = 64 * MEGABYTE


def scan_history(scan: Scan, repository: Repository, name: str) -> None:
    """Audit what a git folder remembers; it is shown by a name."""
    faults: Counter[str] = Counter()
    paths: set[Path] = set()
    try:
        for old in _counted(remembered(repository, Budget(left=_HISTORY), faults), scan):
            file = f"{name} (git {old.object_id[:10]}{f' {shortened(old.path)}' if old.path else ''})"
            if old.path:
                paths.add(Path(old.path))
            # what has no path may be of another folder: only what is looked for counts there
            judged = old.kind == "blob" and (not repository.prefix or old.path is not None)
            if judged or scan.search is not None:
                scan.data(file, old.data, trail=(f"git {old.kind}",), judged=judged)
    except Refused as refusal:
        faults[str(refusal)] += 1
    except Exception as error:  # noqa: BLE001 - as for a file: hostile bytes must not pass by stopping the reader
        faults[f"made the reading stop ({type(error).__name__})"] += 1
    scan.names_of(Path(), paths)
    for number, (what, count) in enumerate(faults.items()):
        scan.findings.add(Finding("unread", name, "git history", what, count), kind=what if number < _KINDS else "")


def _counted(versions: Iterator[Remembered], scan: Scan) -> Iterator[Remembered]:
    """All versions of a history; chance in a small one is measured by how many it holds."""
    first: list[Remembered] = []
    size, fault = 0, None
    scan.among = _HISTORY_FILES
    try:
        while len(first) < _HISTORY_FILES and size < _SMALL and (one := next(versions, None)) is not None:
            first.append(one)
            size += len(one.data)
        if len(first) < _HISTORY_FILES and size < _SMALL:
            scan.among = len(first)
    except Exception as error:  # noqa: BLE001 - whatever stops the reading, what was read is audited
        fault = error
    yield from first
    if fault is not None:
        raise fault
    yield from versions
