"""Features one after the other: GeoJSON text sequences (RFC 8142), and the same without their separators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TextIO

from atlas.geojson.tolerant import value_at

SEPARATOR = "\x1e"
# names that say that a file is a sequence, with separators or a feature a line
SUFFIXES = frozenset({".geojsonl", ".geojsons", ".ndjson", ".jsonl", ".geojsonseq"})
_BLOCK = 1 << 20
_SPACE = " \t\r\n"
_COLLECTION = re.compile(r'\{\s*"type"\s*:\s*"FeatureCollection"')
_NEXT_OBJECT = re.compile(r"[\s\x1e]*\{")
_BETWEEN = re.compile(r"[ \t\r\n\x1e]*")
_DAMAGED = re.compile(r"[^\n\x1e]*")


def sequence_rule(text: str, at: int = 0) -> str | None:
    """The rule that a text breaks which is features one after the other; none where it is one value.

    RFC 8142 puts a record separator before each. Without it, the first value has to be a whole feature that another
    object follows; only what is held is looked at, so that a longer first feature counts as the whole text.
    """
    if text[at : at + 1] == SEPARATOR:
        return "json-sequence"
    if text[at : at + 1] != "{" or _COLLECTION.match(text, at):
        return None
    try:
        value, end = value_at(text, at)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or value.get("type") != "Feature":
        return None
    return "json-trailing" if _NEXT_OBJECT.match(text, end) else None


def is_collection(text: str) -> bool:
    """Whether a text begins as a FeatureCollection whose type stands first."""
    return _COLLECTION.match(text) is not None


def is_by_line(text: str) -> bool:
    """Whether a text whose beginning is held is a sequence of which each feature has a line of its own."""
    first, newline, rest = text.partition("\n")
    return bool(newline) and sequence_rule(f"{first}\n{rest.lstrip()[:1]}") is not None


def texts_of(text: str) -> Iterator[tuple[int, str]]:
    """The text of each value of a sequence, with the lines that stand before it; what is no JSON, up to its line's end.

    Separators may stand before each value, before some, or nowhere; a value may have several lines.
    """
    at = lines = counted = 0
    while True:
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
        if at >= len(text):
            return
        lines, counted = lines + text.count("\n", counted, at), at
        try:
            end = value_at(text, at)[1]
        except (ValueError, RecursionError):
            damaged = _DAMAGED.match(text, at)
            end = damaged.end() if damaged else len(text)
        yield lines, text[at:end]
        at = end


def texts_in(stream: TextIO) -> Iterator[tuple[int, str]]:
    """The same of a file of any size, with the line, from 1, in which each begins.

    Where separators stand, they part the values; else line breaks do.
    """
    line = 1
    for piece in _pieces(stream):
        yield from ((line + lines, text) for lines, text in texts_of(piece))
        line += piece.count("\n")


def _pieces(stream: TextIO) -> Iterator[str]:
    held = ""
    while not held.strip(_SPACE) and (line := stream.readline()):
        held += line
    if not held.lstrip(_SPACE).startswith(SEPARATOR):
        yield held
        while line := stream.readline():
            yield line
        return
    while block := stream.read(_BLOCK):
        *whole, rest = block.split(SEPARATOR)
        for part in whole:
            yield held + part
            held = ""
        held += rest
    yield held
