"""What the GeoPackage carries beside the features, and that it comes out the same."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

import pyogrio
import pytest

from atlas.api import Atlas
from atlas.export import Exported

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def database(exported: Exported) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{exported.folder / 'atlas.gpkg'}?mode=ro", uri=True)) as opened:
        yield opened


def test_the_file_is_sound(database: sqlite3.Connection) -> None:
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    # every table that the file describes is there, and the other way round
    described = {name for (name,) in database.execute("SELECT table_name FROM gpkg_contents")}
    held = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    tables = {name for name in held if not name.startswith(("gpkg_", "rtree_", "sqlite_"))}
    assert described == tables


def test_each_table_has_one_kind_of_shape(exported: Exported) -> None:
    kinds = dict(pyogrio.list_layers(exported.folder / "atlas.gpkg").tolist())
    assert "Unknown" not in kinds.values()
    assert kinds["containment_areas"] == "MultiPolygon"
    assert kinds["containment_unplaced"] is None
    assert kinds["crossings_formal_points"] == "Point"
    assert "border_lines" not in kinds


@pytest.mark.slow
def test_the_same_layers_give_the_same_bytes(opened: Atlas, exported: Exported, tmp_path: Path) -> None:
    again = opened.export(tmp_path, formats=["gpkg", "fgb", "parquet"])
    for path in again.sizes:
        if path.endswith((".gpkg", ".fgb", ".parquet")):
            assert (tmp_path / path).read_bytes() == (exported.folder / path).read_bytes(), path


def test_no_date_of_writing_is_kept(database: sqlite3.Connection) -> None:
    dates = {date for (date,) in database.execute("SELECT last_change FROM gpkg_contents")}
    dates |= {date for (date,) in database.execute("SELECT timestamp FROM gpkg_metadata_reference")}
    dates |= {date for (date,) in database.execute("SELECT update_time FROM layer_styles")}
    assert dates == {"1970-01-01T00:00:00.000Z"}


def test_columns_have_titles_in_both_languages(database: sqlite3.Connection) -> None:
    query = "SELECT title FROM gpkg_data_columns WHERE table_name = ? AND column_name = ?"
    assert database.execute(query, ("municipalities", "population_2020")).fetchall() == [
        ("population, 2020 census · población, censo de 2020",)
    ]
    untitled = "SELECT count(*) FROM gpkg_data_columns WHERE title IS NULL OR title = ''"
    assert database.execute(untitled).fetchone() == (0,)


def test_codes_have_their_meaning(database: sqlite3.Connection) -> None:
    query = (
        "SELECT c.value, c.description FROM gpkg_data_columns d JOIN gpkg_data_column_constraints c "
        "USING (constraint_name) WHERE d.table_name = 'border' AND d.column_name = 'nature' ORDER BY c.value"
    )
    assert ("river", "river · río") in database.execute(query).fetchall()
    dangling = (
        "SELECT count(*) FROM gpkg_data_columns WHERE constraint_name IS NOT NULL "
        "AND constraint_name NOT IN (SELECT constraint_name FROM gpkg_data_column_constraints)"
    )
    assert database.execute(dangling).fetchone() == (0,)


def test_licence_and_sources_travel_with_each_table(database: sqlite3.Connection) -> None:
    query = (
        "SELECT r.table_name, m.metadata FROM gpkg_metadata_reference r JOIN gpkg_metadata m ON m.id = r.md_file_id "
        "WHERE r.reference_scope = 'table'"
    )
    records = {name: json.loads(text) for name, text in database.execute(query)}
    tables = {n for (n,) in database.execute("SELECT table_name FROM gpkg_contents")} - {"layer_styles"}
    assert set(records) == tables
    assert all(
        record["dct:license"] and record["dct:references"] and record["dct:rights"] for record in records.values()
    )
    rights = {text["@language"]: text["@value"] for text in records["border"]["dct:rights"]["rdfs:label"]}
    assert "Municipal outlines: INEGI" in rights["en"]
    assert "Contornos municipales: INEGI" in rights["es"]


def test_every_table_of_shapes_opens_with_a_style(database: sqlite3.Connection) -> None:
    shapes = {name for (name,) in database.execute("SELECT table_name FROM gpkg_geometry_columns")}
    styles = dict(database.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault"))
    assert set(styles) == shapes
    for text in styles.values():
        style = ET.fromstring(text)  # noqa: S314 - our own text
        assert style.find("renderer-v2/rules/rule") is not None
