"""What the places of a table's rows are judged by, for all rows at once: kind of shape, and decimals.

A kind is a number: nothing for a row without a place, then the decimals of a point plus one, and numbers of their own
for shapes in WKT or WKB. Decimals are counted as ``scanned_feature`` counts them: by the shortest text of a float, and
not of what is no degree.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.disclosure.csv_tables import Table

_Kinds = NDArray[np.int64]
_HALF_TURN = 180.0
# a cell of so many decimals at most, after one to three digits, is the text of a float but for zeros at its end
_SURE = 12
_WHOLE = 3
_NONE, _POINT, _SHAPE, _UNREADABLE = 0, 1, 100, 99
_DIGITS = 8
_ALIKE = 1e-9
_MOST_DIGITS = 15
_DOT, _COMMA, _ZERO, _NINE, _MINUS, _PLUS = b".,09-+"


def points_of(table: Table, lon_at: int, lat_at: int) -> _Kinds:
    """The kinds of the points that two columns give, in the even rows."""
    lons, lats = _decimals(table, lon_at), _decimals(table, lat_at)
    return np.where((lons < 0) | (lats < 0), _NONE, np.maximum(lons, lats) + _POINT)


def shapes_of(table: Table, column: int, others: _Kinds) -> _Kinds:
    """The kinds of the shapes in a column of the even rows; ``others`` where it has none."""
    texts = table.texts(column)
    kinds = others.copy()
    filled = np.flatnonzero(table.lengths(column) > 0)
    kinds[filled] = _kinds([texts[at] for at in filled.tolist()])
    return kinds


def _kinds(texts: Sequence[str]) -> _Kinds:
    """As ``scanned_feature`` reads them; what is no text of a shape is of a kind by itself."""
    plain = [text.strip() for text in texts]
    geometries = np.full(len(plain), None, dtype=object)
    in_hex = np.fromiter((text[:2] in {"00", "01"} for text in plain), dtype=bool, count=len(plain))
    as_json = np.fromiter((text.startswith("{") for text in plain), dtype=bool, count=len(plain))
    for chosen, read in ((in_hex, shapely.from_wkb), (~in_hex & ~as_json, shapely.from_wkt)):
        at = np.flatnonzero(chosen)
        if len(at):
            given = [plain[one] if read is shapely.from_wkb else plain[one].rpartition(";")[2] for one in at.tolist()]
            geometries[at] = read(np.array(given, dtype=object), on_invalid="ignore")
    kinds = _SHAPE + shapely.get_type_id(geometries).astype(np.int64) * (_MOST_DIGITS + 1) + _digits(geometries)
    kinds[shapely.is_missing(geometries)] = _UNREADABLE
    # documents are few, and each is read by itself
    kinds[as_json] = -1 - np.arange(np.count_nonzero(as_json))
    lowest = min(0, int(kinds.min(initial=0)))
    return np.asarray(kinds - lowest, dtype=np.int64)


def _digits(geometries: NDArray[np.object_]) -> _Kinds:
    """Most decimals of a coordinate of each shape."""
    coordinates, owner = shapely.get_coordinates(geometries, return_index=True)
    digits = np.full(len(coordinates), _MOST_DIGITS, dtype=np.int64)
    for number in reversed(range(_DIGITS)):
        digits[(np.abs(coordinates - np.round(coordinates, number)) < _ALIKE).all(axis=1)] = number
    most = np.zeros(len(geometries), dtype=np.int64)
    np.maximum.at(most, owner, digits)
    with np.errstate(invalid="ignore"):
        no_degrees = ~(np.abs(coordinates) <= _HALF_TURN).all(axis=1)
    most[np.unique(owner[no_degrees])] = 0
    return most


def _decimals(table: Table, column: int) -> _Kinds:
    """How many decimals the numbers of a column have; less than nothing where a cell is no number."""
    starts, ends = table.starts[:, column], table.ends[:, column]
    if not len(starts):
        return np.zeros(0, dtype=np.int64)
    letters = np.frombuffer(table.data, dtype=np.uint8)
    after, plain = _plain(letters, starts, ends)
    others = np.flatnonzero(~plain)
    if len(others):
        known: dict[bytes, int] = {}
        for at in others.tolist():
            cell = table.data[starts[at] : ends[at]]
            if cell not in known:
                known[cell] = _by_float(cell.decode("utf-8", "replace"))
            after[at] = known[cell]
    return after


def _plain(letters: NDArray[np.uint8], starts: _Kinds, ends: _Kinds) -> tuple[_Kinds, NDArray[np.bool_]]:
    """Decimals of the cells that are plain numbers, and which these are: a sign, some digits, a point, and digits."""
    lengths = ends - starts
    after, plain = np.zeros(len(starts), dtype=np.int64), np.zeros(len(starts), dtype=bool)
    # those of one length at once
    for length in np.flatnonzero(np.bincount(lengths)).tolist():
        if not 3 <= length <= _WHOLE + _SURE + 2:  # noqa: PLR2004 - a digit, a point, a digit
            continue
        here = np.flatnonzero(lengths == length)
        block = letters[starts[here][:, None] + np.arange(length)]
        signed = (block[:, 0] == _MINUS) | (block[:, 0] == _PLUS)
        dots = (block == _DOT) | (block == _COMMA)
        dot = dots.argmax(axis=1)
        digits = (block >= _ZERO) & (block <= _NINE)
        whole = dot - signed
        good = (dots.sum(axis=1) == 1) & (digits.sum(axis=1) == length - 1 - signed)
        good &= (whole >= 1) & (whole <= _WHOLE) & (length - 1 - dot >= 1) & (length - 1 - dot <= _SURE)
        # from one to 179 degrees: nothing that is written with a power, or is no degree
        lead = np.where(np.arange(length) < dot[:, None], np.where(digits, block - _ZERO, 0), 0).astype(np.int64)
        value = (lead * 10.0 ** np.maximum(dot[:, None] - 1 - np.arange(length), 0)).sum(axis=1)
        good &= (value >= 1) & (value < _HALF_TURN)
        last = length - 1 - (block[:, ::-1] != _ZERO).argmax(axis=1)
        after[here] = np.maximum(last - dot, 1)
        plain[here] = good
    return after, plain


def _by_float(text: str) -> int:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return -1
    if not math.isfinite(value):
        return -1
    written = repr(value)
    return len(written.partition(".")[2]) if abs(value) <= _HALF_TURN and "e" not in written else 0
