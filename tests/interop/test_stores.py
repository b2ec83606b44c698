"""A real server of objects, moto, behind ``s3://``: read, counted, written whole or not at all."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.fs
import pyarrow.parquet as pq
import pytest

from tools.provision import STORES, python_in

_KEYS = {"AWS_ACCESS_KEY_ID": "of a test", "AWS_SECRET_ACCESS_KEY": "of a test", "AWS_DEFAULT_REGION": "us-east-1"}
_PATIENCE_S = 60


@pytest.fixture(scope="module")
def endpoint(lacking: Callable[[str], None]) -> Iterator[str]:
    """A server on the loopback, gone at the end."""
    python = Path(os.environ.get("ATLAS_STORES_PYTHON") or python_in(STORES))
    if not python.is_file():
        lacking("moto is not here: `python -m tools.provision interop`")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(python), "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + _PATIENCE_S
        while time.monotonic() < end and server.poll() is None:
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        assert server.poll() is None
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(_PATIENCE_S)


@pytest.fixture(scope="module")
def bucket(endpoint: str) -> pyarrow.fs.S3FileSystem:
    system = pyarrow.fs.S3FileSystem(
        access_key=_KEYS["AWS_ACCESS_KEY_ID"],
        secret_key=_KEYS["AWS_SECRET_ACCESS_KEY"],
        region=_KEYS["AWS_DEFAULT_REGION"],
        endpoint_override=endpoint,
        allow_bucket_creation=True,
    )
    system.create_dir("pings")
    return system


def _atlas(endpoint: str, repo: Path, *words: str) -> subprocess.CompletedProcess[str]:
    # a program of its own: the driver reads keys and endpoint once
    environment = {**os.environ, **_KEYS, "AWS_ENDPOINT_URL": endpoint}
    command = [sys.executable, "-m", "atlas", *words]
    return subprocess.run(command, env=environment, cwd=repo, capture_output=True, text=True, check=False)


def _rows(count: int) -> bytes:
    lon, lat = np.linspace(-92.3, -92.1, count), np.linspace(14.9, 15.0, count)
    frame = pd.DataFrame({"lon": lon, "lat": lat, "device": range(count), "time": "2025-03-05T10:00:00Z"})
    return frame.to_csv(index=False).encode()


def _names(bucket: pyarrow.fs.S3FileSystem, folder: str) -> list[str]:
    infos = bucket.get_file_info(pyarrow.fs.FileSelector(folder, recursive=True, allow_not_found=True))
    return sorted(one.base_name for one in infos if one.is_file)


def test_points_in_a_bucket_are_located_and_counted(
    endpoint: str, bucket: pyarrow.fs.S3FileSystem, repo: Path, tmp_path: Path
) -> None:
    for month in (1, 2):
        with bucket.open_output_stream(f"pings/in/month=2026-0{month}/a.csv") as stream:
            stream.write(_rows(300))
    done = _atlas(endpoint, repo, "locate", "s3://pings/in/", "-o", "s3://pings/out")
    assert done.returncode == 0, done.stderr
    assert "Located 600 rows" in done.stdout
    assert _names(bucket, "pings/out") == ["_atlas.json", "part-000000.parquet", "part-000001.parquet"]
    assert set(pq.read_table("pings/out/part-000001.parquet", filesystem=bucket)["month"].to_pylist()) == {"2026-02"}
    words = ("--by", "box,month", "--distinct", "device", "-o", str(tmp_path / "counts.csv"))
    counted = _atlas(endpoint, repo, "count", "s3://pings/in/*/*.csv", *words)
    assert counted.returncode == 0, counted.stderr
    assert "Counted 600 rows" in counted.stdout


def test_of_what_fails_no_object_is_left(endpoint: str, bucket: pyarrow.fs.S3FileSystem, repo: Path) -> None:
    with bucket.open_output_stream("pings/bad/a.csv") as stream:
        stream.write(_rows(450_000) + b"1,2\n")
    done = _atlas(endpoint, repo, "locate", "s3://pings/bad/", "-o", "s3://pings/half")
    assert done.returncode == 2, done.stdout
    assert _names(bucket, "pings/half") == []


def test_a_bucket_that_is_not_there_is_named(endpoint: str, bucket: pyarrow.fs.S3FileSystem, repo: Path) -> None:
    done = _atlas(endpoint, repo, "locate", "s3://elsewhere/in/", "-o", "s3://pings/other")
    assert done.returncode == 2
    assert "s3://elsewhere" in done.stderr
    assert "Traceback" not in done.stderr
    assert _names(bucket, "pings/other") == []
