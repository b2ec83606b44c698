"""What of a text is written on a map or a sheet: nothing that no eye can see and that turns or breaks what it can."""

from __future__ import annotations

import unicodedata

# breaks of lines and pages, and halves of letters
_AS_SPACES = {"Cc", "Cs", "Zl", "Zp"}
# signs that turn the direction of what stands beside them
_TURNING = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}


def without_controls(text: str) -> str:
    """The text with a space for each control sign, and without those that turn its direction."""
    if text.isprintable():
        return text
    kept = (" " if unicodedata.category(letter) in _AS_SPACES else letter for letter in text if letter not in _TURNING)
    return "".join(kept)


def in_one_line(text: str) -> str | None:
    """The text as a label on a map; None where nothing is left of it."""
    return " ".join(without_controls(text).split()) or None
