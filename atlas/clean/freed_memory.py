"""Memory that is free and still held: glibc keeps what many small arrays leave behind for itself."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any


def give_back() -> None:
    """Give free memory back to the system, so that the next step does not come on top of it; elsewhere nothing."""
    if (trim := _trim()) is not None:
        trim(0)


@cache
def _trim() -> Any:  # noqa: ANN401 - a function of the C library
    return getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
