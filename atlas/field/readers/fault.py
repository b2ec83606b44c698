"""Why one row cannot become a record; the row goes to quarantine and the reading goes on."""

from __future__ import annotations


class RowFaultError(Exception):
    """What is wrong with a row and what to do, as one plain sentence."""

    @property
    def reason(self) -> str:
        """The sentence."""
        return str(self)


class InlineFaultError(RowFaultError):
    """What is wrong with a photo that stands in the row and nowhere else: the row is put aside whole."""
