"""The border that the atlas comes with: its project file, held to the schema, to its tables and to its layers."""

from __future__ import annotations

import csv
import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from atlas.border_project import FOLDER, shipped_border
from atlas.border_project.json_schema import json_schema

BORDER = shipped_border()


def test_its_file_fits_the_schema_of_every_project() -> None:
    jsonschema.validate(tomllib.loads((FOLDER / "atlas.toml").read_text(encoding="utf-8")), json_schema())


def test_its_ends_are_those_of_the_table(repo: Path) -> None:
    with (repo / "geodata" / "evidence" / "border_ends.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    stated = [(end.name["en"], end.position) for end in (BORDER.line.start, BORDER.line.end)]
    assert stated == [(row["name"], (float(row["longitude"]), float(row["latitude"]))) for row in rows]


@pytest.mark.slow
def test_its_codes_and_parents_are_those_of_its_layers(repo: Path) -> None:
    layers = {
        name: json.loads((repo / "geodata" / "layers" / f"{name}.geojson").read_bytes())["features"]
        for name in ("border", "municipalities", "basemap")
    }
    assert {each["properties"]["neighbour"] for each in layers["border"]} == set(BORDER.neighbour_codes)
    parents = {each["properties"]["cvegeo"][:2]: each["properties"]["state"] for each in layers["municipalities"]}
    assert parents == dict(BORDER.here.parents)
    assert BORDER.here.land in {each["properties"]["kind"] for each in layers["basemap"]}
