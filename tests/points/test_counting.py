"""Counts leave through the gate: in steps of k, told once, and no two tables can be subtracted."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import atlas
from atlas.errors import InputError, OutputError, PolicyError, UsageError
from atlas.points.count_terms import CountTerms, first_month, has_ended, period_name
from atlas.release.boxes import open_boxes

TAPACHULA, CHETUMAL = (-92.26, 14.9), (-88.31, 18.51)


@pytest.fixture(scope="module")
def opened(repo: Path) -> atlas.Atlas:
    return atlas.open(repo)


def _write(path: Path, rows: list[tuple]) -> Path:
    frame = pd.DataFrame(rows, columns=["device", "time", "lon", "lat", "kind"])
    frame.to_csv(path, index=False)
    return path


def _rows(devices: range, day: str, at: tuple[float, float], kind: str = "bus") -> list[tuple]:
    return [(f"d{n}", f"{day}T10:00:00", *at, kind) for n in devices for _ in range(2)]


def _numbers(path: Path) -> dict[tuple[str, ...], int]:
    with path.open(encoding="utf-8") as stream:
        return {tuple(row[:1] + row[2:-1]): int(row[-1]) for row in list(csv.reader(stream))[1:]}


@pytest.fixture
def pings(tmp_path: Path) -> Path:
    rows = [
        *_rows(range(27), "2025-01-15", TAPACHULA),
        *_rows(range(9), "2025-02-15", TAPACHULA),
        *_rows(range(40), "2025-02-20", CHETUMAL, "phone"),
        ("", "2025-01-01", *TAPACHULA, "bus"),
        ("d1", "never", *TAPACHULA, "bus"),
        ("d1", "2025-01-01", 0.0, 0.0, "bus"),
        ("d1", "2025-01-01", None, 14.9, "bus"),
    ]
    return _write(tmp_path / "pings.csv", rows)


def test_a_number_is_the_distinct_devices_in_steps_of_k(opened: atlas.Atlas, pings: Path, tmp_path: Path) -> None:
    done = opened.count(pings, tmp_path / "c" / "box.csv", by=["box", "month"], distinct="device", k=10)
    assert sorted(_numbers(done.output).values()) == [20, 40]
    assert sorted(done.held.values()) == [1, 1, 1, 1]
    assert {key[1] for key in _numbers(done.output)} == {"2025-01", "2025-02"}
    assert all(key[0].startswith("box ") for key in _numbers(done.output))
    text = done.ledger.read_text()
    assert not [secret for secret in ('"d1"', "14.9", "pings", "10:00") if secret in text]


def test_places_are_those_of_the_map_of_boxes(opened: atlas.Atlas, tmp_path: Path) -> None:
    points = np.random.default_rng(3).uniform((-92.6, 14.4), (-88, 18.7), (400, 2))
    rows = [(f"d{n}", "2025-01-15", *at, "bus") for at in points for n in range(5)]
    done = opened.count(
        _write(tmp_path / "p.csv", rows), tmp_path / "c.csv", by=["box", "year"], distinct="device", k=5
    )
    boxes = open_boxes(opened.project)
    atoms = boxes.atoms_at(points)
    assert {key[0] for key in _numbers(done.output)} == {boxes.place_of(one, "box") for one in atoms if one}
    assert sum(done.held.values()) == 5 * atoms.count(None)


def test_a_second_table_is_a_sum_of_the_first_or_refused(opened: atlas.Atlas, pings: Path, tmp_path: Path) -> None:
    folder = tmp_path / "c"
    opened.count(pings, folder / "first.csv", by=["box", "month", "kind"], distinct="device", k=5)
    first = _numbers(folder / "first.csv")
    opened.count(pings, folder / "zone.csv", by=["zone", "quarter"], distinct="device", k=5)
    assert sum(_numbers(folder / "zone.csv").values()) == sum(first.values())
    for by, distinct, k in (
        (["box", "month"], "kind", 5),
        (["box", "month", "kind"], "device", 10),
        (["box", "month", "lon"], "device", 5),
    ):
        with pytest.raises(PolicyError, match="could be subtracted"):
            opened.count(pings, folder / "other.csv", by=by, distinct=distinct, k=k)
    other = tmp_path / "z"
    opened.count(pings, other / "first.csv", by=["zone", "quarter"], distinct="device", k=5)
    with pytest.raises(PolicyError, match="is no sum of that"):
        opened.count(pings, other / "finer.csv", by=["box", "quarter"], distinct="device", k=5)
    assert not (folder / "other.csv").exists()


@pytest.mark.parametrize("suffix", ["csv", "parquet", "geojson"])
@pytest.mark.parametrize("by", [["zone", "month", "kind"], ["box", "quarter", "kind"], ["box", "month"]], ids="-".join)
def test_a_table_under_other_terms_does_not_take_the_place_of_the_first(
    opened: atlas.Atlas, pings: Path, tmp_path: Path, by: list[str], suffix: str
) -> None:
    output = tmp_path / "c" / f"box.{suffix}"
    ask = {"by": ["box", "month", "kind"], "distinct": "device", "k": 5}
    opened.count(pings, output, **ask)
    before = {path.name: path.read_bytes() for path in output.parent.iterdir()}
    with pytest.raises(OutputError, match=f"box.{suffix} is there already and is no table by {', '.join(by)}"):
        opened.count(pings, output, by=by, distinct="device", k=5)
    assert {path.name: path.read_bytes() for path in output.parent.iterdir()} == before
    opened.count(pings, output, **ask)
    other = opened.count(pings, output.with_name(f"other.{suffix}"), by=by, distinct="device", k=5).output
    with pytest.raises(OutputError, match=f"other.{suffix} is there already"):
        opened.count(pings, other, **ask)


@pytest.mark.parametrize("text", ["", "something else", "place,level,period,at_least\n1,2\n", "\0" * 99])
@pytest.mark.parametrize("suffix", ["csv", "parquet", "geojson"])
def test_what_is_no_table_of_counts_is_not_replaced(
    opened: atlas.Atlas, pings: Path, tmp_path: Path, text: str, suffix: str
) -> None:
    ask = {"by": ["box", "month"], "distinct": "device", "k": 5}
    opened.count(pings, tmp_path / "c" / "box.csv", **ask)
    odd = tmp_path / "c" / f"odd.{suffix}"
    odd.write_text(text, encoding="utf-8")
    with pytest.raises(OutputError, match="is there already and is no table by box, month"):
        opened.count(pings, odd, **ask)
    assert odd.read_text(encoding="utf-8") == text


def test_an_empty_table_is_written_again(opened: atlas.Atlas, tmp_path: Path) -> None:
    path = _write(tmp_path / "p.csv", _rows(range(3), "2025-01-15", TAPACHULA))
    for suffix in ("csv", "parquet", "geojson"):
        for _ in range(2):
            done = opened.count(path, tmp_path / "c" / f"box.{suffix}", by=["box", "month"], distinct="device", k=5)
            assert done.classes == 0


def test_two_tables_that_are_subtracted_give_no_device(opened: atlas.Atlas, tmp_path: Path) -> None:
    """Before and after one device more: the same table, whatever is asked for in between."""
    folder, path = tmp_path / "c", tmp_path / "p.csv"
    tables = []
    for devices in (19, 20, 21, 40):
        _write(path, [*_rows(range(devices), "2025-01-15", TAPACHULA), *_rows(range(12), "2025-03-01", CHETUMAL)])
        for by in (["box", "month"], ["zone", "month"], ["section", "year"]):
            opened.count(path, folder / f"{devices}{by[0]}.csv", by=by, distinct="device", k=10)
        tables.append([_numbers(folder / f"{devices}{place}.csv") for place in ("box", "zone", "section")])
    assert all(one == other for one, other in pairwise(tables))
    assert {number % 10 for table in tables[0] for number in table.values()} == {0}


def _less(path: Path, rows: list[tuple]) -> Path:
    return _write(path, rows[:-1])


def _other_order(path: Path, rows: list[tuple]) -> Path:
    return _write(path, rows[::-1])


def _one_kind(path: Path, rows: list[tuple]) -> Path:
    return _write(path, [row for row in rows if row[-1] == "bus"])


def _other_format(path: Path, rows: list[tuple]) -> Path:
    frame = pd.DataFrame(rows, columns=["device", "time", "lon", "lat", "kind"])
    frame.to_parquet(path.with_suffix(".parquet"))
    return path.with_suffix(".parquet")


@pytest.mark.parametrize("alter", [_less, _other_order, _one_kind, _other_format])
def test_an_altered_copy_is_no_second_table(
    opened: atlas.Atlas, tmp_path: Path, alter: Callable[[Path, list[tuple]], Path]
) -> None:
    """What was told is repeated under the name of the first file, and no copy is counted beside it."""
    ask = {"by": ["box", "month"], "distinct": "device", "k": 5}
    rows = [*_rows(range(20), "2025-01-15", TAPACHULA), *_rows(range(20, 45), "2025-01-16", TAPACHULA, "phone")]
    source, folder = _write(tmp_path / "p.csv", rows), tmp_path / "c"
    first = opened.count(source, folder / "a.csv", **ask).output.read_bytes()
    copy = alter(tmp_path / "copy.csv", rows)
    with pytest.raises(OutputError, match="is of another source"):
        opened.count(copy, folder / "b.csv", **ask)
    both = opened.count([source, copy], folder / "c.csv", **ask)
    assert both.output.read_bytes() == first
    if copy.suffix == source.suffix:
        copy.replace(source)
        assert opened.count(source, folder / "d.csv", **ask).output.read_bytes() == first


def test_a_new_period_is_told_and_an_old_one_repeated(opened: atlas.Atlas, tmp_path: Path) -> None:
    path, ask = tmp_path / "p.csv", {"by": ["box", "month"], "distinct": "device", "k": 10}
    rows = _rows(range(15), "2025-01-15", TAPACHULA)
    opened.count(_write(path, rows), tmp_path / "c.csv", **ask)
    future = _rows(range(50), "2999-01-15", TAPACHULA)
    more = [*rows, *_rows(range(30), "2025-01-16", TAPACHULA), *_rows(range(30), "2025-02-15", TAPACHULA), *future]
    done = opened.count(_write(path, more), tmp_path / "c.csv", **ask)
    assert {key[1]: number for key, number in _numbers(done.output).items()} == {"2025-01": 10, "2025-02": 30}
    assert done.waiting == ("2999-01",)
    assert "2999-01 has not ended" in done.summary()


def test_a_ledger_is_needed_and_holds_one_source(opened: atlas.Atlas, pings: Path, tmp_path: Path) -> None:
    ask = {"by": ["box", "month"], "distinct": "device"}
    done = opened.count(pings, tmp_path / "c" / "box.csv", **ask)
    other = _write(tmp_path / "other.csv", _rows(range(15), "2025-01-15", CHETUMAL))
    with pytest.raises(OutputError, match="is of another source"):
        opened.count(other, tmp_path / "c" / "other.csv", **ask)
    copy = tmp_path / "copy.csv"
    copy.write_bytes(pings.read_bytes())
    opened.count(copy, tmp_path / "c" / "again.csv", **ask)
    assert (tmp_path / "c" / "again.csv").read_bytes() == done.output.read_bytes()
    # a period that is taken out would be counted anew
    whole = done.ledger.read_text()
    stated = json.loads(whole)
    stated["told"].popitem()
    for edited in (json.dumps(stated), whole.replace('"k": ', '"k": 1')):
        done.ledger.write_text(edited)
        with pytest.raises(InputError, match="was edited since it was written; restore it from a copy"):
            opened.count(pings, tmp_path / "c" / "box.csv", **ask)
        assert done.ledger.read_text() == edited
    done.ledger.write_text("{}")
    with pytest.raises(InputError, match="is no ledger of counts"):
        opened.count(pings, tmp_path / "c" / "box.csv", **ask)
    done.ledger.unlink()
    # nor by other terms under another name: the two could be subtracted
    for name, by in (("box.csv", ask), ("month.csv", {**ask, "k": 20}), ("zone.geojson", ask)):
        with pytest.raises(OutputError, match=r"\.csv exists without the ledger of its terms"):
            opened.count(pings, tmp_path / "c" / name, **by)


def test_the_formats_say_the_same(opened: atlas.Atlas, pings: Path, tmp_path: Path) -> None:
    ask = {"by": ["zone", "month", "kind"], "distinct": "device", "k": 5}
    for name in ("c.csv", "c.parquet", "c.geojson"):
        opened.count(pings, tmp_path / "c" / name, **ask)
    table = pd.read_csv(tmp_path / "c" / "c.csv")
    pd.testing.assert_frame_equal(table, pd.read_parquet(tmp_path / "c" / "c.parquet"), check_dtype=False)
    features = json.loads((tmp_path / "c" / "c.geojson").read_bytes())["features"]
    assert [one["properties"] for one in features] == table.to_dict("records")
    assert {one["geometry"]["type"] for one in features} <= {"Polygon", "MultiPolygon"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"by": ["reach", "month"]}, "give a place"),
        ({"by": ["box"]}, "give a place"),
        ({"by": ["box", "day"]}, "give a place"),
        ({"by": ["box", "month", "kind", "lon"]}, "at most one column"),
        ({"by": ["box", "month", "device"]}, "can't be told apart"),
        ({"k": 1}, "in steps of 5, 10, 20"),
        ({"distinct": "imei"}, "no column 'imei'"),
        ({"time": "hour"}, "no column of times 'hour'"),
    ],
)
def test_terms_that_can_not_be_told_are_refused(
    change: dict, message: str, opened: atlas.Atlas, pings: Path, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=message):
        opened.count(pings, tmp_path / "c" / "c.csv", **{"by": ["box", "month"], "distinct": "device", **change})
    assert not (tmp_path / "c").exists()


def test_periods_are_named_as_their_first_month() -> None:
    month = 2025 * 12 + 10
    assert [period_name(month, one) for one in ("month", "quarter", "half", "year")] == [
        "2025-11",
        "2025-Q4",
        "2025-H2",
        "2025",
    ]
    assert [first_month(one) - 2025 * 12 for one in ("2025-11", "2025-Q4", "2025-H2", "2025")] == [10, 9, 6, 0]
    assert has_ended("2025-Q4", "quarter", 2026 * 12)
    assert not has_ended("2025-Q4", "quarter", 2025 * 12 + 11)
    assert CountTerms.of(["section", "year"], "a", 5).is_sum_of(CountTerms.of(["box", "month", "kind"], "a", 5))
