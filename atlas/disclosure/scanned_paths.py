"""The audit of files and folders on a disk: share after share, in this process or in several."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from atlas.disclosure.byte_view import MEGABYTE
from atlas.disclosure.finding import Finding, Findings
from atlas.disclosure.folder import Folder, contents
from atlas.disclosure.history_scan import scan_history
from atlas.disclosure.large_files import pieces_of
from atlas.disclosure.many_processes import in_processes, shares_of
from atlas.disclosure.name_lookup import NameCheck
from atlas.disclosure.scan import Scan
from atlas.errors import InputError, UsageError
from atlas.work_steps import unheard

_LARGEST = 1_500 * MEGABYTE


@dataclass(frozen=True)
class _Tally:
    """What was found in some of the files of an audit."""

    findings: Findings
    names: NameCheck | None
    files: int
    size: int


def scan_paths(scan: Scan, paths: Sequence[Path], *, workers: int = 1) -> None:
    """Audit files and folders; folders with all that is in them, and with their git history.

    Parameters
    ----------
    workers
        How many processes look through the files; 1 for none but this one. What is found is the same.

    Raises
    ------
    UsageError
        One does not exist.
    InputError
        One can't be read.
    """
    if missing := [str(path) for path in paths if not path.exists()]:
        msg = f"{', '.join(map(repr, missing))}: no such file or folder; name what is to be audited"
        raise UsageError(msg)
    folders = {path: contents(path) for path in paths if path.is_dir()}
    scan.among = len(paths) + sum(len(listed.files) for listed in folders.values())
    shares = [shares_of(folders[path].files) if path in folders else [[path]] for path in paths]
    scan.ahead = sum(file.stat().st_size for share in chain(*shares) for file in share if file.is_file())
    with scan.sifted(), closing(_looked_through(scan, list(chain(*shares)), workers)) as looked:
        for path, its_shares in zip(paths, shares, strict=True):
            listed = folders.get(path)
            if listed is None:
                scan.names_of(path.parent, [path])
            else:
                scan.names_of(path, (*listed.files, *listed.folders, *(where for where, _ in listed.faults)))
            scan.settle()
            for _ in its_shares:
                next(looked)
            if listed is not None:
                _scan_rest(scan, listed)


def _looked_through(scan: Scan, shares: Sequence[list[Path]], workers: int) -> Generator[None]:
    """Audit share after share."""
    if workers <= 1 or len(shares) <= 1:
        for share in shares:
            for file in share:
                _scan_file(scan, file)
            scan.settle()
            yield
        return
    job = replace(scan, progress=unheard, findings=Findings(), _sieve=None)
    for part in in_processes(_audited, job, shares, workers):
        _take(scan, part)
        scan.progress(scan.part(f"{scan.files:,} files"))
        yield


def _audited(scan: Scan, files: Sequence[Path]) -> _Tally:
    """What an audit finds in some of the files by themselves."""
    names = None if scan.names is None else scan.names.afresh()
    part = Scan(scan.limits, scan.search, names, thorough=scan.thorough, among=scan.among)
    with part.sifted():
        for file in files:
            _scan_file(part, file)
    return _Tally(part.findings, None if names is None else names.counted(), part.files, part.size)


def _take(scan: Scan, part: _Tally) -> None:
    scan.files += part.files
    scan.size += part.size
    scan.findings.take(part.findings)
    if scan.names is not None and part.names is not None:
        scan.names.take(part.names)


def _scan_rest(scan: Scan, listed: Folder) -> None:
    """What a folder has besides its files: what is not followed, and what git remembers."""
    for file, fault in listed.faults:
        scan.findings.add(Finding("unread", _named(file), "whole file", fault))
    for repository in listed.repositories:
        scan_history(scan, repository, _shown(repository.top))
    scan.settle()


def _scan_file(scan: Scan, path: Path) -> None:
    """Audit a file: large ones piece by piece where their form lets them, others whole.

    Raises
    ------
    InputError
        It can't be read.
    """
    scan.progress(scan.part(_shown(path)))
    try:
        if (pieces := pieces_of(path)) is not None:
            scan.blocks(_shown(path), path, pieces)
            return
    except OSError as error:
        msg = f"{path} cannot be read ({error.strerror}); make it readable, or leave it out"
        raise InputError(msg) from error
    scan.data(_shown(path), _read(path, scan), path=path)


def _read(path: Path, scan: Scan) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            what = f"{path.stat().st_size / 1e9:.1f} GB are more than can be examined at once"
            scan.findings.add(Finding("unread", _shown(path), "whole file", what))
            with path.open("rb") as stream:
                return stream.read(MEGABYTE)
        return path.read_bytes()
    except OSError as error:
        msg = f"{path} cannot be read ({error.strerror}); make it readable, or leave it out"
        raise InputError(msg) from error


def _shown(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _named(path: Path) -> str:
    """The name of what is not followed: that of the link and not of what it leads to."""
    return str(Path(_shown(path.parent)) / path.name)
