"""Sounds that a row names: kept in the store as they came, and in no export or release, since a voice is a person."""

from __future__ import annotations

import re

from atlas.field.readers.fault import RowFaultError
from atlas.field.row import Media

MOST_SOUND_BYTES = 60_000_000
_NAME = re.compile(r".{1,250}\.(?:m4a|mp3|aac|ogg|oga|opus|wav|amr|3gpp?|flac|weba)\Z", re.IGNORECASE | re.DOTALL)
_MARKS = (
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"fLaC", "audio/flac"),
    (0, b"\x1aE\xdf\xa3", "audio/webm"),
    (4, b"ftyp", "audio/mp4"),
    (8, b"WAVE", "audio/wav"),
)
_FRAME = re.compile(rb"\xff[\xe0-\xff]")


def is_sound(name: str) -> bool:
    """Whether a name of a file ends as that of a recording does."""
    return _NAME.match(name) is not None


def sound(name: str, data: bytes) -> Media:
    """A recording as a record keeps it.

    Raises
    ------
    RowFaultError
        It is none, or larger than a recording of a note is.
    """
    if len(data) > MOST_SOUND_BYTES:
        msg = f"has {len(data) / 1e6:,.0f} MB, more than the {MOST_SOUND_BYTES / 1e6:,.0f} MB of a recording; cut it"
        raise RowFaultError(msg)
    kind = next((kind for at, mark, kind in _MARKS if data[at : at + len(mark)] == mark), None)
    if kind is None and _FRAME.match(data):
        kind = "audio/mpeg"
    if kind is None:
        msg = "is no recording that is known (M4A, MP3, OGG, WAV, AMR, FLAC); save it as one of these"
        raise RowFaultError(msg)
    return Media(name, kind, data)
