"""Says that a store is waited for: a command that does nothing for two minutes looks like one that hangs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

from atlas.field.database import WAIT_S
from atlas.work_steps import OnStep, unheard

# a change of the usual size is written sooner
SOON_S = 3.0


@contextmanager
def waiting(address: str, on_wait: OnStep) -> Iterator[None]:
    """While a lock is asked for: whoever has to wait is told so, once.

    Parameters
    ----------
    on_wait
        Is called, on a thread of its own, when it takes more than a moment.
    """
    if on_wait is unheard:
        yield
        return
    words = f"{address} is in use by another program; waiting for it, at most {WAIT_S} s. Ctrl-C gives up"
    timer = Timer(SOON_S, on_wait, [words])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
