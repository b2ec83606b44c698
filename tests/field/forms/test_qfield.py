"""The project for QField: opens in QGIS itself, and what is filled in there comes home as the same record."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import struct
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from atlas.errors import UsageError
from atlas.field.forms import write_qfield
from atlas.field.readers import read_file
from atlas.field.record import annotation_schema
from atlas.field.row import FieldRow
from atlas.project import Project

_FORMS = ("atlas_form_notes", "atlas_form_notes_by_reach")


@pytest.fixture(scope="module")
def folder(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("qfield") / "phone"
    write_qfield(made, project)
    return made


def _pythons() -> Iterator[str]:
    for name in ("/usr/bin/python3", shutil.which("python3")):
        if name and Path(name).exists():
            probe = subprocess.run([name, "-c", "import qgis.core"], capture_output=True, check=False)
            if probe.returncode == 0:
                yield name


@pytest.fixture(scope="module")
def filled(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    python = next(_pythons(), None)
    if python is None:
        pytest.skip("no Python here has QGIS (Debian: python3-qgis)")
    copy = tmp_path_factory.mktemp("qgis") / "phone"
    shutil.copytree(folder, copy)
    environment = {key: text for key, text in os.environ.items() if not key.startswith("PYTHON")}
    environment |= {"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(copy)}
    script = Path(__file__).with_name("fill_project.py")
    command = [python, str(script), str(copy / "atlas-notes.qgs"), str(copy / "map.png")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, timeout=180)
    return {**json.loads(done.stdout), "folder": copy}


@pytest.mark.slow
def test_qgis_opens_every_layer_with_its_form(filled: dict[str, Any], project: Project) -> None:
    assert all(layer["valid"] for layer in filled["layers"].values())
    assert not filled["errors"]
    schema = annotation_schema(project)
    for name in _FORMS:
        layer = filled["layers"][name]
        assert layer["categories"] == list(schema.fields["category"].values)
        assert layer["widgets"]["photo_1"] == "ExternalResource"
        assert layer["aliases"]["consent"] == "Consent · Consentimiento"
    by_reach = filled["layers"]["atlas_form_notes_by_reach"]
    assert not by_reach["spatial"]
    assert by_reach["relations"] == {"municipality_cvegeo": True, "reach": True}
    base = {name: layer["count"] for name, layer in filled["layers"].items() if name not in _FORMS}
    assert base["atlas_table_border_reaches"] == 116
    assert base["atlas_table_municipalities"] == 23


@pytest.mark.slow
def test_qgis_asks_for_what_a_record_needs_and_fills_in_the_rest(filled: dict[str, Any]) -> None:
    for name in _FORMS:
        form = filled["filled"][name]
        assert {"category", "consent"} <= set(form["missing"])
        assert (form["saved"], form["faults"]) == (True, [])
        assert form["values"]["sensitivity"] == "restricted"
        assert len(form["values"]["id"]) == 36


@pytest.mark.slow
def test_what_was_filled_in_with_qgis_comes_home(filled: dict[str, Any]) -> None:
    first, second = (row for row in read_file(filled["folder"] / "notes.gpkg") if isinstance(row, FieldRow))
    assert first.geometry == {"type": "Point", "coordinates": [-92.15, 14.68]}
    assert second.geometry is None
    for row, name in zip((first, second), _FORMS, strict=True):
        values = filled["filled"][name]["values"]
        assert row.record_id == values.pop("id")
        assert row.fields == {key: value for key, value in values.items() if value is not None}


def _fill(path: Path, table: str, **values: Any) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    with closing(sqlite3.connect(path)) as database, database:
        marks = ", ".join("?" * len(values))
        database.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values.values()))  # noqa: S608 - a test


def test_a_row_with_its_photo_comes_home(folder: Path, tmp_path: Path, jpeg: bytes) -> None:
    phone = tmp_path / "phone"
    shutil.copytree(folder, phone)
    (phone / "DCIM").mkdir()
    (phone / "DCIM" / "a.jpg").write_bytes(jpeg)
    answers = {"category": "hazard", "consent": "no_person", "position_basis": "gps", "sensitivity": "restricted"}
    head = b"GP\x00\x01" + (4326).to_bytes(4, "little")
    point = head + struct.pack("<BIdd", 1, 1, -92.15, 14.68)
    _fill(phone / "notes.gpkg", "notes", geom=point, id="a", photo_1="DCIM/a.jpg", **answers)
    (row,) = read_file(phone / "notes.gpkg")
    assert isinstance(row, FieldRow)
    assert row.fields == {**answers, "photos": ["a.jpg"]}
    assert row.geometry == {"type": "Point", "coordinates": [-92.15, 14.68]}
    assert b"SyntheticCamera" not in row.media[0].data


def test_notes_that_are_there_are_never_written_over(folder: Path, project: Project) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(UsageError, match="was left as it is"):
        write_qfield(folder, project)
    assert before == {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.slow
def test_the_same_project_gives_the_same_bytes(folder: Path, project: Project, tmp_path: Path) -> None:
    write_qfield(tmp_path / "again", project)
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name


def test_the_base_map_has_the_layers_that_were_asked_for(project: Project, tmp_path: Path) -> None:
    write_qfield(tmp_path / "small", project, layers=["border"])
    with closing(sqlite3.connect(tmp_path / "small" / "base.gpkg")) as database:
        names = {name for (name,) in database.execute("SELECT table_name FROM gpkg_geometry_columns")}
    assert names == {"border", "border_reaches", "municipalities"}
    with pytest.raises(UsageError, match="nowhere"):
        write_qfield(tmp_path / "none", project, layers=["nowhere"])
    assert not (tmp_path / "none").exists()
