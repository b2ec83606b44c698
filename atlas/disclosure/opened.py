"""What comes out of a file when it is opened: a view, with the rows of a table, of which a long one has parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from atlas.disclosure.byte_view import View
from atlas.disclosure.compressed import Refused
from atlas.disclosure.encodings import NOISE
from atlas.disclosure.sqlite_tables import Table

# forms that four bytes or more tell, so that a code which begins like one is one
_SURE = frozenset({"sqlite", "zip", "xz", "zstd", "7z", "rar", "lz4", "png", "heif", "film", "webp", "parquet", NOISE})
INFLATED, VALUE = "inflated", "value "
BLOCK = "from byte "
_FILES = (BLOCK, "member ", "gzip ", "bzip2 ", "xz ", "lzma ", "git blob", INFLATED, VALUE)
ENCODING = "UTF-16"
_CODES = ("base64", "hex", "percent", "escapes", "entities", "bytes as")


@dataclass(slots=True)
class Opened:
    """A view with the rows that were read from it, if it is a table of some kind.

    Attributes
    ----------
    part, parts
        Which part of a long table it is of, or 0 for the first and what is no table; how many parts there are.
    step
        The steps of the trail that say which part it is.
    judged
        What is read as a table or a document, where it is not the view itself.
    later
        The rows that follow, some at a time.
    """

    view: View
    tables: list[Table] = field(default_factory=list)
    part: int = 0
    parts: int = 1
    step: str = ""
    judged: bytes | None = None
    later: Iterator[list[Table]] = field(default_factory=lambda: iter(()))


def from_code(view: View) -> bool:
    """Whether a view came out of a code in a text, where most of what looks like data is none."""
    return any(step.startswith(_CODES) for step in view.trail)


def number_of(batches: Iterator[object]) -> int:
    """How many parts a table has, until the end or the first that can't be read."""
    number = 0
    try:
        for _ in batches:
            number += 1
    except Refused:
        # the part that can't be read is said when it is reached
        return number + 1
    return number


def is_guess(view: View) -> bool:
    """Whether a view is what a code in a text says, and begins like its form by chance as likely as not."""
    return bool(view.trail) and view.trail[-1].startswith(_CODES) and view.form not in _SURE


def is_file(view: View) -> bool:
    """Whether a view is all of a file, so that what can't be read of it counts; pieces of something else are not."""
    trail = [step for step in view.trail if step != ENCODING]
    return not trail or trail[-1].startswith(_FILES)
