"""Which way round the globe a step goes, and what is left when a shape is cut at 180°."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from atlas.errors import GeometryError
from atlas.geometry.antimeridian import cut_line, cut_polygon
from atlas.geometry.antimeridian_steps import Reading, Role, Stretch, readings


def _box(west: float, south: float, east: float, north: float) -> np.ndarray:
    return np.array([[west, south], [east, south], [east, north], [west, north], [west, south]], dtype=float)


def _line(*positions: tuple[float, float]) -> Stretch:
    return Stretch(np.array(positions, dtype=float), Role.LINE)


@pytest.mark.parametrize(
    ("ring", "right_handed", "meant"),
    [
        (_box(178, -18, -179, -16), None, Reading.ACROSS),
        (_box(178, -18, -179, -16), False, Reading.UNSURE),
        (_box(178, -18, -179, -16)[::-1], None, Reading.STRAIGHT),
        # programs write the outline of a whole map in either direction
        (_box(-100, -10, 100, 10)[::-1], None, Reading.UNSURE),
        (_box(-100, -10, 100, 10)[::-1], True, Reading.ACROSS),
        (_box(-180, -80, 180, 80)[::-1], None, Reading.STRAIGHT),
        (_box(-90, -10, 90, 10)[::-1], None, Reading.PLAIN),
    ],
)
def test_a_ring_is_read_by_its_direction(ring: np.ndarray, right_handed: bool | None, meant: Reading) -> None:  # noqa: FBT001
    assert readings([Stretch(ring, Role.SHELL)], right_handed=right_handed) == [meant]


def test_a_box_across_180_is_stronger_than_the_direction_of_a_ring() -> None:
    ring = _box(178, -18, -179, -16)[::-1]
    assert readings([Stretch(ring, Role.SHELL, ((178, -18, -179, -16),))]) == [Reading.ACROSS]
    # a box that does not hold the ring says nothing about it
    assert readings([Stretch(ring, Role.SHELL, ((179.5, -18, -179.5, -16),))]) == [Reading.STRAIGHT]


def test_a_line_is_read_by_its_other_parts_and_steps() -> None:
    line = _line((170, 1), (-170, 1))
    assert readings([line]) == [Reading.UNSURE]
    assert readings([line, _line((160, 1), (165, 1)), _line((-160, 1), (-165, 1))])[0] is Reading.ACROSS
    assert readings([line, _line((160, 1), (165, 1)), _line((-60, 1), (-65, 1))])[0] is Reading.UNSURE
    assert readings([_line((170, 1), (175, 1), (-179, 1), (-170, 1))]) == [Reading.ACROSS]
    assert readings([_line((60, 1), (170, 1), (-150, 1), (-120, 1))]) == [Reading.UNSURE]


def test_a_line_is_cut_as_often_as_it_crosses_and_keeps_what_its_positions_carry() -> None:
    line = np.array([[170, 0, 0], [-170, 10, 10], [170, 20, 0]], dtype=float)
    parts = [part[0].tolist() for part in cut_line(line, Reading.ACROSS).parts]
    assert parts == [
        [[170, 0, 0], [180, 5, 5]],
        [[-180, 5, 5], [-170, 10, 10], [-180, 15, 5]],
        [[180, 15, 5], [170, 20, 0]],
    ]


def test_a_line_that_only_touches_180_or_runs_along_it_is_not_cut() -> None:
    touching = np.array([[170, 0], [180, 1], [180, 2], [170, 3]], dtype=float)
    assert [part[0].tolist() for part in cut_line(touching, Reading.PLAIN).parts] == [touching.tolist()]


def test_a_hole_across_180_opens_both_pieces() -> None:
    rings = [_box(170, -20, -170, 20), _box(178, -2, -178, 2)[::-1]]
    pieces = cut_polygon(rings, [Reading.ACROSS] * 2)
    area = shapely.MultiPolygon([shapely.Polygon(part[0], part[1:]) for part in pieces.parts])
    assert area.is_valid
    assert area.area == pytest.approx(20 * 40 - 4 * 4)
    assert [len(part) for part in pieces.parts] == [1, 1]


@pytest.mark.parametrize(("north", "eastward"), [(True, True), (False, False)])
def test_a_ring_around_a_pole_ends_at_the_pole(*, north: bool, eastward: bool) -> None:
    lat = 70 if north else -70
    lon = np.arange(-170, 180, 20) if eastward else np.arange(170, -180, -20)
    ring = np.column_stack([np.append(lon, lon[0]), np.full(len(lon) + 1, lat)]).astype(float)
    ((shell,),) = cut_polygon([ring], [Reading.ACROSS]).parts
    area = shapely.Polygon(shell)
    assert area.is_valid
    assert area.area == pytest.approx(360 * 20)
    assert area.bounds == ((-180, 70, 180, 90) if north else (-180, -90, 180, -70))


def test_what_is_no_area_across_180_is_not_cut() -> None:
    bowtie = np.array([[178, -10], [-178, -8], [-178, -10], [178, -8], [178, -10]], dtype=float)
    with pytest.raises(GeometryError, match="Self-intersection"):
        cut_polygon([bowtie], [Reading.ACROSS])
    with pytest.raises(GeometryError, match="not inside its outer ring"):
        cut_polygon([_box(178, -18, -179, -16), _box(10, 0, 20, 10)], [Reading.ACROSS, Reading.PLAIN])
