"""A file's bytes as UTF-8, and its long coordinates taken out, so that what is left is small and quick to read."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from atlas.errors import InputError
from atlas.geojson.encoding import MARK, unicode_encoding
from atlas.geojson.file_text import FileText
from atlas.geojson.long_arrays import AT_ONCE, Run, nested_runs

_LONG = re.compile(rb'(?<!\\)("coordinates"\s*:\s*)(\[[\[\]0-9.eE+\-,\s]{200,}\])')
_SIGN = "\ue000"
_PLACED = re.compile(rb'"\xee\x80\x80([0-9]+)"(\n*)')


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file as UTF-8; ``rule`` and ``before`` say what it was, where it was something else."""

    data: bytes
    rule: str | None = None
    before: str = ""


def decoded(name: str, data: bytes, encoding: str | None) -> Decoded:
    """The file as UTF-8 without a mark.

    Raises
    ------
    InputError
        The bytes are in an encoding that has to be guessed, or not in the one that was named.
    """
    shown = unicode_encoding(data[:4])
    body = data[shown.mark_bytes :]
    if not shown.is_wide:
        # a file that was encoded twice has its mark twice
        body = body.removeprefix(codecs.BOM_UTF8) if shown.mark_bytes else body
        utf8 = _utf8(name, body, encoding)
        return Decoded(utf8.data, "encoding-bom", "byte order mark") if shown.mark_bytes else utf8
    try:
        text = body.decode(shown.name).removeprefix(MARK)
        return Decoded(text.encode(), "encoding-utf16", shown.name.upper())
    except UnicodeError as error:
        msg = f"{name} begins like {shown.name.upper()} but is not ({error}): export it again as UTF-8"
        raise InputError(msg) from error


def _utf8(name: str, data: bytes, encoding: str | None) -> Decoded:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        where = f"byte {error.start:,} is 0x{data[error.start]:02X}"
    else:
        return Decoded(data)
    if encoding is None:
        msg = (
            f"{name} is not UTF-8 ({where}); say what it is, mostly --encoding cp1252, and look at the accents after it"
        )
        raise InputError(msg)
    try:
        return Decoded(data.decode(encoding).encode(), "encoding-not-utf8", encoding)
    except (UnicodeError, LookupError, TypeError) as error:
        msg = f"{name} is not {encoding} either ({error}); try another --encoding"
        raise InputError(msg) from error


def is_feature_text(data: bytes) -> bool:
    """Whether a text is a feature to other programs as well: those of the grammar, without halves of pairs."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return False
    return isinstance(value, dict) and value.get("type") == "Feature"


@dataclass(slots=True)
class CoordinateStubs:
    """JSON in which long arrays of coordinates are short signs; ``spans`` are where the arrays stand in ``data``."""

    text: bytes
    spans: list[tuple[int, int]] = field(default_factory=list)
    data: bytes | FileText = b""

    def number_of(self, value: object) -> int | None:
        """Which array a value stands for, if any."""
        if self.spans and isinstance(value, str) and value.startswith(_SIGN):
            return int(value[1:])
        return None

    def piece(self, number: int) -> memoryview | bytes:
        """The text of an array, as it stands in the file.

        Raises
        ------
        InputError
            The file is no longer as it was.
        """
        start, end = self.spans[number]
        return self.data.piece(start, end) if isinstance(self.data, FileText) else memoryview(self.data)[start:end]

    def array(self, number: int) -> Any:  # noqa: ANN401 - arrays of any depth
        """An array, read.

        Raises
        ------
        ValueError
            It is no JSON.
        """
        return orjson.loads(self.piece(number))

    def runs(
        self,
        number: int,
        depth: int,
        made: Callable[[list[Any]], Run | None],
        joined: Callable[[Sequence[Run]], Run | None],
    ) -> Any | None:  # noqa: ANN401 - runs in lists of any depth
        """An array that is very long, read run by run; nothing where it is not, or not as it should be."""
        start, end = self.spans[number]
        return nested_runs(self.piece(number), depth, made, joined, orjson.loads) if end - start > AT_ONCE else None

    def filled(self, text: bytes) -> bytes:
        """Part of the text with the arrays back in their places."""
        if not self.spans:
            return text
        return _PLACED.sub(self._put_back, text)

    def _put_back(self, match: re.Match[bytes]) -> bytes:
        piece = bytes(self.piece(int(match[1])))
        # only as many line ends as the array has itself stand for it
        return piece + match[2][piece.count(b"\n") :]


def coordinate_stubs(data: bytes) -> CoordinateStubs:
    """Take the long coordinates out; every line keeps its number."""
    spans: list[tuple[int, int]] = []

    def out(match: re.Match[bytes]) -> bytes:
        start, end = match.span(2)
        spans.append((start, end))
        return b'%b"%b%d"%b' % (match[1], _SIGN.encode(), len(spans) - 1, b"\n" * data.count(b"\n", start, end))

    if _SIGN.encode() in data:
        return CoordinateStubs(data)
    return CoordinateStubs(_LONG.sub(out, data), spans, data)
