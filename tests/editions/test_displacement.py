"""How far what is drawn moved, held against every position measured one by one."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.editions.displacement import displacement_m
from atlas.geometry.geodesy import scale_m
from tests.editions.generated import coverage


def brute_m(old: BaseGeometry, new: BaseGeometry) -> float:
    """The largest distance of any position to the other's edge, by measuring all of them."""
    latitudes = [shapely.get_coordinates(one)[:, 1].mean() for one in (old, new)]
    scale = scale_m(np.array([sum(latitudes) / 2]))[0]
    edges = []
    for shape in (old, new):
        line = shapely.boundary(shape) if shapely.get_dimensions(shape) == 2 else shape
        edges.append(shapely.transform(line, lambda xy: xy * scale))
    return max(
        float(shapely.distance(shapely.points(shapely.get_coordinates(one)), other).max())
        for one, other in (edges, edges[::-1])
    )


def wavy(area: BaseGeometry, rng: np.random.Generator) -> BaseGeometry:
    """The same area with many positions, some hundred metres beside its straight edges."""
    fine = shapely.segmentize(area, 0.02)
    return shapely.transform(fine, lambda xy: xy + 0.002 * np.sin(xy[:, ::-1] * rng.uniform(100, 300)))


def turned(area: BaseGeometry, by: int, *, back: bool) -> BaseGeometry:
    """The same rings, begun elsewhere, perhaps run the other way."""

    def ring(line: BaseGeometry) -> np.ndarray:
        xy = np.roll(shapely.get_coordinates(line)[:-1], by, axis=0)
        return np.vstack([xy, xy[:1]])[:: -1 if back else 1]

    return shapely.Polygon(ring(area.exterior), [ring(hole) for hole in area.interiors])


def shifted(area: BaseGeometry, rng: np.random.Generator, noise: float) -> BaseGeometry:
    step = rng.uniform(-0.0004, 0.0004, 2)

    def moved(xy: np.ndarray) -> np.ndarray:
        # the first and the last of a ring alike
        places, number = np.unique(xy, axis=0, return_inverse=True)
        return xy + step + rng.normal(0, noise, places.shape)[number.ravel()]

    return shapely.transform(area, moved)


def tipped(area: BaseGeometry) -> BaseGeometry:
    """The same area with one position 1 km off, in the middle of its outline."""
    xy = shapely.get_coordinates(area.exterior)
    xy[len(xy) // 2] += 0.01
    return shapely.Polygon(xy, [shapely.get_coordinates(hole) for hole in area.interiors])


@pytest.mark.parametrize("seed", range(12))
def test_the_largest_displacement_is_that_of_all_positions_measured(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _, _, cell in coverage(12, seed)[:2]:
        old = wavy(cell, rng)
        hole = shapely.buffer(shapely.point_on_surface(cell), 0.05)
        old = shapely.difference(old, hole) if seed % 3 == 0 and cell.contains(hole.buffer(0.1)) else old
        news = [
            shifted(old, rng, 0.0),
            shifted(old, rng, 0.00002),
            turned(shifted(old, rng, 0.00001), int(rng.integers(1, 40)), back=bool(seed % 2)),
            shapely.simplify(old, 0.001),
            shapely.segmentize(shifted(old, rng, 0.0), 0.013),
            wavy(cell, rng),
            shapely.union(old, shapely.box(-80, 10, -79.9, 10.1)),
        ]
        news.append(tipped(old))
        for new in news:
            assert displacement_m(old, new) == pytest.approx(brute_m(old, new), rel=1e-6, abs=1e-6)
            assert displacement_m(new, old) == pytest.approx(brute_m(new, old), rel=1e-6, abs=1e-6)


def test_of_lines_it_is_the_same() -> None:
    rng = np.random.default_rng(1)
    old = shapely.LineString(np.cumsum(rng.normal(0, 0.01, (300, 2)), axis=0) + np.array([-90, 15]))
    for new in (shapely.reverse(shifted(old, rng, 0.00001)), shifted(old, rng, 0), shapely.simplify(old, 0.005)):
        assert displacement_m(old, new) == pytest.approx(brute_m(old, new), rel=1e-6)
    both = shapely.multilinestrings([old, shifted(old, rng, 0.0001)])
    assert displacement_m(old, both) == pytest.approx(brute_m(old, both), rel=1e-6)
