"""Outlines of two made-up countries in the desert, whose edges differ by some tens of metres."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import shapely


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


@pytest.fixture(scope="session")
def outlines(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """This side, in three units with odd columns, and the other, in two, 50 m away."""
    folder = tmp_path_factory.mktemp("outlines")
    here = [{"KENNZ": f"A-{n}", "Bezeichnung": f"Gau {n} „Süd“", "kreis": "Kreis 1"} for n in range(3)]
    there = [{"cod": n + 1, "nom": f"Cercle {n + 1}"} for n in range(2)]
    return (
        write(folder / "here.geojson", strips(edge(0), 9.2, 3), here),
        write(folder / "there.geojson", strips(edge(0.0005), 10.9, 2), there),
    )
