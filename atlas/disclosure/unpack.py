"""Opens a file down to its last layer: what is packed in it, coded in it, deleted in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from atlas.disclosure import archives, columnar, compressed, documents, picture_metadata, sqlite_tables, vector_tiles
from atlas.disclosure.byte_view import Budget, View
from atlas.disclosure.compressed import AFTER, Refused
from atlas.disclosure.encodings import NOISE, as_degrees, coded, narrowed, wide_letters
from atlas.disclosure.entropy import noisy_bytes
from atlas.disclosure.file_parts import PARTS
from atlas.disclosure.finding import Finding
from atlas.disclosure.large_files import HEAD, STRETCH, pieces_by
from atlas.disclosure.opened import BLOCK, INFLATED, VALUE, Opened, is_file, is_guess, number_of
from atlas.disclosure.packed_stream import PackedStream
from atlas.disclosure.repeated_shapes import without_repeats
from atlas.disclosure.sniff import PICTURES, POSITIONS, TEXTS, binary_at, form_of
from atlas.disclosure.windows import number_of as number_of_windows

_CLOSED = frozenset({"zstd", "7z", "rar", "lzip", "lz4", "snappy", "lzop", "brotli", "cab", "compound file"})
_JOURNALS = frozenset({"sqlite-wal", "sqlite-journal"})
# a packed stream is looked for in these; text has it only behind a code
_BINARY = frozenset(
    {"bytes", STRETCH, "pieces", "pdf", "png", "tiff", *_JOURNALS, "gif", "heif", "film", "font", NOISE}
)
_VAGUE = frozenset({"bytes", "utf16"})
_LEAST_VALUE, _MOST_VALUES = 16, 20_000
_GEOMETRIES = (b"GP", b"\x00\x00\x00", b"\x01")
_SEALED_NOTES = b'"atlas-field-notes-sealed"'


@dataclass(slots=True)
class Unpacker:
    """Unfolds files; what it can't open, and what stands open that should not, goes to ``findings``.

    Attributes
    ----------
    thorough
        Whether codes are undone and packed streams are looked for in every byte; without, only what a format says.
    looking
        Whether positions in other notations are written anew as degrees, to be looked for.
    path
        Where the file lies, if it lies on a disk as it is.
    """

    budget: Budget
    findings: list[Finding]
    thorough: bool = True
    looking: bool = False
    path: Path | None = None

    def unpack(self, file: str, data: bytes, *, trail: tuple[str, ...] = (), form: str = "") -> Iterator[Opened]:
        """A file and all that is in it, from the outside to the inside; its form, where it is known."""
        yield from self._open(View(file, data, form or form_of(data), trail), 0)

    def _open(self, view: View, depth: int) -> Iterator[Opened]:
        if view.stream is not None:
            yield from self._streamed(view, view.stream, depth)
            return
        inside: list[View] = []
        if view.form == "utf16":
            narrow = narrowed(view)
            if narrow.form not in TEXTS:
                # most bytes are zero, and what is left is no text
                inside.append(replace(narrow, form="pieces"))
            view = narrow if narrow.form in TEXTS else replace(view, form="bytes")
        opened = Opened(view)
        try:
            inside.extend(self._inside(view, opened))
        except Refused as refusal:
            self._refuse(view, refusal)
        yield opened
        if depth >= self.budget.depth:
            if inside:
                self._find("unread", view, f"more than {self.budget.depth} layers, one inside another")
            return
        for inner in inside:
            yield from self._open(inner, depth + 1)
        yield from self._later(opened, depth)

    def _streamed(self, view: View, stream: PackedStream, depth: int) -> Iterator[Opened]:
        """What is read piece by piece, as large files are."""
        pieces = pieces_by(stream.start(HEAD))
        if pieces is None:
            return
        if pieces.fault:
            self._find("unread", view, pieces.fault)
        for part, block in enumerate(pieces.blocks(stream), 1):
            trail = (*view.trail, f"{BLOCK}{block.start - len(block.before)}")
            inner = View(view.file, block.searched, block.form, trail)
            if block.fault:
                self._find("unread", inner, block.fault)
            for one in self._open(inner, depth + 1):
                one.part, one.parts, one.step = part, number_of_windows(stream.size) + 1, " > ".join(trail)
                one.judged = block.judged if one.view.trail == trail else None
                yield one

    def _later(self, opened: Opened, depth: int) -> Iterator[Opened]:
        """The parts of a long table after the first, one at a time."""
        view = opened.view
        try:
            for part, tables in enumerate(opened.later, 1):
                rows = Opened(replace(view, data=b""), part=part, parts=opened.parts)
                inside = list(self._rows(replace(rows.view, trail=(*view.trail, f"part {part + 1}")), rows, tables))
                yield rows
                for inner in inside:
                    for one in self._open(inner, depth + 1):
                        one.part, one.parts = rows.part, rows.parts
                        yield one
        except Refused as refusal:
            self._refuse(view, refusal)

    def _refuse(self, view: View, refusal: Refused) -> None:
        # what a code says is most often no file at all, though it may begin like one
        if not is_guess(view) or "more than" in str(refusal):
            self._find("unread", view, str(refusal))

    def _inside(self, view: View, opened: Opened) -> Iterator[View]:
        yield from self._judge(view)
        yield from OPENERS[view.form](self, view, opened)
        if self.thorough:
            yield from self._hidden(view)

    def archive(self, view: View, _opened: Opened) -> Iterator[View]:
        """What has parts: members, streams, objects."""
        yield from self._parts(view, PARTS[view.form](view.data, self.budget))

    def sqlite(self, view: View, opened: Opened) -> Iterator[View]:
        """A database: its tables, and what was deleted."""
        source = view.data if self.path is None or view.trail else self.path
        yield from self._batches(view, opened, lambda: sqlite_tables.batches(source))
        self._judge_traces(view)

    def parquet(self, view: View, opened: Opened) -> Iterator[View]:
        """A table by columns."""
        yield from self._batches(view, opened, lambda: columnar.parquet_batches(view.data))
        for head in columnar.parquet_heads(view.data):
            yield View(view.file, head, "text", (*view.trail, "head"))

    def flatgeobuf(self, view: View, opened: Opened) -> Iterator[View]:
        """Features in bytes."""
        yield from self._rows(view, opened, list(columnar.flatgeobuf_tables(view.data)))

    def picture(self, view: View, _opened: Opened) -> Iterator[View]:
        """A picture or a film: what it holds besides."""
        yield from self._remarks(view)

    def closed(self, view: View, _opened: Opened) -> Iterator[View]:
        """What nothing here opens."""
        self._refuse(view, Refused(f"{view.form} cannot be opened here"))
        yield from ()

    def plain(self, _view: View, _opened: Opened) -> Iterator[View]:
        """What is read as it stands, by its letters or its bytes."""
        yield from ()

    def unknown(self, view: View, _opened: Opened) -> Iterator[View]:
        """Bytes of no known form: one deflated stream, a tile, or unread."""
        if not view.data.strip(b"\x00") or not (is_file(view) or view.form == NOISE):
            return
        # the name of a file, or of a member, says where on earth a tile is
        names = (step.removeprefix("member ") for step in (*reversed(view.trail), view.file))
        address = next((one for name in names if (one := vector_tiles.address_of(name)) is not None), None)
        text = None if address is None else vector_tiles.tile_text(view.data, address)
        if text is not None:
            yield View(view.file, text, "text", (*view.trail, "features of a vector tile"))
        elif (plain := compressed.deflated(view.data, self.budget)) is not None:
            yield View(view.file, plain, form_of(plain), (*view.trail, INFLATED))
        elif view.form == NOISE:
            self._find("unread", view, f"{len(view.data)} bytes in a code: compressed, encrypted or of an unknown form")
        else:
            self._find("unread", view, "a form that is not known here")

    def _hidden(self, view: View) -> Iterator[View]:
        if view.form in TEXTS | {"pieces", "rows"}:
            plain = without_repeats(view) if view.form == "json" else view
            yield from coded(plain)
            if self.looking:
                yield from as_degrees(plain)
        if view.form in _BINARY | PICTURES:
            yield from wide_letters(view)
        if view.form in _BINARY:
            yield from self._parts(view, compressed.streams(view.data, self.budget))
        if view.form in _BINARY | PICTURES and archives.LOCAL in view.data:
            yield from self._parts(view, archives.members_within(view.data, self.budget))

    def _parts(self, view: View, parts: Iterator[compressed.Part]) -> Iterator[View]:
        for name, data in parts:
            if isinstance(data, Refused):
                self._refuse(view, data)
                continue
            if isinstance(data, PackedStream):
                yield View(view.file, b"", "streamed", (*view.trail, name), stream=data)
                continue
            if name == AFTER:
                self._find("hidden-bytes", view, f"{len(data)} {AFTER}")
            yield View(view.file, data, form_of(data), (*view.trail, name))

    def _batches(
        self, view: View, opened: Opened, read: Callable[[], Iterator[list[sqlite_tables.Table]]]
    ) -> Iterator[View]:
        """The first rows of a table; those that follow wait."""
        batches = read()
        first, second = next(batches, []), next(batches, None)
        if second is not None:
            # chance is divided among all parts, so that they are counted before
            opened.parts, opened.later = number_of(read()), chain([second], batches)
        yield from self._rows(view, opened, first)

    def _rows(self, view: View, opened: Opened, tables: list[sqlite_tables.Table]) -> Iterator[View]:
        opened.tables = tables
        text, raw = columnar.as_text(tables)
        if text:
            yield View(view.file, text, "rows", (*view.trail, "rows"))
        if raw:
            yield View(view.file, b"\x00\n".join(raw), "pieces", (*view.trail, "blobs"))
        tiles: dict[bytes, bytes] = {}
        for table in tables:
            tiles.update(vector_tiles.mbtiles_texts(table.columns, table.rows, self.budget))
        if tiles:
            yield View(view.file, b"\n".join(tiles.values()), "text", (*view.trail, "features of vector tiles"))
        # files that somebody put into a table, each by itself
        files = [value for value in raw if len(value) >= _LEAST_VALUE and value not in tiles]
        for number, value in enumerate(files[:_MOST_VALUES], 1):
            form = form_of(value)
            known = value.startswith(_GEOMETRIES) or sqlite_tables.is_rtree_node(value)
            if form not in _VAGUE or (not known and (form != "bytes" or noisy_bytes(value))):
                yield View(view.file, value, form, (*view.trail, f"{VALUE}{number}"))

    def _remarks(self, view: View) -> Iterator[View]:
        for remark in picture_metadata.remarks(view.data, view.form):
            if remark.kind == "unread":
                self._refuse(view, Refused(f"{remark.what} ({remark.where})"))
            else:
                self._find(remark.kind, view, f"{remark.what} ({remark.where})")
            if remark.data:
                yield View(view.file, remark.data, form_of(remark.data), (*view.trail, remark.where))

    def _judge(self, view: View) -> Iterator[View]:
        if view.form == "age":
            self._find("sealed", view, "a copy sealed with age")
        elif view.form == "json" and _SEALED_NOTES in view.data[:4096]:
            self._find("sealed", view, "a sealed bundle of field notes")
        elif view.form in _JOURNALS:
            self._find("journal", view, "a journal of a database, with pages as they were before or after a change")
        elif view.form == "font" and (fault := documents.font_fault(view.data)) is not None:
            self._refuse(view, Refused(fault))
        elif view.form == "zip":
            yield from self._between_members(view)
        elif view.form in TEXTS and is_file(view) and (start := binary_at(view.data)) is not None:
            self._find("unread", view, f"a text that is none from byte {start} on")

    def _between_members(self, view: View) -> Iterator[View]:
        try:
            number, left = archives.hidden(view.data)
        except Refused as refusal:
            self._refuse(view, refusal)
            return
        if number:
            self._find("hidden-bytes", view, f"{number} members that the archive's list of contents leaves out")
        elif left:
            self._find("hidden-bytes", view, f"{len(left)} bytes that belong to no member of the archive")
            yield View(view.file, left, form_of(left), (*view.trail, "between members"))

    def _judge_traces(self, view: View) -> None:
        left = sqlite_tables.strange_traces(view.data)
        if left:
            kinds = ", ".join(sorted({f"{trace.kind} {trace.page}" for trace in left})[:3])
            size = sum(len(trace.data.strip(b"\x00")) for trace in left)
            self._find("hidden-bytes", view, f"{size} bytes of deleted rows ({kinds})")
        if view.data[sqlite_tables.size_of(view.data) :].strip(b"\x00"):
            self._find("hidden-bytes", view, "bytes after the last page of the database")

    def _find(self, rule: str, view: View, what: str) -> None:
        self.findings.append(Finding(rule, view.file, " > ".join(view.trail) or "whole file", what))


Opener = Callable[[Unpacker, View, Opened], Iterator[View]]
# the one table of forms: how each is opened; what is judged and searched of all is no matter of the form
OPENERS: Mapping[str, Opener] = MappingProxyType(
    {
        **dict.fromkeys(sorted(_CLOSED), Unpacker.closed),
        **dict.fromkeys(PARTS, Unpacker.archive),
        **dict.fromkeys(sorted(PICTURES), Unpacker.picture),
        "sqlite": Unpacker.sqlite,
        "parquet": Unpacker.parquet,
        "flatgeobuf": Unpacker.flatgeobuf,
        "bytes": Unpacker.unknown,
        NOISE: Unpacker.unknown,
        **dict.fromkeys(
            (*sorted(TEXTS | _JOURNALS), "utf16", "age", "font", "pieces", "rows", STRETCH, POSITIONS), Unpacker.plain
        ),
    }
)
