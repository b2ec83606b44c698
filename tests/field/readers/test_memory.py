"""A table of any length is read with the same memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_READ = """
import resource, sys
from pathlib import Path
from atlas.field.readers import read_file
count = sum(1 for row in read_file(Path(sys.argv[1])))
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def _read(path: Path, rows: int) -> int:
    with path.open("w", encoding="utf-8") as stream:
        stream.write("id,lat,lon,category,note,observed_at\n")
        for number in range(rows):
            stream.write(f"synthetic-{number},14.{number % 100000:05d},-92.15,observation,note {number},2026-01-05\n")
    done = subprocess.run([sys.executable, "-c", _READ, str(path)], capture_output=True, text=True, check=True)
    count, peak = map(int, done.stdout.split())
    assert count == rows
    return peak


@pytest.mark.slow
def test_ten_times_the_rows_take_no_more_memory(tmp_path: Path) -> None:
    few, many = _read(tmp_path / "few.csv", 2_000), _read(tmp_path / "many.csv", 20_000)
    # the table of ids may fill its own fixed memory on the way
    assert many - few < 16_000
