"""A GeoJSON file of any make as one document: bytes to text to values, once and strictly.

What stands around the features is undone here and named by its rule of ``atlas check``: another encoding of Unicode, a
byte order mark, features one after the other (RFC 8142, or one a line) where a FeatureCollection is meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atlas.errors import InputError
from atlas.geojson.encoding import MARK, unicode_encoding
from atlas.geojson.sequence import sequence_rule, texts_of
from atlas.geojson.strict import JsonFaultError, parse

_SPACE = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Document:
    """A document, and the rules that its file breaks around it."""

    value: Any
    rules: tuple[str, ...] = ()


def read_document_file(path: Path, *, remedy: str, as_written: bool = False, named: Path | None = None) -> Document:
    """Read a GeoJSON file as one document.

    Parameters
    ----------
    path
        The file.
    remedy
        What to do where it cannot be read, as the end of the message.
    as_written
        Numbers keep their digits; see `atlas.geojson.written`.
    named
        What messages call the file, where it was in a zip.

    Raises
    ------
    InputError
        The file is missing, in no encoding of Unicode, or not JSON as `atlas.geojson.strict.parse` wants it.
    """
    shown_path = named or path
    try:
        data = path.read_bytes()
    except OSError as error:
        why = "does not exist" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
        msg = f"{shown_path} {why}; {remedy}"
        raise InputError(msg) from None
    try:
        text, around = _text_of(data)
    except UnicodeError as error:
        where = getattr(error, "start", 0)
        msg = f"{shown_path} is not {unicode_encoding(data[:4]).title} (byte {where:,}); save it as UTF-8, or {remedy}"
        raise InputError(msg) from None
    # of a file of hundreds of megabytes there is no room for two copies beside what it says
    del data
    try:
        return _document(text, around, as_written=as_written)
    except JsonFaultError as fault:
        msg = f"{shown_path} {fault}; {fault.remedy or remedy}"
        raise InputError(msg) from None


def document_of(data: bytes, *, as_written: bool = False) -> Document:
    """The same for bytes at hand.

    Raises
    ------
    UnicodeError
        They are in no encoding of Unicode.
    JsonFaultError
        They are not JSON, or say two things.
    """
    return _document(*_text_of(data), as_written=as_written)


def _text_of(data: bytes) -> tuple[str, list[str]]:
    shown = unicode_encoding(data[:4])
    text = data[shown.mark_bytes :].decode(shown.name)
    around = ["encoding-utf16"] if shown.is_wide else ["encoding-bom"] if shown.mark_bytes else []
    # a text that was decoded from UTF-16 twice has its mark inside
    return text.removeprefix(MARK), around


def _document(text: str, around: list[str], *, as_written: bool) -> Document:
    try:
        return Document(parse(text, as_written=as_written), tuple(around))
    except JsonFaultError:
        # looked at only now: most files are one value
        rule = sequence_rule(text, len(text) - len(text.lstrip(_SPACE)))
        if rule is None:
            raise
        return Document(_collection(text, as_written=as_written), (*around, rule))


def _collection(text: str, *, as_written: bool) -> dict[str, Any]:
    features = []
    for number, (_, one) in enumerate(texts_of(text), start=1):
        try:
            features.append(parse(one, as_written=as_written))
        except JsonFaultError as fault:
            what = f"is a sequence of features, of which number {number:,} {fault}"
            raise JsonFaultError(what, fault.remedy) from None
    return {"type": "FeatureCollection", "features": features}
