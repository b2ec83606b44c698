"""Which Unicode encoding a JSON text is in, from its first bytes: RFC 7946 wants UTF-8, others are known by their form.

A byte order mark decides; without one, the first character of JSON is ASCII, so that the places of the zero bytes among
the first four tell UTF-16 and UTF-32 apart (as RFC 4627, section 3, has it).
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass

# UTF-32 before UTF-16, as the mark of the one begins with that of the other
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ZEROS: Mapping[tuple[bool, ...], str] = {
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
}
_CHARACTER = 4
# the mark as a character
MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding by Python's name, and how many bytes its mark takes."""

    name: str
    mark_bytes: int = 0

    @property
    def is_wide(self) -> bool:
        """Whether it is UTF-16 or UTF-32."""
        return self.name != "utf-8"

    @property
    def title(self) -> str:
        """In words, such as ``UTF-16-LE``."""
        return self.name.upper()


def unicode_encoding(head: bytes) -> Encoding:
    """The Unicode encoding that the first bytes of a JSON text show; UTF-8 where they show no other."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name, len(mark))
    zeros = tuple(byte == 0 for byte in head[:_CHARACTER])
    return Encoding(_ZEROS.get(zeros, "utf-8") if len(zeros) == _CHARACTER else "utf-8")
