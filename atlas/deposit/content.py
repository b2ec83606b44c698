"""The data of a deposit: layers with their schemas, and the tables of facts without the rows that have no source."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from atlas.evidence import Evidence
from atlas.evidence.reader import read_rows
from atlas.evidence.tables import TABLES
from atlas.export import Output, imprint
from atlas.files import sha256_hex
from atlas.geojson.collection import Feature, dumps
from atlas.project import Project
from atlas.publishers import read_editions
from atlas.publishers.edition_tables import edition_files

_MEDIA = {
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "parquet": "application/vnd.apache.parquet",
    "md": "text/markdown",
    "cff": "text/yaml",
    "sha256": "text/plain",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of the deposit: its path, its content, and the layer or table that it holds."""

    path: str
    data: bytes
    title: str
    licence: str | None = None
    layer: str | None = None
    table: str | None = None

    @property
    def media_type(self) -> str:
        """Its media type, by the ending of its name."""
        return _MEDIA.get(self.path.rpartition(".")[2], "application/octet-stream")

    @property
    def digest(self) -> str:
        """SHA-256 of its content."""
        return sha256_hex(self.data)


def layer_pieces(
    records: Mapping[str, Mapping[str, Any]], features: Mapping[str, Sequence[Feature]], project: Project
) -> list[Piece]:
    """Each layer and its schema, in the order of the registry."""
    pieces = []
    for name, record in records.items():
        title = f"{record['title']['en']} · {record['title']['es']}"
        pieces.append(
            Piece(f"layers/{name}.geojson", dumps(features[name]), title, licence=record["licence"], layer=name)
        )
        schema = project.geodata / "schema" / f"{name}.json"
        if schema.is_file():
            pieces.append(Piece(f"schema/{name}.json", schema.read_bytes(), f"fields of {name}"))
    return pieces


def parquet_pieces(records: Mapping[str, Mapping[str, Any]], outputs: Sequence[Output]) -> list[Piece]:
    """Each layer as GeoParquet, in both versions."""
    return [
        Piece(one.path, one.data, one.title, licence=records[one.layer]["licence"], layer=one.layer)
        for one in outputs
        if one.layer
    ]


def series_pieces(project: Project) -> list[Piece]:
    """The editions of publishers' figures that the project keeps, under the publishers' own licences."""
    kept = read_editions(project.geodata)
    licences = {key: "; ".join(dict.fromkeys(one.licence for one in kept.of(key))) for key in kept.publishers}
    every = "; ".join(dict.fromkeys(licences.values()))
    pieces = []
    for path, data in edition_files(kept).items():
        key = path.rpartition("/")[2].removesuffix(".csv")
        title = f"figures of {key} by edition" if key in licences else "editions of publishers' figures"
        pieces.append(Piece(path, data, title, licence=licences.get(key, every)))
    return pieces


def table_pieces(evidence: Evidence, project: Project, descriptions: Mapping[str, str]) -> list[Piece]:
    """Each table of facts; rows that no source stands behind are left out."""
    left_out = {(row.table, row.line) for row in evidence.unsourced}
    pieces = []
    for general in TABLES:
        table = general if project.border is None else general.of_project()
        columns = [column.name for column in table.columns]
        rows, _ = read_rows(project.evidence_dir / table.file, columns)
        out = io.StringIO()
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(row.cells for row in rows if (table.name, row.line) not in left_out)
        title = descriptions.get(table.name) or table.name
        terms = _licence_of_tables(project)
        pieces.append(Piece(f"evidence/{table.file}", out.getvalue().encode(), title, licence=terms, table=table.name))
    return pieces


def _licence_of_tables(project: Project) -> str | None:
    """What a project states of its tables; None for those of the atlas, which are under the licence of the whole."""
    if project.border is None:
        return None
    return project.border.terms.licence["en"] if project.border.terms else imprint.NOT_STATED
