"""Municipalities that fit together before they are rounded fit together after it, however thin what lies between."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from atlas.geometry.coverage import coverage_faults, invalid_areas, tidied
from atlas.layers.trace import rounded_together

_CELL_DEG = 1e-6


def _slivered(seed: int) -> NDArray[np.object_]:
    """Two areas with a strip of about a cell between them, whose two sides have other positions."""
    dice = np.random.default_rng(seed)

    def side(offset: float) -> NDArray[np.float64]:
        along = np.concatenate([[0], np.sort(dice.uniform(0, 0.1, 12)), [0.1]])
        return np.column_stack([along - 92, 15 + along * 0.37 + offset])

    low, high = side(0), side(dice.uniform(4e-7, 2e-6))
    high[0], high[-1] = low[0], low[-1]
    below = shapely.Polygon(np.vstack([low, [[-91.9, 14.9], [-92, 14.9]]]))
    above = shapely.Polygon(np.vstack([high, [[-91.9, 15.2], [-92, 15.2]]]))
    return np.array([below, shapely.Polygon(np.vstack([low, high[::-1]])), above], dtype=object)


def _parted(areas: NDArray[np.object_]) -> list[str]:
    names = [str(number) for number in range(len(areas))]
    return invalid_areas(names, list(areas)) + coverage_faults(names, list(areas))


@pytest.mark.parametrize("seed", [1, 5, 9, 16, 25, 31])
def test_a_valid_coverage_stays_one(seed: int) -> None:
    areas = _slivered(seed)
    assert shapely.coverage_is_valid(areas)
    made = rounded_together(areas)
    assert _parted(made) == []
    assert not shapely.is_empty(made).any()
    # nothing moves farther than rounding does
    apart = shapely.hausdorff_distance(shapely.boundary(made[[0, 2]]), shapely.boundary(areas[[0, 2]]))
    assert (apart < 2 * _CELL_DEG).all()
    assert (shapely.get_coordinates(made) == np.round(shapely.get_coordinates(made), 6)).all()


def test_what_rounds_well_is_left_to_plain_rounding() -> None:
    areas = np.array([shapely.box(-92.12345678, 15, -92, 16), shapely.box(-92, 15, -91, 16)], dtype=object)
    made = rounded_together(areas)
    assert all(shapely.equals_exact(one, tidied(area, decimals=6)) for one, area in zip(made, areas, strict=True))


def test_areas_that_overlap_are_not_mended_in_silence() -> None:
    areas = np.array([shapely.box(-92, 15, -91.5, 16), shapely.box(-91.50001, 15, -91, 16)], dtype=object)
    assert _parted(rounded_together(areas))


def _tangled(seed: int) -> NDArray[np.object_]:
    """Units of a fine mosaic whose cells crowd around one place, down to some cells of the grid."""
    dice = np.random.default_rng(seed)
    count, spread_deg = int(dice.integers(4, 40)), 10.0 ** dice.uniform(-5.6, -3)
    seeds = np.vstack([dice.uniform(0, 0.02, (count, 2)), 0.01 + dice.normal(0, spread_deg, (count, 2))]) + np.array(
        [-92, 15]
    )
    frame = shapely.box(-92, 15, -91.98, 15.02)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(seeds), extend_to=frame))
    edges = shapely.union_all([*shapely.boundary(cells), shapely.boundary(frame)])
    faces = shapely.get_parts(shapely.polygonize([edges]))
    faces = faces[shapely.within(shapely.point_on_surface(faces), frame)]
    unit = dice.integers(0, max(2, len(faces) // 3), len(faces))
    return np.array([shapely.coverage_union_all(faces[unit == one]) for one in np.unique(unit)], dtype=object)


def test_coverages_that_plain_rounding_breaks_stay_whole() -> None:
    broken = 0
    for seed in range(60):
        areas = _tangled(seed)
        assert shapely.coverage_is_valid(areas), seed
        broken += bool(_parted(np.array([tidied(area, decimals=6) for area in areas], dtype=object)))
        made = rounded_together(areas)
        assert _parted(made) == [], seed
        assert not shapely.is_empty(made).any(), seed
        assert shapely.area(made).sum() == pytest.approx(shapely.area(areas).sum(), abs=1e-9)
    assert broken > 2
