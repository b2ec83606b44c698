"""Photos that stand inside of a cell (``data:image/jpeg;base64,…``), as some apps write a picture or a signature."""

from __future__ import annotations

import base64
import binascii
import re
from hashlib import sha256
from typing import Any

from atlas.field.readers.fault import InlineFaultError, RowFaultError
from atlas.field.readers.photos import photo
from atlas.field.row import Media

_PREFIX, _PICTURE = "data:", "data:image/"
_BETWEEN = re.compile(r"[|;,\n]+")
# its head has commas and semicolons, and some programs fold what follows into lines
_INLINE = re.compile(r"data:[^,|\s]{0,200},[^,;|\s]*(?:\r?\n[A-Za-z0-9+/=]+(?=[\s|;,]|\Z))*", re.IGNORECASE)
_SUFFIX = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
_MARKS = {b"\xff\xd8\xff": "jpeg", b"\x89PNG": "png", b"RIFF": "webp"}
_DIGITS = 16
_PHOTOS = "photos"
_REMEDY = "export the photo again, or put it beside the file and its name into the cell"


def is_inline(words: str) -> bool:
    """Whether a name of a photo is none, but the photo itself."""
    return words.lstrip()[: len(_PREFIX)].lower() == _PREFIX


def is_inline_photo(value: object) -> bool:
    """Whether a value under any header is a photo."""
    return isinstance(value, str) and value.lstrip()[: len(_PICTURE)].lower() == _PICTURE


def as_inline(data: bytes) -> str | bytes:
    """A photo as a cell of text has it; bytes that are none as they are."""
    kind = next((kind for mark, kind in _MARKS.items() if data.startswith(mark)), None)
    return f"{_PICTURE}{kind};base64,{base64.b64encode(data).decode('ascii')}" if kind else data


def divided(words: str) -> list[str]:
    """Names in one text, divided by bars, commas, semicolons or lines; a photo among them stays whole."""
    if _PREFIX not in words.lower():
        return _BETWEEN.split(words)
    pieces, at = list[str](), 0
    for inline in _INLINE.finditer(words):
        pieces += [*_BETWEEN.split(words[at : inline.start()]), inline[0]]
        at = inline.end()
    return [*pieces, *_BETWEEN.split(words[at:])]


def taken_out(values: dict[str, Any]) -> tuple[Media, ...]:
    """The photos inside of the field ``photos``, cleaned; their names take their place there.

    Raises
    ------
    InlineFaultError
        One cannot be read or cleaned.
    """
    names = values.get(_PHOTOS)
    if not names or not any(map(is_inline, names)):
        return ()
    media: dict[str, Media] = {}
    words = list[str]()
    for name in names:
        if not is_inline(name):
            words.append(name)
            continue
        kept = _photo(name.strip())
        media[kept.name] = kept
        words.append(kept.name)
    values[_PHOTOS] = list(dict.fromkeys(words))
    return tuple(media.values())


def _photo(words: str) -> Media:
    """The photo, named after its content: the same one has the same name wherever it comes from."""
    try:
        cleaned = photo("", _decoded(words))
    except RowFaultError as fault:
        msg = f"the photo inside of the row {fault.reason}; {_REMEDY}"
        raise InlineFaultError(msg) from fault
    name = f"photo-{sha256(cleaned.data).hexdigest()[:_DIGITS]}.{_SUFFIX[cleaned.kind]}"
    return Media(name, cleaned.kind, cleaned.data)


def _decoded(words: str) -> bytes:
    head, _, body = words.partition(",")
    if not head.lower().endswith(";base64"):
        msg = f"is not written in base64 ({head[:40]!r})"
        raise RowFaultError(msg)
    try:
        data = base64.b64decode("".join(body.split()), validate=True)
    except binascii.Error as error:
        msg = f"is not base64 ({error})"
        raise RowFaultError(msg) from error
    if not data:
        msg = "is empty"
        raise RowFaultError(msg)
    return data
