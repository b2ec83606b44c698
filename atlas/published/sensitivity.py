"""Sensitivity classes and what each allows; closed by default."""

from __future__ import annotations

from enum import StrEnum


class Sensitivity(StrEnum):
    """How far a feature may travel: only the first two are ever published."""

    OPEN = "open"
    GENERALISED = "generalised"
    RESTRICTED = "restricted"
    WITHHELD = "withheld"


PUBLISHED = frozenset({Sensitivity.OPEN, Sensitivity.GENERALISED})
_WORDS = {str(name): name for name in PUBLISHED}


def published_class(stated: object) -> Sensitivity | None:
    """The class that a feature states, where features of it are published; nothing for any other word or value."""
    return _WORDS.get(stated) if isinstance(stated, str) else None
