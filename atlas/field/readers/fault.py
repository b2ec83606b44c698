"""Why one row cannot become a record; the row goes to quarantine and the reading goes on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class RowFaultError(Exception):
    """What is wrong with a row and what to do, as one plain sentence."""

    @property
    def reason(self) -> str:
        """The sentence."""
        return str(self)


def unrepeated(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Names and values as a row.

    Raises
    ------
    RowFaultError
        A name stands twice with different values, so that the row says two things.
    """
    row: dict[str, Any] = {}
    for name, value in pairs:
        if name in row and row[name] != value:
            msg = f"it says two things: {name[:60]!r} stands twice with different values; take out one of the two"
            raise RowFaultError(msg)
        row[name] = value
    return row


class InlineFaultError(RowFaultError):
    """What is wrong with a photo that stands in the row and nowhere else: the row is put aside whole."""
