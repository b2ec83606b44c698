"""Texts in other clothes: base64, hex, lists of bytes, escapes and entities, two bytes a letter."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from itertools import accumulate

import numpy as np

from atlas.disclosure.byte_view import View
from atlas.disclosure.entropy import grid_starts, noisy_bytes, noisy_code
from atlas.disclosure.letter_runs import matches, runs
from atlas.disclosure.notations import notations
from atlas.disclosure.rewritings import REWRITINGS, rewritings
from atlas.disclosure.single_bytes import single_bytes
from atlas.disclosure.sniff import POSITIONS, TEXTS, form_of, utf32_order

_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/_-]{16,}(?:\r?\n[ \t]*)?)+={0,2}")
_HEX = re.compile(rb"(?<![0-9A-Za-z])(?:[\\]x)?[0-9A-Fa-f]{16,}(?![0-9A-Za-z])")
_BYTES = re.compile(rb"\[\s*(?:\d{1,3}\s*,\s*){15,}\d{1,3}\s*\]")
_BASE32 = re.compile(rb"(?<![0-9A-Za-z])[A-Z2-7]{16,}={0,6}(?![0-9A-Za-z])")
_BASE32_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_WIDE_START = re.compile(rb"\x00[ -~]\x00[ -~]\x00[ -~]\x00")
_WIDE = re.compile(rb"(?:\x00[ -~]){8,}\x00?|[ -~](?:\x00[ -~]){7,}\x00?")
_UU = re.compile(rb"^begin [0-7]{3,4} [^\n]{1,200}\n", re.MULTILINE)
_HEX_DIGITS = b"0123456789ABCDEFabcdef"
_CODE_LETTERS = _HEX_DIGITS + b"GHIJKLMNOPQRSTUVWXYZghijklmnopqrstuvwxyz+/_-"
_LEAST, _TWICE = 16, 2
_LONG = 2048
_AROUND = 48
_PLAIN = frozenset({"bytes", "text", "csv"})
NOISE = "noise"
_GAP = b"\x00\n"


def coded(view: View) -> Iterator[View]:
    """What the codes in a text say, each kind put together; long pieces, which may be files, by themselves."""
    arcs = grid_starts(view.data) if view.form in TEXTS else frozenset()
    yield from _decoded(view, "base64", _base64(view.data), _from_base64, arcs)
    yield from _decoded(view, "hex", _hex(view.data), _from_hex)
    yield from _decoded(view, "bytes as numbers", _BYTES.finditer(view.data), _from_numbers)
    yield from _decoded(view, "base32", _base32(view.data), _from_base32)
    yield from _joined(view, "bytes one by one", single_bytes(view.data))
    yield from _joined(view, "uuencode", _from_uu(view.data))
    # what is no text looks as if it were written otherwise again and again
    if view.form in TEXTS | {"pieces"} and sum(step in REWRITINGS for step in view.trail) < _TWICE:
        for name, pattern, read in rewritings(view.data):
            yield from _rewritten(view, name, pattern, read)


def _base64(data: bytes) -> Iterator[re.Match[bytes]]:
    return matches(_BASE64, data, (start for start, _ in runs(data, _CODE_LETTERS, _LEAST)))


def _hex(data: bytes) -> Iterator[re.Match[bytes]]:
    starts = (start for start, _ in runs(data, _HEX_DIGITS, _LEAST))
    # PostgreSQL writes a mark before
    return matches(_HEX, data, (start - 2 if data[start - 2 : start] == b"\\x" else start for start in starts))


def _decoded(
    view: View,
    name: str,
    codes: Iterator[re.Match[bytes]],
    read: Callable[[bytes], bytes],
    read_otherwise: frozenset[int] = frozenset(),
) -> Iterator[View]:
    pieces: list[bytes] = []
    here: list[int] = []
    there: list[int] = []
    length = 0
    for match in codes:
        plain = read(match.group())
        if not plain:
            continue
        form = form_of(plain)
        noisy = noisy_code(match.group()) if name == "base64" else noisy_bytes(plain)
        if noisy and form in _PLAIN and match.start() not in read_otherwise:
            form = NOISE
        if len(plain) >= _LONG or form not in _PLAIN:
            trail = (*view.trail, f"{name} at byte {match.start()}")
            yield View(view.file, plain, form, trail)
            continue
        here.append(length)
        there.append(match.start())
        pieces += [plain, _GAP]
        length += len(plain) + len(_GAP)
    if pieces:
        yield View(view.file, b"".join(pieces), "pieces", (*view.trail, name), (here, there))


def _from_base64(data: bytes) -> bytes:
    text = data.translate(bytes.maketrans(b"-_", b"+/"), b"\r\n \t=")
    text = text[: len(text) - 1] if len(text) % 4 == 1 else text
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""


def _base32(data: bytes) -> Iterator[re.Match[bytes]]:
    return matches(_BASE32, data, (start for start, _ in runs(data, _BASE32_LETTERS, _LEAST)))


def _from_base32(data: bytes) -> bytes:
    text = data.rstrip(b"=")
    try:
        return base64.b32decode(text + b"=" * (-len(text) % 8))
    except (binascii.Error, ValueError):
        return b""


def _from_uu(data: bytes) -> Iterator[tuple[int, bytes]]:
    for match in _UU.finditer(data) if b"begin " in data else ():
        lines = data[match.end() :].split(b"\nend", 1)[0].splitlines()
        try:
            yield match.start(), b"".join(binascii.a2b_uu(line) for line in lines)
        except (binascii.Error, ValueError):
            continue


def _from_hex(data: bytes) -> bytes:
    text = data.removeprefix(b"\\x")
    return binascii.unhexlify(text[: len(text) & ~1])


def _from_numbers(data: bytes) -> bytes:
    values = [int(value) for value in data.strip(b"[] \r\n\t").split(b",")]
    return bytes(values) if max(values) < 256 else b""  # noqa: PLR2004 - a byte


def _rewritten(view: View, name: str, pattern: re.Pattern[bytes], read: Callable[[bytes], bytes]) -> Iterator[View]:
    """The stretches of a text where there are escapes, without them, with what stands around."""
    where = np.array([match.span() for match in pattern.finditer(view.data)], dtype=np.int64).reshape(-1, 2)
    # those that come near to each other are one stretch
    apart = where[1:, 0] - where[:-1, 1] > 2 * _AROUND
    starts = np.maximum(where[:, 0] - _AROUND, 0)[np.append(True, apart)[: len(where)]].tolist()
    ends = (where[:, 1] + _AROUND)[np.append(apart, True)[: len(where)]].tolist()
    spans = list(zip(starts, ends, strict=True))
    pieces = [read(view.data[start:end]) + _GAP for start, end in spans]
    if pieces:
        here = list(accumulate(map(len, pieces), initial=0))[:-1]
        yield View(view.file, b"".join(pieces), "pieces", (*view.trail, name), (here, [start for start, _ in spans]))


def _joined(view: View, name: str, read: Iterator[tuple[int, bytes]]) -> Iterator[View]:
    pieces = list(read)
    if pieces:
        here = list(accumulate((len(plain) + len(_GAP) for _, plain in pieces), initial=0))[:-1]
        data = _GAP.join([*(plain for _, plain in pieces), b""])
        yield View(view.file, data, "pieces", (*view.trail, name), (here, [start for start, _ in pieces]))


def wide_letters(view: View) -> Iterator[View]:
    """Texts of two bytes a letter within other bytes."""
    if _WIDE_START.search(view.data) is not None:
        texts = ((match.start(), match.group().replace(b"\x00", b"")) for match in _WIDE.finditer(view.data))
        yield from _joined(view, "UTF-16 within", texts)


def narrowed(view: View) -> View:
    """Text of two or four bytes a letter as UTF-8."""
    data = view.data
    if (wide := utf32_order(data)) is not None:
        plain = data[: len(data) & ~3].decode(wide, "replace").removeprefix("\ufeff").encode("utf-8", "replace")
        return View(view.file, plain, form_of(plain), (*view.trail, "UTF-32"))
    if data.startswith(b"\xfe\xff"):
        order = "utf-16-be"
    elif data.startswith(b"\xff\xfe"):
        order = "utf-16-le"
    else:
        order = "utf-16-le" if data[1::2].count(0) > data[::2].count(0) else "utf-16-be"
    plain = data.decode(order, "replace").removeprefix("\ufeff").encode("utf-8", "replace")
    return View(view.file, plain, form_of(plain), (*view.trail, "UTF-16"))


def as_degrees(view: View) -> Iterator[View]:
    """What a text says in other notations, each notation put together."""
    by_name: dict[str, tuple[list[bytes], list[int], list[int]]] = {}
    for name, offset, lines in notations(view.data):
        pieces, here, there = by_name.setdefault(name, ([], [], []))
        here.append(here[-1] + len(pieces[-1]) if pieces else 0)
        there.append(offset)
        pieces.append(lines)
    for name, (pieces, here, there) in by_name.items():
        yield View(view.file, b"".join(pieces), POSITIONS, (*view.trail, name), (here, there))
