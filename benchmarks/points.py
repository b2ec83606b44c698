"""Ratio of `atlas check` of points to `ogrinfo -so -al`, and the memory of `atlas clean` to the size of the file.

Both read the same file in turn, in one session on one machine; processor time counts, since a machine has other work.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

CHECK_LIMIT, MEMORY_LIMIT = 2.0, 6.0
_POINT = (
    '{"type":"Feature","properties":{"id":%d,"name":"place %d","pop":%d},'
    '"geometry":{"type":"Point","coordinates":[%.6f,%.6f]}}'
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="runs of each side; the median counts")
    parser.add_argument("--points", type=int, default=200_000, help="how many points")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="atlas-bench-") as name:
        source = Path(name) / "points.geojson"
        _write(source, arguments.points)
        atlas = [sys.executable, "-m", "atlas.cli"]
        commands = {"atlas check": [*atlas, "check", str(source)]}
        if program := shutil.which("ogrinfo"):
            commands["ogrinfo -so -al"] = [program, "-so", "-al", str(source)]
        commands["atlas clean"] = [*atlas, "clean", str(source), "-o", str(source.with_stem("clean"))]
        spent: dict[str, list[tuple[float, float]]] = {title: [] for title in commands}
        for _ in range(arguments.runs):
            for title, command in commands.items():
                spent[title].append(_measured(command))
        cpu = {title: statistics.median(one for one, _ in runs) for title, runs in spent.items()}
        peak = {title: max(one for _, one in runs) for title, runs in spent.items()}
        size = source.stat().st_size / 1e6
        print(f"{arguments.points:,} points, {size:.1f} MB")
        for title in commands:
            print(f"{title:<16} {cpu[title]:6.2f} s of processor, {peak[title]:,.0f} MB")
        if "ogrinfo -so -al" in cpu:
            ratio = cpu["atlas check"] / cpu["ogrinfo -so -al"]
            print(f"atlas check to ogrinfo -so -al: ratio {ratio:.2f} (at most {CHECK_LIMIT})")
        print(f"atlas clean: memory {peak['atlas clean'] / size:.1f} times the file (at most {MEMORY_LIMIT})")


def _write(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.write('{"type":"FeatureCollection","features":[\n')
        for n in range(count):
            place = (-94 + n % 5_003 / 1_000, 14 + n % 4_999 / 1_000 + n // 5_003 * 1e-6)
            out.write((",\n" if n else "") + _POINT % (n, n % 977, n * 7 % 9_999, *place))
        out.write("\n]}\n")


def _measured(command: list[str]) -> tuple[float, float]:
    """Seconds of the processor that a command takes, and its peak of memory in MB."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000


if __name__ == "__main__":
    main()
