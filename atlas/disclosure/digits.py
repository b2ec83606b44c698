"""Telephone numbers however they are written: runs of digits with any separators."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_RUN = re.compile(rb"\+?\(?\d(?:[\s().\-/_]{0,3}\d){6,30}")
_DECIMAL = re.compile(rb"\d{1,3}\.\d{5,}")
_BLANKS = re.compile(rb"[^\d]+")
_LONGEST_PLAIN = 18


def phone_runs(data: bytes, known: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    """Known numbers in some bytes: the record and the offset."""
    if not known:
        return
    lengths = sorted({len(number) for number in known})
    for match in _RUN.finditer(data):
        text = match.group()
        if any(_DECIMAL.fullmatch(part) for part in text.split()):
            continue
        digits = _BLANKS.sub(b"", text).decode()
        # a long run without a break is a number of something else
        if len(digits) > _LONGEST_PLAIN and len(digits) == len(text):
            continue
        for length in lengths:
            for start in range(len(digits) - length + 1):
                if (record := known.get(digits[start : start + length])) is not None:
                    yield record, match.start()
