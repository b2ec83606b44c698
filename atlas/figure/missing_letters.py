"""Letters that the font of the figures lacks: drawn in another font of the machine, or said in one sentence."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from matplotlib import font_manager

_MISSING = re.compile(r"Glyph (\d+) \(.*\) missing from font")
_SHOWN = 12
# the font with a box for each block of Unicode
_BOXES = "Last Resort"


class MissingLettersWarning(UserWarning):
    """Letters stand in a figure as empty boxes."""


@contextmanager
def missing_letters() -> Iterator[set[str]]:
    """Collect what matplotlib says of letters that its fonts lack; other warnings pass."""
    missing: set[str] = set()
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        yield missing
    for one in heard:
        if glyph := _MISSING.match(str(one.message)):
            missing.add(chr(int(glyph[1])))
        else:
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)


def fonts_with(letters: set[str]) -> list[str]:
    """Families of this machine that have these letters, as few as it takes; some letters may be in none."""
    wanted = {ord(letter) for letter in letters}
    families: list[str] = []
    for entry in sorted(font_manager.fontManager.ttflist, key=lambda one: (one.name, str(one.fname))):
        if not wanted:
            break
        if entry.name in families or entry.style != "normal" or entry.name.startswith(_BOXES):
            continue
        try:
            here = wanted & set(font_manager.get_font(entry.fname).get_charmap())
        except (OSError, RuntimeError):
            # a font that is gone or damaged is none
            continue
        if here:
            families.append(entry.name)
            wanted -= here
    return families


def warn_of(letters: set[str]) -> None:
    """Say which letters no font has, and what can be done."""
    some: Sequence[str] = sorted(letters)[:_SHOWN]
    more = f" and {len(letters) - _SHOWN} more" if len(letters) > _SHOWN else ""
    msg = (
        f"no font of this machine has the letters {' '.join(some)}{more}, which stand as empty boxes in the figure; "
        "install a font that has them, such as Noto, and draw it again"
    )
    warnings.warn(msg, MissingLettersWarning, stacklevel=2)
