"""The border as it is committed: positions of its features in their order, one line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from atlas.geometry.chainage import MeasuredLine


@pytest.fixture(scope="session")
def border_features(repo: Path) -> list[dict]:
    return json.loads((repo / "geodata" / "layers" / "border.geojson").read_bytes())["features"]


@pytest.fixture(scope="session")
def border_line(border_features: list[dict]) -> MeasuredLine:
    positions = [border_features[0]["geometry"]["coordinates"][0]]
    for feature in border_features:
        positions += feature["geometry"]["coordinates"][1:]
    return MeasuredLine.of(np.array(positions))
