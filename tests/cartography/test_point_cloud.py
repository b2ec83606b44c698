"""Points by the hundred thousand: the same from every format, refused at once where they are too many."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely

from atlas.admission.published_atlas import PublishedAtlas, open_published_atlas
from atlas.cartography import point_cloud
from atlas.cartography.assembly import assemble
from atlas.cartography.composition import Composition, MapLayer, Style
from atlas.cartography.point_cloud import is_cloud, read_cloud
from atlas.cartography.world_grid import MOST_OFF_M, SIDE, grid_steps
from atlas.errors import InputError, PolicyError, UsageError
from atlas.project import find_project
from atlas.render.cloud_blocks import cloud_blocks
from atlas.render.pages import user_layer

COUNT = 60_000


@pytest.fixture(scope="module")
def release(repo: Path) -> PublishedAtlas:
    return open_published_atlas(find_project(repo))


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    random = np.random.default_rng(5)
    places = random.uniform((-92.5, 14.5), (-88.5, 18.5), (COUNT, 2)).round(6)
    places[:7] = places[0]
    kinds = np.array(["bus", "boat", "on foot"])[random.integers(0, 3, COUNT)]
    days = np.datetime_as_string(np.datetime64("2025-01-01") + random.integers(0, 365, COUNT))
    return pd.DataFrame({"lon": places[:, 0], "lat": places[:, 1], "kind": kinds, "day": days, "code": "007"})


@pytest.fixture(scope="module")
def files(frame: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("points")
    paths = {end: folder / f"p.{end}" for end in ("csv", "csv.gz", "parquet", "geoparquet", "gpkg", "fgb", "geojson")}
    frame.to_csv(paths["csv"], index=False)
    paths["csv.gz"].write_bytes(gzip.compress(paths["csv"].read_bytes()))
    frame.to_parquet(paths["parquet"])
    shaped = gpd.GeoDataFrame(
        frame.drop(columns=["lon", "lat"]), geometry=gpd.points_from_xy(frame["lon"], frame["lat"]), crs=4326
    )
    shaped.to_parquet(paths["geoparquet"])
    shaped.to_file(paths["gpkg"])
    shaped.to_file(paths["fgb"], SPATIAL_INDEX="NO")
    paths["geojson"].write_text(shaped.to_json(), encoding="utf-8")
    return paths


def _layer(source: object) -> MapLayer:
    return MapLayer(source, Style(colour="kind"), popup=("kind", "day", "code"))


@pytest.mark.slow
def test_every_format_gives_the_same_points_and_the_same_bytes(
    files: dict[str, Path], frame: pd.DataFrame, release: PublishedAtlas
) -> None:
    made = {}
    for end, path in files.items():
        assert is_cloud(path), end
        assembled = assemble(Composition((_layer(path),)), release, share=lambda _done: None)
        (drawn,) = assembled.drawn
        assert drawn.cloud is not None
        assert drawn.cloud.columns["code"].to_pylist()[:2] == ["007", "007"]
        assert sum(entry.count for entry in drawn.portrayal.entries) == COUNT
        made[end] = json.dumps(cloud_blocks(drawn))
    assert set(made.values()) == {made["csv"]}
    of_frame = read_cloud(_layer(frame), lambda _done: None)
    assert of_frame is not None
    assert len(of_frame.positions) == COUNT


def test_a_point_is_drawn_within_the_metres_that_the_page_says() -> None:
    random = np.random.default_rng(3)
    places = random.uniform((-180, -84), (180, 84), (20_000, 2))
    x, y = grid_steps(places)
    lon = (x + 0.5) / SIDE * 360 - 180
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (y + 0.5) / SIDE))))
    off = pyproj.Geod(ellps="GRS80").inv(places[:, 0], places[:, 1], lon, lat)[2]
    assert off.max() <= MOST_OFF_M


@pytest.mark.parametrize(
    ("kind", "sizes", "match"),
    [("Point", 30_000_000, "about .* points; a page carries .*atlas count"), ("Polygon", 3_000_000, "not single")],
)
def test_too_much_is_refused_before_it_is_read(kind: str, sizes: int, match: str, tmp_path: Path) -> None:
    feature = f'{{"type":"Feature","properties":{{}},"geometry":{{"type":"{kind}","coordinates":[]}}}},\n'.encode()
    path = tmp_path / "much.geojson"
    with path.open("wb") as stream:
        stream.write(b'{"type":"FeatureCollection","features":[\n' + feature * 4000)
        # the rest is a hole, which nothing reads
        stream.truncate(sizes * len(feature))
    started = time.process_time()
    with pytest.raises(InputError, match=match):
        is_cloud(path)
    assert time.process_time() - started < 1


@pytest.mark.slow
def test_too_many_rows_of_a_table_are_refused_by_its_own_count(
    files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(point_cloud, "MOST_POINTS", COUNT - 1)
    with pytest.raises(InputError, match=r"has 60,000 points"):
        is_cloud(files["parquet"])


def test_a_figure_of_too_many_is_refused_before_it_is_read(release: PublishedAtlas, tmp_path: Path) -> None:
    path = tmp_path / "much.csv"
    row = b"-92.123456,14.123456,bus\n"
    with path.open("wb") as stream:
        stream.write(b"lon,lat,kind\n" + row * 20_000)
        # the rest is a hole, which nothing reads
        stream.truncate(10_000_000 * len(row))
    started = time.process_time()
    with pytest.raises(InputError, match=r"features; a figure can carry 200,000.*atlas count"):
        assemble(Composition(layers=(MapLayer(path),)), release)
    assert time.process_time() - started < 1


def test_few_points_and_other_shapes_go_the_ordinary_way(tmp_path: Path, frame: pd.DataFrame) -> None:
    frame.head(100).to_csv(tmp_path / "few.csv", index=False)
    assert not is_cloud(tmp_path / "few.csv")
    point, area = (
        f'{{"type": "Feature", "properties": {{}}, "geometry": {shapely.to_geojson(shape)}}}'
        for shape in (shapely.Point(-91, 16), shapely.box(-91, 16, -90, 17))
    )
    text = f'{{"type": "FeatureCollection", "features": [{", ".join([*[point] * COUNT, area])}]}}'
    (tmp_path / "mixed.geojson").write_text(text, encoding="utf-8")
    assert is_cloud(tmp_path / "mixed.geojson")
    assert read_cloud(MapLayer(tmp_path / "mixed.geojson"), lambda _done: None) is None


@pytest.mark.slow
def test_a_class_that_is_not_open_stops_the_page(frame: pd.DataFrame, tmp_path: Path, release: PublishedAtlas) -> None:
    closed = frame.assign(sensitivity=["open"] * (COUNT - 1) + ["restricted"])
    for path, write in ((tmp_path / "a.csv", closed.to_csv), (tmp_path / "a.parquet", closed.to_parquet)):
        write(path, index=False)
        with pytest.raises(PolicyError, match=f"restricted.*feature {COUNT}"):
            assemble(Composition((_layer(path),)), release, share=lambda _done: None)


@pytest.mark.slow
def test_rows_without_a_place_are_told_and_chosen_rows_too(
    frame: pd.DataFrame, tmp_path: Path, release: PublishedAtlas
) -> None:
    holes = frame.astype({"lat": object})
    holes.loc[:9, "lat"] = ["", None, "north", "nan", *[""] * 6]
    holes.to_csv(tmp_path / "a.csv", index=False)
    layer = MapLayer(tmp_path / "a.csv", Style(colour="kind"), where=(("kind", "bus"),))
    (drawn,) = assemble(Composition((layer,)), release, share=lambda _done: None).drawn
    notes = " ".join(note["en"] for note in drawn.notes)
    assert "not on the map: 10" in notes
    assert "kind = bus" in notes
    assert [entry.text["en"] for entry in drawn.portrayal.entries] == ["bus"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("layer", "match"),
    [
        ({"style": Style(size="code")}, "--size code"),
        ({"popup": ("nothing",)}, "no field 'nothing'; it has kind, day, code"),
        ({"where": (("kind", "train"),)}, "no row with kind = train"),
    ],
)
def test_what_cannot_be_drawn_is_said(
    files: dict[str, Path], layer: dict[str, object], match: str, release: PublishedAtlas
) -> None:
    with pytest.raises((UsageError, InputError), match=match):
        assemble(Composition((MapLayer(files["csv"], **layer),)), release, share=lambda _done: None)  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_member_twice_is_refused_in_a_million_too(files: dict[str, Path], tmp_path: Path) -> None:
    text = files["geojson"].read_text(encoding="utf-8").replace('"kind": "bus"', '"kind": "bus", "kind": "car"', 1)
    (tmp_path / "a.geojson").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="stands twice"):
        read_cloud(MapLayer(tmp_path / "a.geojson"), lambda _done: None)


@pytest.mark.slow
def test_positions_are_read_however_they_are_written(frame: pd.DataFrame, tmp_path: Path) -> None:
    commas = frame.assign(
        **{name: frame[name].map(lambda one: f"{one:.6f}".replace(".", ",")) for name in ("lon", "lat")}
    )
    commas.to_csv(tmp_path / "a.csv", index=False, sep=";")
    cloud = read_cloud(MapLayer(tmp_path / "a.csv"), lambda _done: None)
    assert cloud is not None
    assert np.array_equal(cloud.positions, frame[["lon", "lat"]].to_numpy())


def test_metres_are_not_taken_for_degrees(frame: pd.DataFrame, tmp_path: Path) -> None:
    frame.assign(lon=frame["lon"] * 1000).to_csv(tmp_path / "a.csv", index=False)
    with pytest.raises(InputError, match="not longitude and latitude in degrees"):
        read_cloud(MapLayer(tmp_path / "a.csv"), lambda _done: None)


@pytest.mark.slow
def test_only_chosen_fields_reach_the_page(files: dict[str, Path], release: PublishedAtlas) -> None:
    layer = MapLayer(files["csv"], Style(), popup=("kind",))
    pages = []
    for _ in range(2):
        edition = user_layer.edition_of(Composition((layer,)), release=release, tiles=None)
        pages.append(user_layer.render(edition))
    assert pages[0] == pages[1]
    (block,) = [line for line in pages[0].splitlines() if 'id="atlas-cloud"' in line]
    assert [field["name"] for field in json.loads(block.partition(">")[2].partition("<")[0])["fields"]] == ["kind"]
    assert "0.43 m" in pages[0]
