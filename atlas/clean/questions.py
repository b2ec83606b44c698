"""What only a person can answer: asked as soon as it is certain, once for each answer, before what takes long."""

from __future__ import annotations

import math
from collections.abc import Sequence

from atlas.check.strips import Strip
from atlas.clean.actions import ACTIONS, Strategy, action_of
from atlas.clean.file_session import FileSession, Question
from atlas.clean.recheck import Note, tolerable
from atlas.errors import InputError, listed

CRS_RULES = frozenset({"crs-member", "crs-nested", "crs-projected", "crs-missing", "crs-disagrees"})
# said of other things, or put right, only at the end
_LATER = CRS_RULES | {"bbox-form", "bbox-order", "bbox-false", "gap", "overlap", "edge-mismatch", "antimeridian"}
_SAMPLED = frozenset({"crs-projected", "crs-missing"})
_STRIPS = frozenset({"gap", "overlap"})
_SHOWN_FILES = 3
_MEASURED = 100


def puts_aside(session: FileSession, note: Note) -> bool:
    """Whether a feature that breaks a rule is put aside rather than asked about."""
    action = action_of(note.rule)
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


def ask(session: FileSession, note: Note) -> None:
    """Leave what a note says to the user."""
    if note.rule in _STRIPS and (strips := [one for one in session.strips if one.rule == note.rule]):
        session.ask(note.rule, _strips_in_words(strips))
        return
    where = f" (features[{note.index}])" if note.index is not None else ""
    session.ask(note.rule, f"{note.message}{where}", whole_file=note.index is None)


def _strips_in_words(strips: Sequence[Strip]) -> str:
    """The widest of several strips, and how wide that is, so that the width to snap can be named."""
    widths = [(one.widest_m, one) for one in sorted(strips, key=lambda one: -one.width_m)[:_MEASURED]]
    width, widest = max(widths, key=lambda pair: pair[0])
    # never rounded down, so that the number is enough
    least = math.ceil(width * 10.1) / 10
    more = f" and {len(strips) - 1:,} more" if len(strips) > 1 else ""
    return f"{widest.message} It is at most {least:g} m wide{more} (features[{widest.marks[0].index}])"


def ask_early(session: FileSession, notes: Sequence[Note]) -> None:
    """Ask about those of some notes that no later repair can settle."""
    kept = {one.index for one in session.document.kept}
    left = [
        note
        for note in notes
        if note.rule not in _LATER
        and not tolerable(note.rule)
        and not session.options.lets(note.rule)
        and (note.index is None or note.index in kept)
    ]
    asked = [note for note in left if not puts_aside(session, note)]
    # what is said once a field may be gone with a feature that is put aside
    whole = len(asked) == len(left) and not any(one.rejected for one in session.document.features)
    for note in asked:
        if whole or not (note.path[:1] == ("properties",) and len(note.path) == 2):  # noqa: PLR2004 - a field
            ask(session, note)


def refuse_unanswered(sessions: Sequence[FileSession]) -> None:
    """End here where there are questions.

    Raises
    ------
    InputError
        The message has each question with the options that answer it.
    """
    grouped: dict[object, tuple[Question, list[str]]] = {}
    for session in sessions:
        for one in _without_echoes(session.questions):
            # what a sample looks like differs from file to file, the answer does not
            key = one.rule if one.rule in _SAMPLED else one
            grouped.setdefault(key, (one, []))[1].append(str(session.document.path))
    if not grouped:
        return
    lines = [f"{_files(paths)}: {one.rule}: {one.message} — {one.remedy}" for one, paths in grouped.values()]
    what = "this cannot be cleaned without a guess; nothing was written. Say what to do:"
    if sum(one.rule in CRS_RULES for one, _ in grouped.values()) > 1:
        what = f"{what[:-1]} (--answers FILE can name a system for each file):"
    raise InputError(listed(what, lines, shown=max(len(ACTIONS), len(lines))))


def _without_echoes(questions: Sequence[Question]) -> list[Question]:
    """Of several questions about the same coordinate system the first: one answer is enough for all."""
    first = next((one for one in questions if one.rule in CRS_RULES), None)
    return [one for one in questions if one is first or one.rule not in CRS_RULES]


def _files(paths: Sequence[str]) -> str:
    more = len(paths) - _SHOWN_FILES
    return ", ".join(paths[:_SHOWN_FILES]) + (f" and {more} more" if more > 0 else "")
