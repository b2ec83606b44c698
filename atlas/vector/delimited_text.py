"""CSV as rows of cells that know whether they stood in quotes, which is how a table tells texts from numbers."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence

_DELIMITERS = ",;\t|"
_QUOTED_TEXT = re.compile(r'"[^"]*"')
_LONGEST_CELL = 100_000_000
_SAMPLE = 65_536
_HEADS = 30


class Quoted(str):
    """A cell that stood in quotes."""

    __slots__ = ()


def rows_of(text: str) -> list[Sequence[str]]:
    """The rows of a table, whatever its delimiter; blank ones count, so that a row keeps its number."""
    first, _, rest = text.partition("\n")
    if first.strip().lower() in {f"sep={mark}" for mark in _DELIMITERS}:
        return [[""], *_cut(rest, first.strip()[-1])]
    return _cut(text, _delimiter(text))


def _delimiter(text: str) -> str:
    """The sign that the head has most of, outside quotes; a title may stand above the head."""
    lines = _QUOTED_TEXT.sub("", text[:_SAMPLE]).lstrip().split("\n")[:_HEADS]
    counts = [Counter({mark: line.count(mark) for mark in _DELIMITERS}).most_common(1)[0] for line in lines]
    first = next((pair for pair in counts if pair[1]), counts[0])
    return first[0]


def _cut(text: str, delimiter: str) -> list[Sequence[str]]:
    mark = re.escape(delimiter)
    cell = re.compile(rf'(?:"((?:[^"]|"")*+)"|([^"{mark}\r\n][^{mark}\r\n]*+|))({mark}|\r\n|\n|\r|\Z)')
    rows: list[Sequence[str]] = []
    row: list[str] = []
    at = 0
    while at < len(text) or row:
        match = cell.match(text, at)
        if match is None:
            # quotes that do not pair: what Python's own reader makes of it, without knowing them
            return _leniently(text, delimiter)
        row.append(Quoted(match[1].replace('""', '"')) if match[1] is not None else match[2])
        at = match.end()
        if match[3] != delimiter:
            rows.append(row)
            row = []
        elif at == len(text):
            row.append("")
            rows.append(row)
            row = []
    return rows


def _leniently(text: str, delimiter: str) -> list[Sequence[str]]:
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return [line.split(delimiter) for line in text.splitlines()]
    finally:
        csv.field_size_limit(before)
