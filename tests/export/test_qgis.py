"""The project for QGIS: sound XML, every table in it, and signs that speak of fields and codes that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pyogrio
import pytest

from atlas.api import Atlas
from atlas.export import Exported
from atlas.export.style import signs
from atlas.layers.schema import FieldSpec, layer_specs

# QGIS gives a layer another id when the one in the file is not longer than this
_SHORT_ID = 10


@pytest.fixture(scope="module")
def project(exported: Exported) -> ET.Element:
    return ET.fromstring((exported.folder / "atlas.qgs").read_bytes())  # noqa: S314 - our own file


def test_every_table_is_in_the_project_once(project: ET.Element, exported: Exported) -> None:
    sources = [element.text or "" for element in project.iterfind("projectlayers/maplayer/datasource")]
    assert all(source.startswith("./atlas.gpkg|layername=") for source in sources)
    held = {name for name, _ in pyogrio.list_layers(exported.folder / "atlas.gpkg")} - {"layer_styles"}
    assert sorted(source.partition("=")[2] for source in sources) == sorted(held)


def test_the_tree_names_the_layers_by_ids_that_qgis_keeps(project: ET.Element) -> None:
    ids = [element.text or "" for element in project.iterfind("projectlayers/maplayer/id")]
    assert [element.get("id") for element in project.iterfind("layer-tree-group/layer-tree-layer")] == ids
    assert all(len(layer_id) > _SHORT_ID for layer_id in ids)


def test_every_table_of_shapes_has_signs_of_its_own(project: ET.Element) -> None:
    placed = {
        (element.findtext("datasource") or "").partition("=")[2]
        for element in project.iterfind("projectlayers/maplayer")
        if element.get("geometry") != "No geometry"
    }
    assert placed <= set(signs())


def test_every_table_that_has_words_is_labelled(project: ET.Element) -> None:
    silent = {
        (element.findtext("datasource") or "").partition("=")[2]
        for element in project.iterfind("projectlayers/maplayer")
        if element.get("geometry") != "No geometry" and element.get("labelsEnabled") != "1"
    }
    # land and water have no names
    assert silent == {"basemap_areas"}


def test_a_projected_export_says_so_in_the_project(opened: Atlas, tmp_path: Path) -> None:
    opened.export(tmp_path, layers=["corridor"], formats=["qgs"], crs="EPSG:6372")
    document = ET.fromstring((tmp_path / "atlas.qgs").read_bytes())  # noqa: S314 - our own file
    assert {node.text for node in document.iter("authid")} == {"EPSG:6372"}
    assert document.findtext("mapcanvas/units") == "meters"


def _fields(table: str) -> dict[str, FieldSpec]:
    name = max((name for name in layer_specs() if table == name or table.startswith(f"{name}_")), key=len)
    return {field.name: field for field in layer_specs()[name].fields}


def _expressions() -> Iterator[tuple[str, str]]:
    for table, drawn in signs().items():
        for part in (*drawn["rules"], *drawn.get("labels", ())):
            yield from ((table, part[key]) for key in ("filter", "text") if key in part)
            yield from ((table, sign["sized"]) for sign in part.get("signs", ()) if "sized" in sign)


@pytest.mark.parametrize(("table", "expression"), list(_expressions()))
def test_signs_speak_of_fields_that_exist(table: str, expression: str) -> None:
    assert set(re.findall(r'"(\w+)"', expression)) <= set(_fields(table))


def _compared() -> Iterator[tuple[str, str, str]]:
    for table, expression in _expressions():
        for name, codes in re.findall(r"\"(\w+)\" (?:=|<>|IN) (\([^)]*\)|'[^']*')", expression):
            yield from ((table, name, code) for code in re.findall(r"'([^']*)'", codes))


# what a project of another border may have, and this one has not
OPTIONAL = {tuple(rule["of"]) for drawn in signs().values() for rule in drawn["rules"] if "of" in rule}


@pytest.mark.parametrize(("table", "name", "code"), list(_compared()))
def test_signs_speak_of_codes_that_exist(table: str, name: str, code: str) -> None:
    assert code in _fields(table)[name].values or (name, code) in OPTIONAL


def test_a_stretch_in_dispute_has_a_sign_only_where_there_can_be_one(opened: Atlas, tmp_path: Path) -> None:
    assert ("nature", "disputed") in OPTIONAL
    opened.export(tmp_path, layers=["border"], formats=["qgs"])
    assert "disputed" not in (tmp_path / "atlas.qgs").read_text(encoding="utf-8")


def test_every_code_of_a_drawn_field_has_a_sign(opened: Atlas) -> None:
    drawn: dict[str, Any] = {"border": "nature", "checkpoints_lines": "fixity", "facilities": "kind"}
    for table, name in drawn.items():
        filters = " ".join(rule["filter"] for rule in signs()[table]["rules"])
        assert set(opened.layer(table.removesuffix("_lines"))[name]) <= set(re.findall(r"'([^']*)'", filters))
