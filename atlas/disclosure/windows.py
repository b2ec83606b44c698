"""Stretches of bytes that are too long to be looked through at once, which takes ten times their own size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from atlas.disclosure.byte_view import MEGABYTE, View

WINDOW = 4 * MEGABYTE
# what is written over two windows is whole in one of them
OVERLAP = 4096
# a window ends between two words, where there are any
_BETWEEN = b"\n ,;\t"
_NEAR = 256


def number_of(size: int) -> int:
    """How many windows some bytes have."""
    return max(1, -(-size // WINDOW))


def windows(view: View, *, words: bool) -> Iterator[View]:
    """A view in windows, each beginning a little before the one before it ends.

    Parameters
    ----------
    words
        Whether it is a text, of which no number is cut in two.
    """
    size = len(view.data)
    if size <= WINDOW + OVERLAP:
        yield view
        return
    start = 0
    while True:
        end = min(size, start + WINDOW + OVERLAP)
        if words and end < size:
            end = _between(view.data, end)
        yield replace(view, data=view.data[start:end], base=view.base + start)
        if end == size:
            return
        start = _between(view.data, end - OVERLAP) if words else end - OVERLAP


def _between(data: bytes, at: int) -> int:
    """The nearest place before a byte at which no word is cut; the byte, where there is none."""
    last = max(data.rfind(bytes((mark,)), at - _NEAR, at) for mark in _BETWEEN)
    return last + 1 if last >= 0 else at
