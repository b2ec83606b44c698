"""Features put aside after all repairs, for what check still says about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from atlas.clean.attributes import at_fault
from atlas.clean.file_session import FileSession
from atlas.clean.options import Options
from atlas.clean.questions import puts_aside
from atlas.clean.recheck import Note, tolerable


def intolerable(options: Options, notes: Iterable[Note]) -> list[Note]:
    """What may not stay: neither only mentioned by check, nor let through by the user."""
    return [note for note in notes if not tolerable(note.rule) and not options.lets(note.rule)]


def put_aside(session: FileSession, notes: Sequence[Note]) -> int:
    """Put aside what breaks a rule for which that is the answer; gives how many notes are settled so."""
    by_index = {one.index: one for one in session.document.kept}
    settled = 0
    for note in notes:
        feature = by_index.get(note.index) if note.index is not None else None
        if feature is None or not (feature.rejected or puts_aside(session, note)):
            continue
        # a rule that is found once a field may be broken in many features
        for one in [feature, *at_fault(session, note)]:
            session.reject(one, note.rule, note.message)
        settled += 1
    return settled
