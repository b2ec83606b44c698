"""Large files of points, cleaned as they are read: nothing is kept of a feature but its text.

Points have no neighbours. Where check finds nothing in a file of points but decimals to be rounded and a member ``crs``
of degrees, all that there is to do is done feature by feature. Everything else is left to `atlas.clean.cleaner`, which
does the same to the same bytes: this only takes less.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
import orjson

from atlas.check.checker import Checker
from atlas.check.model import Findings
from atlas.check.rule_catalogue import RULES
from atlas.clean.crs import mend_crs
from atlas.clean.file_session import FileSession
from atlas.clean.ledger import Ledger
from atlas.clean.model import Document
from atlas.clean.options import DECIMALS, Options
from atlas.clean.writing import collection_head, replaced_geometry
from atlas.geojson.model import Item
from atlas.geojson.plain_line import is_plain_point
from atlas.geojson.streaming import Reader
from atlas.geometry.geodesy import scale_m
from atlas.geometry.position_grid import nearest
from atlas.vector.file_format import FileFormat
from atlas.vector.source import open_source

_HEAD = 1 << 16
_PORTION = 5_000
_ROUNDED = "precision-excessive"
# left as it is, or mended below
_ALLOWED = frozenset({"member-foreign", "precision-mixed", "crs-member", _ROUNDED})
_LEFT = frozenset({"member-foreign", "precision-mixed"})
_LAT = 90


@dataclass(slots=True)
class _Look:
    """A file while it is looked at: every feature is a point, and nothing is wrong but what is allowed."""

    allowed: frozenset[str]
    findings: Findings = field(default_factory=lambda: Findings(RULES))
    checker: Checker = field(init=False)

    def __post_init__(self) -> None:
        self.checker = Checker(self.findings)

    def takes(self, item: Item) -> bool:
        """Whether it may go on after a feature."""
        if not (item.plain or is_plain_point(item.value)):
            return False
        self.checker.feature(item)
        return self.findings.counts.keys() <= self.allowed

    def ends(self) -> bool:
        """Whether the whole file is as it should be."""
        self.checker.finish()
        return self.findings.counts.keys() <= self.allowed


def cleaned_points(path: Path, ledger: Ledger, options: Options) -> FileSession | None:
    """A file of points, cleaned; nothing where it is something else, or needs more than this can do.

    Raises
    ------
    InputError
        It cannot be opened, or is of no format that is read.
    """
    if options.crs or options.swap_axes or options.encoding or options.keep or options.reject:
        return None
    with open_source(path) as source:
        if source.form is not FileFormat.GEOJSON or not _begins_with_point(source.path):
            return None
        look = _Look(_ALLOWED)
        root = _root(source.path, look)
        if root is None or "bbox" in root:
            return None
        notes, rounds = look.findings.notes, look.findings.counts[_ROUNDED] > 0
        # what it keeps of every feature is not needed any more
        del look
        session = FileSession(Document(path, b"", [], root), options, Ledger())
        mend_crs(session)
        decimals = options.precision
        if decimals is None and rounds:
            decimals = DECIMALS
        if session.questions:
            return None
        if decimals is None and not session.ledger.changes:
            data: bytes | None = source.path.read_bytes()
        else:
            data = _written(source.path, session, decimals)
        if data is None:
            return None
    ledger.changes += session.ledger.changes
    return FileSession(Document(path, data, [], root), options, ledger, notes=notes)


def _begins_with_point(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError:
        return False
    return b'"Point"' in head


def _root(path: Path, look: _Look) -> dict[str, object] | None:
    """The outermost object of a file of points with nothing wrong but what is allowed."""
    with path.open("rb") as stream:
        reader = Reader(stream, look.findings)
        if not all(look.takes(item) for item in reader.items()):
            return None
        root = reader.root
        if (
            not (root.whole and root.has_features and reader.features)
            or root.members.get("type") != "FeatureCollection"
        ):
            return None
        look.checker.root(root.item(), has_features=True)
    return dict(root.members) if look.ends() else None


def _written(path: Path, session: FileSession, decimals: int | None) -> bytes | None:
    """The file with its positions rounded; nothing where that leaves what has to be looked at as a whole."""
    out, look = io.BytesIO(), _Look(_LEFT)
    changed = bool(session.ledger.changes)
    opening, closing = collection_head(session.document.root)
    between = opening
    with path.open("rb") as stream:
        items = Reader(stream, Findings(RULES)).items()
        while portion := list(islice(items, _PORTION)):
            for text in _rounded(portion, session, decimals):
                out.write(between + text)
                between = b",\n"
            if decimals is not None and not all(look.takes(item) for item in portion):
                return None
    if not look.ends():
        return None
    out.write(closing)
    return out.getvalue() if changed or session.ledger.changes else path.read_bytes()


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
