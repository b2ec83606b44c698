"""Positions in the notations of the field, written anew as degrees: polylines, TopoJSON, MGRS, UTM, NMEA and others.

Each notation is read wherever it stands, and given back as lines of ``longitude latitude``, with as many digits as the
notation has, so that everything that is done with degrees is done with these.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from atlas.disclosure.letter_runs import DIGITS, after_digits, runs, table
from atlas.disclosure.polylines import Position, polylines
from atlas.geojson.geometries import coordinates_in
from atlas.geojson.tolerant import value_at
from atlas.geometry.units import METRES_PER_DEGREE

Notation = tuple[str, int, bytes]

_TOPOLOGY = b'"Topology"'
_ARCS = re.compile(rb'"arcs"\s{0,9}:')
_BEFORE = 20
_GRID_LETTERS = "ABCDEFGHJKLMNPQRSTUV"
_COLUMNS = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
_BANDS = "NPQRSTUVWX"
_MGRS = re.compile(
    rb"(?<![0-9A-Za-z])0?([1-6]?\d)[ ]?([N-Xn-x])[ ]?([A-HJ-NP-Za-hj-np-z][A-HJ-NP-Va-hj-np-v])[ ]?"
    rb"(?:(\d{2,5})[ ](\d{2,5})|(\d{4,10}))(?!\d)"
)
_UTM = re.compile(
    rb"(?<![0-9A-Za-z.])(?:zon[ea]\s?|utm\s?|wgs\s?84\s?)?([1-6]?\d)[ ]?[N-Xn-x][ ,;:]{0,3}(?:[Ee][ =:]{0,2})?"
    rb"0?(\d{6}(?:\.\d{1,6})?)[ ]?m?[ ]?[Ee]?[ ,;/]{1,3}(?:[Nn][ =:]{0,2})?(\d{7}(?:\.\d{1,6})?)"
)
_NMEA = re.compile(
    rb"(?<!\d)(\d{2})([0-5]\d\.\d{1,8})[ ,]{0,2}([NSns])[ ,/\\]{0,2}([01]?\d{2})([0-5]\d\.\d{1,8})[ ,]{0,2}([EWOewo])"
)
_COMPACT = re.compile(
    rb"(?<!\d)(\d{2})([0-5]\d)([0-5]\d(?:\.\d{1,6})?)[ ]?([NSns])[ ,/]{0,2}"
    rb"([01]?\d{2})([0-5]\d)([0-5]\d(?:\.\d{1,6})?)[ ]?([EWOewo])"
)
_ISO6709 = re.compile(
    rb"([+-])(\d{2})([0-5]\d)([0-5]\d)?(\.\d{1,8})?([+-])([01]\d{2})([0-5]\d)([0-5]\d)?(\.\d{1,8})?(?=[+/\s\"'<-]|$)"
)
# how far before and after a letter of a zone its numbers stand
_TO_LEFT, _TO_RIGHT = 14, 64
_EAST_WITHIN, _EAST_DIGITS = 9, 6
_BAND_LETTERS = _BANDS.encode() + _BANDS.lower().encode()
_EAST_NEXT, _LON_NEXT = b" ,;:Ee" + DIGITS, b" ,/\\" + DIGITS
_SQUARE_NEXT = b" " + bytes(range(65, 91)) + bytes(range(97, 123))
# how far a grid reference reaches before and after the letter of its band
_REFERENCE, _BLANK = (4, 20), 32
# how far a latitude reaches before its letter, and a longitude behind it
_LAT_BEFORE, _LON_BEHIND = 16, 24
_MINUTE, _SECOND = 60, 3600
_FRACTION = rb"(\d{1,8})/(\d{1,7})"
_TRIPLE = re.compile(rb"(?<![\d/])" + rb"[ ,;]{1,3}".join([_FRACTION] * 3) + rb"(?![\d/])")
# a first denominator before what follows it: rarer than a fraction
_SECOND_IN = re.compile(rb"/\d{1,7}[ ,;]{1,3}\d{1,8}/\d{1,7}[ ,;]{1,3}\d{1,8}/")
_STRETCH_BETWEEN = 80
_METRE = 1 / METRES_PER_DEGREE


def notations(data: bytes) -> Iterator[Notation]:
    """What some text says of positions in other notations: which, at which byte, and lines of degrees."""
    for name, read in _READERS:
        for offset, positions in read(data):
            if positions:
                yield name, offset, as_lines(positions)


def as_lines(positions: list[Position]) -> bytes:
    """Lines of longitude and latitude, each with its number of decimals."""
    return "".join(f"{lon:.{digits}f} {lat:.{digits}f}\n" for lon, lat, digits in positions).encode()


def _digits(unit: float) -> int:
    """Decimals that write degrees as finely as a unit in degrees is."""
    return max(2, min(7, round(-math.log10(unit))))


def _topologies(data: bytes) -> Iterator[tuple[int, list[Position]]]:
    # a document may stand in a string of another
    data = data.replace(b'\\"', b'"') if b'Topology\\"' in data else data
    done = 0
    at = data.find(_TOPOLOGY)
    while at >= 0:
        start = data.rfind(b"{", done, at)
        if start >= 0 and _ARCS.search(data, start):
            try:
                document, length = value_at(data[start:].decode("utf-8", "replace"), 0)
            except (ValueError, RecursionError):
                length = _BEFORE
            else:
                yield start, list(_arcs(document))
            done = start + length
        at = data.find(_TOPOLOGY, max(done, at + len(_TOPOLOGY)))


def _arcs(topology: Any) -> Iterator[Position]:  # noqa: ANN401 - whatever JSON can say
    transform = topology.get("transform") if isinstance(topology, dict) else None
    if not isinstance(transform, dict):
        return
    try:
        scale, shift = (np.array(transform[name], dtype=float)[:2] for name in ("scale", "translate"))
        digits = _digits(float(np.abs(scale).max()))
        lines = [np.cumsum(np.array([point[:2] for point in arc], dtype=float), axis=0) for arc in topology["arcs"]]
        lines += [np.array([point[:2]], dtype=float) for point in _points(topology.get("objects"))]
        for line in lines:
            for lon, lat in (line * scale + shift).tolist():
                yield lon, lat, digits
    except (KeyError, TypeError, ValueError, IndexError, OverflowError):
        return


def _points(value: Any) -> Iterator[list[float]]:  # noqa: ANN401 - as above
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            given = coordinates_in(one)
            if one.get("type") in {"Point", "MultiPoint"} and isinstance(given, list):
                yield from [given] if one["type"] == "Point" else given
            waiting += list(one.values())
        elif isinstance(one, list):
            waiting += [inner for inner in one if isinstance(inner, dict | list)]


def _grid_references(data: bytes) -> Iterator[tuple[int, list[Position]]]:
    for match in _references(data):
        zone, band, square, *rest = [part.decode().upper() for part in match.groups() if part is not None]
        digits = "".join(rest)
        half = len(rest[0]) if len(rest) > 1 else len(digits) // 2
        if len(digits) % 2 or half * 2 != len(digits) or not 0 < int(zone) <= 60:  # noqa: PLR2004 - zones
            continue
        size = 10.0 ** (5 - half)
        corner = _square(int(zone), band, square)
        if corner is not None:
            east = corner[0] + (int(digits[:half]) + 0.5) * size
            north = corner[1] + (int(digits[half:]) + 0.5) * size
            yield match.start(), _from_metres(int(zone), east, north, size)


def _references(data: bytes) -> Iterator[re.Match[bytes]]:
    """Grid references: looked for only around the letter of a band that two letters and two digits follow."""
    done, letters, digits = 0, table(_SQUARE_NEXT[1:]), table(DIGITS)
    codes = np.frombuffer(data + b"\0" * _REFERENCE[1], dtype=np.uint8)
    for at in after_digits(data, _BAND_LETTERS, _SQUARE_NEXT):
        square = at + 1 + (codes[at + 1] == _BLANK)
        number = square + 2 + (codes[square + 2] == _BLANK)
        good = letters[codes[square]] & letters[codes[square + 1]] & digits[codes[number]] & digits[codes[number + 1]]
        for band in at[good].tolist():
            match = _MGRS.search(data, max(done, band - _REFERENCE[0]), band + _REFERENCE[1])
            if match is not None:
                done = match.end()
                yield match


def _square(zone: int, band: str, square: str) -> tuple[float, float] | None:
    """The corner of a square of 100 km, in metres of its zone; none where the zone has no such square."""
    columns = _COLUMNS[(zone - 1) % 3]
    if square[0] not in columns:
        return None
    row = (_GRID_LETTERS.index(square[1]) - (0 if zone % 2 else 5)) % 20
    north, least = row * 100_000.0, 8 * _BANDS.index(band) * 110_500.0 - 100_000
    while north < least:
        north += 2_000_000
    return (columns.index(square[0]) + 1) * 100_000.0, north


def _utm(data: bytes) -> Iterator[tuple[int, list[Position]]]:
    done = 0
    for at in _bands(data):
        match = _UTM.search(data, max(done, at - _TO_LEFT), at + _TO_RIGHT)
        if match is None:
            continue
        done, zone = match.end(), int(match.group(1))
        if 0 < zone <= 60:  # noqa: PLR2004 - zones
            yield match.start(), _from_metres(zone, float(match.group(2)), float(match.group(3)), 1.0)


def _bands(data: bytes) -> Iterator[int]:
    """Letters of a band behind the number of a zone, with an easting behind."""
    at = np.concatenate([np.zeros(0, dtype=np.int64), *after_digits(data, _BAND_LETTERS, _EAST_NEXT)])
    if not len(at):
        return
    starts = np.array([start for start, _ in runs(data, DIGITS, _EAST_DIGITS)], dtype=np.int64)
    following = np.append(starts, len(data) + _TO_RIGHT)[np.searchsorted(starts, at)]
    yield from at[following - at <= _EAST_WITHIN].tolist()


def _from_metres(zone: int, east: float, north: float, size_m: float) -> list[Position]:
    lon, lat = _zone(zone).transform(east, north)
    good = math.isfinite(lon) and math.isfinite(lat)
    return [(lon, lat, _digits(size_m * _METRE))] if good else []


@cache
def _zone(zone: int) -> Any:  # noqa: ANN401 - pyproj is imported late
    import pyproj  # noqa: PLC0415 - needed only where there is a grid reference

    return pyproj.Transformer.from_crs(32600 + zone, 4326, always_xy=True)


def _sentences(data: bytes) -> Iterator[tuple[int, list[Position]]]:
    """NMEA, and what writes degrees and minutes without a mark between them."""
    letters = [at for some in after_digits(data, b"NSns", _LON_NEXT) for at in some.tolist()]
    for match in _around(_NMEA, data, letters):
        lat_deg, lat_min, south, lon_deg, lon_min, west = match.groups()
        digits = _digits(10.0 ** -len(lat_min.partition(b".")[2]) / _MINUTE)
        yield match.start(), [_signed(_angle(lat_deg, lat_min), south, _angle(lon_deg, lon_min), west, digits)]
    for match in _around(_COMPACT, data, letters):
        lat_deg, lat_min, lat_sec, south, lon_deg, lon_min, lon_sec, west = match.groups()
        lat, lon = _angle(lat_deg, lat_min, lat_sec), _angle(lon_deg, lon_min, lon_sec)
        digits = _digits(10.0 ** -len(lat_sec.partition(b".")[2]) / _SECOND)
        yield match.start(), [_signed(lat, south, lon, west, digits)]


def _around(pattern: re.Pattern[bytes], data: bytes, letters: list[int]) -> Iterator[re.Match[bytes]]:
    """What a pattern matches around a letter for north or south, which no other match has."""
    done = 0
    for at in letters:
        match = pattern.search(data, max(done, at - _LAT_BEFORE), at + _LON_BEHIND) if at >= done else None
        if match is not None:
            done = match.end()
            yield match


def _iso_6709(data: bytes) -> Iterator[tuple[int, list[Position]]]:
    for match in _ISO6709.finditer(data):
        south, lat_deg, lat_min, lat_sec, lat_part, west, lon_deg, lon_min, lon_sec, lon_part = match.groups()
        if (lat_sec is None) != (lon_sec is None):
            continue
        values = []
        for degrees, minutes, seconds, part in (
            (lat_deg, lat_min, lat_sec, lat_part),
            (lon_deg, lon_min, lon_sec, lon_part),
        ):
            fraction = part or b""
            values.append(
                _angle(degrees, minutes + fraction) if seconds is None else _angle(degrees, minutes, seconds + fraction)
            )
        unit = 10.0 ** -(len(lat_part or b".") - 1) / (_MINUTE if lat_sec is None else _SECOND)
        yield match.start(), [_signed(values[0], south, values[1], west, _digits(unit))]


def _fractions(data: bytes) -> Iterator[tuple[int, list[Position]]]:
    """Degrees, minutes and seconds as fractions, a latitude before a longitude in the west."""
    triples = (
        [(one.start(), one.end(), one.groups()) for one in _TRIPLE.finditer(data)] if _SECOND_IN.search(data) else []
    )
    for (start, end, lat), (following, _, lon) in pairwise(triples):
        if following - end > _STRETCH_BETWEEN:
            continue
        parts = [
            [int(above) / max(1, int(below)) for above, below in zip(one[::2], one[1::2], strict=True)]
            for one in (lat, lon)
        ]
        y, x = (degrees + minutes / _MINUTE + seconds / _SECOND for degrees, minutes, seconds in parts)
        if y <= 90 and x <= 180:  # noqa: PLR2004 - degrees
            yield start, [(-x, y, _digits(1 / int(lat[-1]) / _SECOND))]


def _angle(degrees: bytes, minutes: bytes, seconds: bytes = b"0") -> float:
    return float(degrees) + float(minutes) / _MINUTE + float(seconds) / _SECOND


def _signed(lat: float, south: bytes, lon: float, west: bytes, digits: int) -> Position:
    return (-lon if west in b"WwOo-" else lon, -lat if south in b"Ss-" else lat, digits)


_READERS: tuple[tuple[str, Callable[[bytes], Iterator[tuple[int, list[Position]]]]], ...] = (
    ("TopoJSON", _topologies),
    ("encoded polyline", polylines),
    ("MGRS", _grid_references),
    ("UTM", _utm),
    ("NMEA", _sentences),
    ("ISO 6709", _iso_6709),
    ("fractions of EXIF", _fractions),
)
