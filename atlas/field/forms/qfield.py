"""A project for QField: the form over a table of points and one without places, and a base map for no network."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
from jinja2 import ChoiceLoader, Environment, PackageLoader

from atlas._version import __version__
from atlas.errors import OutputError, UsageError
from atlas.export.dcat import attributions
from atlas.export.geopackage_file import geopackage
from atlas.export.layer_tables import Table, split_tables
from atlas.export.material import Layer, Material
from atlas.export.reprojection import places
from atlas.export.style import drawn, environment, signs
from atlas.field.forms.form_columns import BASE, BY_REACH, MUNICIPALITIES, POINTS, REACHES, Column, columns
from atlas.field.record import Schema, annotation_schema
from atlas.files import write_set
from atlas.project import Project
from atlas.published.layers import open_published_layers

PROJECT, NOTES = "atlas-notes.qgs", "notes.gpkg"
BASE_LAYERS = ("border", REACHES, MUNICIPALITIES, "basemap")
_TITLE = "Field notes: {en} · Notas de campo: {es}"
_TITLES = {
    POINTS: "Notes with a position · Notas con posición",
    BY_REACH: "Notes by stretch, without coordinates · Notas por tramo, sin coordenadas",
}
_NO_DATE = "1970-01-01T00:00:00.000Z"
_GEOMETRY = "geom"
_MARKER = (
    {
        "class": "SimpleMarker",
        "name": "circle",
        "color": "#d55e00",
        "outline_color": "#ffffff",
        "outline_width": "0.5",
        "size": "4",
        "size_unit": "MM",
    },
)


def write_qfield(folder: Path, project: Project, *, layers: Sequence[str] = ()) -> list[str]:
    """Write the project into a folder that QField opens.

    Parameters
    ----------
    folder
        Where the files go; notes that are there already are never written over.
    project
        Whose schema and layers are used.
    layers
        The layers of the base map; if none are given, the border, its stretches, the municipalities and the ground.

    Returns
    -------
    list of str
        The names of the files that were written.

    Raises
    ------
    UsageError
        A layer does not exist, or the folder holds notes already.
    InputError
        The project has no usable schema or layers.
    OutputError
        The folder cannot be written.
    """
    target = folder.expanduser().resolve()
    if (target / NOTES).exists():
        msg = f"{folder} holds a project with notes ({NOTES}) already and was left as it is; choose an empty folder"
        raise UsageError(msg)
    release = open_published_layers(project)
    # the form offers municipalities and stretches out of these two
    names = tuple(dict.fromkeys([*(layers or BASE_LAYERS), REACHES, MUNICIPALITIES]))
    chosen = [Layer(release.record(name), release.written_features(name)) for name in names]
    material = Material(chosen, release.sources, release.inputs, __version__)
    tables = [table for layer in chosen for table in split_tables(layer, places(None)) if table.geometry_type]
    schema = annotation_schema(project)
    files = {
        PROJECT: _project(schema, tables, attributions(material), project.described.title),
        NOTES: _notes(schema),
        BASE: geopackage(tables, material, places(None)),
    }
    return write_set(target, files)


def _notes(schema: Schema) -> bytes:
    """The two empty tables as a GeoPackage."""
    sql = resources.files("atlas.field.forms").joinpath("templates/notes.sql").read_text("utf-8")
    try:
        with closing(sqlite3.connect(":memory:")) as database:
            database.executescript(sql)
            wkt = pyproj.CRS.from_epsg(4326).to_wkt("WKT1_GDAL")
            database.execute(
                "INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84 geodetic', 4326, 'EPSG', 4326, ?, NULL)", (wkt,)
            )
            for table, title in _TITLES.items():
                _add(database, table, title, columns(schema, table))
            database.commit()
            return bytes(database.serialize())
    except sqlite3.Error as error:
        msg = f"cannot make the tables of the form ({error}); check geodata/schema/annotation.json"
        raise OutputError(msg) from error


def _add(database: sqlite3.Connection, table: str, title: str, columns: Sequence[Column]) -> None:
    placed = table == POINTS
    shape = [f"{_GEOMETRY} POINT"] if placed else []
    parts = ["fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL", *shape, *(f'"{c.name}" {c.kind}' for c in columns)]
    database.execute(f'CREATE TABLE "{table}" ({", ".join(parts)})')
    kind, srs = ("features", 4326) if placed else ("attributes", 0)
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (table, kind, table, title, _NO_DATE, srs),
    )
    if placed:
        database.execute("INSERT INTO gpkg_geometry_columns VALUES (?, ?, 'POINT', 4326, 0, 0)", (table, _GEOMETRY))


def _project(schema: Schema, tables: Sequence[Table], attribution: str, title: Mapping[str, str]) -> bytes:
    order = list(signs())
    ranked = sorted(tables, key=lambda table: order.index(table.name) if table.name in order else len(order))
    forms = [_form(schema, table, title) for table, title in _TITLES.items()]
    boxes = np.array([table.bounds for table in tables if table.layer.name in {"border", REACHES}])
    text = (
        _templates()
        .get_template("notes.qgs.j2")
        .render(
            title=_TITLE.format_map(title),
            forms=forms,
            tables=[drawn(table) for table in ranked],
            notes=NOTES,
            base=BASE,
            marker=_MARKER,
            system={"wkt": pyproj.CRS.from_epsg(4326).to_wkt()},
            extent=(*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist()),
            attribution=attribution,
        )
    )
    return text.encode()


def _form(schema: Schema, table: str, title: str) -> Mapping[str, Any]:
    # QGIS gives a layer whose id is no longer than ten characters another one, and then misses it
    return {
        "name": table,
        "key": f"atlas_form_{table}",
        "title": title,
        "placed": table == POINTS,
        "columns": columns(schema, table),
    }


@cache
def _templates() -> Environment:
    """The template of the project, with the signs of the export; every value is escaped."""
    shared = environment()
    form_templates = PackageLoader("atlas.field.forms", "templates")
    return shared.overlay(loader=ChoiceLoader([form_templates, shared.loader] if shared.loader else [form_templates]))
