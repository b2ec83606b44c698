"""Why a hand-over is not taken in, by kinds that the desk has words for in both languages."""

from __future__ import annotations

from typing import ClassVar

from atlas.errors import InputError, OutputError


class HandOverRefusedError(InputError):
    """A hand-over that cannot be taken in as it came.

    Attributes
    ----------
    kind
        As the desk names it: ``cut``, ``handover`` (damaged), ``other-store``, ``newer`` or ``large``.
    """

    def __init__(self, message: str, *, kind: str) -> None:
        super().__init__(message)
        self.kind = kind


class NoRoomToWaitError(OutputError):
    """A hand-over that finds no room while it is taken in; there is nothing wrong with it."""

    kind: ClassVar[str] = "room"
