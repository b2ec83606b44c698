"""An import of many rows that is killed in the middle of its writing is begun again: nothing twice, nothing lost."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow(10)

ROWS = 3000


def _atlas(repo: Path, *words: str | Path) -> Sequence[str]:
    return [sys.executable, "-m", "atlas", "--project", str(repo), "field", *map(str, words)]


def _count(store: Path, table: str) -> tuple[int, int]:
    with closing(sqlite3.connect(store)) as connection:
        rows, ids = connection.execute(
            f"SELECT COUNT(*), COUNT(DISTINCT {'id' if table == 'annotations' else 'change_id'}) FROM {table}"  # noqa: S608 - names of this file
        ).fetchone()
    return rows, ids


def test_a_killed_import_is_begun_again(repo: Path, tmp_path: Path) -> None:
    store, source = tmp_path / "s.gpkg", tmp_path / "rows.csv"
    head = "id,category,note,observed_at,sensitivity,lon,lat\n"
    lines = (
        f"r{i},observation,synthetic,2026-05-04,restricted,{-92 + i % 100 * 0.03:.5f},{15 + i // 100 * 0.02:.5f}\n"
        for i in range(ROWS)
    )
    source.write_text(head + "".join(lines), encoding="utf-8")
    subprocess.run(_atlas(repo, "new", store), check=True, capture_output=True)
    command = _atlas(repo, "import", source, "--store", store)
    journal = store.with_name(f"{store.name}-journal")
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as first:
        until = time.monotonic() + 60
        # the journal is there while rows are written
        while first.poll() is None and not (journal.exists() and journal.stat().st_size) and time.monotonic() < until:
            time.sleep(0.001)
        time.sleep(0.05)
        first.send_signal(signal.SIGKILL)
    assert first.returncode == -signal.SIGKILL
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert f"{ROWS:,} rows, {ROWS:,} new records" in done.stdout
    assert _count(store, "annotations") == (ROWS, ROWS)
    changes = _count(store, "changes")
    assert changes[0] == changes[1]
    again = subprocess.run(command, check=True, capture_output=True, text=True)
    assert f"0 new records, {ROWS:,} known, nothing new" in again.stdout
    assert (_count(store, "annotations"), _count(store, "changes")) == ((ROWS, ROWS), changes)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rows.csv", "s.gpkg"]
