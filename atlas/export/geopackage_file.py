"""All layers in one GeoPackage: tables, aliases in both languages, value lists, metadata and QGIS' styles.

The same layers give the same bytes with the same versions of GDAL and SQLite: the dates of writing that a GeoPackage
wants are all set to one date that means none.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from importlib import resources
from typing import Any

from atlas.export.dcat import dataset, whole
from atlas.export.layer_tables import Table, about, is_list, table_title, titles
from atlas.export.material import Material
from atlas.export.ogr import ID, scratch, write_table
from atlas.export.reprojection import Places
from atlas.export.style import qml
from atlas.vector.sqlite_bytes import bytes_of_tables

GEOMETRY = "geom"
_NO_DATE = "1970-01-01T00:00:00.000Z"
_JSON_LD = ("dataset", "https://www.w3.org/TR/vocab-dcat-3/", "application/ld+json")
_APPLICATION = "atlas"
# what Debian's and long-term versions of QGIS read without a warning; 1.4 adds nothing that is used here
_VERSION = "1.3"


def geopackage(tables: Sequence[Table], material: Material, places: Places) -> bytes:
    """A GeoPackage as bytes.

    Raises
    ------
    OutputError
        GDAL or SQLite cannot write it, for want of space in the folder of temporary files.
    """
    with scratch() as folder:
        path = folder / "atlas.gpkg"
        for table in tables:
            write_table(path, table, places, driver="GPKG", options=_options(table), VERSION=_VERSION)
        with closing(sqlite3.connect(path)) as database, database:
            _describe(database, tables, material)
        return bytes_of_tables(path)


def _options(table: Table) -> dict[str, str]:
    described = {"IDENTIFIER": table.name, "DESCRIPTION": table_title(table), "FID": "fid"}
    return {**described, "GEOMETRY_NAME": GEOMETRY, "SPATIAL_INDEX": "YES"} if table.geometry_type else described


def _describe(database: sqlite3.Connection, tables: Sequence[Table], material: Material) -> None:
    sql = resources.files("atlas.export").joinpath("schema.sql").read_text("utf-8")
    database.executescript(sql)
    database.executemany("INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, ?, ?)", _aliases(tables))
    database.executemany(
        "INSERT INTO gpkg_data_column_constraints VALUES (?, 'enum', ?, NULL, NULL, NULL, NULL, ?)", _codes(tables)
    )
    _metadata(database, tables, material)
    database.executemany(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, "
        "styleQML, styleSLD, useAsDefault, description, owner, update_time) "
        "VALUES ('', '', ?, ?, ?, ?, '', 1, ?, ?, ?)",
        [(t.name, GEOMETRY, t.name, qml(t), table_title(t), _APPLICATION, _NO_DATE) for t in tables if t.geometry_type],
    )
    database.execute("UPDATE gpkg_contents SET last_change = ?", (_NO_DATE,))


def _aliases(tables: Sequence[Table]) -> Iterator[tuple[str, str, str, str, str, str | None, str | None]]:
    # no MIME type for lists: QGIS 3.22 can save a layer with a column of JSON in no format at all
    for table in tables:
        yield table.name, ID, ID, "id", "en: stable id of the feature; es: id estable del elemento", None, None
        for field in table.layer.fields:
            name = field["name"]
            codes = f"{table.layer.name}_{name}" if field.get("values") and not is_list(field) else None
            yield table.name, name, name, titles(field), about(field), None, codes


def _codes(tables: Sequence[Table]) -> Iterator[tuple[str, str, str]]:
    for layer in {table.layer.name: table.layer for table in tables}.values():
        for field in layer.fields:
            if not is_list(field):
                for code, text in field.get("values", {}).items():
                    yield f"{layer.name}_{field['name']}", code, titles({"title": text})


def _metadata(database: sqlite3.Connection, tables: Sequence[Table], material: Material) -> None:
    """Licence, attribution and sources as DCAT: of the whole file, and of each table."""
    records: list[tuple[str, str | None, dict[str, Any]]] = [("geopackage", None, whole(material))]
    records += [("table", table.name, dataset(table.layer, material)) for table in tables]
    for number, (scope, name, record) in enumerate(records, start=1):
        text = json.dumps(record, ensure_ascii=False, indent=1)
        database.execute("INSERT INTO gpkg_metadata VALUES (?, ?, ?, ?, ?)", (number, *_JSON_LD, text))
        database.execute(
            "INSERT INTO gpkg_metadata_reference VALUES (?, ?, NULL, NULL, ?, ?, ?)",
            (scope, name, _NO_DATE, number, None if scope == "geopackage" else 1),
        )
