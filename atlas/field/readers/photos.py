"""Photos without what a camera hides in them: place, device, owner, thumbnails, and anything behind the picture.

Nothing is drawn again: what is not the picture is cut out, so the same photo always gives the same bytes.
"""

from __future__ import annotations

import struct

from atlas.field.readers.fault import RowFaultError
from atlas.field.readers.jpeg import bare_jpeg
from atlas.field.readers.png import MARK, bare_png
from atlas.field.readers.webp import bare_webp
from atlas.field.row import Media

MOST_PHOTO_BYTES = 60_000_000
_JPEG, _RIFF = b"\xff\xd8\xff", b"RIFF"


def photo(name: str, data: bytes) -> Media:
    """A photo as a record may keep it.

    Raises
    ------
    RowFaultError
        It is no JPEG, PNG or WebP, is cut off, or is larger than a photo is.
    """
    if len(data) > MOST_PHOTO_BYTES:
        msg = (
            f"has {len(data) / 1e6:,.0f} MB, more than the {MOST_PHOTO_BYTES / 1e6:,.0f} MB of a photo; make it smaller"
        )
        raise RowFaultError(msg)
    try:
        if data.startswith(_JPEG):
            return Media(name, "image/jpeg", bare_jpeg(data))
        if data.startswith(MARK):
            return Media(name, "image/png", bare_png(data))
        if data.startswith(_RIFF) and data[8:12] == b"WEBP":
            return Media(name, "image/webp", bare_webp(data))
    except (IndexError, struct.error, ValueError) as error:
        msg = f"is cut off or damaged ({error}); copy it again, or save it anew as JPEG"
        raise RowFaultError(msg) from error
    kind = "a HEIC photo" if data[4:8] == b"ftyp" else "not a JPEG, PNG or WebP"
    msg = f"is {kind}, and its place and device cannot be taken out; save it as JPEG"
    raise RowFaultError(msg)
