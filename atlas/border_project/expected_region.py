"""The region that files are expected in: that of the project, by which swapped axes and projections are recognised.

Where a file lies elsewhere, only what its features themselves say shows that (`axes`), and zones of UTM are proposed
by longitude.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache

from atlas.border_project.model import BorderProject, Box
from atlas.border_project.shipped import shipped_border

_MARGIN_DEG = 0.7
_ZONE_DEG = 6
_ZONES = 60
_HALF_TURN_DEG, _TURN_DEG = 180.0, 360.0
_WEB_MERCATOR = (3857, "Web Mercator")
_NEAR, _MOST_ZONES = 2, 6


@dataclass(frozen=True, slots=True)
class Region:
    """Where files of a project lie.

    Attributes
    ----------
    around
        West, south, east and north in degrees of the box in which every file about it lies.
    near
        The same around its border, where positions in metres are held against.
    projections
        EPSG codes and names of the frames that they may be in, the likeliest first.
    border
        What its project says of it.
    """

    around: Box
    near: Box
    projections: tuple[tuple[int, str], ...]
    border: BorderProject

    def has(self, longitude: float, latitude: float) -> bool:
        """Whether a position in degrees lies in the wider box."""
        west, south, east, north = self.around
        # a box across 180° goes on beyond it
        turned = longitude if longitude >= west else longitude + _TURN_DEG
        return west <= turned <= east and south <= latitude <= north

    @property
    def signs(self) -> tuple[int, int]:
        """Signs of all longitudes and of all latitudes of the wider box; 0 where it has both."""
        west, south, east, north = self.around
        return 0 if east > _HALF_TURN_DEG else (west >= 0) - (east <= 0), (south >= 0) - (north <= 0)

    @classmethod
    def of(cls, border: BorderProject) -> Region:
        """The region of a border."""
        west, south, east, north = border.box
        near = (west - _MARGIN_DEG, south, east, north + _MARGIN_DEG)
        zones = _utm_zones(near)
        grids = [(each.crs.removeprefix("EPSG:"), each.about) for each in border.projections]
        stated = [(int(code), about) for code, about in grids if _is_grid(code)]
        return cls(border.around, near, (*zones[:_NEAR], *stated, _WEB_MERCATOR, *zones[_NEAR:_MOST_ZONES]), border)


def _is_grid(code: str) -> bool:
    """Whether a frame is a grid of its country, and neither a zone of UTM nor without a code."""
    return code.isdigit() and code[:3] not in {"326", "327", "267"}


def _utm_zones(box: Box) -> list[tuple[int, str]]:
    """The zones of UTM that a box touches, the nearest to its middle first."""
    west, south, east, north = box
    middle = (west + east) / 2
    zones = sorted(
        range(_zone(west), _zone(east) + 1), key=lambda zone: abs(zone * _ZONE_DEG - 180 - _ZONE_DEG / 2 - middle)
    )
    # after the last zone the first one follows
    zones = [(zone - 1) % _ZONES + 1 for zone in zones]
    hemispheres = [(32600, "N")] * (north > 0) + [(32700, "S")] * (south < 0)
    return [(base + zone, f"UTM zone {zone}{letter}") for zone in zones for base, letter in hemispheres]


def _zone(longitude: float) -> int:
    """The zone of UTM of a longitude in degrees, without the exceptions of Norway and Svalbard."""
    zone = max(1, int((longitude + _HALF_TURN_DEG) // _ZONE_DEG) + 1)
    return zone if longitude > _HALF_TURN_DEG else min(_ZONES, zone)


@cache
def _shipped() -> Region:
    return Region.of(shipped_border())


_CURRENT: ContextVar[Region | None] = ContextVar("region", default=None)


def region() -> Region:
    """The region in force: that of the project in use, or of the border that the atlas comes with."""
    return _CURRENT.get() or _shipped()


def expect_in(border: BorderProject) -> None:
    """Expect files in the region of a border from now on."""
    _CURRENT.set(Region.of(border))


@contextmanager
def region_of(border: BorderProject) -> Iterator[None]:
    """Expect files in the region of a border meanwhile."""
    token = _CURRENT.set(Region.of(border))
    try:
        yield
    finally:
        _CURRENT.reset(token)
