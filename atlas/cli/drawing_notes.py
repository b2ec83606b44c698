"""What is warned of while a figure is drawn, as notes for a terminal."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

# by name: matplotlib is loaded only to draw
_LETTERS = "MissingLettersWarning"


@contextmanager
def drawing_notes() -> Iterator[list[str]]:
    """Collect warnings about letters of a figure; others pass when it is drawn."""
    notes: list[str] = []
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always", UserWarning)
        yield notes
    for one in heard:
        if one.category.__name__ == _LETTERS:
            notes.append(str(one.message))
        else:
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
