"""The only step of the gate that sees a position: every record becomes a label, and its position stays behind.

A label is the atom in which the record lies, its category, its day and its observer; the type has no room for more. No
module after this one takes a position or a geometry of a record (`tests/release/test_labels.py` walks the imports),
so that moving a record to any other point of its atom, or to any other atom of its place, changes no byte of what is
published (Theorem 1 of `docs/release-gate.md`).

*Invariants*: the atom is a function of the position and the map alone; neither category nor other records decide it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from atlas.geometry.geodesy import Positions
from atlas.release.boxes import BoxMap
from atlas.release.drafts import Draft

RESTRICTED = "restricted or unclassified"
NO_DAY = "without a full date"
NO_CATEGORY = "of a category that the policy does not list"
NOT_YET = "of a day that is still to come"
NOWHERE = "without a position or a reach"
Abroad = Callable[[Positions], list[str]]


class Label(NamedTuple):
    """What the gate knows of a record; nothing of where in its atom it lies."""

    atom: str
    category: str
    day: date
    observer: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """Labels of the records that can be counted, and how many cannot, by why."""

    labels: tuple[Label, ...]
    held: Counter[str]


def label(drafts: Sequence[Draft], boxes: BoxMap, abroad: Abroad, *, today: date | None = None) -> Labelled:
    """The labels of records.

    Parameters
    ----------
    abroad
        Says of positions in no box, shape (n, 2), where they lie, in words, such as ``at sea``.
    today
        The day of the release, after which nothing can have been noted.
    """
    held: Counter[str] = Counter()
    counted: list[Draft] = []
    for draft in drafts:
        why = _why_not(draft, today)
        held[why] += bool(why)
        counted += [] if why else [draft]
    rows = [row for row, draft in enumerate(counted) if draft.position is not None]
    atoms: list[str | None] = [_of_reach(draft, boxes) for draft in counted]
    if rows:
        positions = np.array([counted[row].position for row in rows], dtype=np.float64)
        for row, atom in zip(rows, boxes.atoms_at(positions), strict=True):
            atoms[row] = atom
    labels = [
        Label(atom, draft.category, draft.day, draft.observer)
        for draft, atom in zip(counted, atoms, strict=True)
        if atom is not None and draft.day is not None
    ]
    rest = [draft for draft, atom in zip(counted, atoms, strict=True) if atom is None]
    away = [draft.position for draft in rest if draft.position is not None]
    held[NOWHERE] += len(rest) - len(away)
    if away:
        held.update(abroad(np.array(away, dtype=np.float64)))
    return Labelled(tuple(labels), Counter({why: number for why, number in held.items() if number}))


def _why_not(draft: Draft, today: date | None) -> str:
    if not draft.listed:
        return NO_CATEGORY
    if draft.day is None:
        return NO_DAY
    return NOT_YET if today is not None and draft.day > today else ""


def _of_reach(draft: Draft, boxes: BoxMap) -> str | None:
    """The atom of a record that is known by its reach alone."""
    name = None if draft.reach is None else f"R{draft.reach:03d}"
    return name if name in boxes.atoms else None
