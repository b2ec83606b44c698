"""Files of a release that are for the team alone, known by their own mark: the private state and the risk sheet."""

from __future__ import annotations

import re

from atlas.release.private_state import FORMAT as STATE
from atlas.release.risk import FORMAT as SHEET

_MARK = rb'(?:"format"\s*:|name="generator" content=)\s*"(%s)"'
_STATE, _SHEET = (re.compile(_MARK % mark.encode()) for mark in (STATE, SHEET))
# a mark stands at the beginning of what the atlas writes
_HEAD = 4_000


def private_content(data: bytes) -> str | None:
    """What of a team's own a file is; nothing where it is none of it."""
    head = data[:_HEAD]
    if _STATE.search(head):
        return "holds what a team keeps of its releases: what was withdrawn, and the head of its ledger"
    return "is the risk sheet of a release, which says what was not told" if _SHEET.search(head) else None
