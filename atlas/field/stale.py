"""Two people at one record: whoever writes names the version that they saw, and an old one is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256

from atlas.errors import UsageError
from atlas.field.change import DECISION, EDITED, Change
from atlas.field.state import RecordState

# what the reviews and edits of the commands and of the desk say of themselves
_AT_HOME = "atlas field "
_SHOWN = 40


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


def replaced(state: RecordState, changes: Iterable[Change]) -> Iterator[str]:
    """A sentence for each value that somebody else decided or edited at home, and that changes now replace.

    Parameters
    ----------
    state
        The record before the changes.
    """
    for change in changes:
        held = state.fields.get(change.field)
        for head in held.heads if held and change.field not in {DECISION, EDITED} else ():
            at_home = (head.device or "").startswith(_AT_HOME)
            if at_home and head.author != change.author and head.text != change.text:
                yield (
                    f"{state.record_id}: {change.field} was {head.text[:_SHOWN]} by {head.author} ({head.claimed_at}) "
                    f"and is now {change.text[:_SHOWN]}; the history keeps both"
                )
