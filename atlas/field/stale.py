"""Two people at one record: whoever writes names the version that they saw, and an old one is refused."""

from __future__ import annotations

from hashlib import sha256

from atlas.errors import UsageError
from atlas.field.state import RecordState


class StaleError(UsageError):
    """Somebody else changed the record meanwhile."""


def version_of(state: RecordState) -> str:
    """Of what a record says now: another one as soon as any field has another head."""
    heads = sorted(head.change_id for held in state.fields.values() for head in held.heads)
    return sha256("\n".join(heads).encode()).hexdigest()[:32]


def refuse_stale(state: RecordState, version: str | None) -> None:
    """Refuse to write over a version that a person did not look at.

    Parameters
    ----------
    version
        The version that they saw; nothing where they say no version, as the commands don't.

    Raises
    ------
    StaleError
        It is not the record's version any more.
    """
    if version is not None and version != version_of(state):
        msg = f"{state.record_id} was changed by somebody else meanwhile; look at it again, and nothing was written"
        raise StaleError(msg)
