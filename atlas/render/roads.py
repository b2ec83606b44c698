"""A user's own roads on the maps: as many, and as exact, as a page has room for."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.admission.road_lines import HELD_BACK_M, RANKS, UNRANKED, Roads
from atlas.geometry.geodesy import length_km
from atlas.geometry.units import METRES_PER_DEGREE
from atlas.render import packing
from atlas.render.assets import bundle
from atlas.render.page_texts import FOLDER, LANGUAGES, Catalogue, read_catalogue

SCRIPT = bundle("roads")
STYLE = "roads.css"
PAGE_BYTES = 900_000
PAGE_GZIPPED = 330_000
# more would hold up the map and say no more at its zooms
MOST_BYTES = 150_000
# letters of packed steps hardly shrink
_GZIPPED = 0.85
GRID_PER_DEGREE = 10_000
# steps of a grid of 11 m: what is nearer to the forbidden ground than that might round into it
_GRID_M = METRES_PER_DEGREE / GRID_PER_DEGREE
_SHORTEST_KM = 1.0
# the width of roads whose rank is not stated
_PLAIN = RANKS.index("secondary")
# how far lines may move, and the last rank that is drawn: from all there is to the great roads alone
_STEPS = ((30, 4), (60, 4), (120, 4), (120, 3), (250, 3), (250, 2), (500, 2), (500, 1), (1000, 1), (1000, 0), (2000, 0))
_UNRANKED_STEPS = tuple((tolerance_m, UNRANKED) for tolerance_m in (30, 60, 120, 250, 500, 1000, 2000))
_HALVINGS = 12
# for the words of the note, which are not yet known
_SPARE = 1_000


@dataclass(frozen=True, slots=True)
class FittedRoads:
    """Roads as one page carries them.

    Attributes
    ----------
    data
        What the browser reads: lines by rank.
    texts
        Values of the note beside the map.
    """

    data: Mapping[str, Any]
    texts: Mapping[str, Any]

    @property
    def size(self) -> int:
        """Bytes of the lines in the page."""
        return sum(len(part["steps"]) + len(part["sizes"]) for part in self.data["ranks"])


def fitted(roads: Roads, page: str) -> FittedRoads | None:
    """The most of the roads that a page has room for; nothing where it has none.

    Parameters
    ----------
    page
        The page as it is with an empty block of roads.
    """
    size, gzipped = len(page.encode()), len(gzip.compress(page.encode(), 6))
    room = min(MOST_BYTES, PAGE_BYTES - size, round((PAGE_GZIPPED - gzipped) / _GZIPPED)) - _SPARE
    if room <= 0:
        return None
    return next((version for version in _versions(roads) if 0 < version.size <= room), None)


def empty(roads: Roads) -> FittedRoads:
    """A page's roads before it is known for how many it has room."""
    return FittedRoads({"perDegree": GRID_PER_DEGREE, "ranks": []}, _note(roads, 0, 0, 0.0))


def road_texts() -> Mapping[str, Catalogue]:
    """The words of the note, by language."""
    return {language: read_catalogue(FOLDER / language / "roads.json") for language in LANGUAGES}


def _versions(roads: Roads) -> Iterator[FittedRoads]:
    """Ever fewer and coarser lines."""
    steps = _UNRANKED_STEPS if UNRANKED in roads.lines else _STEPS
    greatest = min(roads.lines)
    for tolerance_m, last in steps:
        yield _version(roads, tolerance_m, max(last, greatest))
    # at last only the longest of them
    tolerance_m, last = steps[-1]
    for halvings in range(1, _HALVINGS):
        yield _version(roads, tolerance_m, max(last, greatest), 2**halvings)


@lru_cache(maxsize=64)
def _version(roads: Roads, tolerance_m: int, last: int, part: int = 1) -> FittedRoads:
    """Lines up to a rank; of these one in ``part``, the longest."""
    lines = _generalised(roads, tolerance_m, last)
    if part > 1:
        lines = {
            rank: sorted(given, key=length_km, reverse=True)[: len(given) // part] for rank, given in lines.items()
        }
    ranks = []
    for rank, given in lines.items():
        arcs = [np.round(shapely.get_coordinates(line) * GRID_PER_DEGREE).astype(np.int64) for line in given]
        steps, sizes = packing.pack(arcs)
        ranks.append({"rank": _PLAIN if rank == UNRANKED else rank, "steps": steps, "sizes": sizes})
    kept_km = sum(length_km(line) for given in lines.values() for line in given)
    return FittedRoads({"perDegree": GRID_PER_DEGREE, "ranks": ranks}, _note(roads, tolerance_m, last, kept_km))


@lru_cache(maxsize=64)
def _generalised(roads: Roads, tolerance_m: int, last: int) -> Mapping[int, Sequence[BaseGeometry]]:
    """Simplified first and cut after that, so that no line is drawn into the ground where none may be."""
    margin = _margin(roads)
    made: dict[int, Sequence[BaseGeometry]] = {}
    for rank, given in roads.lines.items():
        if rank > last:
            continue
        simple = shapely.simplify(np.array([*given], dtype=object), tolerance_m / METRES_PER_DEGREE)
        near = shapely.intersects(margin, simple)
        cut = shapely.get_parts(shapely.difference(simple[near], margin))
        made[rank] = [line for line in (*simple[~near], *cut) if line.length and length_km(line) >= _SHORTEST_KM]
    return made


@lru_cache(maxsize=1)
def _margin(roads: Roads) -> BaseGeometry:
    margin = shapely.buffer(roads.forbidden, _GRID_M / METRES_PER_DEGREE, quad_segs=2)
    shapely.prepare(margin)
    return margin


def _note(roads: Roads, tolerance_m: int, last: int, kept_km: float) -> Mapping[str, Any]:
    return {
        "file": roads.name,
        "kept": round(kept_km),
        "all": round(roads.length_km),
        "metres": tolerance_m,
        "last": "unranked" if UNRANKED in roads.lines else RANKS[last],
        "held": round(HELD_BACK_M / 1000),
        "credit": roads.credit,
        "licence": roads.licence,
    }
