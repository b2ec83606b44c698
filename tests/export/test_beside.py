"""What stands beside the data: package, catalogue, hashtags, checksums, citation."""

from __future__ import annotations

import csv
import hashlib
import json
import math
import re
from pathlib import Path

import jsonschema
import pytest

from atlas.export import Exported
from atlas.export.csv_file import hashtags
from atlas.layers.schema import layer_specs

pytestmark = pytest.mark.slow


def test_checksums_are_of_every_other_file(exported: Exported) -> None:
    lines = (exported.folder / "checksums.sha256").read_text(encoding="utf-8").splitlines()
    stated = {path: digest for digest, _, path in (line.partition("  ") for line in lines)}
    held = {p.relative_to(exported.folder).as_posix() for p in exported.folder.rglob("*") if p.is_file()}
    assert set(stated) == held - {"checksums.sha256"}
    for path, digest in stated.items():
        assert hashlib.sha256((exported.folder / path).read_bytes()).hexdigest() == digest


def test_the_package_describes_every_file_of_data(exported: Exported) -> None:
    package = json.loads((exported.folder / "datapackage.json").read_text(encoding="utf-8"))
    paths = [resource["path"] for resource in package["resources"]]
    beside = {"datapackage.json", "dcat.jsonld", "README.md", "CITATION.cff", "checksums.sha256"}
    assert set(paths) == set(exported.sizes) - beside
    names = [resource["name"] for resource in package["resources"]]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[-a-z0-9._/]+", name) for name in names)
    for resource in package["resources"]:
        data = (exported.folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"


def test_the_schema_of_a_csv_names_its_columns(exported: Exported) -> None:
    package = json.loads((exported.folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        if resource["format"] == "csv":
            head = (exported.folder / resource["path"]).read_bytes().decode().split("\r\n")[0]
            assert [field["name"] for field in resource["schema"]["fields"]] == head.split(",")
            assert all(field["hxl"] for field in resource["schema"]["fields"])
            assert "commentChar" not in resource["dialect"]


@pytest.mark.parametrize("layer", layer_specs())
def test_every_field_has_a_hashtag(layer: str) -> None:
    names = {field.name for field in layer_specs()[layer].fields}
    assert names <= set(hashtags())
    assert all(re.fullmatch(r"#[a-z][a-z0-9]*(\+[a-z][a-z0-9_]*)*", hashtags()[name]) for name in names)


def test_the_catalogue_lists_the_files_of_each_layer(exported: Exported) -> None:
    catalogue = json.loads((exported.folder / "dcat.jsonld").read_text(encoding="utf-8"))
    assert [dataset["dct:identifier"] for dataset in catalogue["dcat:dataset"]] == list(layer_specs())
    for dataset in catalogue["dcat:dataset"]:
        files = {part["dcat:downloadURL"]["@id"] for part in dataset["dcat:distribution"]}
        assert f"parquet/{dataset['dct:identifier']}.parquet" in files
        assert dataset["dct:license"]
        assert dataset["dct:references"]


def test_the_citation_is_the_projects(exported: Exported, repo: Path) -> None:
    assert (exported.folder / "CITATION.cff").read_bytes() == (repo / "CITATION.cff").read_bytes()


def test_the_readme_names_every_file_and_licence(exported: Exported) -> None:
    text = (exported.folder / "README.md").read_text(encoding="utf-8")
    assert all(f"`{path}`" in text for path in exported.sizes if path not in {"README.md", "CITATION.cff"})
    assert "LGPL-3.0-or-later" in text
    assert "&#" not in text


# what the Data Package and Table Schema specifications (version 1) demand, as far as this package says anything of it
PATH = {"type": "string", "pattern": r"^(?!/)(?!.*\.\./)[^\\:]+$"}
LICENCES = {"type": "array", "minItems": 1, "items": {"anyOf": [{"required": ["name"]}, {"required": ["path"]}]}}
KINDS = ["string", "number", "integer", "boolean", "object", "array", "date", "time", "datetime", "year", "yearmonth"]
FIELD = {
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "type": {"enum": KINDS},
        "title": {"type": "string"},
        "description": {"type": "string"},
        "constraints": {
            "properties": {
                "required": {"type": "boolean"},
                "unique": {"type": "boolean"},
                "enum": {"type": "array", "minItems": 1, "uniqueItems": True},
            },
            "additionalProperties": False,
        },
    },
}
TABLE = {
    "required": ["fields"],
    "properties": {
        "fields": {"type": "array", "minItems": 1, "items": FIELD},
        "missingValues": {"type": "array", "items": {"type": "string"}},
        "primaryKey": {"type": ["string", "array"]},
    },
}
RESOURCE = {
    "required": ["name", "path"],
    "properties": {
        "name": {"type": "string", "pattern": "^[-a-z0-9._/]+$"},
        "path": PATH,
        "profile": {"enum": ["data-resource", "tabular-data-resource"]},
        "title": {"type": "string"},
        "description": {"type": "string"},
        "bytes": {"type": "integer"},
        "hash": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
        "encoding": {"const": "utf-8"},
        "licenses": LICENCES,
        "dialect": {"properties": {"commentChar": {"type": "string"}, "header": {"type": "boolean"}}},
        "schema": TABLE,
    },
}
PACKAGE = {
    "required": ["name", "resources"],
    "properties": {
        "profile": {"enum": ["data-package", "tabular-data-package"]},
        "name": {"type": "string", "pattern": "^[-a-z0-9._/]+$"},
        "version": {"type": "string"},
        "licenses": LICENCES,
        "sources": {
            "type": "array",
            "items": {"required": ["title"], "properties": {"path": {"type": "string", "pattern": "^https?://"}}},
        },
        "resources": {"type": "array", "minItems": 1, "items": RESOURCE},
    },
}


def test_the_package_keeps_the_rules_of_frictionless(exported: Exported) -> None:
    package = json.loads((exported.folder / "datapackage.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(PACKAGE).validate(package)
    assert all((exported.folder / resource["path"]).is_file() for resource in package["resources"])


def _rows(path: Path, comment: str | None) -> list[dict[str, str]]:
    # an outline as text is longer than a cell that Python's csv takes by default
    before = csv.field_size_limit(10_000_000)
    texts = path.read_text(encoding="utf-8").splitlines()
    lines = [line for line in texts if comment is None or not line.startswith(comment)]
    rows = list(csv.DictReader(lines))
    csv.field_size_limit(before)
    return rows


def _fits(kind: str, text: str) -> bool:
    return {
        "integer": lambda: str(int(text)) == text,
        "number": lambda: math.isfinite(float(text)),
        "boolean": lambda: text in {"true", "false"},
        "array": lambda: isinstance(json.loads(text), list),
        "string": lambda: True,
    }[kind]()


def test_every_csv_is_what_its_schema_says(exported: Exported) -> None:
    package = json.loads((exported.folder / "datapackage.json").read_text(encoding="utf-8"))
    tables = [resource for resource in package["resources"] if "schema" in resource]
    assert len(tables) == len(layer_specs())
    for table in tables:
        rows = _rows(exported.folder / table["path"], table["dialect"].get("commentChar"))
        assert len({row[table["schema"]["primaryKey"]] for row in rows}) == len(rows) > 0
        for field in table["schema"]["fields"]:
            cells = [row[field["name"]] for row in rows]
            present, rules = [text for text in cells if text], field.get("constraints", {})
            assert all(_fits(field["type"], text) for text in present), (table["path"], field["name"])
            assert not rules.get("required") or len(present) == len(cells), (table["path"], field["name"])
            assert set(present) <= set(rules.get("enum", present)), (table["path"], field["name"])
