"""The archive of many points: its container, its tiles, and what is said of what it cannot hold."""

from __future__ import annotations

import gzip
import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.cartography.archive.archived_layer import ArchivedPoints
from atlas.cartography.archive.archived_points import archive_points
from atlas.cartography.archive.pmtiles import TileWriter, tile_id
from atlas.cartography.archive.quadrants import quadrant_keys, span_of, steps_of
from atlas.cartography.archive.sorted_runs import SortedRuns
from atlas.cartography.composition import MapLayer, Style
from atlas.cartography.world_grid import BITS, grid_steps
from atlas.errors import InputError, PolicyError, UsageError

STEPS = st.integers(0, (1 << BITS) - 1)


@given(STEPS, STEPS)
def test_a_key_gives_back_its_steps(x: int, y: int) -> None:
    keys = quadrant_keys(np.array([x]), np.array([y]))
    assert [int(one[0]) for one in steps_of(keys)] == [x, y]
    # the tile of a zoom is one span
    for zoom in (0, 7, 18):
        quadrant = quadrant_keys(np.array([x >> (BITS - zoom)]), np.array([y >> (BITS - zoom)]))
        low, high = span_of(zoom, int(quadrant[0]))
        assert low <= int(keys[0]) < high


def test_tiles_are_numbered_as_the_format_says() -> None:
    # from the examples of the specification
    assert [tile_id(1, *tile) for tile in ((0, 0), (0, 1), (1, 1), (1, 0))] == [1, 2, 3, 4]
    assert tile_id(2, 0, 0) == 5
    assert tile_id(12, 3423, 1763) == 19078479


def _varints(data: bytes) -> list[int]:
    out, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            out.append(value)
            value, shift = 0, 0
    return out


def _entries(data: bytes) -> list[tuple[int, int, int, int]]:
    count, *numbers = _varints(gzip.decompress(data))
    deltas, runs, lengths, offsets = (numbers[n * count : (n + 1) * count] for n in range(4))
    entries: list[tuple[int, int, int, int]] = []
    for one, run, length, offset in zip(np.cumsum(deltas).tolist(), runs, lengths, offsets, strict=True):
        at = offset - 1 if offset else entries[-1][1] + entries[-1][2]
        entries.append((one, at, length, run))
    return entries


def _tiles(path: Path) -> tuple[Mapping[str, Any], dict[int, bytes]]:
    """Metadata and tiles, read as any other reader of the format reads them."""
    data = path.read_bytes()
    assert data[:8] == b"PMTiles\x03"
    root, root_length, about, about_length, leaves, _, first, _ = struct.unpack_from("<8Q", data, 8)
    entries = _entries(data[root : root + root_length])
    while any(run == 0 for *_, run in entries):
        entries = [one for _, at, length, _ in entries for one in _entries(data[leaves + at : leaves + at + length])]
    tiles = {one: gzip.decompress(data[first + at : first + at + length]) for one, at, length, _ in entries}
    return json.loads(gzip.decompress(data[about : about + about_length])), tiles


@pytest.mark.slow
def test_a_long_directory_has_leaves(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    corners = {(int(x), int(y)) for x, y in random.integers(0, 1 << 14, (20_000, 2))}
    with TileWriter(tmp_path / "a.pmtiles") as writer:
        for x, y in corners:
            writer.add(14, x, y, f"{x} {y}".encode() * 3)
        identity = writer.finish((-92, 14, -88, 18), {})
    about, tiles = _tiles(tmp_path / "a.pmtiles")
    assert about["id"] == identity
    assert tiles == {tile_id(14, x, y): f"{x} {y}".encode() * 3 for x, y in corners}


def test_a_span_has_the_rows_of_all_runs_in_order(tmp_path: Path) -> None:

    random = np.random.default_rng(2)
    runs = SortedRuns(tmp_path, run_rows=100)
    keys = random.integers(0, 1000, 730).astype(np.uint64)
    for first in range(0, 730, 73):
        runs.add(keys[first : first + 73], pa.table({"n": keys[first : first + 73].astype(str)}))
    runs.flush()
    read, rows = runs.rows(200, 700)
    assert read.tolist() == sorted(one for one in keys.tolist() if 200 <= one < 700)
    assert rows["n"].to_pylist() == [str(one) for one in read.tolist()]
    assert runs.span(200, 700) == len(read)


def _frame(count: int) -> pd.DataFrame:
    random = np.random.default_rng(count)
    places = (random.normal(0, 0.4, (count, 2)) + np.array([-90.5, 16])).round(6)
    places[: count // 3] = (-91.25, 16.125)
    return pd.DataFrame(
        {
            "lon": places[:, 0],
            "lat": places[:, 1],
            "kind": np.array(["bus", "boat", None])[random.integers(0, 3, count)],
            "at": np.datetime_as_string(np.datetime64("2025-03-01T00:00") + random.integers(0, 90_000, count)),
            "device": [f"dev-{number}" for number in range(count)],
        }
    )


def _made(frame: pd.DataFrame, folder: Path, **layer: Any) -> ArchivedPoints:
    folder.mkdir(exist_ok=True)
    frame.to_parquet(folder / "p.parquet")
    given = {"style": Style(colour="kind"), "popup": ("device", "kind", "at"), **layer}
    return archive_points(MapLayer(folder / "p.parquet", **given), folder, lambda _done: None)


def _head(tile: bytes) -> dict[str, Any]:
    return dict(json.loads(tile[4 : 4 + struct.unpack_from("<I", tile)[0]]))


@pytest.mark.slow
def test_every_point_is_in_one_tile_and_counted_in_all_above_it(tmp_path: Path) -> None:
    frame = _frame(40_000)
    made = _made(frame, tmp_path)
    assert sum(made.about["sums"]) == made.about["count"] == 40_000
    wide = made.about["time"]["count"] + 1
    by_class = np.add.reduceat(made.about["sums"], np.arange(0, len(made.about["sums"]), wide))
    # two kinds, and what has none
    counts = frame["kind"].value_counts()
    assert by_class.tolist() == [counts["boat"], counts["bus"], frame["kind"].isna().sum()]
    assert [entry.count for entry in made.portrayal.entries] == by_class.tolist()
    _, tiles = _tiles(made.staged)
    heads = [_head(tile) for tile in tiles.values()]
    together = 40_000 // 3
    crowded = [head for head in heads if head["squares"] and head["points"]]
    # one spot has more points than a tile: all are counted, and the first can be asked
    assert len(crowded) == 1
    assert crowded[0]["points"] < together
    listed = sum(head["points"] for head in heads)
    assert listed == 40_000 - (together - crowded[0]["points"])
    assert any("counted but not listed" in note["en"] for note in made.done)
    # the tile of the whole world counts all
    x, y = grid_steps(frame[["lon", "lat"]].to_numpy())
    squares = {(int(a), int(b)) for a, b in zip(x >> 20, y >> 20, strict=True)}
    root = _head(tiles[0])
    assert root["most"] <= 40_000
    assert len(squares) <= root["squares"]


def test_an_archive_is_the_same_again(tmp_path: Path) -> None:
    frame = _frame(9_000)
    first, again = (_made(frame, tmp_path / name) for name in ("a", "b"))
    assert first.staged.name == again.staged.name
    assert first.staged.read_bytes() == again.staged.read_bytes()


def test_rows_are_chosen_and_what_has_no_place_is_said(tmp_path: Path) -> None:
    frame = _frame(9_000)
    frame.loc[5:14, "lat"] = np.nan
    made = _made(frame, tmp_path, where=(("kind", "bus"),))
    kept = frame[frame["lat"].notna() & (frame["kind"] == "bus")]
    assert made.about["count"] == len(kept)
    assert any("without a usable position" in note["en"] and "10" in note["en"] for note in made.done)


def test_what_cannot_be_shown_is_refused(tmp_path: Path) -> None:
    frame = _frame(3_000)
    with pytest.raises(UsageError, match="has no field 'colour'"):
        _made(frame, tmp_path / "a", popup=("colour",))
    with pytest.raises(InputError, match="has no row with kind = plane"):
        _made(frame, tmp_path / "b", where=(("kind", "plane"),))
    frame["sensitivity"] = "open"
    frame.loc[2_999, "sensitivity"] = "restricted"
    with pytest.raises(PolicyError, match="3000"):
        _made(frame, tmp_path / "c")
    with pytest.raises(InputError, match="write the points as one of them"):
        archive_points(MapLayer(tmp_path / "p.geojson"), tmp_path, lambda _done: None)


def test_times_that_are_written_in_two_ways_are_no_filter(tmp_path: Path) -> None:
    frame = _frame(3_000)
    frame.loc[0, "at"] = "yesterday"
    assert _made(frame, tmp_path).about["time"] is None
