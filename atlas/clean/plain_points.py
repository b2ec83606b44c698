"""Points rounded many at a time, as long as they are nothing but values and texts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import orjson

from atlas.clean.file_session import FileSession
from atlas.clean.stream_look import ROUNDED
from atlas.clean.writing import replaced_geometry
from atlas.geojson.model import Item
from atlas.geometry.geodesy import scale_m
from atlas.geometry.position_grid import nearest

_LAT = 90


def rounded_points(items: list[Item], session: FileSession, decimals: int | None) -> Iterator[bytes]:
    """The texts of points, with a new position where it has too many decimals; their values get it as well."""
    values = [one.value for one in items if isinstance(one.value, dict)]
    if decimals is None or not items or len(values) < len(items):
        yield from (one.text.encode() for one in items)
        return
    before = np.array([one["geometry"]["coordinates"] for one in values], dtype=np.float64)
    after = nearest(before, decimals)
    moved = (before != after).any(axis=1)
    steps = (after - before) * scale_m(np.clip(before[:, 1], -_LAT, _LAT))
    what = f"rounded to {decimals} decimals"
    far = np.sqrt((steps**2).sum(axis=1)).tolist()
    for n, (item, value, position) in enumerate(zip(items, values, after.tolist(), strict=True)):
        if not moved[n]:
            yield item.text.encode()
            continue
        geometry = value["geometry"]
        geometry["coordinates"] = position
        where = ("features", item.index or 0, "geometry")
        name = item.feature_id if item.feature_id is not None else f"features[{item.index}]"
        session.ledger.add(session.name, ROUNDED, name, "more decimals", what, path=where, area_m2=0.0, moved_m=far[n])
        yield replaced_geometry(item.text, orjson.dumps(geometry))
