"""Outlines of a user's own as GeoJSON, plain or in a zip, are read as strictly as any other GeoJSON."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from atlas.errors import SourceError
from atlas.project import SourceOverride
from atlas.sources.outlines import Outlines, read_outlines

AREAS = {"07001": shapely.box(-92.5, 15, -92, 15.5), "07002": shapely.box(-92, 15, -91.5, 15.5)}


def _text(**members: Any) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"CVEGEO": code, "NOMGEO": f"M{code}"},
            "geometry": json.loads(shapely.to_geojson(area)),
        }
        for code, area in AREAS.items()
    ]
    return json.dumps({"type": "FeatureCollection", **members, "features": features})


def _read(path: Path) -> Outlines:
    return read_outlines(path, SourceOverride(path), digits=5)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("packed", [False, True])
def test_geojson_and_geopackage_give_the_same(encoding: str, packed: bool, tmp_path: Path) -> None:  # noqa: FBT001
    data = _text().encode(encoding)
    path = tmp_path / ("mun.zip" if packed else "mun.geojson")
    if packed:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("mun.geojson", data)
    else:
        path.write_bytes(data)
    other = tmp_path / "mun.gpkg"
    columns = [np.array(list(AREAS), dtype=object), np.array([f"M{code}" for code in AREAS], dtype=object)]
    wkb = shapely.to_wkb(list(AREAS.values()))
    pyogrio.raw.write(other, wkb, columns, ["CVEGEO", "NOMGEO"], crs="EPSG:4326", geometry_type="Polygon")
    made, expected = _read(path), _read(other)
    assert (made.codes, made.names) == (expected.codes, expected.names)
    assert shapely.equals(made.areas, expected.areas).all()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (_text().replace('"CVEGEO": "07001"', '"CVEGEO": "07003", "CVEGEO": "07001"'), "stands twice"),
        (_text().replace("-92.5", "NaN", 1), "NaN is not a number"),
        (_text().replace("-92.5", '"x"', 1), "shape that cannot be read"),
        (_text().replace('"features": [', '"features": [null, '), "no GeoJSON layer"),
        (_text(crs={"type": "link"}), "says nothing of its CRS"),
        (_text()[:-20], "was it cut off"),
        (_text().replace("CVEGEO", "clave"), "has no column 'CVEGEO'"),
    ],
)
def test_what_says_two_things_or_nothing_is_refused(text: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "mun.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=reason):
        _read(path)
