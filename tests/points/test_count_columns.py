"""Devices, times and kinds as files have them: a device is one whatever its type, and no column tells a finer place."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

import atlas
from atlas.errors import InputError, PolicyError
from atlas.points.count_terms import CountTerms
from atlas.points.counting import count_files
from atlas.points.identities import texts_of

ROWS = 40
TAPACHULA = (-92.26, 14.9)


@pytest.fixture(scope="module")
def opened(repo: Path) -> atlas.Atlas:
    return atlas.open(repo)


def _file(path: Path, **columns: Any) -> Path:
    usual = {
        "lon": pa.array([TAPACHULA[0]] * ROWS),
        "lat": pa.array([TAPACHULA[1]] * ROWS),
        "device": pa.array([f"d{number}" for number in range(ROWS)]),
        "time": pa.array(["2024-03-05"] * ROWS),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pa.table({**usual, **columns})
    if path.suffix == ".csv":
        table.to_pandas().to_csv(path, index=False)
    else:
        pa.parquet.write_table(table, path)
    return path


def _numbers(opened: atlas.Atlas, source: Path, by: tuple[str, ...] = ("section", "month")) -> list[list[str]]:
    done = opened.count(source, source.parent / "out" / f"{source.name}.csv", by=list(by), distinct="device", k=5)
    return [row.split(",")[2:] for row in done.output.read_text(encoding="utf-8").splitlines()[1:]]


@pytest.mark.slow
def test_a_device_is_one_whatever_type_its_column_has(opened: atlas.Atlas, tmp_path: Path) -> None:
    # five devices: a column with a gap is one of floating numbers to many programs
    five = [1, 2, 3, 4, 5]
    _file(tmp_path / "p" / "gap.parquet", device=pa.array([None, *five] * 6 + [1, 2, 3, 4], pa.int64()))
    _file(tmp_path / "p" / "whole.parquet", device=pa.array(five * 8, pa.int32()))
    _file(tmp_path / "p" / "floating.parquet", device=pa.array([float(one) for one in five * 8]))
    _file(tmp_path / "p" / "exact.parquet", device=pa.array([Decimal(f"{one}.00") for one in five * 8]))
    _file(tmp_path / "p" / "words.parquet", device=pa.array([f" {one}" for one in five * 8]).dictionary_encode())
    _file(tmp_path / "p" / "bytes.parquet", device=pa.array([b"%d" % one for one in five * 8]))
    _file(tmp_path / "p" / "gap.csv", device=pa.array([None, *five] * 6 + [1, 2, 3, 4], pa.int64()))
    assert "1.0" in (tmp_path / "p" / "gap.csv").read_text()
    assert _numbers(opened, tmp_path / "p") == [["2024-03", "5"]]


def test_large_numbers_are_different_devices(opened: atlas.Atlas, tmp_path: Path) -> None:
    large = [None if number == 0 else 2**62 + number for number in range(ROWS)]
    assert _numbers(opened, _file(tmp_path / "p.parquet", device=pa.array(large, pa.int64()))) == [["2024-03", "35"]]


def test_what_is_no_value_is_nobody() -> None:
    column = pa.chunked_array([pa.array([float("nan"), 1.5, None, float("inf"), -0.0])])
    assert list(texts_of(column)) == [None, "1.5", None, None, "0"]
    assert list(texts_of(pa.chunked_array([pa.array(["", "  ", "007", "1.50", "7.0"])]))) == [
        None,
        None,
        "007",
        "1.50",
        "7",
    ]
    assert list(texts_of(pa.chunked_array([pa.nulls(2)]))) == [None, None]


@pytest.mark.parametrize(
    "value",
    [
        1_709_640_000,
        1_709_640_000_000,
        1_709_640_000_000_000,
        1_709_640_000_000_000_000,
        1_709_640_000.5,
        20_240_305,
        202_403_051_159,
        20_240_305_115_959,
        Decimal(1_709_640_000),
        "1709640000",
        "20240305",
        dt.date(2024, 3, 5),
    ],
)
def test_times_are_read_as_numbers_of_any_usual_size(opened: atlas.Atlas, tmp_path: Path, value: object) -> None:
    assert _numbers(opened, _file(tmp_path / "p.parquet", time=pa.array([value] * ROWS))) == [["2024-03", "40"]]


def test_texts_of_two_kinds_stand_in_one_column(opened: atlas.Atlas, tmp_path: Path) -> None:
    times = pa.array(["1709640000", "2024-03-05T10:00:00-06:00"] * (ROWS // 2))
    assert _numbers(opened, _file(tmp_path / "p.parquet", time=times)) == [["2024-03", "40"]]


@pytest.mark.parametrize("value", [0, 2024, 202_403, -1_709_640_000, 20_241_399, True, float("inf"), 1e300])
def test_what_is_no_time_is_no_month_of_1970(opened: atlas.Atlas, tmp_path: Path, value: object) -> None:
    with pytest.raises(InputError, match="40 have no day"):
        _numbers(opened, _file(tmp_path / "p.parquet", time=pa.array([value] * ROWS)))


@pytest.mark.parametrize(
    "name", ["lon", "lat", "reach", "chainage_km", "cvegeo", "atlas_border_distance_m", "side", "name"]
)
def test_no_column_tells_a_finer_place(opened: atlas.Atlas, tmp_path: Path, name: str) -> None:
    located = {one: pa.array(["R001"] * ROWS) for one in ("reach", "cvegeo", name) if one not in {"lon", "lat"}}
    source = _file(tmp_path / "p.parquet", **located)
    with pytest.raises(PolicyError, match="a place is a box, a zone or a section and nothing finer"):
        _numbers(opened, source, ("section", "month", name))
    assert not (tmp_path / "out").exists()


def test_no_column_tells_a_finer_time(opened: atlas.Atlas, tmp_path: Path) -> None:
    source = _file(tmp_path / "p.parquet", name=pa.array(["bus 1"] * ROWS))
    with pytest.raises(PolicyError, match="times are told by the period alone"):
        _numbers(opened, source, ("section", "month", "time"))
    # of a table that was not located, a name is one of anything
    assert _numbers(opened, source, ("section", "month", "name")) == [["2024-03", "bus 1", "40"]]


def test_an_interrupted_count_leaves_the_table_and_its_ledger(opened: atlas.Atlas, tmp_path: Path) -> None:
    source = _file(tmp_path / "p.parquet")
    terms = CountTerms.of(["section", "month"], "device", 5)
    output = tmp_path / "out" / "c.csv"
    first = count_files(opened.project, [source], output, terms)
    before = {one.name: one.read_bytes() for one in output.parent.iterdir()}
    assert set(before) == {"c.csv", first.ledger.name}
    _file(source, time=pa.array(np.array(["2024-03-05", "2024-04-05"]).repeat(ROWS // 2)))

    def stop(_share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        count_files(opened.project, [source], output, terms, on_progress=stop)
    assert {one.name: one.read_bytes() for one in output.parent.iterdir()} == before
    # and the next run tells what this one would have
    count_files(opened.project, [source], output, terms)
    assert [row.split(",")[2:] for row in output.read_text().splitlines()[1:]] == [["2024-03", "40"], ["2024-04", "20"]]
