"""Positions in links: ``geo:`` (RFC 5870) and those that programs of maps share.

A pin comes before the middle of a view. Only programs are read that write latitude first; of a shortened link the
position is on a server, and nobody is asked. The page reads the same (``web/src/annotate/links.js``).
"""

from __future__ import annotations

import math
import re
from urllib.parse import unquote

from atlas.field.readers.pair_parts import Pair, PairError

_DEGREES = r"[-+]?[0-9]{1,3}(?:\.[0-9]{1,15})?"
_LINK = re.compile(r"(?:https?://|om:/{0,2})?((?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,10}|map)(?:[/?#]|\Z)", re.IGNORECASE)
_GEO = re.compile(rf"geo:({_DEGREES}),\s?({_DEGREES})(?:,[-+]?[0-9.]+)?((?:;[^?]*)?)(?:\?(.*))?\Z", re.IGNORECASE)
_HOSTS = re.compile(
    r"(?:.*\.)?(?:google\.[a-z]{2,3}(?:\.[a-z]{2})?|goo\.gl|apple\.com|openstreetmap\.org|osm\.org|bing\.com|waze\.com"
    r"|here\.com|osmand\.net|map)\Z",
    re.IGNORECASE,
)
# the pin of a place, a marker, what was asked for; then the middle of a view, no more exact than a finger on it
_PINS, _VIEWS = (
    tuple(
        re.compile(
            pattern.replace("LAT", f"(?P<lat>{_DEGREES})")
            .replace("LON", f"(?P<lon>{_DEGREES})(?![0-9.])")
            .replace("ZOOM", "(?P<zoom>[0-9]{1,2}(?:[.][0-9]{1,3})?)"),
            re.IGNORECASE,
        )
        for pattern in patterns
    )
    for patterns in (
        (
            r"!3dLAT!4dLON",
            r"[?&]mlat=LAT&mlon=LON",
            r"[?&](?:q|query|ll|coordinate|pin|daddr|destination|to|sp)=(?:loc:|ll\.|point\.)?LAT[,_][ +]?LON",
            r"[?&]lat=LAT&(?:lon|lng)=LON",
            r"/(?:search|place|l)/LAT,[ +]?LON",
        ),
        (r"/@LAT,LON(?:,ZOOMz)?", r"#(?:map=)?ZOOM/LAT/LON", r"[?&](?:cp|map|center)=LAT[~,]LON"),
    )
)
_FINGER_PX, _METRES_PER_PX = 24, 156543.034
_WGS84 = {"", "wgs84"}


def read_link(text: str) -> Pair | None:
    """The position that a link says; nothing where the text is no link.

    Raises
    ------
    PairError
        It is a link, and says no position that can be read without asking a server.
    """
    if text[:4].lower() == "geo:":
        return _geo(text)
    link = _LINK.match(text)
    if link is None:
        return None
    if not _HOSTS.match(link[1]):
        msg = "it is a link of a program that is not known; copy the numbers out of it"
        raise PairError(msg)
    place = _in(unquote(text))
    if place is None:
        msg = "it is a link without a position; open it and copy the numbers"
        raise PairError(msg)
    return place


def _in(link: str) -> Pair | None:
    # the middle of a route is no place, and a place that is named has its pin elsewhere
    views = () if re.search(r"/(?:dir|place)/", link) else _VIEWS
    for pattern in (*_PINS, *views):
        if match := pattern.search(link):
            latitude = float(match["lat"])
            zoom = match.groupdict().get("zoom")
            wide = _METRES_PER_PX * math.cos(math.radians(latitude)) / 2 ** float(zoom) if zoom else 0.0
            return Pair(float(match["lon"]), latitude, math.ceil(_FINGER_PX * wide) or None)
    return None


def _geo(text: str) -> Pair:
    match = _GEO.match(unquote(text))
    if match is None:
        msg = "it is a geo: link that cannot be read; write geo:14.68,-92.15"
        raise PairError(msg)
    named = {name.lower(): value for name, _, value in (part.partition("=") for part in match[3].split(";") if part)}
    if named.get("crs", "").lower() not in _WGS84:
        msg = "it is a geo: link in another system than WGS 84; convert it"
        raise PairError(msg)
    # Android writes geo:0,0?q=… for a pin
    if match[4] and (pin := _in(f"?{match[4]}")):
        return pin
    metres = named.get("u", "")
    spread = float(metres) if re.fullmatch(r"[0-9]{1,7}(?:\.[0-9]{1,9})?", metres, re.ASCII) else 0.0
    return Pair(float(match[2]), float(match[1]), spread or None)
