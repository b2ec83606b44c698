"""Codes of states and municipalities by the names that publishers write, and the municipality of a position."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely


@dataclass(frozen=True, slots=True, eq=False)
class UnitNames:
    """Names and codes of states, and of the municipalities whose outlines the project has.

    Attributes
    ----------
    states
        Codes of two digits by their name.
    municipalities
        Codes of five digits by state and name.
    shared
        States and names that two municipalities bear, so that a name alone does not tell which is meant.
    codes, areas
        The municipalities' codes, and their areas in degrees (longitude, latitude) in the same order.
    """

    states: Mapping[str, str]
    names_by_code: Mapping[str, str]
    municipalities: Mapping[tuple[str, str], str]
    shared: frozenset[tuple[str, str]]
    codes: Sequence[str]
    areas: Any

    @classmethod
    def of(
        cls,
        states: tuple[Sequence[str], Sequence[str]],
        municipalities: tuple[Sequence[str], Sequence[str], Any],
    ) -> UnitNames:
        """From codes and names of states, and codes, names and areas of municipalities."""
        codes, names, areas = municipalities
        keys = [(code[:2], plain(name)) for code, name in zip(codes, names, strict=True)]
        shared = {key for key, count in Counter(keys).items() if count > 1}
        units = {key: code for key, code in zip(keys, codes, strict=True) if key not in shared}
        by_code = {**dict(zip(*states, strict=True)), **dict(zip(codes, names, strict=True))}
        return cls(
            {plain(name): code for code, name in zip(*states, strict=True)},
            by_code,
            units,
            frozenset(shared),
            codes,
            areas,
        )

    def has_units_of(self, state: str) -> bool:
        """Whether the outlines hold the municipalities of a state."""
        return any(code.startswith(state) for code in self.codes)

    def municipalities_at(self, positions: np.ndarray) -> list[str | None]:
        """The code of the municipality that each position, shape (n, 2) of longitude and latitude, lies in."""
        tree = shapely.STRtree(self.areas)
        points, areas = tree.query(shapely.points(positions), predicate="intersects")
        held: list[str | None] = [None] * len(positions)
        # on a common edge the lower code counts, so that the answer does not hang on the order of the outlines
        for point, area in sorted(zip(points.tolist(), areas.tolist(), strict=True), reverse=True):
            held[point] = self.codes[area]
        return held


def plain(name: str) -> str:
    """A name as it is compared: without case, accents and double spaces."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())
