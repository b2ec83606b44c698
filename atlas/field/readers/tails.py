"""Which parts of a large scan end with their picture: their last bytes are altered, and the picture has to change.

Following all codes of a large photo takes seconds, drawing it twice a fraction of one. What ends with bytes that change
nothing has something behind its picture.
"""

from __future__ import annotations

import io
import re

import numpy as np

_RESTART = re.compile(rb"\xff[\xd0-\xd7]", re.DOTALL)
_ALTERED, _BITS, _OTHER_BITS, _MARK = 2, 0x55, 0x2A, 0xFF
# pixels at the edge of a unit are mixed with those of the next one
_EDGE = 2


def ends_with_picture(picture: bytes, scan: bytes, unit: tuple[int, int], every: int) -> list[bool] | None:
    """For each part of a scan between restarts, whether its last bytes matter; nothing where that cannot be told.

    Parameters
    ----------
    picture
        A JPEG whose only scan is its last part.
    scan
        The scan.
    unit
        Width and height of a unit in pixels.
    every
        How many units a part has; 0 for one part with all of them.
    """
    from PIL import Image  # noqa: PLC0415 - only large photos need it

    begin = len(picture) - 2 - len(scan)
    altered = bytearray(picture)
    for end in [*(mark.start() for mark in _RESTART.finditer(scan)), len(scan)]:
        _alter(altered, begin + end)
    try:
        with Image.open(io.BytesIO(picture)) as one, Image.open(io.BytesIO(bytes(altered))) as other:
            differ = np.asarray(one) != np.asarray(other)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    differ = differ.any(axis=2) if differ.ndim > 2 else differ  # noqa: PLR2004 - rows, columns, colours
    wide, high = unit
    rows, columns = -(-differ.shape[0] // high), -(-differ.shape[1] // wide)
    framed = np.zeros((rows * high, columns * wide), bool)
    framed[: differ.shape[0], : differ.shape[1]] = differ
    units = framed.reshape(rows, high, columns, wide)[:, _EDGE:-_EDGE, :, _EDGE:-_EDGE].any(axis=(1, 3)).ravel()
    changed = np.logical_or.reduceat(units, np.arange(0, len(units), every or len(units)))
    return [bool(one) for one in changed]


def _alter(data: bytearray, end: int) -> None:
    """Give the last bytes before some place other values, so that they begin no marker."""
    left, at = _ALTERED, end
    while left and at > 1:
        at -= 1
        if data[at] == _MARK or (data[at] == 0 and data[at - 1] == _MARK):
            continue
        data[at] ^= _BITS
        if data[at] == _MARK:
            data[at] ^= _OTHER_BITS
        left -= 1
