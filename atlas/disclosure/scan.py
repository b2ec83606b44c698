"""Runs the audit over files and folders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from atlas.disclosure.byte_view import MEGABYTE, Budget, budget_of
from atlas.disclosure.collect import Unreadable, collections
from atlas.disclosure.compressed import Refused
from atlas.disclosure.feature_rules import Judge, layer_of
from atlas.disclosure.finding import Finding, Findings, shortened
from atlas.disclosure.folder import Repository, contents
from atlas.disclosure.history import remembered
from atlas.disclosure.limits import Limits
from atlas.disclosure.name_lookup import NameCheck
from atlas.disclosure.personal_data import personal
from atlas.disclosure.private import private_content
from atlas.disclosure.repeated_shapes import without_repeats
from atlas.disclosure.search import Search
from atlas.disclosure.unpack import Opened, Unpacker, from_code
from atlas.errors import InputError, UsageError

_LARGEST = 1_500 * MEGABYTE
_JUDGED = frozenset({"json", "html", "xml", "csv"})
_TEXTS = _JUDGED | {"text", "rows"}
_HISTORY = 4_000 * MEGABYTE
_KINDS = 20


@dataclass
class Scan:
    """One audit of bytes: what is judged, what is looked for, and what was found.

    Attributes
    ----------
    search
        Secrets of the exact records, when there are any to look for.
    names
        Looks up the names of what is to have no position.
    thorough
        Whether every code is undone, also where nothing is looked for.
    """

    limits: Limits
    search: Search | None = None
    names: NameCheck | None = None
    thorough: bool = True
    findings: Findings = field(default_factory=Findings)
    files: int = 0
    size: int = 0
    _known: set[str] = field(default_factory=set)
    _texts: set[str] = field(default_factory=set)

    def data(self, file: str, data: bytes, *, trail: tuple[str, ...] = (), judged: bool = True) -> None:
        """Audit the bytes of a file; without ``judged``, they are only searched."""
        self.files += 1
        self.size += len(data)
        if judged and (what := private_content(data)):
            self.findings.add(Finding("private", file, "whole file", what))
        refusals: list[Finding] = []
        judge = Judge(self.limits, file)
        unpacker = Unpacker(budget_of(len(data)), refusals, thorough=self.thorough or self.search is not None)
        try:
            for opened in unpacker.unpack(file, data, trail=trail):
                if judged:
                    self._judge(judge, opened)
                if self.search is not None:
                    view = opened.view
                    self.findings.extend(self.search.findings(without_repeats(view) if view.form == "json" else view))
        except Exception as error:  # noqa: BLE001 - a hostile file may break any reader, and must not pass by that
            self.findings.add(Finding("unread", file, "whole file", f"made the reading stop ({type(error).__name__})"))
        if judged:
            self.findings.extend(refusals)

    def _judge(self, judge: Judge, opened: Opened) -> None:
        view, trail = opened.view, " > ".join(opened.view.trail)
        try:
            for collection in collections(opened):
                if (layer := layer_of(collection)) is not None:
                    self._known.add(view.file)
                faults = [judge.collection(collection, trail)]
                if self.names is not None:
                    faults.append(self.names.findings(collection, view.file, trail, layer))
                for kind, fault in chain.from_iterable(faults):
                    self.findings.add(fault, kind=kind)
        except Unreadable as damage:
            if not from_code(view):
                self.findings.add(Finding("unread", view.file, trail or "whole file", str(damage)))
        if view.form in _TEXTS and not from_code(view):
            # bridges and squares in the atlas' own layers bear the names of people
            texts = None if self.thorough else self._texts
            self.findings.extend(personal(view, names=view.file not in self._known, known=texts))


def scan_paths(scan: Scan, paths: Sequence[Path]) -> None:
    """Audit files and folders; folders with all that is in them, and with their git history.

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
    for path in paths:
        if not path.is_dir():
            scan.data(_shown(path), _read(path, scan))
            continue
        listed = contents(path)
        for file in listed.files:
            scan.data(_shown(file), _read(file, scan))
        for file, fault in listed.faults:
            scan.findings.add(Finding("unread", _named(file), "whole file", fault))
        for repository in listed.repositories:
            scan_history(scan, repository)


def scan_files(scan: Scan, files: Mapping[str, bytes]) -> None:
    """Audit files that are still in memory, by name."""
    for name, data in files.items():
        scan.data(name, data)


def scan_history(scan: Scan, repository: Repository) -> None:
    """Audit what a git folder remembers."""
    name = _shown(repository.top)
    faults: Counter[str] = Counter()
    try:
        for old in remembered(repository, Budget(left=_HISTORY), faults):
            file = f"{name} (git {old.object_id[:10]}{f' {shortened(old.path)}' if old.path else ''})"
            # what has no path may be of another folder: only what is looked for counts there
            judged = old.kind == "blob" and (not repository.prefix or old.path is not None)
            if judged or scan.search is not None:
                scan.data(file, old.data, trail=(f"git {old.kind}",), judged=judged)
    except Refused as refusal:
        faults[str(refusal)] += 1
    except Exception as error:  # noqa: BLE001 - as for a file: hostile bytes must not pass by stopping the reader
        faults[f"made the reading stop ({type(error).__name__})"] += 1
    for number, (what, count) in enumerate(faults.items()):
        scan.findings.add(Finding("unread", name, "git history", what, count), kind=what if number < _KINDS else "")


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
