"""Writes atlas/cartography/world.geojson: countries of the world, for maps whose data lie far from the border.

``python -m tools.world_base`` takes the outlines from the package ``world-atlas`` (Natural Earth 1:110 million, public
domain) and the names in both languages from ``i18n-iso-countries`` (MIT), both as ``web/package-lock.json`` pins them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.cartography.world import TABLE
from atlas.geojson.shapely_geometries import geometry_member, placed_shape
from atlas.geometry.antimeridian import cut_polygon
from atlas.geometry.antimeridian_steps import Reading
from atlas.vector.chosen_source import Source
from atlas.vector.file_format import FileFormat
from atlas.vector.topojson_reader import read_topojson
from tools import node

WEB = Path(__file__).resolve().parents[1] / "web"
GRID_DEG = 0.01
POINT_DIGITS = 2
# no land is half as wide as the world in one step
WIDE_DEG = 180


def main() -> None:
    """Write the file."""
    packages = node.packages(WEB)
    path = packages / "world-atlas" / "countries-110m.json"
    (layer,) = read_topojson(Source(named=path, path=path, form=FileFormat.TOPOJSON, layer="countries"), every=False)
    names = packages / "i18n-iso-countries"
    codes = {row[2]: row[0] for row in json.loads((names / "codes.json").read_text("utf-8"))}
    words = {
        lang: json.loads((names / "langs" / f"{lang}.json").read_text("utf-8"))["countries"] for lang in _LANGUAGES
    }
    features = []
    ids = [one.get("id") for one in json.loads(path.read_text("utf-8"))["objects"]["countries"]["geometries"]]
    for code, name, geometry in zip(ids, layer.columns["name"], layer.geometries, strict=True):
        if geometry is None:
            continue
        cut = _within_a_turn(placed_shape(geometry.geojson()))
        shape = shapely.set_precision(shapely.make_valid(cut), GRID_DEG)
        if not shape.is_empty:
            features.append(_feature(codes.get(code), name, shape, words))
    features.sort(key=lambda one: one["properties"]["en"])
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in features)
    Path(TABLE).write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n', encoding="utf-8")


def _within_a_turn(shape: BaseGeometry) -> BaseGeometry:
    """Land that goes on across 180° in two pieces: a topology has it as one ring that jumps from end to end."""
    if shape.bounds[2] - shape.bounds[0] < WIDE_DEG:
        return shape
    parts: list[BaseGeometry] = []
    for part in shapely.get_parts(shape):
        rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(part)]
        across = [bool((np.abs(np.diff(ring[:, 0])) > WIDE_DEG).any()) for ring in rings]
        reading = [Reading.ACROSS if one else Reading.PLAIN for one in across]
        parts += [shapely.Polygon(shell, holes) for shell, *holes in cut_polygon(rings, reading).parts]
    return shapely.MultiPolygon(parts)


_LANGUAGES = ("en", "es")


def _feature(code: str | None, name: str, shape: Any, words: Any) -> dict[str, Any]:  # noqa: ANN401 - a shape, and names by code
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    middle = shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=0.1), 0)
    # the outlines' own English names are short, but for some that are abbreviated and left without a name
    named = {lang: _short(words[lang].get(code, "" if "." in name else name)) for lang in _LANGUAGES}
    named["en"] = named["en"] if "." in name else name
    at = [round(middle.x, POINT_DIGITS), round(middle.y, POINT_DIGITS)]
    properties = {"code": code, **named, "at": at, "area": round(largest.area, 1)}
    return {"type": "Feature", "properties": properties, "geometry": geometry_member(shape)}


def _short(name: Any) -> str:  # noqa: ANN401 - a name, or several of which the first is used
    first = name[0] if isinstance(name, list) else name
    return str(first).split(",", 1)[0]


if __name__ == "__main__":
    main()
