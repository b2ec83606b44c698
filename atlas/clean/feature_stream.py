"""Large files of small features, cleaned as they are read: nothing is kept of a feature but its text.

Where check finds nothing in a file but decimals to be rounded, rings that turn the wrong way or repeat a position, and
a member ``crs`` of degrees, and neighbours match (`small_areas`), all is done feature by feature. Everything else is
left to `atlas.clean.cleaner`, which does the same to the same bytes: this only takes less.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise
from pathlib import Path
from typing import BinaryIO, TypeAlias

import numpy as np
import orjson

from atlas.check.checker import Checker
from atlas.check.model import Findings
from atlas.check.rule_catalogue import RULES
from atlas.clean.crs import mend_crs
from atlas.clean.file_session import FileSession
from atlas.clean.ledger import REJECTED, Ledger
from atlas.clean.model import Document
from atlas.clean.neighbours import CHECKED_M
from atlas.clean.options import DECIMALS, Options
from atlas.clean.reading import feature_of
from atlas.clean.recheck import ArrayGeometries
from atlas.clean.small_areas import SmallAreas
from atlas.clean.vertex_repair import mend_vertices, round_all
from atlas.clean.writing import collection_head, feature_bytes, replaced_geometry
from atlas.geojson.geometries import DEPTHS
from atlas.geojson.lazy_json import CoordinateStubs
from atlas.geojson.model import Item
from atlas.geojson.plain_line import is_plain_point
from atlas.geojson.streaming import Reader
from atlas.geometry.geodesy import scale_m
from atlas.geometry.position_grid import nearest
from atlas.vector.file_format import FileFormat
from atlas.vector.source import open_source
from atlas.work_steps import part_of_file

OnStep: TypeAlias = Callable[[str], None]

_HEAD = 1 << 16
# features at the beginning of a file by which they are small
_FEWEST = 8
_PORTION = 2_500
_ROUNDED = "precision-excessive"
# left as it is, or mended below
_RINGS = frozenset({"ring-winding", "vertex-repeated"})
_ALLOWED = frozenset({"member-foreign", "precision-mixed", "crs-member", _ROUNDED}) | _RINGS
_LEFT = frozenset({"member-foreign", "precision-mixed"})
_LAT = 90
_MEMBERS = frozenset({"type", "id", "geometry", "properties"})
_NO_STUBS = CoordinateStubs(b"")
_GEOMETRY = frozenset({"type", "coordinates"})


def _silent(_step: str) -> None:
    """Nobody listens."""


@dataclass(slots=True)
class _Look:
    """A file while it is looked at: nothing is wrong with any feature but what is allowed."""

    allowed: frozenset[str]
    snap_m: float
    findings: Findings = field(default_factory=lambda: Findings(RULES))
    checker: Checker = field(init=False)
    areas: SmallAreas = field(init=False)
    # whether there was nothing but points yet
    points: bool = True

    def __post_init__(self) -> None:
        self.checker = Checker(self.findings, geometries=ArrayGeometries)
        self.checker.coverage = self.areas = SmallAreas(self.findings, snap_m=self.snap_m)

    def takes(self, item: Item) -> bool:
        """Whether it may go on after a feature."""
        if not (item.plain or is_plain_point(item.value)):
            if not _is_plain(item.value):
                return False
            self.points = False
        self.checker.feature(item)
        return self.findings.counts.keys() <= self.allowed

    def ends(self, *, rounded: bool = True) -> bool:
        """Whether the whole file is as it should be; neighbours only where positions are ``rounded`` already."""
        if not rounded:
            self.areas.forget()
        self.checker.finish()
        return self.findings.counts.keys() <= self.allowed and not self.areas.doubtful


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


def _is_plain(value: object) -> bool:
    """Whether a value is a feature with one geometry and with no member beyond the usual ones."""
    if not isinstance(value, dict) or not value.keys() <= _MEMBERS:
        return False
    geometry = value.get("geometry")
    if not isinstance(geometry, dict) or geometry.keys() != _GEOMETRY:
        return False
    kind = geometry["type"]
    return isinstance(kind, str) and kind in DEPTHS


def cleaned_stream(path: Path, ledger: Ledger, options: Options, on_step: OnStep = _silent) -> FileSession | None:
    """A file of small features, cleaned; nothing where it is something else, or needs more than this can do.

    Raises
    ------
    InputError
        It cannot be opened, or is of no format that is read.
    """
    if options.crs or options.swap_axes or options.encoding or options.keep or options.reject or options.simplify_m:
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
    look = _Look(_ALLOWED, options.snap_m)
    root = _root(path, look, on_step)
    if root is None or "bbox" in root or not (look.points or options.snap_m >= CHECKED_M):
        return None
    decimals = options.precision
    if decimals is None and look.findings.counts[_ROUNDED] > 0:
        decimals = DECIMALS
    work = _Work(decimals, rings=not _RINGS.isdisjoint(look.findings.counts), points=look.points)
    if not look.ends(rounded=not work.moves):
        return None
    document.root = root
    session = FileSession(document, options, Ledger(), notes=look.findings.notes)
    # what it keeps of every feature is not needed any more
    del look
    mend_crs(session)
    if session.questions:
        return None
    if not work.moves and not session.ledger.changes:
        data: bytes | None = path.read_bytes()
    else:
        data = _written(path, session, work, on_step)
    if data is None:
        return None
    # what was written is what it would be read as
    session.document = Document(document.path, data, [], document.root)
    return session


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


def _root(path: Path, look: _Look, on_step: OnStep) -> dict[str, object] | None:
    """The outermost object of a file with nothing wrong in any feature but what is allowed."""
    with path.open("rb") as stream:
        reader = Reader(stream, look.findings)
        if not all(look.takes(item) for item in _counted(stream, reader.items(), f"{path.name}, reading", on_step)):
            return None
        root = reader.root
        if (
            not (root.whole and root.has_features and reader.features)
            or root.members.get("type") != "FeatureCollection"
        ):
            return None
        look.checker.root(root.item(), has_features=True)
    return dict(root.members) if look.findings.counts.keys() <= look.allowed else None


def _written(path: Path, session: FileSession, work: _Work, on_step: OnStep) -> bytes | None:
    """The file with its positions rounded and its rings mended; nothing where it has to be looked at as a whole."""
    out, look = io.BytesIO(), _Look(_LEFT, session.options.snap_m)
    changed = bool(session.ledger.changes)
    opening, closing = collection_head(session.document.root)
    between = opening
    # as in a file that is cleaned as a whole, all is rounded first
    rings = FileSession(session.document, session.options, Ledger())
    with path.open("rb") as stream:
        items = _counted(stream, Reader(stream, Findings(RULES)).items(), f"{path.name}, mending", on_step)
        while portion := list(islice(items, _PORTION)):
            if work.points:
                texts = _rounded(portion, session, work.decimals)
            else:
                texts = _rounded_shapes(portion, session, rings, work)
            for text in texts:
                out.write(between + text)
                between = b",\n"
            if work.moves and not all(look.takes(item) for item in portion):
                return None
    if not look.ends() or not _in_order(rings):
        return None
    session.ledger.changes += rings.ledger.changes
    session.notes = look.findings.notes if work.moves else session.notes
    out.write(closing)
    return out.getvalue() if changed or session.ledger.changes else path.read_bytes()


def _in_order(rings: FileSession) -> bool:
    """Whether no feature had to be mended again, after others."""
    changes = rings.ledger.changes
    features = [one.feature for one in changes]
    runs = sum(one != other for one, other in pairwise(features)) + bool(features)
    return (
        not rings.questions
        and all(one.rule in _RINGS and one.after != REJECTED for one in changes)
        and runs == len(set(features))
        and len({(one.feature, one.rule) for one in changes}) == len(changes)
    )


def _rounded_shapes(items: list[Item], session: FileSession, rings: FileSession, work: _Work) -> Iterator[bytes]:
    """The texts of features of any kind, rounded and mended; their values get arrays for coordinates."""
    features = [feature_of(item, _NO_STUBS) for item in items]
    if work.decimals is not None:
        round_all(session, features, work.decimals)
    if work.rings:
        mend_vertices(rings, features)
    yield from map(feature_bytes, features)


def _rounded(items: list[Item], session: FileSession, decimals: int | None) -> Iterator[bytes]:
    """The texts of features, with a new position where it has too many decimals; their values get it as well."""
    values = [one.value for one in items if isinstance(one.value, dict)]
    if decimals is None or len(values) < len(items):
        yield from (one.text.encode() for one in items)
        return
    before = np.array([one["geometry"]["coordinates"] for one in values], dtype=np.float64)
    after = nearest(before, decimals)
    moved = (before != after).any(axis=1)
    steps = (after - before) * scale_m(np.clip(before[:, 1], -_LAT, _LAT))
    what = f"rounded to {decimals} decimals"
    far = np.sqrt((steps**2).sum(axis=1)).tolist()
    for n, (item, value, position) in enumerate(zip(items, values, after.tolist(), strict=True)):
        if not moved[n]:
            yield item.text.encode()
            continue
        geometry = value["geometry"]
        geometry["coordinates"] = position
        where = ("features", item.index or 0, "geometry")
        name = item.feature_id if item.feature_id is not None else f"features[{item.index}]"
        session.ledger.add(session.name, _ROUNDED, name, "more decimals", what, path=where, area_m2=0.0, moved_m=far[n])
        yield replaced_geometry(item.text, orjson.dumps(geometry))
