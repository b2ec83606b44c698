"""Positions in links: ``geo:`` (RFC 5870) and those that programs of maps share.

A pin comes before the middle of a view. Only programs are read that write latitude first; of a shortened link the
position is on a server, and nobody is asked. The page reads the same (``web/src/annotate/links.js``).
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from atlas.field.readers.pair_parts import Pair, PairError

_NUMBER = r"([-+]?[0-9]{1,3}(?:\.[0-9]{1,15})?)"
_END = r"(?![0-9.])"
_LINK = re.compile(r"(?:https?://|om:/{0,2})?((?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,10}|map)(?:[/?#]|\Z)", re.IGNORECASE)
_GEO = re.compile(rf"geo:{_NUMBER},\s?{_NUMBER}(?:,[-+]?[0-9.]+)?((?:;[^?]*)?)(?:\?(.*))?\Z", re.IGNORECASE)
_HOSTS = re.compile(
    r"(?:.*\.)?(?:google\.[a-z]{2,3}(?:\.[a-z]{2})?|goo\.gl|apple\.com|openstreetmap\.org|osm\.org|bing\.com|waze\.com"
    r"|here\.com|osmand\.net|map)\Z",
    re.IGNORECASE,
)
# the pin of a place, a marker, what was asked for, the middle of a view
_PLACES = tuple(
    re.compile(pattern + _END, re.IGNORECASE)
    for pattern in (
        rf"!3d{_NUMBER}!4d{_NUMBER}",
        rf"[?&]mlat={_NUMBER}&mlon={_NUMBER}",
        rf"[?&](?:q|query|ll|coordinate|pin|daddr|destination|to|sp)=(?:loc:|ll\.|point\.)?{_NUMBER}[,_][ +]?{_NUMBER}",
        rf"[?&]lat={_NUMBER}&(?:lon|lng)={_NUMBER}",
        rf"/(?:search|place|l)/{_NUMBER},[ +]?{_NUMBER}",
        rf"[?&](?:cp|map|center)={_NUMBER}[~,]{_NUMBER}",
        rf"/@{_NUMBER},{_NUMBER}",
        rf"#(?:map=)?[0-9.]{{1,5}}/{_NUMBER}/{_NUMBER}",
    )
)
_VIEWS = 5
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
    # the middle of a route is no place
    for pattern in _PLACES[:_VIEWS] if "/dir/" in link else _PLACES:
        if match := pattern.search(link):
            return Pair(float(match[2]), float(match[1]))
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
