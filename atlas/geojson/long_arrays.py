"""Long arrays of coordinates read run by run, so that lists are never held of all their positions.

A *run* is a list of positions: a line, a ring, or the points of a multipoint. As lists of Python, its positions take
seven times the room of their text; as an array, less than the text does. So each run is read by itself, a very long one
piece by piece, and only the array is kept. What is left of the text when each run is a zero says how runs make lines or
rings, and rings make parts.

Why this reads the same: runs and pieces are cut only between two brackets or at a comma between positions, each is read
by the JSON reader, and so is what is left; whatever does not fit this exactly is left to be read at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Any, TypeVar

Run = TypeVar("Run")

# bytes of text that are read at once
AT_ONCE = 1 << 20
_BEGIN = re.compile(rb"\[\s*\[\s*[-0-9]")
_END = re.compile(rb"\]\s*\]")
_CLOSE = re.compile(rb"\]")
_BETWEEN = re.compile(rb"\s*,\s*(?=\[)")
_SPACE = re.compile(rb"\s*")


def nested_runs(
    text: bytes | memoryview,
    depth: int,
    made: Callable[[list[Any]], Run | None],
    joined: Callable[[Sequence[Run]], Run | None],
    parse: Callable[[bytes], Any],
) -> Any | None:  # noqa: ANN401 - runs in lists of any depth
    """The runs of an array of coordinates, in lists as they are in the text.

    Parameters
    ----------
    text
        The array, without quotes.
    depth
        How many lists a position is in: 1 for a line, 2 for a polygon, 3 for a multipolygon.
    made
        Makes a run of a list of positions; nothing where it is none.
    joined
        Makes one run of several that follow each other.
    parse
        Reads JSON, and raises ``ValueError`` where it is none.

    Returns
    -------
    object
        A run (``depth`` 1), or lists of them; nothing where the text is not exactly this.
    """
    runs: list[Run] = []
    left: list[bytes] = []
    at = 0
    while begin := _BEGIN.search(text, at):
        end = _END.search(text, begin.end())
        run = None if end is None else _run(text, (begin.start(), end.end()), made, joined, parse)
        if end is None or run is None:
            return None
        left += (bytes(text[at : begin.start()]), b"0")
        runs.append(run)
        at = end.end()
    left.append(bytes(text[at:]))
    try:
        frame = parse(b"".join(left))
    except ValueError:
        return None
    if _depths(frame) != list(repeat(depth - 1, len(runs))):
        return None
    return _filled(frame, iter(runs).__next__)


def _run(
    text: bytes | memoryview,
    span: tuple[int, int],
    made: Callable[[list[Any]], Run | None],
    joined: Callable[[Sequence[Run]], Run | None],
    parse: Callable[[bytes], Any],
) -> Run | None:
    """The run that stands there, read piece by piece."""
    at, last = span[0] + 1, span[1] - 1
    pieces: list[Run] = []
    while True:
        close = _CLOSE.search(text, min(at + AT_ONCE, last - 1), last) or _CLOSE.search(text, at, last)
        stop = last if last - at <= AT_ONCE or close is None else close.end()
        try:
            piece = made(parse(b"[" + bytes(text[at:stop]) + b"]"))
        except ValueError:
            return None
        if piece is None:
            return None
        pieces.append(piece)
        between = _BETWEEN.match(text, stop, last)
        if between is None:
            space = _SPACE.match(text, stop, last)
            whole = space is not None and space.end() == last
            return (pieces[0] if len(pieces) == 1 else joined(pieces)) if whole else None
        at = between.end()


def _depths(frame: Any, depth: int = 0) -> list[int]:  # noqa: ANN401 - lists of any depth
    """How many lists each leaf is in; less than nothing for what is no leaf."""
    if isinstance(frame, list):
        return [one for inner in frame for one in _depths(inner, depth + 1)] if frame else [-1]
    return [depth if frame == 0 and isinstance(frame, int) else -1]


def _filled(frame: Any, following: Callable[[], Run]) -> Any:  # noqa: ANN401 - lists of any depth
    if isinstance(frame, list):
        return [_filled(inner, following) for inner in frame]
    return following()
