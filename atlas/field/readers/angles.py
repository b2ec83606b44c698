"""Longitudes and latitudes as people write them: decimal point or comma, degrees and minutes, a letter for the side."""

from __future__ import annotations

import math
import re

from atlas.field.readers.cell_values import as_float, text
from atlas.field.readers.fault import RowFaultError
from atlas.field.readers.pair_parts import plain_signs
from atlas.field.readers.pairs import Axis, Pair, PairError, read_angle, read_pair

_LIMIT = {"latitude": 90, "longitude": 180}
_DECIMAL = re.compile(r"[-+]?\d+(?:[.,]\d+)?\Z", re.ASCII)
# a pair in degrees, minutes and seconds, with words for all of them and room to spare
_LONGEST, _SHORT = 500, 24
_WRITE = "write degrees such as 14.68 and -92.15"


def angle(value: object, axis: Axis) -> float | None:
    """Degrees of a cell; nothing when it is blank.

    Raises
    ------
    RowFaultError
        It cannot be read, or lies outside of what the axis has.
    """
    # nearly all cells are written so
    if type(value) is str and len(value) <= _SHORT and _DECIMAL.match(value):
        return in_range(float(value.replace(",", ".")), axis, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        degrees = as_float(value)
        return in_range(degrees, axis, f"{degrees:.10g}")
    words = text(value)
    if words is None:
        return None
    if len(words) > _LONGEST:
        msg = f"the {axis} {words[:40]!r}… of {len(words):,} characters is none; {_WRITE}"
        raise RowFaultError(msg)
    # nearly all are written so, and need no other signs
    plain = words if _DECIMAL.match(words) else plain_signs(words)
    if _DECIMAL.match(plain):
        return in_range(float(plain.replace(",", ".")), axis, words)
    try:
        degrees = read_angle(words, axis)
    except PairError as error:
        msg = f"the {axis} {words!r} cannot be read ({error}); {_WRITE}"
        raise RowFaultError(msg) from error
    return in_range(degrees, axis, words)


def pair(words: str) -> Pair:
    """A position out of one cell: latitude first as maps on the web give it, or as letters say; a link, UTM or MGRS.

    Raises
    ------
    RowFaultError
        It is no pair.
    """
    if len(words) > _LONGEST:
        msg = f"the position {words[:40]!r}… of {len(words):,} characters is none; {_WRITE}"
        raise RowFaultError(msg)
    try:
        longitude, latitude, uncertainty_m = read_pair(words)
    except PairError as error:
        msg = f"the position {words!r} cannot be read ({error}); {_WRITE}, latitude first, or a column for each"
        raise RowFaultError(msg) from error
    return Pair(
        in_range(longitude, "longitude", f"{longitude:g}"),
        in_range(latitude, "latitude", f"{latitude:g}"),
        uncertainty_m,
    )


def in_range(degrees: float, axis: Axis, words: str) -> float:
    """The same degrees, when the axis has them.

    Raises
    ------
    RowFaultError
        It has not.
    """
    limit = _LIMIT[axis]
    if math.isfinite(degrees) and abs(degrees) <= limit:
        # nothing has no minus, which JavaScript would not write
        return degrees + 0.0
    hint = _WRITE
    if axis == "latitude" and math.isfinite(degrees) and abs(degrees) <= _LIMIT["longitude"]:
        hint = "are latitude and longitude swapped?"
    elif math.isfinite(degrees) and abs(degrees) > 10 * limit:
        hint = (
            "metres, perhaps UTM? Say the system with --crs, such as --crs EPSG:32615, or convert to degrees (WGS 84)"
        )
    msg = f"the {axis} {words} is out of range ({limit} degrees at most); {hint}"
    raise RowFaultError(msg)
