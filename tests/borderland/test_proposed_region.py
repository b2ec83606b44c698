"""The region of a new project: what can give no border is refused before anything is written."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from atlas.borderland.proposed_region import proposed_region
from atlas.errors import InputError
from tests.borderland.made_up import edge, strips

HERE = (Path("here.gpkg"), np.array(strips(edge(0), 9.2, 3), dtype=object))


def _there(shift_deg: float) -> tuple[Path, np.ndarray]:
    return Path("there.gpkg"), np.array(strips(edge(shift_deg), 10.9, 2), dtype=object)


def _line(path: Path, positions: list[tuple[float, float]]) -> Path:
    path.write_text(json.dumps(shapely.geometry.mapping(shapely.LineString(positions))), encoding="utf-8")
    return path


def test_a_line_that_runs_by_no_unit_is_refused(tmp_path: Path) -> None:
    line = _line(tmp_path / "line.geojson", edge(3))
    with pytest.raises(InputError, match=r"runs by no unit of here.gpkg \(the nearest is some 331 km away\); give"):
        proposed_region([HERE, _there(0)], line, 1000)


def test_a_line_with_its_axes_swapped_is_refused(tmp_path: Path) -> None:
    line = _line(tmp_path / "line.geojson", [(y, x) for x, y in edge(0)])
    with pytest.raises(InputError, match=r"latitude before longitude; exchange them with `atlas clean .*--swap-axes"):
        proposed_region([HERE, _there(0)], line, 1000)


def test_a_gap_that_is_nowhere_narrow_enough_is_refused_with_a_width_that_is() -> None:
    with pytest.raises(InputError, match=r"wider than 1000 m all along; give --tolerance-m 4000 or more"):
        proposed_region([HERE, _there(0.03)], None, 1000)
    assert proposed_region([HERE, _there(0.03)], None, 4000)[0] < 9.2
