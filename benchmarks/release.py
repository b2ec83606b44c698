"""How much processor time `atlas release` takes for 100,000 synthetic field records, start of the program included."""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from atlas.geojson.collection import read_collection

ROOT = Path(__file__).resolve().parent.parent
CATEGORIES = ("informal_crossing", "shelter", "incident", "checkpoint", "service", "observation")
CLASSES = ("open", "generalised", "generalised", "restricted", "withheld", None)
LIMIT_S = 10


def main() -> None:
    """Make the records, release them, print the seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000, help="how many, most of them beside the border")
    count = parser.parse_args().records
    with tempfile.TemporaryDirectory(prefix="atlas-bench-") as name:
        exact, out = Path(name) / "exact.geojson", Path(name) / "public"
        exact.write_text(json.dumps({"type": "FeatureCollection", "features": _records(count)}), encoding="utf-8")
        # a project of its own: a release writes its ledger and what is private into the project
        project = Path(name) / "project"
        shutil.copytree(ROOT / "geodata", project / "geodata", ignore=shutil.ignore_patterns("released", "private"))
        command = [sys.executable, "-m", "atlas.cli", "--project", str(project), "release", str(exact), "-o", str(out)]
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        waited = time.perf_counter() - started
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = used.ru_utime + used.ru_stime
        size = (out / "records.geojson").stat().st_size
    print(
        f"{count:,} records released in {spent:.1f} s of processor time (at most {LIMIT_S}; {waited:.1f} s by the "
        f"clock, {used.ru_maxrss / 1e3:,.0f} MB of memory), {size / 1e6:,.1f} MB written"
    )


def _records(count: int) -> list[dict[str, object]]:
    random = np.random.default_rng(1)
    features = read_collection(ROOT / "geodata" / "layers" / "border.geojson")
    line = np.vstack([found["geometry"]["coordinates"] for found in features])
    places = line[random.integers(len(line), size=count)] + random.normal(0, 0.01, (count, 2))
    return [
        {
            "type": "Feature",
            "id": f"synthetic {number}",
            "geometry": {"type": "Point", "coordinates": place},
            "properties": {
                "category": CATEGORIES[number % len(CATEGORIES)],
                "note": "synthetic",
                "observed_at": f"202{number % 4}-{number % 12 + 1:02d}-03T10:00:00-06:00",
                "sensitivity": CLASSES[number % 7 % len(CLASSES)],
                "confidence": "high",
            },
        }
        for number, place in enumerate(places.tolist())
    ]


if __name__ == "__main__":
    main()
