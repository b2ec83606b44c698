"""What whoever draws a figure is told of a file that was taken all the same; a page says it itself."""

from __future__ import annotations

from atlas.admission.user_features import UserLayer
from atlas.cartography.map_words import worded


def file_notes(file: UserLayer) -> list[str]:
    """What is wrong with the file, that it is empty, and how many rows have no place: sentences in English."""
    notes = [*file.remarks]
    if "empty" in file.notes:
        notes.append(worded("note.empty", file=file.name)["en"])
    if missing := file.notes.get("noplace"):
        notes.append(worded("note.placeless", count=int(missing))["en"])
    return notes
