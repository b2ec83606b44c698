"""What a reader is told of a table that was joined to a layer."""

from __future__ import annotations

from atlas.cartography.composition import Bilingual
from atlas.cartography.map_words import named, worded
from atlas.cartography.table_join import JoinReport


def matched_notes(report: JoinReport) -> list[Bilingual]:
    """How many rows were joined, and which of them by a key that is written in another way."""
    notes = [worded("note.joined", count=report.joined)]
    for key, pairs in (("note.padded", report.padded), ("note.respelt", report.respelt)):
        if pairs:
            notes.append(worded(key, count=len(pairs), pairs=named([f"{a} → {b}" for a, b in pairs])))
    return notes


def lost_notes(report: JoinReport) -> list[Bilingual]:
    """What has no partner on the other side."""
    kinds = (("note.strays", report.strays), ("note.bare", report.bare))
    notes = [worded(key, count=len(keys), keys=named(keys)) for key, keys in kinds if keys]
    return [*notes, *([worded("note.gaps", count=report.gaps)] if report.gaps else [])]
