"""Stores of objects: read, written whole or not at all, and what is missing named."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator

import fsspec
import numpy as np
import pandas as pd
import pytest

from atlas.errors import AtlasError
from atlas.points.addresses import _patient, parts_of

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def store() -> Iterator[fsspec.AbstractFileSystem]:
    """A store in memory, behind the same driver as any that fsspec knows."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    system.pseudo_dirs[:] = [""]
    yield system
    system.store.clear()


def _rows(count: int) -> str:
    lon, lat = np.linspace(-92, -90, count), np.linspace(14.6, 16, count)
    text: str = pd.DataFrame({"lon": lon, "lat": lat, "device": range(count)}).to_csv(index=False)
    return text


def test_a_store_is_read_and_written(command_line: Run, store: fsspec.AbstractFileSystem) -> None:
    for month in (1, 2):
        store.pipe(f"/bucket/in/month=2026-0{month}/a.csv", _rows(500).encode())
    done = command_line("locate", "memory://bucket/in/", "-o", "memory://bucket/out")
    assert done.returncode == 0, done.stderr
    assert "Located 1,000 rows" in done.stdout
    held = sorted(name.rpartition("/")[2] for name in store.find("/bucket/out"))
    assert held == ["_atlas.json", "part-000000.parquet", "part-000001.parquet"]
    with store.open("/bucket/out/part-000001.parquet") as stream:
        table = pd.read_parquet(stream)
    assert len(table) == 500
    assert set(table["month"]) == {"2026-02"}
    again = command_line("locate", "memory://bucket/in/", "-o", "memory://bucket/out")
    assert again.returncode == 2
    assert "is not empty; choose a new one" in again.stderr


@pytest.mark.slow
@pytest.mark.parametrize("output", ["one.parquet", "folder"])
def test_of_what_fails_nothing_appears(command_line: Run, store: fsspec.AbstractFileSystem, output: str) -> None:
    # the first batch is well, and the fault comes after it
    store.pipe("/bucket/in/a.csv", _rows(450_000).encode() + b"1,2,3,4\n")
    store.pipe("/bucket/one.parquet", b"earlier")
    done = command_line("locate", "memory://bucket/in/", "-o", f"memory://bucket/{output}")
    assert done.returncode == 2
    assert "cannot be read to its end" in done.stderr
    assert sorted(store.find("/bucket")) == ["/bucket/in/a.csv", "/bucket/one.parquet"]
    assert store.cat("/bucket/one.parquet") == b"earlier"


def test_what_a_killed_run_left_is_written_over(command_line: Run, store: fsspec.AbstractFileSystem) -> None:
    store.pipe("/bucket/in/a.csv", _rows(50).encode())
    store.pipe("/bucket/out/part-000000.parquet", b"half")
    done = command_line("locate", "memory://bucket/in/a.csv", "-o", "memory://bucket/out")
    assert done.returncode == 0, done.stderr
    assert sorted(name.rpartition("/")[2] for name in store.find("/bucket/out")) == [
        "_atlas.json",
        "part-000000.parquet",
    ]


@pytest.mark.parametrize(
    ("address", "remedy"),
    [("az://box/a.parquet", "pip install adlfs"), ("nowhere://box/a.parquet", "give an address such as s3://")],
)
def test_a_missing_driver_is_named(command_line: Run, address: str, remedy: str) -> None:
    done = command_line("locate", address, "-o", "memory://bucket/out")
    assert done.returncode == 2
    assert "cannot be opened" in done.stderr
    assert remedy in done.stderr


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("az://c/x.parquet", "pip install adlfs"),
        ("hf://datasets/a/b.parquet", "pip install huggingface_hub"),
        ("abfs://c/x.parquet", "give abfs://CONTAINER@ACCOUNT"),
        ("nothing://c/x.parquet", "give an address such as s3://bucket/folder/"),
        ("gs://anonymous@c/x?endpoint_override=127.0.0.1:1&scheme=http&retry_limit_seconds=1", "look at the address"),
    ],
)
def test_a_store_that_cannot_be_reached_says_what_is_missing(address: str, message: str) -> None:
    with pytest.raises(AtlasError, match=re.escape(message)):
        parts_of([address])


def test_a_store_of_google_is_not_waited_for_a_quarter_of_an_hour() -> None:
    assert _patient("gs://b/x") == "gs://b/x?retry_limit_seconds=20"
    assert _patient("gs://b/x?scheme=http") == "gs://b/x?scheme=http&retry_limit_seconds=20"
    assert _patient("gs://b/x?retry_limit_seconds=5") == "gs://b/x?retry_limit_seconds=5"
