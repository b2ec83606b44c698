"""Every committed layer against the standard, its own schema, the registry and the sources."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from atlas.layers.catalog import pretty, readme
from atlas.layers.schema import layer_specs

NAMES = tuple(layer_specs())
Features = list[dict[str, Any]]


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def record(registry: dict[str, Any], name: str) -> dict[str, Any]:
    return next(layer for layer in registry["layers"] if layer["name"] == name)


def test_it_keeps_to_rfc_7946(geodata: Path, faults_of: Callable[[bytes], list[str]], name: str) -> None:
    assert faults_of((geodata / "layers" / f"{name}.geojson").read_bytes()) == []


def test_it_keeps_to_its_own_schema(geodata: Path, name: str) -> None:
    schema = json.loads((geodata / "schema" / f"{name}.json").read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads((geodata / "layers" / f"{name}.geojson").read_bytes())
    faults = [error.message[:200] for error in jsonschema.Draft202012Validator(schema).iter_errors(document)]
    assert faults == []


def test_its_schema_refuses_what_it_should(geodata: Path, name: str) -> None:
    schema = json.loads((geodata / "schema" / f"{name}.json").read_bytes())
    whole = json.loads((geodata / "layers" / f"{name}.geojson").read_bytes())
    validator = jsonschema.Draft202012Validator(schema)
    for spoiled in ({"source_ids": []}, {"sensitivity": "restricted"}, {"surprise": 1}, {"confidence": None}):
        first = whole["features"][0]
        one = {**whole, "features": [{**first, "properties": {**first["properties"], **spoiled}}]}
        assert not validator.is_valid(one), spoiled


def test_its_fields_are_those_of_the_registry_in_that_order(
    layers: Mapping[str, Features], record: dict[str, Any], name: str
) -> None:
    wanted = [described["name"] for described in record["fields"]]
    for feature in layers[name]:
        assert sorted(feature["properties"]) == sorted(wanted)
    assert wanted[-1] == "source_ids"


def test_the_registry_says_what_is_in_the_file(
    geodata: Path, layers: Mapping[str, Features], record: dict[str, Any], name: str
) -> None:
    data = (geodata / record["file"]).read_bytes()
    placed = [feature for feature in layers[name] if feature["geometry"]]
    assert (record["bytes"], record["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert record["feature_count"] == len(layers[name])
    assert record["unplaced_count"] == len(layers[name]) - len(placed)
    assert record["geometry_types"] == sorted({feature["geometry"]["type"] for feature in placed})
    assert record["bbox"] == json.loads(data)["bbox"]
    assert record["source_ids"] == sorted({i for feature in layers[name] for i in feature["properties"]["source_ids"]})
    assert (geodata / record["schema"]).is_file()


def test_every_feature_has_sources_that_the_tables_know(
    geodata: Path, layers: Mapping[str, Features], registry: dict[str, Any], name: str
) -> None:
    with (geodata / "evidence" / "sources.csv").open(encoding="utf-8", newline="") as stream:
        known = {row["source_id"] for row in csv.DictReader(stream)}
    for feature in layers[name]:
        ids = feature["properties"]["source_ids"]
        assert ids, feature["id"]
        assert len(set(ids)) == len(ids)
        assert set(ids) <= known & set(registry["sources"]), feature["id"]


def test_nothing_that_was_not_found_is_a_feature(layers: Mapping[str, Features], name: str) -> None:
    assert {feature["properties"]["confidence"] for feature in layers[name]} <= {"seen", "computed", "general"}


def test_features_stand_in_a_fixed_order(layers: Mapping[str, Features], name: str) -> None:
    if name == "border":
        order = [feature["properties"]["order"] for feature in layers[name]]
        assert order == list(range(1, len(order) + 1))
    else:
        ids = [feature["id"] for feature in layers[name]]
        assert ids == sorted(ids)


def test_it_says_in_both_languages_what_it_is(record: dict[str, Any]) -> None:
    texts = [record["title"], record["description"], *(described["title"] for described in record["fields"])]
    assert all(text["en"].strip() and text["es"].strip() for text in texts)
    assert record["title"]["en"] != record["title"]["es"]
    assert record["licence"]
    assert record["attribution"]


def test_units_stand_where_a_name_has_one(record: dict[str, Any]) -> None:
    units = {"_km": "km", "_km2": "km²", "_m": "m", "_mi": "mi", "InMeters": "m"}
    for described in record["fields"]:
        for ending, unit in units.items():
            if described["name"].endswith(ending):
                assert described["unit"] == unit, described["name"]


def test_the_registry_lists_every_layer_and_no_file_is_left_over(geodata: Path, registry: dict[str, Any]) -> None:
    assert tuple(record["name"] for record in registry["layers"]) == NAMES
    assert {path.name for path in (geodata / "layers").iterdir()} == {f"{name}.geojson" for name in NAMES}
    # besides the layers' schemas stands that of a field note
    schemas = {f"{name}.json" for name in (*NAMES, "annotation")}
    assert {path.name for path in (geodata / "schema").iterdir()} == schemas


def test_schemas_and_readme_are_what_the_code_writes(geodata: Path, registry: dict[str, Any]) -> None:
    assert (geodata / "README.md").read_bytes() == readme(registry)
    for name, spec in layer_specs().items():
        assert (geodata / "schema" / f"{name}.json").read_bytes() == pretty(spec.json_schema())


def test_every_input_says_whose_it_is_and_how_exact(registry: dict[str, Any]) -> None:
    for record in registry["inputs"].values():
        assert record["publisher"]
        assert record["licence"]
        assert record["attribution"]
        assert record["version"]
        assert record["accuracy_m"] > 0
        assert record["accuracy_basis"]
        assert all(len(digest) == 64 for digest in record["files"].values())
        assert record["evidence_id"] in registry["sources"]
