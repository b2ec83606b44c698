"""What can be wrong with a store itself, by kinds that the desk has words for in both languages."""

from __future__ import annotations

from typing import ClassVar

from atlas.errors import InputError, OutputError


class StoreBusyError(OutputError):
    """Another program is writing to it."""

    kind: ClassVar[str] = "busy"


class StoreMissingError(InputError):
    """There is none at its address."""

    kind: ClassVar[str] = "missing"


class StoreUnreachableError(InputError):
    """Its server does not answer, or lets nobody in."""

    kind: ClassVar[str] = "unreachable"


class StoreDamagedError(InputError):
    """It cannot be read as a store."""

    kind: ClassVar[str] = "damaged"


class StoreUnwritableError(OutputError):
    """There is no room for it, or no right to it."""

    kind: ClassVar[str] = "unwritable"


def kind_of(error: Exception) -> str | None:
    """Which of these an error is; nothing for any other."""
    kind = getattr(error, "kind", None)
    return kind if isinstance(kind, str) else None
