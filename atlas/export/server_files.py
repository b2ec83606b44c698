"""What servers need beside an export: pygeoapi's configuration, and a script that loads PostGIS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from atlas.border_project.expected_region import region
from atlas.export import imprint
from atlas.export.dcat import all_licences, attributions
from atlas.export.layer_tables import Table, about, table_title
from atlas.export.material import Layer, Material
from atlas.export.ogr import ID, scratch, write_table
from atlas.export.reprojection import Places
from atlas.export.style import environment
from atlas.geojson.collection import bounding_box

CONFIGURATION, SCRIPT = "pygeoapi-config.yml", "load-postgis.sql"
_SCHEMA = "border_atlas"


def pygeoapi(material: Material, folder: str) -> bytes:
    """The configuration of a server of OGC API Features over the GeoJSON files of the same export.

    Parameters
    ----------
    folder
        Where these files are, from where the server is started.
    """
    text = (
        environment()
        .get_template("pygeoapi.yml.j2")
        .render(
            title=dict(imprint.title()),
            keywords=_keywords(),
            spanish=region().border.locales["es"],
            version=material.version,
            licence=next(iter(all_licences(material)), {}),
            attribution={"en": attributions(material), "es": attributions(material, "es")},
            layers=[_collection(layer, folder) for layer in material.layers],
        )
    )
    return text.encode()


def _keywords() -> dict[str, list[str]]:
    words = {"en": "borders", "es": "fronteras"}
    return {key: [word, *(side.name[key] for side in region().border.sides)] for key, word in words.items()}


def _collection(layer: Layer, folder: str) -> dict[str, Any]:
    return {
        "name": layer.name,
        "title": layer.record["title"],
        "description": layer.record["description"],
        "bbox": bounding_box(layer.features) or [-180, -90, 180, 90],
        "data": f"{folder}/{layer.name}.geojson",
    }


def postgis_script(tables: Sequence[Table], places: Places) -> bytes:
    """SQL that makes a schema with a table of each kind of shape, for ``psql -f``."""
    parts = [
        f"-- psql -v ON_ERROR_STOP=1 -d DATABASE -f {SCRIPT}",
        "CREATE EXTENSION IF NOT EXISTS postgis;",
        f"CREATE SCHEMA IF NOT EXISTS {_SCHEMA};",
    ]
    options = {"SCHEMA": _SCHEMA, "CREATE_SCHEMA": "NO", "DROP_TABLE": "IF_EXISTS", "FID": "fid"}
    for table in tables:
        with scratch() as folder:
            path = folder / f"{table.name}.sql"
            shaped = {**options, "GEOMETRY_NAME": "geom"} if table.geometry_type else options
            write_table(path, table, places, driver="PGDUMP", options=shaped)
            parts.append(path.read_text("utf-8").strip())
        parts += list(_comments(table))
    return ("\n".join(parts) + "\n").encode()


def _comments(table: Table) -> list[str]:
    name = f'"{_SCHEMA}"."{table.name}"'
    columns = [(ID, "en: stable id of the feature; es: id estable del elemento")]
    columns += [(field["name"], about(field)) for field in table.layer.fields]
    comments = [f"COMMENT ON TABLE {name} IS {_quoted(table_title(table))};"]
    # GDAL writes names of columns in small letters
    return comments + [f'COMMENT ON COLUMN {name}."{column.lower()}" IS {_quoted(text)};' for column, text in columns]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
