"""Outlines of made-up countries: files of them, and units as a project reads them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
import shapely

from atlas.border_project import Side
from atlas.borderland.side_units import Units


def edge(shift_deg: float) -> list[tuple[float, float]]:
    """A winding edge from south to north along 10° east."""
    ys = np.linspace(23.0, 24.2, 61)
    return [(10 + 0.02 * np.sin(9 * y) + shift_deg, float(y)) for y in ys]


def write(path: Path, shapes: Sequence[shapely.Geometry], rows: Sequence[dict[str, object]]) -> Path:
    features = [
        {"type": "Feature", "properties": row, "geometry": shapely.geometry.mapping(shape)}
        for shape, row in zip(shapes, rows, strict=True)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def strips(line: list[tuple[float, float]], far: float, count: int) -> list[shapely.Geometry]:
    """Units between a line and a meridian, one above the other, that share their edges."""
    size = (len(line) - 1) // count
    parts = [line[n * size : (n + 1) * size + 1] for n in range(count)]
    return [shapely.Polygon([*part, (far, part[-1][1]), (far, part[0][1])]) for part in parts]


def units(code: str, *areas: shapely.Geometry) -> Units:
    names = MappingProxyType({"en": code, "es": code})
    side = Side(code=code, name=names, unit=names, outline=None)
    shapes = np.array(areas, dtype=object)
    codes = tuple(f"{code}{n}" for n in range(len(areas)))
    return Units(side, codes, codes, ("",) * len(areas), shapes)
