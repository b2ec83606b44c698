"""Data on both sides of 180° lie side by side on a map of one's own, with the land between them."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from atlas.admission.published_atlas import PublishedAtlas
from atlas.cartography.assembly import Assembled, assemble
from atlas.cartography.composition import Composition, MapLayer, checked_extent
from atlas.cartography.world import countries
from atlas.errors import UsageError
from atlas.figure.composed_figure import _shown
from atlas.figure.figure_texts import load_words
from atlas.figure.paper import Type
from atlas.figure.plan import Desk
from atlas.render.extent import sheet_bounds
from atlas.render.pages.user_layer import edition_of


def _map(folder: Path, rows: str, release: PublishedAtlas, **more: object) -> Assembled:
    (folder / "t.csv").write_text(f"name,lon,lat\n{rows}", encoding="utf-8")
    layers = (MapLayer(folder / "t.csv"), *(MapLayer(name) for name in more.pop("native", ())))
    return assemble(Composition(layers, **more), release)


@pytest.mark.parametrize(
    ("rows", "extent"),
    [
        ("a,179.9,-17\nb,-179.9,-17\n", (179.9, -17, 180.1, -17)),
        ("a,178.4,-18\nb,-175.2,-21\n", (178.4, -21, 184.8, -18)),
        # on one side, and all around the world: as they are
        ("a,-179.9,-17\nb,-178,-18\n", (-179.9, -18, -178, -17)),
        ("a,179,0\nb,-179,0\nc,-90,0\nd,0,0\ne,90,0\n", (-179, 0, 179, 0)),
        ("a,-92.2,14.9\nb,-88.3,18.5\n", (-92.2, 14.9, -88.3, 18.5)),
    ],
)
def test_data_lie_side_by_side(tmp_path: Path, release: PublishedAtlas, rows: str, extent: tuple[float, ...]) -> None:
    assembled = _map(tmp_path, rows, release)
    assert assembled.data_extent == pytest.approx(extent)
    shown = _shown(Desk(release, load_words("en"), Type.fitting(170)), assembled)
    assert shown.west <= extent[0]
    assert shown.east >= extent[2]
    assert shown.east - shown.west < 2 * (extent[2] - extent[0]) + 3
    x = [shown.projection(lon, extent[1])[0] for lon in (extent[0], extent[2])]
    assert x == sorted(x)


def test_the_ground_of_the_page_goes_on_beyond_180(tmp_path: Path, release: PublishedAtlas) -> None:
    layer = tmp_path / "t.csv"
    layer.write_text("name,lon,lat\na,178.4,-18\nb,-175.2,-21\nc,-92.2,14.9\n", encoding="utf-8")
    edition = edition_of(Composition((MapLayer(layer), MapLayer("border"))), release=release, tiles=None)
    west, _, east, _ = sheet_bounds(edition)
    assert 140 < west < 178
    assert 267.8 < east < 360
    for name in ("border", "basemap"):
        placed = [shape for shape in edition.shapes[name] if shape is not None]
        ends = shapely.total_bounds(placed)
        assert ends[0] >= west
        assert ends[2] <= east
    # what the browser takes for the other side of the sheet begins where nothing is drawn
    assert (east - 360 + west) / 2 < west


def test_a_country_on_both_sides_is_one_piece_there() -> None:
    beyond = {one.name["en"]: one for one in countries((150.0, -58.0, 220.0, 80.0))}
    west, _, east, _ = beyond["Russia"].shape.bounds
    assert 150 <= west < 180 < east < 200
    assert beyond["United States of America"].shape.bounds[0] > 185
    assert beyond["New Zealand"].at[0] < 180


@pytest.mark.parametrize(
    ("given", "extent"),
    [
        ([170, -25, -170, -10], (170, -25, 190, -10)),
        ([170, -25, 190, -10], (170, -25, 190, -10)),
        ([-94, 14, -88, 19], (-94, 14, -88, 19)),
    ],
)
def test_an_extent_may_go_across_180(given: list[float], extent: tuple[float, ...]) -> None:
    assert checked_extent(given) == extent


@pytest.mark.parametrize(
    "given", [[10, -5, -10, 5], [20, 0, 10, 5], [-88, 14, -94, 19], [0, 0, 361, 1], [181, 0, 185, 1]]
)
def test_swapped_edges_are_no_extent_across_180(given: list[float]) -> None:
    with pytest.raises(UsageError, match="or 170,-25,-170,-10 across 180°"):
        checked_extent(given)


def test_an_extent_across_180_takes_data_of_one_side_along(tmp_path: Path, release: PublishedAtlas) -> None:
    assembled = _map(tmp_path, "a,-179.5,-17\nb,-178,-18\n", release, extent=(170.0, -25.0, 190.0, -10.0))
    assert assembled.data_extent == pytest.approx((180.5, -18, 182, -17))
    assert assembled.extent == (170, -25, 190, -10)
    both = _map(tmp_path, "a,179.9,-17\nb,-179.9,-17\n", release, extent=(-180.0, -25.0, -170.0, -10.0))
    assert both.extent == (180, -25, 190, -10)
