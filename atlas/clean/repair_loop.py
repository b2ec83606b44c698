"""Runs the repairs of members, texts and fields until there is nothing left that has one right answer."""

from __future__ import annotations

from atlas.clean.attributes import FIELDS, TEXTS, mend_text, mend_unsafe
from atlas.clean.file_session import FileSession
from atlas.clean.member_repair import REPAIRS
from atlas.clean.model import Feature
from atlas.clean.recheck import Note, members_of

_ROUNDS = 12


def mend_members(session: FileSession) -> list[Note]:
    """Mend everything but the places and shapes of a document; gives what is left."""
    notes: list[Note] = []
    for _ in range(_ROUNDS):
        before = len(session.ledger.changes)
        by_index = {one.index: one for one in session.document.kept}
        notes = members_of(session.document, session.document.kept)
        for note in notes:
            if note.rule not in session.options.keep:
                _mend(session, by_index.get(note.index) if note.index is not None else None, note)
        if len(session.ledger.changes) == before:
            break
    return notes


def _mend(session: FileSession, feature: Feature | None, note: Note) -> None:
    if note.index is not None and feature is None:
        return
    value = session.document.root if feature is None else feature.value
    try:
        if note.rule in FIELDS:
            FIELDS[note.rule](session, str(note.path[-1]))
        elif note.rule in TEXTS:
            mend_text(session, feature, value, note)
        elif note.rule == "number-unsafe":
            mend_unsafe(session, feature, value, note)
        elif note.rule in REPAIRS:
            REPAIRS[note.rule](session, feature, value, note)
    except (LookupError, TypeError, AttributeError):
        # an earlier repair took away what this one was about: the next round looks again
        return
