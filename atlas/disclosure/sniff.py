"""What a file is, by its content and not by its name."""

from __future__ import annotations

import re

_MAGIC = (
    (b"SQLite format 3\x00", "sqlite"),
    (b"\x37\x7f\x06\x82", "sqlite-wal"),
    (b"\x37\x7f\x06\x83", "sqlite-wal"),
    (b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7", "sqlite-journal"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PAR1", "parquet"),
    (b"PMTiles\x03", "pmtiles"),
    (b"fgb\x03fgb", "flatgeobuf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"%PDF", "pdf"),
    (b"GIF8", "gif"),
    (b"age-encryption.org/v1", "age"),
    (b"-----BEGIN AGE ENCRYPTED FILE-----", "age"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "rar"),
    (b"\x5d\x00\x00", "lzma"),
    (b"LZIP\x01", "lzip"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"\x02\x21\x4c\x18", "lz4"),
    (b"\xff\x06\x00\x00sNaPpY", "snappy"),
    (b"\x89LZO\x00\r\n\x1a\n", "lzop"),
    (b"\xce\xb2\xcf\x81", "brotli"),
    (b"MSCF\x00\x00\x00\x00", "cab"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "compound file"),
    (b"wOFF", "font"),
    (b"wOF2", "font"),
    (b"\x00\x01\x00\x00\x00", "font"),
    (b"OTTO\x00", "font"),
    (b"PACK\x00\x00\x00\x02", "git pack"),
    (b"# v2 git bundle\n", "git bundle"),
    (b"# v3 git bundle\n", "git bundle"),
)
_MAGICS = tuple(magic for magic, _ in _MAGIC)
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\f\r\x1b")
TEXTS = frozenset({"json", "html", "xml", "csv", "text"})
# lines of degrees, made here out of another notation
POSITIONS = "positions"
PICTURES = frozenset({"jpeg", "png", "tiff", "webp", "gif", "heif", "film"})
_HEAD = 4096
_HTML = re.compile(rb"<!doctype\s+html|<html|<head|<body|<script", re.IGNORECASE)
# a head of a section in a file of settings; a list in JSON holds no bare words but these three
_SECTION = re.compile(rb"\[(?!(?:true|false|null)\s*\])[A-Za-z_][^\[\]{}\n,]*\]\s*(?:#.*)?(?:\n|$)")
_TEMPLATES = (b"{%", b"{#", b"{{")
_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"mif2", b"avif", b"avci", b"hevc")
_FILMS = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_SKIPPED = 5
_FEWEST_LETTERS = 6
_BLOCK = 4096


def form_of(data: bytes) -> str:
    """The form of some bytes: one of those above, ``tar``, ``webp``, a kind of text, or ``bytes``."""
    # asked for each of a hundred thousand codes, nearly all of which are none of these
    known = data.startswith(_MAGICS)
    named = next((form for magic, form in _MAGIC if data.startswith(magic)), None) if known else None
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        named = "webp"
    elif data[4:8] == b"ftyp":
        named = "heif" if data[8:12] in _BRANDS else "film"
    elif data[:4] != b"\x00" * 4 and data[4:8] in _FILMS and data[:1] == b"\x00":
        named = "film"
    elif data[1:4] == b"\x2a\x4d\x18" and data[0] >> 4 == _SKIPPED:
        # a frame to be skipped, before others of zstd or lz4
        named = "zstd"
    elif data[257:262] == b"ustar":
        named = "tar"
    return named or _text_form(data)


def _text_form(data: bytes) -> str:
    head = data[:_HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or utf32_order(head) is not None:
        return "utf16"
    head = head.removeprefix(b"\xef\xbb\xbf")
    if b"\x00" in head:
        # text in two bytes a character without a mark has every other byte zero
        return "utf16" if _is_wide(head) else "bytes"
    if len(head) - len(head.translate(None, _CONTROLS)) > len(head) // 50:
        return "bytes"
    start = head.lstrip()
    if start.startswith((b"{", b"[")) and not start.startswith(_TEMPLATES) and not _SECTION.match(start):
        return "json"
    if start.startswith(b"<") or _HTML.search(head):
        return "html" if _HTML.search(head) else "xml"
    return "csv" if _is_table(head) else "text"


def binary_at(data: bytes) -> int | None:
    """Where in a text bytes begin that are none; nothing where all of it is text."""
    if len(data.translate(None, _CONTROLS)) == len(data):
        return None
    for start in range(0, len(data), _BLOCK):
        block = data[start : start + _BLOCK]
        controls = len(block) - len(block.translate(None, _CONTROLS))
        if controls > len(block) // 50 or b"\x00" in block:
            return start
    return None


def _is_table(head: bytes) -> bool:
    """Whether the first two lines have about as many of the same mark."""
    lines = head.splitlines()[:3]
    if len(lines) < 2:  # noqa: PLR2004 - names and a row
        return False
    return any(0 < lines[0].count(mark) <= lines[1].count(mark) + 1 for mark in (b",", b";", b"\t"))


def utf32_order(data: bytes) -> str | None:
    """The order in which a text of four bytes a letter has them; none where it is no such text."""
    head = data[: _HEAD & ~3]
    letters = [head[first::4] for first in range(4)]
    least = len(head) // 4
    if least < _FEWEST_LETTERS:
        return None
    for order, low, zero in (("utf-32-le", 0, (2, 3)), ("utf-32-be", 3, (0, 1))):
        # the mark itself has no zeros
        if all(letters[at][1:least].count(0) == least - 1 for at in zero) and letters[low].count(0) <= least // 50:
            return order
    return None


def _is_wide(head: bytes) -> bool:
    half = len(head) // 2
    return half > 2 and max(head[::2].count(0), head[1::2].count(0)) > half * 0.7  # noqa: PLR2004 - most of them


def decoded(data: bytes) -> str:
    """Text of some bytes: UTF-8, else Windows' Western letters, and never an error."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
