"""Positions on the grid of armies and surveys: UTM with its zone, and MGRS, both on WGS 84.

UTM is a transverse Mercator projection of a zone of six degrees, undone here with the series of Krüger in the third
flattening up to its fourth power, which is exact to less than a millimetre within a zone (Karney 2011, doi
10.1007/s00190-011-0445-3). MGRS (NGA.STND.0037) names squares of 100 km by letters that repeat every 2,000 km, so that
the band of latitude says which is meant; a text names a square, and its middle is the position. The page has the same
arithmetic (``web/src/annotate/grids.js``).
"""

from __future__ import annotations

import math
import re

from atlas.field.readers.pair_parts import Pair, PairError

_BANDS = "CDEFGHJKLMNPQRSTUVWX"
_ZONE = r"(?P<zone>0?[1-9]|[1-5][0-9]|60)\s?(?P<band>[C-HJ-NP-X]|NORTH|NORTE|SOUTH|SUR)"
_WORD = r"(?:UTM|WGS\s?84|ZONE|ZONA|HUSO|[\s:,;.()])"
_UNIT = r"\s?(?:MTS?|M)?\.?\s?"
_MGRS = re.compile(
    r"(?P<zone>0?[1-9]|[1-5][0-9]|60)\s?(?P<band>[C-HJ-NP-X])\s?(?P<square>[A-HJ-NP-Z][A-HJ-NP-V])"
    r"\s?(?P<first>[0-9]{0,10})\s?(?P<second>[0-9]{0,5})"
)
_METRES = r"[0-9]{1,8}(?:[.,][0-9]{1,6})?"
_LARGE = re.compile(r"(?<![0-9.,])[0-9]{6,8}(?![0-9])")
_BEFORE = r"(?:EASTING|ESTE|EAST|E|X|NORTHING|NORTE|NORTH|N|Y)"
_PART = rf"(?:({_BEFORE})[\s:=.]{{0,3}}({_METRES}){_UNIT}|({_METRES}){_UNIT}({_BEFORE})?)"
_TWO = re.compile(rf"{_PART}[\s,;/]+{_PART}\Z")
_ZONE_AHEAD = re.compile(rf"{_WORD}*{_ZONE}(?![A-Z0-9])[\s:,;]*")
_ZONE_BEHIND = re.compile(rf"{_WORD}{{0,12}}{_ZONE}\)?\s{{0,3}}\Z")
_EAST = {"EASTING", "ESTE", "EAST", "E", "X"}
_EASTINGS, _NORTHINGS = (100_000, 900_000), (0, 10_000_000)
_FALSE_EASTING, _FALSE_NORTHING, _SCALE = 500_000, 10_000_000, 0.9996

_AXIS, _N = 6378137.0, (1 / 298.257223563) / (2 - 1 / 298.257223563)
_RECTIFYING = _AXIS / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_BETA = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96 - _N**4 / 360,
    _N**2 / 48 + _N**3 / 15 - 437 * _N**4 / 1440,
    17 * _N**3 / 480 - 37 * _N**4 / 840,
    4397 * _N**4 / 161280,
)
_DELTA = (
    2 * _N - 2 * _N**2 / 3 - 2 * _N**3 + 116 * _N**4 / 45,
    7 * _N**2 / 3 - 8 * _N**3 / 5 - 227 * _N**4 / 45,
    56 * _N**3 / 15 - 136 * _N**4 / 35,
    4279 * _N**4 / 630,
)


def read_grid(text: str) -> Pair | None:
    """The position of a text in upper case on a grid; nothing where it is on none.

    Raises
    ------
    PairError
        It is on a grid, and says no place that can be meant.
    """
    if match := _MGRS.fullmatch(text.strip()):
        return _square(match)
    return _utm(text.strip()) if _LARGE.search(text) else None


def _utm(text: str) -> Pair:
    ahead, behind = _ZONE_AHEAD.match(text), _ZONE_BEHIND.search(text)
    zone = ahead or behind
    if zone is None:
        msg = "numbers of this size are metres, and UTM needs its zone and band; write 15P 580000 1620000"
        raise PairError(msg)
    rest = text[zone.end() :] if zone is ahead else text[: zone.start()]
    numbers = _TWO.match(rest.strip(" ,;:."))
    if numbers is None:
        msg = "UTM is a zone with its band, an easting and a northing; write 15P 580000 1620000"
        raise PairError(msg)
    one, two = ((numbers[at + 1] or numbers[at + 2]).replace(",", ".") for at in (1, 5))
    easting, northing = _in_order((float(one), float(two)), (numbers[1] or numbers[4], numbers[5] or numbers[8]))
    if not (_EASTINGS[0] <= easting < _EASTINGS[1] and _NORTHINGS[0] <= northing <= _NORTHINGS[1]):
        msg = "its easting or northing is none of UTM; write the easting first, as in 15P 580000 1620000"
        raise PairError(msg)
    return _of_zone(int(zone["zone"]), zone["band"], easting, northing)


def _in_order(values: tuple[float, float], names: tuple[str | None, str | None]) -> tuple[float, float]:
    """Easting and northing; they stand in this order unless letters say otherwise."""
    first, second = (None if name is None else name in _EAST for name in names)
    if first is not None and first == second:
        msg = "its letters give one name to both of its numbers"
        raise PairError(msg)
    return (values[1], values[0]) if first is False or second is True else values


def _of_zone(zone: int, band: str, easting: float, northing: float) -> Pair:
    if band == "S":
        msg = "S may be the south or a band of the north; write 15 north or 15 south, or the band"
        raise PairError(msg)
    if len(band) > 1:
        return _degrees(zone, easting, northing, south=band in {"SOUTH", "SUR"})
    place = _degrees(zone, easting, northing, south=band < "N")
    # people take one letter for a whole country: the band beside it is let pass, one further off is a slip
    if not _near_band(place.latitude, band, 8):
        msg = f"its northing is not in band {band}, nor in one beside it"
        raise PairError(msg)
    return place


def _near_band(latitude: float, band: str, margin: float) -> bool:
    south = -80 + 8 * _BANDS.index(band)
    north = 84 if band == "X" else south + 8
    return south - margin <= latitude <= north + margin


def _square(match: re.Match[str]) -> Pair:
    digits = match["first"] + match["second"]
    half = len(digits) // 2
    if len(digits) % 2 or half > 5 or (match["second"] and len(match["first"]) != half):  # noqa: PLR2004 - to the metre
        msg = "MGRS has as many digits to the east as to the north, five at most; write 15PWS8000020000"
        raise PairError(msg)
    zone, band = int(match["zone"]), match["band"]
    column = "ABCDEFGHJKLMNPQRSTUVWXYZ".index(match["square"][0]) - 8 * ((zone - 1) % 3)
    row = ("ABCDEFGHJKLMNPQRSTUV".index(match["square"][1]) - (0 if zone % 2 else 5)) % 20
    size = 10 ** (5 - half)
    if 0 <= column < 8:  # noqa: PLR2004 - letters of a zone
        easting = (column + 1) * 100_000 + int(digits[:half] or 0) * size + size / 2
        northing = row * 100_000 + int(digits[half:] or 0) * size + size / 2
        for repeated in range(5):
            place = _degrees(zone, easting, northing + repeated * 2_000_000, south=band < "N")
            if _near_band(place.latitude, band, 1):
                return place._replace(uncertainty_m=max(1, math.ceil(size * math.sqrt(0.5))))
    msg = f"there is no square {match['square']} in {zone}{band}"
    raise PairError(msg)


def _degrees(zone: int, easting: float, northing: float, *, south: bool) -> Pair:
    xi = (northing - (_FALSE_NORTHING if south else 0)) / (_SCALE * _RECTIFYING)
    eta = (easting - _FALSE_EASTING) / (_SCALE * _RECTIFYING)
    xi, eta = (
        xi - sum(b * math.sin(2 * j * xi) * math.cosh(2 * j * eta) for j, b in enumerate(_BETA, 1)),
        eta - sum(b * math.cos(2 * j * xi) * math.sinh(2 * j * eta) for j, b in enumerate(_BETA, 1)),
    )
    chi = math.asin(math.sin(xi) / math.cosh(eta))
    latitude = chi + sum(d * math.sin(2 * j * chi) for j, d in enumerate(_DELTA, 1))
    longitude = math.radians(6 * zone - 183) + math.atan2(math.sinh(eta), math.cos(xi))
    return Pair(round(math.degrees(longitude), 9), round(math.degrees(latitude), 9))
