"""What is needed of EXIF: the way a photo is turned."""

from __future__ import annotations

import struct

ORIENTATION = 0x0112


def orientation(tiff: bytes) -> int | None:
    """The orientation, 2 to 8, that a block of EXIF gives; nothing when it gives none.

    Parameters
    ----------
    tiff
        The block, from its mark of the order of bytes on.
    """
    try:
        order = {b"MM": ">", b"II": "<"}[tiff[:2]]
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for entry in range(min(count, 200)):
            tag, kind = struct.unpack_from(f"{order}HH", tiff, start + 2 + 12 * entry)
            if tag == ORIENTATION and kind == 3:  # noqa: PLR2004 - EXIF's number for a short
                (turned,) = struct.unpack_from(f"{order}H", tiff, start + 10 + 12 * entry)
                return turned if 2 <= turned <= 8 else None  # noqa: PLR2004 - EXIF's range
    except (KeyError, struct.error):
        pass
    return None
