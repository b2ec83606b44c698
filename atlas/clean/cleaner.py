"""Cleans files together: reads, mends in order, checks what came of it, and asks where it would have to guess."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from atlas.check.strips import Strip, became
from atlas.clean.area_repair import mend_shapes
from atlas.clean.bbox_repair import mend_boxes
from atlas.clean.crs import mend_crs
from atlas.clean.feature_stream import cleaned_stream
from atlas.clean.file_session import FileSession
from atlas.clean.freed_memory import give_back
from atlas.clean.ledger import Ledger
from atlas.clean.map_document import settle_faults
from atlas.clean.neighbours import Area, mend_neighbours, write_down
from atlas.clean.options import DECIMALS, Decimals, Options
from atlas.clean.put_aside import intolerable, put_aside
from atlas.clean.questions import CRS_RULES, ask, ask_early, refuse_unanswered
from atlas.clean.reading import read_path
from atlas.clean.recheck import all_of, has_finer, ids_twice
from atlas.clean.repair_loop import mend_members
from atlas.clean.simplify import simplify_together
from atlas.clean.vertex_repair import mend_vertices, round_all
from atlas.garbage import without_collector
from atlas.work_steps import each_in_turn

_NEIGHBOUR_ROUNDS = 4
Step = Callable[[str], None]


@dataclass(slots=True)
class Cleaned:
    """Files that were cleaned together, in the order given, and what was done."""

    works: list[FileSession]
    ledger: Ledger = field(default_factory=Ledger)
    # gaps and overlaps with the name of the file and what became of each, where they were asked for
    strips: list[tuple[str, Strip, str | None]] = field(default_factory=list)


def clean(
    files: Sequence[Path], options: Options, *, on_step: Step | None = None, with_strips: bool = False
) -> Cleaned:
    """Clean files together, so that what they share stays the same; writes nothing.

    Parameters
    ----------
    files
        GeoJSON files, in degrees or in a coordinate system that they name.
    options
        How exact, how far, and answers; see `options`.
    on_step
        Is called with what is done next.
    with_strips
        Whether gaps and overlaps between areas are kept, which takes longer.

    Returns
    -------
    Cleaned
        The cleaned documents in memory, with the ledger of every change in metres and square metres.

    Raises
    ------
    InputError
        A file cannot be read as GeoJSON, or holds what would have to be guessed: the message names the options.
    """
    with without_collector():
        return _clean(files, options, on_step or (lambda _step: None), with_strips=with_strips)


def _clean(files: Sequence[Path], options: Options, on_step: Step, *, with_strips: bool) -> Cleaned:
    cleaned = Cleaned([])
    if len(files) == 1:
        on_step(files[0].name)
        if (stream := cleaned_stream(files[0], cleaned.ledger, options.of(files[0]), on_step)) is not None:
            cleaned.works.append(stream)
            return cleaned
    for path in each_in_turn(files, on_step, lambda path: path.name):
        known = options.of(path)
        document = read_path(path, cleaned.ledger, known)
        cleaned.works.append(FileSession(document, known, cleaned.ledger))
    for session in cleaned.works:
        settle_faults(session)
    notes = [mend_members(session) for session in cleaned.works]
    for session, left in zip(cleaned.works, notes, strict=True):
        mend_crs(session)
        ask_early(session, [*left, *ids_twice(session.document)])
    if any(one.rule in CRS_RULES for session in cleaned.works for one in session.questions):
        refuse_unanswered(cleaned.works)
    decimals = _mend_singly(cleaned.works)
    refuse_unanswered(cleaned.works)
    before = [all_of(session.document).strips if with_strips else [] for session in cleaned.works]
    _mend_together(cleaned.works, decimals)
    give_back()
    for session in each_in_turn(cleaned.works, on_step, lambda session: f"{session.name}, checking"):
        _settle(session)
    refuse_unanswered(cleaned.works)
    if with_strips:
        for session, strips in zip(cleaned.works, before, strict=True):
            cleaned.strips += [(session.name, *one) for one in became(strips, session.strips)]
    return cleaned


def _mend_singly(sessions: Sequence[FileSession]) -> int:
    """Round, then mend each feature by itself; gives the decimals of the grid, which all files share."""
    decimals = _decimals(sessions)
    for session in sessions:
        session.decimals = None if "precision-excessive" in session.options.keep else decimals.grid
        if decimals.round:
            round_all(session, session.document.kept, decimals.grid)
            give_back()
        ask_early(session, mend_vertices(session, session.document.kept))
        give_back()
        mend_shapes(session, session.document.kept, decimals.grid)
    return decimals.grid


def _mend_together(sessions: Sequence[FileSession], grid: int) -> None:
    """Mend what areas share with their neighbours on a grid of so many decimals, then lines and boxes."""
    first: dict[int, Area] = {}
    near: set[int] | None = None
    for _ in range(_NEIGHBOUR_ROUNDS):
        changed = mend_neighbours(sessions, grid, near)
        near = {id(area.feature) for area in changed}
        first = {id(area.geometry): area for area in changed} | first
        before = len(sessions[0].ledger.changes)
        for session in sessions:
            features = [area.feature for area in changed if area.work is session]
            mend_vertices(session, features)
            mend_shapes(session, features, grid)
        # a tip taken off one area alone leaves a gap
        if len(sessions[0].ledger.changes) == before:
            break
    for area in first.values():
        write_down(area, grid)
    simplify_together(sessions, sessions[0].options.simplify_m)
    for session in sessions:
        mend_boxes(session)
        # what was before rounding has served its turn
        for coordinates in (one for feature in session.document.kept for one in feature.shapes()):
            coordinates.exact = None


def _decimals(sessions: Sequence[FileSession]) -> Decimals:
    features = [one for session in sessions for one in session.document.kept]
    return sessions[0].options.decimals(
        excessive=lambda: has_finer(features, DECIMALS + 1), seventh=lambda: has_finer(features, DECIMALS)
    )


def _settle(session: FileSession) -> None:
    """Check what came of it: what is left is put aside, asked about, or let through as the user said."""
    while True:
        checked = all_of(session.document, session.matched)
        session.notes, session.strips = checked.remarks, checked.strips
        left = intolerable(session.options, checked.notes)
        if not put_aside(session, left):
            for note in left:
                ask(session, note)
            return
        mend_boxes(session)
