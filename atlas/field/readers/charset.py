"""Which encoding a table is in, found out from its bytes, and the table as a stream of text."""

from __future__ import annotations

import codecs
import io
from typing import TextIO

from atlas.errors import InputError
from atlas.field.readers.input_source import Source
from atlas.geojson.encoding import unicode_encoding

_BLOCK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMES = {
    "utf-8-sig": "UTF-8 with a byte order mark",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "utf-32-le": "UTF-32",
    "utf-32-be": "UTF-32",
    "cp1252": "Windows-1252 (it is not UTF-8)",
}
_MANY = 0.3


def text_stream(source: Source, encoding: str) -> TextIO:
    """The file as text, line ends as they are."""
    return io.TextIOWrapper(source.open(), encoding=encoding, newline="")


def find_encoding(source: Source, wanted: str | None = None) -> str:
    """The encoding of a file: as its mark says, else UTF-8 where all of it is, else Windows-1252.

    Raises
    ------
    InputError
        The wanted encoding does not exist or does not fit; or no encoding fits.
    """
    if wanted:
        return _wanted(source, wanted)
    head = source.head()
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    if marked:
        return _fitting(source, marked)
    if wide := _wide(head):
        return _fitting(source, wide)
    where = _misfit(source, "utf-8")
    if where is None:
        return "utf-8"
    if b"\x00" in head or _misfit(source, "cp1252") is not None:
        msg = f"{source.name} is in no encoding that can be told (byte {where:,} is not UTF-8); say it with --encoding"
        raise InputError(msg)
    return "cp1252"


def described(encoding: str) -> str | None:
    """An encoding in words for a person; nothing for plain UTF-8."""
    return None if encoding == "utf-8" else _NAMES.get(encoding, encoding)


def _wanted(source: Source, wanted: str) -> str:
    try:
        name = codecs.lookup(wanted).name
        "".encode(name)
    except LookupError as error:
        msg = f"--encoding {wanted!r} is no encoding; such are utf-8, cp1252, utf-16, latin-1"
        raise InputError(msg) from error
    return _fitting(source, "utf-8-sig" if name == "utf-8" else name)


def _fitting(source: Source, name: str) -> str:
    where = _misfit(source, name)
    if where is not None:
        msg = f"{source.name} is not {_NAMES.get(name, name)} all through (at about byte {where:,}); say --encoding"
        raise InputError(msg)
    return name


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark has a zero in every other place; before that, what the first characters of ASCII show."""
    shown = unicode_encoding(head)
    if shown.is_wide:
        return shown.name
    half = max(len(head) // 2, 1)
    if head[1::2].count(0) > _MANY * half and not head[::2].count(0):
        return "utf-16-le"
    return "utf-16-be" if head[::2].count(0) > _MANY * half and not head[1::2].count(0) else None


def _misfit(source: Source, name: str) -> int | None:
    """About where the bytes stop being of an encoding; nothing when all of them are."""
    decoder = codecs.getincrementaldecoder(name)()
    read = 0
    with source.open() as stream:
        while True:
            block = stream.read(_BLOCK)
            try:
                decoder.decode(block, final=not block)
            except UnicodeError as error:
                return read + getattr(error, "start", 0)
            if not block:
                return None
            read += len(block)
