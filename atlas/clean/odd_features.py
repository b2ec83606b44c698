"""The few features of a file that need more than the others: cleaned as a document of their own, in the same steps.

*Why it is right.* Every step of a cleaning as a whole (`atlas.clean.cleaner`) treats a feature by itself, but for the
rules on fields, ids, coordinate systems and neighbours. Where one of those comes up, the answer is nothing, and the
file is cleaned as a whole. Otherwise what is done to the odd features and to the others differs only in the order in
which the ledger has it, and each step's changes are put into the order of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from atlas.clean.area_repair import mend_shapes
from atlas.clean.attributes import FIELDS
from atlas.clean.bbox_repair import mend_boxes
from atlas.clean.crs import mend_crs
from atlas.clean.file_session import FileSession
from atlas.clean.ledger import Change, Ledger
from atlas.clean.model import Document, Feature
from atlas.clean.options import DECIMALS, Decimals, Options
from atlas.clean.put_aside import intolerable, put_aside
from atlas.clean.questions import ask_early
from atlas.clean.reading import write_down_sequence
from atlas.clean.recheck import Note, has_finer, ids_twice
from atlas.clean.repair_loop import mend_members
from atlas.clean.stream_look import TWICE, FirstLook
from atlas.clean.vertex_repair import round_all, vertex_rounds

_FILE_WIDE = frozenset(FIELDS) | {"number-unsafe", "crs-projected", "axes-swapped"}


@dataclass(slots=True)
class IndexedLedger(Ledger):
    """Knows the feature of each change, so that changes can be put into the order of the file."""

    indexes: list[int] = field(default_factory=list)

    def add(  # noqa: PLR0913 - what a change has
        self,
        file: str,
        rule: str,
        feature: str | None,
        before: object,
        after: object,
        *,
        path: Iterable[str | int] = (),
        area_m2: float | None = None,
        moved_m: float | None = None,
    ) -> None:
        """Write a change down."""
        steps = tuple(path)
        Ledger.add(self, file, rule, feature, before, after, path=steps, area_m2=area_m2, moved_m=moved_m)
        self.indexes.append(int(steps[1]) if steps[:1] == ("features",) else -1)


class OddFeatures:
    """Odd features with the outermost object of their file; every step says whether it may go on."""

    def __init__(self, document: Document, options: Options, features: list[Feature]) -> None:
        self.ledger = IndexedLedger()
        held = Document(document.path, b"", features, document.root)
        self.session = FileSession(held, options, self.ledger)
        self.by_index = {one.index: one for one in features}
        # changes up to the end of each step
        self._marks: list[int] = []

    @property
    def changed(self) -> bool:
        """Whether anything differs from the file as it was."""
        return bool(self.ledger.changes) or self.session.document.changed

    def write_down_sequence(self, rule: str) -> None:
        """Say that features stood one after the other; they are written as a collection."""
        self.session.document.rebuilt = True
        write_down_sequence(self.ledger, self.session.name, rule)

    def mend_members(self) -> bool:
        """Mend all but places and shapes, and the outermost object's coordinate system."""
        session = self.session
        left = mend_members(session)
        mend_crs(session)
        ask_early(session, [*left, *ids_twice(session.document)])
        self._marks.append(len(self.ledger.changes))
        wide = ({one.rule for one in left} | {one.rule for one in self.ledger.changes}) & _FILE_WIDE
        return not session.questions and wide <= session.options.keep

    def decimals(self, look: FirstLook) -> Decimals:
        """What the file is rounded to."""
        kept = self.session.document.kept
        return self.session.options.decimals(
            excessive=lambda: look.excessive or has_finer(kept, DECIMALS + 1),
            seventh=lambda: look.seventh or has_finer(kept, DECIMALS),
        )

    def mend_shapes(self, decimals: Decimals, *, areal: bool) -> bool:
        """Round, and mend positions and shapes; ``areal`` says that there are other features which are areas."""
        session = self.session
        kept = session.document.kept
        session.decimals = None if "precision-excessive" in session.options.keep else decimals.grid
        if decimals.round:
            round_all(session, kept, decimals.grid)
        self._marks.append(len(self.ledger.changes))
        left: list[Note] = []
        for number, notes in enumerate(vertex_rounds(session, kept)):
            left += notes
            if not number:
                self._marks.append(len(self.ledger.changes))
        ask_early(session, left)
        mend_shapes(session, session.document.kept, decimals.grid)
        mend_boxes(session)
        # which way the rings of others turn was not known
        return not session.questions and not (areal and session.right_handed)

    def settle(self, notes: Sequence[Note]) -> bool:
        """Put aside what check still says something about; whether nothing is left to be asked."""
        left = intolerable(self.session.options, notes)
        early = {note.index for note in left if note.rule not in _FILE_WIDE | {TWICE}}
        # of two that are the same the one that goes anyway is no matter
        single = [note for note in left if note.rule != TWICE or note.index not in early]
        if any(note.rule == TWICE or note.rule in _FILE_WIDE for note in single):
            return False
        put_aside(self.session, single)
        mend_boxes(self.session)
        return all(note.index in self.by_index and self.by_index[int(note.index or 0)].rejected for note in single)

    def merged(self, rounded: IndexedLedger, turned: IndexedLedger) -> list[Change]:
        """All changes in the order of a cleaning as a whole, with those of the other features."""
        members, rounding, first = self._marks
        changes, indexes = self.ledger.changes, self.ledger.indexes
        return [
            *changes[:members],
            *_in_order(changes[members:rounding], indexes[members:rounding], rounded),
            *_in_order(changes[rounding:first], indexes[rounding:first], turned),
            *changes[first:],
        ]


def _in_order(changes: list[Change], indexes: list[int], others: IndexedLedger) -> list[Change]:
    if not changes:
        return others.changes
    both = [*zip(indexes, changes, strict=True), *zip(others.indexes, others.changes, strict=True)]
    return [change for _, change in sorted(both, key=itemgetter(0))]
