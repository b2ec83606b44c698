"""Large files of small features, cleaned as they are read: nothing is kept of a feature but its text.

Where check finds nothing in a file but decimals to be rounded, rings that are open, turn the wrong way or repeat a
position, and a member ``crs`` of degrees, and neighbours match (`small_areas`), all is done feature by feature. The few
features with other faults, or with members of their own, are held and cleaned as a document of their own
(`odd_features`). Everything else is left to `atlas.clean.cleaner`, which does the same to the same bytes: this only
takes less.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import BinaryIO

from atlas.check.model import Findings
from atlas.check.rule_catalogue import RULES
from atlas.clean.file_session import FileSession
from atlas.clean.ledger import REJECTED, Ledger
from atlas.clean.model import Document
from atlas.clean.neighbours import CHECKED_M
from atlas.clean.odd_features import IndexedLedger, OddFeatures
from atlas.clean.options import Options
from atlas.clean.plain_points import rounded_points
from atlas.clean.reading import feature_of
from atlas.clean.stream_look import NO_STUBS, RINGS, FirstLook, LastLook
from atlas.clean.vertex_repair import mend_vertices, round_all
from atlas.clean.writing import collection_head, feature_bytes
from atlas.geojson.model import Item
from atlas.geojson.streaming import Reader
from atlas.vector.file_format import FileFormat
from atlas.vector.source import open_source
from atlas.work_steps import OnStep, part_of_file, unheard

_HEAD = 1 << 16
# features at the beginning of a file by which they are small
_FEWEST = 8
_PORTION = 2_500
_BETWEEN = b",\n"


@dataclass(frozen=True, slots=True)
class _Work:
    """What there is to do to every feature: decimals to round to, and whether rings are to be mended."""

    decimals: int | None
    rings: bool
    points: bool

    @property
    def moves(self) -> bool:
        """Whether positions may be others after it."""
        return self.rings or self.decimals is not None


def cleaned_stream(path: Path, ledger: Ledger, options: Options, on_step: OnStep = unheard) -> FileSession | None:
    """A file of small features, cleaned; nothing where it is something else, or needs more than this can do.

    Raises
    ------
    InputError
        It cannot be opened, or is of no format that is read.
    """
    if options.crs or options.swap_axes or options.encoding or options.simplify_m:
        return None
    with open_source(path) as source:
        if source.form is not FileFormat.GEOJSON or not _begins_small(source.path):
            return None
        session = _streamed(source.path, Document(path, b"", [], {}), options, on_step)
    if session is not None:
        ledger.changes += session.ledger.changes
        session.ledger = ledger
    return session


def _streamed(path: Path, document: Document, options: Options, on_step: OnStep) -> FileSession | None:
    """The session of a document that lies at a path; it has a ledger of its own."""
    look = FirstLook(options)
    root = _root(path, look, on_step)
    if root is None or not look.others or "bbox" in root or not (look.points or options.snap_m >= CHECKED_M):
        return None
    document.root = root
    odd = OddFeatures(document, options, look.held)
    if look.sequence is not None:
        odd.write_down_sequence(look.sequence)
    if not odd.mend_members():
        return None
    decimals = odd.decimals(look)
    rings = not RINGS.isdisjoint(look.findings.counts.keys() - options.keep)
    work = _Work(decimals.grid if decimals.round else None, rings=rings, points=look.points)
    if not (look.ends(moved=work.moves or bool(look.held)) and odd.mend_shapes(decimals, areal=look.areal)):
        return None
    notes = look.findings.notes
    # what it keeps of every feature is not needed any more
    del look
    return _Writing(path, odd, work, on_step).done(notes)


def _counted(stream: BinaryIO, items: Iterable[Item], name: str, on_step: OnStep) -> Iterator[Item]:
    """The same items, while it is said how much of the file has been read."""
    size = max(1, os.fstat(stream.fileno()).st_size)
    for number, item in enumerate(items):
        if number % _PORTION == 0:
            on_step(part_of_file(name, stream.tell() / size))
        yield item


def _begins_small(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError:
        return False
    return b'"Point"' in head or head.count(b'"coordinates"') >= _FEWEST


def _root(path: Path, look: FirstLook, on_step: OnStep) -> dict[str, object] | None:
    """The outermost object of a file with nothing wrong in any feature but what can be mended in each."""
    with path.open("rb") as stream:
        reader = Reader(stream, look.findings)
        if not all(look.takes(item) for item in _counted(stream, reader.items(), f"{path.name}, reading", on_step)):
            return None
    root = reader.root
    if not (root.whole and reader.features):
        return None
    look.checker.root(root.item(), has_features=root.has_features, is_sequence=root.is_sequence)
    if root.is_sequence:
        features = all(isinstance(one.value, dict) and one.value.get("type") == "Feature" for one in look.held)
        members: dict[str, object] | None = {"type": "FeatureCollection"} if look.sequence and features else None
    else:
        whole = root.has_features and root.members.get("type") == "FeatureCollection" and not look.sequence
        members = dict(root.members) if whole else None
    return members if look.goes_on() else None


class _Writing:
    """A file that is written anew while it is read once more, and looked at as it will be."""

    def __init__(self, path: Path, odd: OddFeatures, work: _Work, on_step: OnStep) -> None:
        self._path, self._odd, self._work, self._on_step = path, odd, work, on_step
        document, options = odd.session.document, odd.session.options
        # as in a file that is cleaned as a whole, all is rounded first
        self._rounded, self._turned = IndexedLedger(), IndexedLedger()
        self._rounding = FileSession(document, options, self._rounded)
        self._turning = FileSession(document, options, self._turned)
        self._look = LastLook(options)
        self._out = io.BytesIO()
        # where odd features stand in it
        self._spans: dict[int, tuple[int, int]] = {}

    def done(self, notes: list[str]) -> FileSession | None:
        """The session with what came of the file; nothing where it has to be looked at as a whole.

        ``notes`` are what is to be said where nobody looks again.
        """
        odd, document, options = self._odd, self._odd.session.document, self._odd.session.options
        again = self._work.moves or bool(odd.by_index)
        data = b""
        if again or odd.changed:
            if not (self._written(look=again) and _in_order(self._turning)):
                return None
            notes = self._look.findings.notes if again else notes
            # what it keeps of every feature is not needed any more
            del self._look
            data = self._closed()
            del self._out
        if any(odd.by_index[index].rejected for index in self._spans):
            look = LastLook(options)
            if not _passes(data, look):
                return None
            notes = look.findings.notes
        changes = odd.merged(self._rounded, self._turned)
        if not changes and not odd.changed:
            data = self._path.read_bytes()
        # what was written is what it would be read as
        made = Document(document.path, data, [], document.root, aside=document.rejected)
        return FileSession(made, options, Ledger(changes), notes=notes)

    def _written(self, *, look: bool) -> bool:
        """Write all features, those too that are put aside by the look at them."""
        self._out.write(collection_head(self._odd.session.document.root)[0])
        with self._path.open("rb") as stream:
            read = Reader(stream, Findings(RULES)).items()
            items = _counted(stream, read, f"{self._path.name}, mending", self._on_step)
            while portion := list(islice(items, _PORTION)):
                self._write(portion)
                if look and not self._looks_well(portion):
                    return False
        return not look or (self._look.ends() and self._odd.settle(self._look.findings.doubts))

    def _write(self, portion: Sequence[Item]) -> None:
        odd, out = self._odd.by_index, self._out
        texts = self._texts([item for item in portion if item.index not in odd])
        for item in portion:
            feature = odd.get(-1 if item.index is None else item.index)
            if feature is None:
                out.write(next(texts))
                out.write(_BETWEEN)
            elif feature.rejected is None:
                start = out.tell()
                out.write(feature_bytes(feature))
                out.write(_BETWEEN)
                self._spans[feature.index] = start, out.tell()

    def _texts(self, items: list[Item]) -> Iterator[bytes]:
        decimals = self._work.decimals
        if self._work.points:
            yield from rounded_points(items, self._rounding, decimals)
            return
        features = [feature_of(item, NO_STUBS) for item in items]
        for item in items:
            # its coordinates are an array now
            item.plain = False
        if decimals is not None:
            round_all(self._rounding, features, decimals)
        if self._work.rings:
            mend_vertices(self._turning, features)
        yield from map(feature_bytes, features)

    def _looks_well(self, portion: Sequence[Item]) -> bool:
        """Whether features are as they should be, but for the odd ones."""
        odd = self._odd.by_index
        for item in portion:
            feature = odd.get(-1 if item.index is None else item.index)
            if feature is None:
                # a batch is as large as if there were no texts, as in a file that is cleaned as a whole
                item.text = ""
                self._look.checker.feature(item)
            elif feature.rejected is None:
                self._look.checker.feature(feature.item)
        return all(note.index in odd for note in self._look.findings.doubts)

    def _closed(self) -> bytes:
        """All that was written but for what is put aside by now, without a second copy of it."""
        out = self._out
        gone = [span for index, span in self._spans.items() if self._odd.by_index[index].rejected]
        end = out.tell()
        with out.getbuffer() as held:
            at = gone[0][0] if gone else end
            for (_, start), (stop, _) in pairwise([*gone, (end, end)]):
                held[at : at + stop - start] = held[start:stop]
                at += stop - start
        out.seek(at - len(_BETWEEN))
        out.write(collection_head({})[1])
        out.truncate()
        return out.getvalue()


def _passes(data: bytes, look: LastLook) -> bool:
    """Whether check has nothing to say about what was written."""
    for item in Reader(io.BytesIO(data), look.findings).items():
        look.checker.feature(item)
    return look.ends() and not look.intolerable


def _in_order(rings: FileSession) -> bool:
    """Whether no feature had to be mended again, after others."""
    changes = rings.ledger.changes
    features = [one.feature for one in changes]
    runs = sum(one != other for one, other in pairwise(features)) + bool(features)
    return (
        not rings.questions
        and all(one.rule in RINGS and one.after != REJECTED for one in changes)
        and runs == len(set(features))
        and len({(one.feature, one.rule) for one in changes}) == len(changes)
    )
