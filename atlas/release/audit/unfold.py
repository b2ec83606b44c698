"""Opens a file down to its last layer: what is packed in it, coded in it, deleted in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from atlas.release.audit import columns, database, packed, picture
from atlas.release.audit.coded import coded, narrowed
from atlas.release.audit.finding import Finding
from atlas.release.audit.packed import Refused
from atlas.release.audit.repeats import without_repeats
from atlas.release.audit.sniff import PICTURES, TEXTS, form_of
from atlas.release.audit.view import Budget, View

_PACKED = frozenset({"zip", "gzip", "bzip2", "xz", "tar", "zstd", "7z", "rar"})
_JOURNALS = frozenset({"sqlite-wal", "sqlite-journal"})
# a packed stream is looked for in these; text has it only behind a code
_BINARY = frozenset({"bytes", "pieces", "pdf", "png", "tiff", "sqlite-wal", "sqlite-journal", "gif", "heif"})
_CODES = ("base64", "hex", "percent", "escapes", "entities", "bytes as")
_SEALED_NOTES = b'"atlas-field-notes-sealed"'


@dataclass(slots=True)
class Opened:
    """A view with the rows that were read from it, if it is a table of some kind."""

    view: View
    tables: list[database.Table] = field(default_factory=list)


def from_code(view: View) -> bool:
    """Whether a view came out of a code in a text, where most of what looks like data is none."""
    return any(step.startswith(_CODES) for step in view.trail)


@dataclass(slots=True)
class Unfolder:
    """Unfolds files; what it can't open, and what stands open that should not, goes to ``findings``.

    Attributes
    ----------
    thorough
        Whether codes are undone and packed streams are looked for in every byte; without, only what a format says.
    """

    budget: Budget
    findings: list[Finding]
    thorough: bool = True

    def unfold(self, file: str, data: bytes, *, trail: tuple[str, ...] = ()) -> Iterator[Opened]:
        """A file and all that is in it, from the outside to the inside."""
        yield from self._open(View(file, data, form_of(data), trail), 0)

    def _open(self, view: View, depth: int) -> Iterator[Opened]:
        if view.form == "utf16":
            view = narrowed(view)
        opened = Opened(view)
        try:
            inside = list(self._inside(view, opened))
        except Refused as refusal:
            # what a code says is most often no file at all, though it may begin like one
            if not from_code(view) or "more than" in str(refusal):
                self._find("unread", view, str(refusal))
            inside = []
        yield opened
        if depth >= self.budget.depth:
            if inside:
                self._find("unread", view, f"more than {self.budget.depth} layers, one inside another")
            return
        for inner in inside:
            yield from self._open(inner, depth + 1)

    def _inside(self, view: View, opened: Opened) -> Iterator[View]:
        self._judge(view)
        form = view.form
        if form in _PACKED:
            yield from self._parts(view, packed.unpacked(view.data, form, self.budget))
        elif form == "sqlite":
            yield from self._rows(view, opened, list(database.tables(view.data)))
            self._judge_traces(view)
        elif form == "parquet":
            yield from self._rows(view, opened, list(columns.parquet_tables(view.data)))
            for head in columns.parquet_heads(view.data):
                yield View(view.file, head, "text", (*view.trail, "head"))
        elif form == "flatgeobuf":
            yield from self._rows(view, opened, list(columns.flatgeobuf_tables(view.data)))
        elif form in PICTURES:
            yield from self._remarks(view)
        if self.thorough:
            yield from self._hidden(view)

    def _hidden(self, view: View) -> Iterator[View]:
        if view.form in TEXTS or view.form == "pieces":
            yield from coded(without_repeats(view) if view.form == "json" else view)
        if view.form in _BINARY:
            yield from self._parts(view, packed.streams(view.data, self.budget))
        if view.form in _BINARY | PICTURES and b"PK\x03\x04" in view.data:
            yield from self._parts(view, packed.members(view.data, self.budget))

    @staticmethod
    def _parts(view: View, parts: Iterator[packed.Part]) -> Iterator[View]:
        for name, data in parts:
            yield View(view.file, data, form_of(data), (*view.trail, name))

    @staticmethod
    def _rows(view: View, opened: Opened, tables: list[database.Table]) -> Iterator[View]:
        opened.tables = tables
        text, raw = columns.as_text(tables)
        if text:
            yield View(view.file, text, "rows", (*view.trail, "rows"))
        if raw:
            yield View(view.file, raw, "pieces", (*view.trail, "blobs"))

    def _remarks(self, view: View) -> Iterator[View]:
        for remark in picture.remarks(view.data, view.form):
            self._find(remark.kind, view, f"{remark.what} ({remark.where})")
            if remark.data:
                yield View(view.file, remark.data, form_of(remark.data), (*view.trail, remark.where))

    def _judge(self, view: View) -> None:
        if view.form == "age":
            self._find("sealed", view, "a copy sealed with age")
        elif view.form == "json" and _SEALED_NOTES in view.data[:4096]:
            self._find("sealed", view, "a sealed bundle of field notes")
        elif view.form in _JOURNALS:
            self._find("journal", view, "a journal of a database, with pages as they were before or after a change")
        elif view.form == "zip" and (hidden := packed.hidden_members(view.data)):
            self._find("hidden-bytes", view, f"{hidden} members that the archive's list of contents leaves out")

    def _judge_traces(self, view: View) -> None:
        left = [trace for trace in database.traces(view.data) if database.strange(view.data, trace)]
        if left:
            kinds = ", ".join(sorted({f"{trace.kind} {trace.page}" for trace in left})[:3])
            size = sum(len(trace.data.strip(b"\x00")) for trace in left)
            self._find("hidden-bytes", view, f"{size} bytes of deleted rows ({kinds})")

    def _find(self, rule: str, view: View, what: str) -> None:
        self.findings.append(Finding(rule, view.file, " > ".join(view.trail) or "whole file", what))
