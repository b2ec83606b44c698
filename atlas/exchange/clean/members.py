"""Runs the repairs of members, texts and fields until there is nothing left that has one right answer."""

from __future__ import annotations

from atlas.exchange.clean.examine import Note, members_of
from atlas.exchange.clean.fieldwise import FIELDS, TEXTS, mend_text, mend_unsafe
from atlas.exchange.clean.model import Feature
from atlas.exchange.clean.structure import REPAIRS
from atlas.exchange.clean.work import Work

_ROUNDS = 12


def mend_members(work: Work) -> None:
    """Mend everything but the places and shapes of a document."""
    for _ in range(_ROUNDS):
        before = len(work.ledger.changes)
        by_index = {one.index: one for one in work.document.kept}
        notes = members_of(work.document, work.document.kept)
        for note in notes:
            if note.rule not in work.options.keep:
                _mend(work, by_index.get(note.index) if note.index is not None else None, note)
        if len(work.ledger.changes) == before:
            return


def _mend(work: Work, feature: Feature | None, note: Note) -> None:
    if note.index is not None and feature is None:
        return
    value = work.document.root if feature is None else feature.value
    try:
        if note.rule in FIELDS:
            FIELDS[note.rule](work, str(note.steps[-1]))
        elif note.rule in TEXTS:
            mend_text(work, feature, value, note)
        elif note.rule == "number-unsafe":
            mend_unsafe(work, feature, value, note)
        elif note.rule in REPAIRS:
            REPAIRS[note.rule](work, feature, value, note)
    except (LookupError, TypeError, AttributeError):
        # an earlier repair took away what this one was about: the next round looks again
        return
