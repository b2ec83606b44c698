"""A file may be larger than memory: what is held at a time does not grow with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
MEGABYTES = 60
# parsed as a whole, the file below takes more than 500 MB
MOST_MB = 250
CODE = """
import re, sys
from pathlib import Path
from atlas.check import check_file
report = check_file(Path(sys.argv[1]))
peak_kb = re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]
print(report.features, dict(report.counts), int(peak_kb) // 1000)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    line = ",".join(f"[{-92 + n / 20_000:.6f},{16 + n % 7 / 20_000:.6f}]" for n in range(20_000))
    path = tmp_path / "large.geojson"
    count = MEGABYTES * 1_000_000 // len(line) + 1
    with path.open("w", encoding="utf-8") as stream:
        stream.write('{"type":"FeatureCollection","features":[\n')
        for n in range(count):
            geometry = f'{{"type":"LineString","coordinates":[{line}]}}'
            stream.write(
                "," * bool(n) + f'{{"type":"Feature","id":{n},"geometry":{geometry},"properties":{{"n":{n}}}}}\n'
            )
        stream.write("]}\n")
    done = subprocess.run([sys.executable, "-c", CODE, path], capture_output=True, text=True, check=True, cwd=ROOT)
    features, counts, peak_mb = done.stdout.split()
    assert int(features) == count
    assert counts == "{}"
    assert int(peak_mb) < MOST_MB
