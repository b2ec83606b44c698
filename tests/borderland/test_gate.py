"""The release gate of a border with outlines on both sides: records of either bank get public places of their own."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely

from atlas.api import Atlas
from atlas.pipeline.publish_options import PublishOptions
from atlas.project import find_project
from atlas.release.box_build import build_boxes, file_bytes

pytestmark = pytest.mark.slow

HERE, THERE = (9.9, 23.6), (10.15, 23.6)


def _note(number: int, place: tuple[float, float]) -> dict[str, Any]:
    stated = {"category": "shelter", "sensitivity": "generalised", "observed_at": f"2025-01-{number + 1:02d}"}
    geometry = {"type": "Point", "coordinates": list(place)}
    return {"type": "Feature", "id": f"{number}-{place[0]}", "geometry": geometry, "properties": stated}


def test_records_of_either_side_get_public_places_there(made: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(made, tmp_path / "desert")
    project = find_project(folder)
    (folder / "geodata/boxes.json").write_bytes(file_bytes(build_boxes(project)))
    records = [_note(number, place) for place in (HERE, THERE) for number in range(25)]
    notes = tmp_path / "notes.geojson"
    notes.write_text(json.dumps({"type": "FeatureCollection", "features": records}), encoding="utf-8")
    Atlas(project).release([notes], tmp_path / "public", PublishOptions(today=date(2026, 3, 1)))
    text = (tmp_path / "public/records.geojson").read_text(encoding="utf-8")
    places = [shapely.geometry.shape(feature["geometry"]) for feature in json.loads(text)["features"]]
    for place in (HERE, THERE):
        (around,) = (shape for shape in places if shapely.contains_xy(shape, *place))
        assert not any(shapely.contains_xy(around, *other) for other in (HERE, THERE) if other != place)
    assert "9.9," not in text
