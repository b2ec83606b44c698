"""What can go wrong, as one small tree; every class knows its exit code.

AtlasError (2)
├── UsageError (2)        wrong command, option, folder or layer name
├── InputError (2)        a file or table that cannot be used as it is
│   ├── EvidenceError     a fact table breaks its own rules
│   └── SourceError       a source package or file is missing, changed or unreadable
├── GeometryError (2)     shapes that cannot be measured or cut
├── PolicyError (2)       something that must not be published was about to be
├── OutputError (2)       a result cannot be written; what was there before is intact
└── FindingsError (1)     the work was done and found something wrong
"""

from __future__ import annotations

from collections.abc import Sequence


class AtlasError(Exception):
    """Root of everything the atlas raises on purpose; the message is written for a person."""

    exit_code = 2


class UsageError(AtlasError):
    """A command, option, folder or layer name that does not exist."""


class InputError(AtlasError):
    """A file that cannot be used as it is."""


class EvidenceError(InputError):
    """A fact table that breaks its own rules."""


class SourceError(InputError):
    """A source package or file that is missing, changed or unreadable."""


class GeometryError(AtlasError):
    """Shapes that cannot be measured or cut."""


class PolicyError(AtlasError):
    """Something that must not be published was about to be."""


class OutputError(AtlasError):
    """A result that cannot be written."""


class FindingsError(AtlasError):
    """The work was done and found something wrong."""

    exit_code = 1


class Listed(str):
    """A message that names the first faults of many; ``whole`` names them all."""

    __slots__ = ("whole",)
    whole: str


def listed(headline: str, faults: Sequence[str], *, shown: int = 12) -> Listed:
    """One message from many faults: the headline, then a line per fault, at most ``shown``; all in ``whole``."""
    lines = [headline, *(f"  - {fault}" for fault in faults)]
    more = len(faults) - shown
    kept = [*lines[: shown + 1], f"  … and {more:,} more (`atlas --all-faults …` lists them)"] if more > 0 else lines
    message = Listed("\n".join(kept))
    message.whole = "\n".join(lines)
    return message


def message_of(error: AtlasError, *, whole: bool = False) -> str:
    """What an error says to a person; with ``whole``, all faults of a list."""
    message = error.args[0] if error.args else ""
    return message.whole if whole and isinstance(message, Listed) else str(error)
