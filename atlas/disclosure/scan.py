"""Runs the audit over files and folders."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from atlas.disclosure.byte_view import MEGABYTE, Budget, budget_of
from atlas.disclosure.collect import Unreadable, collections
from atlas.disclosure.false_alarms import Portions
from atlas.disclosure.feature_rules import Judge, layer_of
from atlas.disclosure.finding import Finding, Findings
from atlas.disclosure.large_files import Pieces
from atlas.disclosure.limits import Limits
from atlas.disclosure.name_lookup import NameCheck
from atlas.disclosure.opened import BLOCK, Opened, from_code
from atlas.disclosure.personal_data import personal
from atlas.disclosure.private import private_content
from atlas.disclosure.repeated_shapes import without_repeats
from atlas.disclosure.row_blocks import Block
from atlas.disclosure.search import TEXT_FORMS, Search
from atlas.disclosure.sieve import Sieve
from atlas.disclosure.unpack import Unpacker
from atlas.disclosure.windows import number_of, windows
from atlas.work_steps import PartOfWork

_LARGEST = 1_500 * MEGABYTE
_JUDGED = frozenset({"json", "html", "xml", "csv"})
_TEXTS = _JUDGED | {"text", "rows"}
_NAMES = "names of files and folders"


def _quiet(_step: str) -> None:
    """Progress that nobody looks at."""


@dataclass
class _Course:
    """How far a file is gone through: who judges the part of a long table, with what portion of chance."""

    limits: Limits
    file: str
    among: int
    _part: int = 0

    def __post_init__(self) -> None:
        self.judge = self._first = Judge(self.limits, self.file)
        self.portions = self._whole = Portions(self.among)

    def reach(self, opened: Opened) -> bool:
        """Go on to what was opened; whether another part of a long table begins with it."""
        if opened.parts > 1 and not opened.part and not opened.view.trail:
            # the rows that follow get the other half
            self.portions = self._whole = Portions(self.among, 2)
        if opened.part == self._part:
            return False
        self._part = opened.part
        if not opened.part:
            self.judge, self.portions = self._first, self._whole
            return False
        # what a judge knows of the shapes before would take as much memory as they
        self.judge = Judge(self.limits, self.file, opened.step, undeclared=self._first.undeclared)
        self.portions = Portions(self.among, 2 * (opened.parts - 1))
        return True


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
    among
        How many files are looked through in all, by which chance is measured.
    ahead
        Bytes of all files, so far as they are known before they are read.
    progress
        Is told which file is read.
    """

    limits: Limits
    search: Search | None = None
    names: NameCheck | None = None
    thorough: bool = True
    findings: Findings = field(default_factory=Findings)
    files: int = 0
    size: int = 0
    among: int = 1
    ahead: int = 0
    progress: Callable[[str], None] = _quiet
    _known: set[str] = field(default_factory=set)
    _texts: set[str] = field(default_factory=set)
    _sieve: Sieve | None = None

    @contextmanager
    def sifted(self) -> Iterator[None]:
        """Search many files, or versions of files: what is looked for is asked of small ones together."""
        if self.search is None or self._sieve is not None:
            yield
            return
        self._sieve = Sieve(self.search, self.findings.extend)
        try:
            yield
        finally:
            # what was read before something stopped the reading counts too
            self._sieve.flush()
            self._sieve = None

    def settle(self) -> None:
        """Search what waits, so that what was found stands in the order of the files."""
        if self._sieve is not None:
            self._sieve.flush()

    def data(
        self, file: str, data: bytes, *, trail: tuple[str, ...] = (), judged: bool = True, path: Path | None = None
    ) -> None:
        """Audit the bytes of a file, which may lie at a path; without ``judged``, they are only searched."""
        self.files += 1
        self.size += len(data)
        if judged and (what := private_content(data)):
            self.findings.add(Finding("private", file, "whole file", what))
        refusals: list[Finding] = []
        course = _Course(self.limits, file, self.among)
        looking = self.search is not None
        thorough = self.thorough or looking
        unpacker = Unpacker(budget_of(len(data)), refusals, thorough=thorough, looking=looking, path=path)
        try:
            for opened in unpacker.unpack(file, data, trail=trail):
                if course.reach(opened):
                    self.progress(self.part(f"{file}: part {opened.part + 1} of {opened.parts}"))
                if judged:
                    whole = opened.view if opened.judged is None else replace(opened.view, data=opened.judged)
                    self._judge(course.judge, replace(opened, view=whole))
                self._search(opened, course.portions)
        except Exception as error:  # noqa: BLE001 - a hostile file may break any reader, and must not pass by that
            self.findings.add(Finding("unread", file, "whole file", f"made the reading stop ({type(error).__name__})"))
        if judged:
            self.findings.extend(refusals)

    def part(self, step: str) -> str:
        """A step, with how much of all files was gone through before it."""
        return PartOfWork(step, min(self.size / self.ahead, 1.0)) if self.ahead else step

    def _search(self, opened: Opened, portions: Portions) -> None:
        # nothing of the bytes is left where the later rows of a table are judged
        if self.search is not None and opened.view.data:
            view = opened.view
            plain = without_repeats(view) if view.form == "json" else view
            portion = portions.next(is_text=view.form in TEXT_FORMS) / number_of(len(plain.data))
            for window in windows(plain, words=view.form in _TEXTS):
                if self._sieve is None:
                    self.findings.extend(self.search.findings(window, portion))
                else:
                    self._sieve.add(window, portion)

    def blocks(self, file: str, path: Path, pieces: Pieces) -> None:
        """Audit a large file piece by piece."""
        self.files += 1
        size = path.stat().st_size
        # a block has hundred thousands of objects and no cycles
        gc.disable()
        try:
            if pieces.fault:
                self.findings.add(Finding("unread", file, "whole file", pieces.fault))
            undeclared: set[tuple[str, str, str]] = set()
            for block in pieces.blocks(path):
                self.progress(self.part(f"{file}: {block.start / size:.0%} of {size / MEGABYTE:,.0f} MB"))
                step = f"{BLOCK}{block.start - len(block.before)}"
                self._block(block, Judge(self.limits, file, step, undeclared), number_of(size))
        finally:
            gc.enable()

    def _block(self, block: Block, judge: Judge, parts: int) -> None:
        file, step = judge.file, judge.step
        self.size += len(block.data)
        refusals: list[Finding] = []
        looking = self.search is not None
        unpacker = Unpacker(budget_of(len(block.data)), refusals, thorough=self.thorough or looking, looking=looking)
        portions = Portions(self.among, parts)
        if block.fault:
            self.findings.add(Finding("unread", file, step, block.fault))
        try:
            for opened in unpacker.unpack(file, block.searched, trail=(step,), form=block.form):
                if len(opened.view.trail) > 1:
                    self._judge(judge, opened)
                    self._search(opened, portions)
                    continue
                self._judge(judge, Opened(replace(opened.view, data=block.judged)))
                plain = replace(opened.view, trail=(), base=block.start - len(block.before))
                self._search(Opened(plain), portions)
        except Exception as error:  # noqa: BLE001 - as for a file that is read whole
            self.findings.add(Finding("unread", file, step, f"made the reading stop ({type(error).__name__})"))
        self.findings.extend(refusals)

    def names_of(self, top: Path, paths: Iterable[Path]) -> None:
        """Search the names of files and folders below a folder."""
        if self.search is None:
            return
        # a folder may be shared by its own name, too
        names = sorted(
            {
                top.resolve().name if path == top else path.relative_to(top).as_posix()
                for path in paths
                if path.is_relative_to(top)
            }
        )
        text = "\n".join(names).encode("utf-8", "replace")
        portions = Portions(self.among)
        for opened in Unpacker(Budget(), [], looking=True).unpack(str(top), text, trail=(_NAMES,)):
            self._search(opened, portions)

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


def scan_files(scan: Scan, files: Mapping[str, bytes]) -> None:
    """Audit files that are still in memory, by name."""
    scan.among = len(files)
    scan.names_of(Path(), map(Path, files))
    for name, data in files.items():
        scan.data(name, data)
