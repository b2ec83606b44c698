"""Online tiles for who asks: one server, named in the page's policy and in its text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from atlas.errors import UsageError

SUBDOMAINS = "abc"
DEEPEST = 19
NEAR = 5
CUSTOM_TILES = "tile.openstreetmap.org"
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_PLACED = frozenset("sxyzr")


@dataclass(frozen=True, slots=True)
class Tiles:
    """Where a page's tiles come from.

    Parameters
    ----------
    name
        The provider's name in xyzservices.
    url
        Template with ``{z}``, ``{x}``, ``{y}`` and, where there are several servers, ``{s}``.
    subdomains
        What ``{s}`` stands for.
    attribution
        Whom to name beside the map.
    deepest
        Greatest zoom that the server has.
    """

    name: str
    url: str
    subdomains: tuple[str, ...]
    attribution: str
    deepest: int

    @property
    def hosts(self) -> tuple[str, ...]:
        """The servers that a browser will ask."""
        every = [urlsplit(self.url.replace("{s}", part)).netloc for part in self.subdomains or ("",)]
        return tuple(dict.fromkeys(every))

    @property
    def wants_referrer(self) -> bool:
        """Whether the server refuses a page that does not say where it is from, as one opened from a disk."""
        return CUSTOM_TILES in self.hosts

    @property
    def data(self) -> dict[str, Any]:
        """What the browser needs."""
        return {
            "name": self.name,
            "url": self.url,
            "subdomains": list(self.subdomains),
            "attribution": self.attribution,
            "deepest": self.deepest,
            "hosts": ", ".join(self.hosts),
            "wantsReferrer": self.wants_referrer,
        }


def find_tiles(name: str) -> Tiles:
    """The tiles of a provider in xyzservices, such as ``OpenStreetMap.Mapnik``.

    Raises
    ------
    UsageError
        There is no such provider, or a page cannot use it: it needs a key, or has no safe address.
    """
    import xyzservices.providers  # noqa: PLC0415 - a thousand records, for the few who ask

    known: Mapping[str, Mapping[str, Any]] = xyzservices.providers.flatten()
    provider = known.get(name) or {key.lower(): value for key, value in known.items()}.get(name.lower())
    if provider is None:
        raise UsageError(_unknown(name, list(known)))
    if any(isinstance(value, str) and "<insert your" in value.lower() for value in provider.values()):
        msg = f"the tiles {provider['name']!r} need a key of your own, which a page would show to all; choose others"
        raise UsageError(msg)
    url = _filled(str(provider["url"]), provider)
    tiles = Tiles(
        name=str(provider["name"]),
        url=url,
        subdomains=tuple(provider.get("subdomains", SUBDOMAINS)) if "{s}" in url else (),
        attribution=str(provider.get("attribution", "")),
        deepest=int(provider.get("max_zoom", DEEPEST)),
    )
    if not url.startswith("https://") or "{" in _without_places(url) or not all(map(_HOST.fullmatch, tiles.hosts)):
        msg = f"the tiles {tiles.name!r} have the address {url!r}, which a page cannot use safely; choose others"
        raise UsageError(msg)
    return tiles


def _filled(url: str, provider: Mapping[str, Any]) -> str:
    def value(match: re.Match[str]) -> str:
        key = match[1]
        # pictures for fine screens are a second set; the plain one does
        if key == "r":
            return ""
        return match[0] if key in _PLACED else str(provider.get(key, match[0]))

    return re.sub(r"\{(\w+)\}", value, url)


def _without_places(url: str) -> str:
    return re.sub(r"\{[sxyz]\}", "", url)


def _unknown(name: str, known: list[str]) -> str:
    low = {key.lower(): key for key in known}
    parts = [key for key in known if name and name.lower() in key.lower()]
    near = [low[key] for key in get_close_matches(name.lower(), low, n=NEAR, cutoff=0.5)]
    shown = list(dict.fromkeys([*near, *parts]))[:NEAR] or ["OpenStreetMap.Mapnik", "OpenTopoMap"]
    return f"there are no tiles {name!r}; near it: {', '.join(shown)}. All names are those of xyzservices"
