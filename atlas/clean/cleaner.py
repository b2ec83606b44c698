"""Cleans files together: reads, mends in order, checks what came of it, and asks where it would have to guess."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from atlas.check.position_rules import finer
from atlas.clean.actions import ACTIONS, Strategy
from atlas.clean.area_repair import mend_shapes
from atlas.clean.attributes import at_fault
from atlas.clean.bbox_repair import mend_boxes
from atlas.clean.crs import mend_crs
from atlas.clean.file_session import FileSession
from atlas.clean.ledger import Ledger
from atlas.clean.map_document import settle_faults
from atlas.clean.neighbours import Area, mend_neighbours, write_down
from atlas.clean.options import DECIMALS, Options
from atlas.clean.reading import read_path
from atlas.clean.recheck import Note, all_of, tolerable
from atlas.clean.repair_loop import mend_members
from atlas.clean.simplify import simplify_together
from atlas.clean.vertex_repair import mend_vertices, round_all
from atlas.errors import InputError, listed

_NEIGHBOUR_ROUNDS = 4
Step = Callable[[str], None]


@dataclass(slots=True)
class Cleaned:
    """Files that were cleaned together, in the order given, and what was done."""

    works: list[FileSession]
    ledger: Ledger = field(default_factory=Ledger)


def clean(files: Sequence[Path], options: Options, *, on_step: Step | None = None) -> Cleaned:
    """Clean files together, so that what they share stays the same; writes nothing.

    Parameters
    ----------
    files
        GeoJSON files, in degrees or in a coordinate system that they name.
    options
        How exact, how far, and answers; see `options`.
    on_step
        Is called with what is done next.

    Returns
    -------
    Cleaned
        The cleaned documents in memory, with the ledger of every change in metres and square metres.

    Raises
    ------
    InputError
        A file cannot be read as GeoJSON, or holds what would have to be guessed: the message names the options.
    """
    with _without_collector():
        return _clean(files, options, on_step or (lambda _step: None))


def _clean(files: Sequence[Path], options: Options, on_step: Step) -> Cleaned:
    cleaned = Cleaned([])
    for path in files:
        on_step(path.name)
        document = read_path(path, cleaned.ledger, options)
        cleaned.works.append(FileSession(document, options, cleaned.ledger))
    for session in cleaned.works:
        settle_faults(session)
        mend_members(session)
        mend_crs(session)
    _mend_shapes(cleaned.works)
    for session in cleaned.works:
        on_step(f"{session.name}, checking")
        _settle(session)
    questions = [
        f"{work.document.path}: {one.rule}: {one.message} — {one.remedy}"
        for work in cleaned.works
        for one in work.questions
    ]
    if questions:
        what = "this cannot be cleaned without a guess; nothing was written. Say what to do:"
        raise InputError(listed(what, questions, shown=len(ACTIONS)))
    return cleaned


@contextmanager
def _without_collector() -> Iterator[None]:
    """Positions are read as millions of small lists without cycles, among which looking for cycles takes long."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _mend_shapes(sessions: Sequence[FileSession]) -> None:
    """Round, then mend areas and their neighbours on the grid; all files share one."""
    decimals = _decimals(sessions)
    for session in sessions:
        session.decimals = None if "precision-excessive" in session.options.keep else decimals.grid
        if decimals.round:
            round_all(session, session.document.kept, decimals.grid)
        mend_vertices(session, session.document.kept)
        mend_shapes(session, session.document.kept, decimals.grid)
    first: dict[int, Area] = {}
    near: set[int] | None = None
    for _ in range(_NEIGHBOUR_ROUNDS):
        changed = mend_neighbours(sessions, decimals.grid, near)
        near = {id(area.feature) for area in changed}
        first = {id(area.geometry): area for area in changed} | first
        before = len(sessions[0].ledger.changes)
        for session in sessions:
            features = [area.feature for area in changed if area.work is session]
            mend_vertices(session, features)
            mend_shapes(session, features, decimals.grid)
        # a tip taken off one area alone leaves a gap
        if len(sessions[0].ledger.changes) == before:
            break
    for area in first.values():
        write_down(area, decimals.grid)
    simplify_together(sessions, sessions[0].options.simplify_m)
    for session in sessions:
        mend_boxes(session)


@dataclass(frozen=True, slots=True)
class _Decimals:
    """How many decimals positions have after cleaning, and whether all are rounded to that."""

    grid: int
    round: bool


def _decimals(sessions: Sequence[FileSession]) -> _Decimals:
    options = sessions[0].options
    if options.precision is not None:
        return _Decimals(options.precision, round=True)
    runs = [
        run for session in sessions for one in session.document.kept for coords in one.shapes() for run in coords.runs
    ]
    if any(finer(run[:, :2], DECIMALS + 1).any() for run in runs):
        return _Decimals(DECIMALS, round="precision-excessive" not in options.keep)
    return _Decimals(DECIMALS + any(finer(run[:, :2], DECIMALS).any() for run in runs), round=False)


def _settle(session: FileSession) -> None:
    """Check what came of it: what is left is put aside, asked about, or let through as the user said."""
    while True:
        notes, session.notes = all_of(session.document, session.matched)
        left = [note for note in notes if not tolerable(note.rule) and not session.options.lets(note.rule)]
        by_index = {one.index: one for one in session.document.kept}
        gone = 0
        for note in left:
            feature = by_index.get(note.index) if note.index is not None else None
            if feature is None or not (feature.rejected or _puts_aside(session, note)):
                continue
            # a rule that is found once a field may be broken in many features
            for one in [feature, *at_fault(session, note)]:
                session.reject(one, note.rule, note.message)
            gone += 1
        if not gone:
            for note in left:
                session.ask(note.rule, f"{note.message}{_where(note)}", whole_file=note.index is None)
            return
        mend_boxes(session)


def _puts_aside(session: FileSession, note: Note) -> bool:
    action = ACTIONS[note.rule]
    # what cannot be repaired as the user said is not asked about again
    if note.rule in session.options.reject or note.rule in session.options.repair:
        return True
    if note.rule == "feature-twice":
        return _equal_ids(session, note)
    return action.strategy is Strategy.REJECT or (action.strategy is Strategy.REPAIR and action.rest is Strategy.REJECT)


def _equal_ids(session: FileSession, note: Note) -> bool:
    """Whether a feature that stands twice has the same id both times, or none."""
    kept = next(one for one in session.document.kept if one.index == note.index)
    names = [one.item.feature_id for one in session.document.kept if one.item.feature_id == kept.item.feature_id]
    return kept.item.feature_id is None or len(names) > 1


def _where(note: Note) -> str:
    return f" (features[{note.index}])" if note.index is not None else ""
