"""Texts whose letters are written otherwise: escapes, entities, percent signs, digits of other alphabets, gaps."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from urllib.parse import unquote_to_bytes

_ESCAPE = re.compile(rb"\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([0-3][0-7]{2}))")
# tags within a line, and what stands between the pieces of a line elsewhere
_TAGS = re.compile(
    rb"</?(?:w:(?!(?:p|tc|tr|tbl|br|tab)\b)\w{1,20}|text:span|span|tspan|b|i|em|strong|font|u|sub|sup|small|mark|bdi)"
    rb"\b[^<>]{0,300}>"
)
# a cell of a table whose tag has numbers of its own: a reference in a workbook, a class in a page
_CELL = re.compile(rb"<(?:c|td|th|cell|[a-z]{1,12}:(?:table-cell|Cell|tc))\s[^<>\d]{0,300}\d", re.IGNORECASE)
_TAG = re.compile(rb"<[^<>]{0,2000}>")
_PLUS = re.compile(rb"\"\s{0,9}\+\s{0,9}\"|'\s{0,9}\+\s{0,9}'")
_KERNING = re.compile(rb"\)\s{0,3}(?:-?\d{1,5}(?:\.\d{1,4})?\s{0,3})?\((?!\))")
_OTHERS, _WITH_GAPS, _OF_PAGES = "other alphabets", "gaps between digits", "lines of a PDF"
_CSS = re.compile(rb"\\([0-9A-Fa-f]{2,6}) ")
# begins where no such gap is before, else a long row of them is tried from each
_SPACED = re.compile(rb"(?<![-+\d.,;] )(?:[-+\d.,;] ){7,}\d")
# between letters or digits: what takes no room, and digits of other alphabets and of other heights
_ALPHABETS = re.compile(
    rb"\xe2\x80[\x8b-\x8f]|\xe2\x81[\xa0\xb0-\xb9]|\xe2\x82[\x80-\x89]|\xc2[\xad\xb2\xb3\xb9]|\xef\xbb\xbf"
    rb"|\xef\xbc[\x8b-\x99]|[\xd9\xdb][\xa0-\xb9]|\xe0[\xa5-\xaf][\xa6-\xaf]"
)
# what there is of each, asked before the pattern is tried everywhere
_GAPS = re.compile(rb" [\d.,] [\d.,] [\d.,] ")
_OCTAL, _LARGEST = 4, 0x10FFFF


def rewritings(data: bytes) -> Iterator[tuple[str, re.Pattern[bytes], Callable[[bytes], bytes]]]:
    """Those that a text may need: their names, what is written otherwise, and how it is read."""
    for name, (pattern, read) in REWRITINGS.items():
        if name not in _ASKED or _ASKED[name](data):
            yield name, pattern, read


@cache
def _plain_letters() -> Mapping[int, str | None]:
    """Digits of every alphabet as those of ours, signs beside them, and nothing for what takes no room."""
    digits = {code: str(unicodedata.digit(chr(code))) for code in range(128, 0x20000) if chr(code).isdigit()}
    signs = {0xFF0B: "+", 0xFF0C: ",", 0xFF0D: "-", 0xFF0E: ".", 0x66B: ".", 0x66C: ","}
    return {**digits, **signs, **dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF))}


def _of_other_alphabets(data: bytes) -> bytes:
    return data.decode("utf-8", "replace").translate(_plain_letters()).encode()


def _letter(match: re.Match[bytes]) -> bytes:
    code = match.group(match.lastindex or 0)
    number = int(code, 8 if match.lastindex == _OCTAL else 16)
    return chr(number).encode("utf-8", "replace") if number <= _LARGEST else b""


def _of_css(match: re.Match[bytes]) -> bytes:
    number = int(match.group(1), 16)
    return chr(number).encode("utf-8", "replace") if number <= _LARGEST else b""


def _of_entities(data: bytes) -> bytes:
    return html.unescape(data.decode("utf-8", "replace")).encode()


REWRITINGS: Mapping[str, tuple[re.Pattern[bytes], Callable[[bytes], bytes]]] = MappingProxyType(
    {
        "percent signs": (re.compile(rb"%[0-9A-Fa-f]{2}"), unquote_to_bytes),
        "escapes": (_ESCAPE, lambda data: _ESCAPE.sub(_letter, data)),
        "escapes of style sheets": (_CSS, lambda data: _CSS.sub(_of_css, data)),
        "entities": (re.compile(rb"&(?:#\d+|#[xX][0-9A-Fa-f]+|[a-z]+);"), _of_entities),
        _OTHERS: (_ALPHABETS, _of_other_alphabets),
        "text without tags": (_TAGS, lambda data: _TAGS.sub(b"", data)),
        "cells of a table": (_CELL, lambda data: _TAG.sub(b" ", data)),
        "texts put together": (_PLUS, lambda data: _PLUS.sub(b"", data)),
        _OF_PAGES: (_KERNING, lambda data: _KERNING.sub(b"", data)),
        _WITH_GAPS: (_SPACED, lambda data: _SPACED.sub(lambda one: one.group().replace(b" ", b""), data)),
    }
)
_ASKED: Mapping[str, Callable[[bytes], bool]] = MappingProxyType(
    {
        _OTHERS: lambda data: not data.isascii(),
        _WITH_GAPS: lambda data: _GAPS.search(data) is not None,
        _OF_PAGES: lambda data: b"TJ" in data,
    }
)
