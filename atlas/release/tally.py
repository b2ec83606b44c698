"""The table of counts that goes with a release: sums of what its features show, and of nothing else."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from atlas.release.boxes import BoxMap

HEADER = ("book", "period", "part", "group", "level", "remainder", "places", "reports_at_least")
_PART = "part"


def counts_csv(features: Iterable[Mapping[str, Any]], boxes: BoxMap) -> bytes:
    """How many places of each level show a group, and what they show together, by part of the map and period.

    Features at a place of the map are counted, and open points are not.
    """
    places: Counter[tuple[str, ...]] = Counter()
    numbers: Counter[tuple[str, ...]] = Counter()
    for feature in features:
        properties = feature["properties"]
        if properties.get("group") is None:
            continue
        _, _, part = boxes.coarser(properties["place"], _PART).partition(" ")
        row = (
            properties["book"],
            properties["period"],
            part,
            properties["group"],
            properties["level"],
            "yes" if properties["remainder"] else "no",
        )
        places[row] += 1
        numbers[row] += properties["reports_at_least"]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows((*row, places[row], numbers[row]) for row in sorted(places))
    return stream.getvalue().encode()
