"""Points of every format come out with all their rows and with where they lie."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

import atlas
from atlas import files
from atlas.errors import InputError, OutputError, PolicyError, UsageError
from atlas.field.place import Placer
from atlas.files import staging_path
from atlas.project import find_project

COLUMNS = ["cvegeo", "name", "reach", "chainage_km", "border_distance_m", "side"]
COUNT = 300


@pytest.fixture(scope="module")
def opened(repo: Path) -> atlas.Atlas:
    return atlas.open(repo)


@pytest.fixture(scope="module")
def points() -> np.ndarray:
    return np.random.default_rng(5).uniform((-92.6, 14.4), (-88, 18.7), (COUNT, 2))


@pytest.fixture(scope="module")
def expected(repo: Path, points: np.ndarray) -> list[tuple]:
    return [
        (one.municipality_cvegeo, one.nearest_reach, one.chainage_km, one.border_distance_m)
        for one in Placer.of(find_project(repo)).places(points)
    ]


def _frame(points: np.ndarray) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"id": [f"{i:03d}" for i in range(len(points))]}, geometry=gpd.points_from_xy(*points.T), crs=4326
    )


def _write(kind: str, points: np.ndarray, folder: Path) -> Path:
    frame = _frame(points)
    table = pd.DataFrame({"id": frame["id"], "lon": points[:, 0], "lat": points[:, 1]})
    path = folder / f"in.{kind}"
    if kind == "geo.parquet":
        frame.to_parquet(path)
    elif kind == "parquet":
        table.to_parquet(path, row_group_size=70)
    elif kind == "csv.zst":
        with pa.output_stream(str(path), compression="zstd") as stream:
            stream.write(table.to_csv(index=False).encode())
    elif kind.startswith("csv"):
        table.to_csv(path, index=False)
    elif kind == "utm.gpkg":
        frame.to_crs(32615).to_file(path)
    else:
        frame.to_file(path)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["geo.parquet", "parquet", "csv", "csv.gz", "csv.zst", "gpkg", "utm.gpkg", "fgb"])
def test_every_format_gives_the_places_of_the_slow_locator(
    kind: str, opened: atlas.Atlas, points: np.ndarray, expected: list[tuple], tmp_path: Path
) -> None:
    done = opened.locate(_write(kind, points, tmp_path), tmp_path / "out")
    assert (done.rows, done.without_position, list(done.columns)) == (COUNT, 0, COLUMNS)
    made = gpd.read_parquet(tmp_path / "out" / "part-000000.parquet").sort_values("id")
    assert made["id"].tolist() == [f"{i:03d}" for i in range(COUNT)]
    got = list(
        zip(
            *(made[name].astype(object).where(made[name].notna(), None) for name in (COLUMNS[0], *COLUMNS[2:5])),
            strict=True,
        )
    )
    if kind == "utm.gpkg":
        assert [one[:2] for one in got] == [one[:2] for one in expected]
        assert made.total_bounds[0] == pytest.approx(points[:, 0].min(), abs=1e-6)
    else:
        assert got == expected
        box = pq.read_table(tmp_path / "out" / "part-000000.parquet")["bbox"].to_pylist()
        assert {one["xmin"] for one in box} == set(points[:, 0])


def test_rows_without_a_position_are_kept_and_counted(opened: atlas.Atlas, tmp_path: Path) -> None:
    text = "id;lon;lat\n007;-92,26;14.9\n008;-92.26;14.9\n009;;\n010;-200;14.9\n011;east;north\n"
    (tmp_path / "in.csv").write_text(text, encoding="utf-8-sig")
    done = opened.locate(tmp_path / "in.csv", tmp_path / "out.csv")
    assert (done.rows, done.without_position) == (5, 3)
    assert "3 rows have no longitude and latitude" in done.summary()
    made = pd.read_csv(tmp_path / "out.csv", dtype=str)
    assert made["id"].tolist() == ["007", "008", "009", "010", "011"]
    # a decimal comma is read as one
    assert made["name"].fillna("").tolist() == ["Tapachula", "Tapachula", "", "", ""]


def test_a_column_that_is_taken_keeps_its_values(opened: atlas.Atlas, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("name,lon,lat\nbus,-92.26,14.9\n")
    done = opened.locate(tmp_path / "in.csv", tmp_path / "out.csv")
    made = pd.read_csv(tmp_path / "out.csv")
    assert (made["name"][0], made["atlas_name"][0], done.columns[1]) == ("bus", "Tapachula", "atlas_name")


def test_a_partitioned_folder_gives_its_columns_and_a_glob_its_files(opened: atlas.Atlas, tmp_path: Path) -> None:
    for month in ("2026-01", "2026-02"):
        (tmp_path / "in" / f"month={month}").mkdir(parents=True)
        (tmp_path / "in" / f"month={month}" / "a.csv").write_text("lon,lat\n-92.26,14.9\n")
    (tmp_path / "in" / "_SUCCESS.csv").write_text("")
    opened.locate(tmp_path / "in", tmp_path / "out.csv")
    assert pd.read_csv(tmp_path / "out.csv")["month"].tolist() == ["2026-01", "2026-02"]
    assert opened.locate(f"{tmp_path}/in/*/*.csv", tmp_path / "again").files == 2


def test_other_peoples_polygons_are_joined_by_their_code(
    opened: atlas.Atlas, repo: Path, points: np.ndarray, expected: list[tuple], tmp_path: Path
) -> None:
    areas = tmp_path / "areas.gpkg"
    gpd.read_file(repo / "geodata" / "layers" / "municipalities.geojson")[["cvegeo", "geometry"]].to_file(areas)
    frame = opened.locate(_frame(points), areas=areas, key="cvegeo")
    assert frame["cvegeo"].fillna("").tolist() == [one[0] or "" for one in expected]
    with pytest.raises(UsageError, match="no such field; it has cvegeo"):
        opened.locate(_frame(points), areas=areas, key="code")
    with pytest.raises(UsageError, match="--areas FILE --key FIELD"):
        opened.locate(_frame(points), areas=areas)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("a,b\n1,2\n", "no column of positions among a, b"),
        ("lon,lat,lon\n1,2,3\n", "two columns called 'lon'"),
        ("lon,lat\n1,2,3\n", "cannot be read to its end"),
        ("x,y\n500000,1600000\n", r"none of the 1 rows .* bring the points to degrees"),
        ("lon,lat\n14.9,-92.26\n", r"the other way round: name the columns with --lon and --lat, each for the other"),
    ],
)
def test_a_file_that_cannot_be_used_says_so_and_leaves_nothing(
    text: str, message: str, opened: atlas.Atlas, tmp_path: Path
) -> None:
    (tmp_path / "in.csv").write_text(text)
    for output in ("out", "out.csv", "out.parquet"):
        with pytest.raises(InputError, match=message):
            opened.locate(tmp_path / "in.csv", tmp_path / output)
    assert [one.name for one in tmp_path.iterdir()] == ["in.csv"]


@pytest.mark.parametrize("crs", [4326, 32615])
def test_polygons_that_are_given_as_points_are_named(crs: int, opened: atlas.Atlas, tmp_path: Path) -> None:
    shape = shapely.box(-92.2, 14.9, -92.1, 15)
    frame = gpd.GeoDataFrame({"code": ["a"]}, geometry=[shape], crs=4326).to_crs(crs)
    frame.to_file(tmp_path / "in.gpkg")
    with pytest.raises(InputError, match=r"the shapes are no points \(Polygon\); .* --areas FILE --key FIELD"):
        opened.locate(tmp_path / "in.gpkg", tmp_path / "out")


def test_outputs_that_would_publish_or_overwrite_are_refused(opened: atlas.Atlas, repo: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text("lon,lat\n-92.26,14.9\n")
    with pytest.raises(PolicyError, match="exact positions do not go into"):
        opened.locate(tmp_path / "in", repo / "maps" / "out")
    for output in (tmp_path / "in", tmp_path / "in" / "out", tmp_path):
        with pytest.raises(OutputError, match="lies in, or around, the input"):
            opened.locate(tmp_path / "in", output)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "note").write_text("kept")
    with pytest.raises(OutputError, match="something else than located points"):
        opened.locate(tmp_path / "in", tmp_path / "other")
    with pytest.raises(UsageError, match="written as a folder"):
        opened.locate(tmp_path / "in", tmp_path / "out.gpkg")
    # files that a pattern names are inputs, too
    with pytest.raises(OutputError, match="lies in, or around, the input"):
        opened.locate(str(tmp_path / "in" / "*.csv"), tmp_path / "in" / "a.csv")
    assert (tmp_path / "in" / "a.csv").read_text() == "lon,lat\n-92.26,14.9\n"
    # what it wrote itself it replaces
    for _ in range(2):
        opened.locate(tmp_path / "in", tmp_path / "out")


@pytest.mark.slow
@pytest.mark.parametrize("output", ["out", "out.parquet"])
def test_exact_points_that_a_killed_run_left_go_with_a_later_run(
    opened: atlas.Atlas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: str
) -> None:
    pings = tmp_path / "p.csv"
    pings.write_text("lon,lat\n-92.2,14.9\n", encoding="utf-8")
    left, alive = staging_path(tmp_path), staging_path(tmp_path)
    others = [tmp_path / ".atlas-0123456789ab0123456789ab.part", tmp_path / "film.part"]
    for folder in (left, alive, *others):
        folder.mkdir()
        (folder / "part-000000.parquet").write_bytes(b"exact")
    opened.locate(pings, tmp_path / output)
    assert left.exists()
    later = time.time() + 3600
    monkeypatch.setattr(files.time, "time", lambda: later)
    os.utime(alive / "part-000000.parquet", (later, later))
    opened.locate(pings, tmp_path / f"b-{output}")
    assert not left.exists()
    assert all(folder.exists() for folder in (alive, *others))


def test_the_command_says_what_came_of_it(repo: Path, tmp_path: Path) -> None:
    with gzip.open(tmp_path / "in.csv.gz", "wt") as stream:
        stream.write("lon,lat\n-92.26,14.9\n,\n")
    command = [sys.executable, "-m", "atlas", "locate", "in.csv.gz", "-o", "out.csv", "--project", str(repo)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Located 2 rows in out.csv (1 files).\nNote: 1 rows have no longitude")
    assert "Tapachula" in (tmp_path / "out.csv").read_text()


def test_what_a_killed_worker_was_writing_is_not_in_the_folder(tmp_path: Path) -> None:
    from atlas.points.point_writer import opened_folder

    with opened_folder(str(tmp_path / "out")) as staged:
        (Path(staged) / ".atlas-0123456789ab.part").write_bytes(b"")
        (Path(staged) / "part-000000.parquet").write_bytes(b"whole")
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["part-000000.parquet"]
