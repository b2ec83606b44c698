"""``datapackage.json`` of a deposit: every file with size, hash and licence, and the columns of every table."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from atlas.deposit.content import Piece
from atlas.evidence.cells import flag, integer, number, year
from atlas.evidence.spec import Column, Table
from atlas.evidence.tables import TABLES
from atlas.export import imprint

CC_BY = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0 International",
}
# a parser of numbers is made anew for each column, and known by what it was made of
_NUMBER = number().__code__
_PLAIN: Mapping[Callable[[str], object], str] = {integer: "integer", year: "year", flag: "boolean"}


def data_package(pieces: Sequence[Piece]) -> bytes:
    """The package as JSON; tables with the types of their columns, so that any reader can hold them to it."""
    document = {
        "profile": "data-package",
        "name": imprint.identifier(),
        "title": imprint.both_titles(),
        "version": imprint.edition(),
        "description": f"{imprint.description()['en']}\n\n{imprint.description()['es']}",
        "keywords": list(imprint.keywords()),
        **({"licenses": [CC_BY]} if imprint.is_shipped() else {}),
        "resources": [_resource(piece) for piece in pieces],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _resource(piece: Piece) -> dict[str, Any]:
    suffix = piece.path.rpartition(".")[2]
    resource: dict[str, Any] = {
        "name": re.sub(r"[^a-z0-9]+", "-", piece.path.lower()).strip("-"),
        "path": piece.path,
        "title": piece.title,
        "format": suffix,
        "mediatype": piece.media_type,
        "bytes": len(piece.data),
        "hash": f"sha256:{piece.digest}",
    }
    if suffix == "parquet":
        # a file to those who check the package: it is held to its hash, and no reader of tables is asked for
        resource["type"] = "file"
    if piece.licence:
        resource["description"] = f"Licence: {piece.licence}"
    if piece.table:
        table = next(table for table in TABLES if table.name == piece.table)
        if piece.data.partition(b"\n")[0].decode().split(",") != [column.name for column in table.columns]:
            table = table.of_project()
        resource |= {"profile": "tabular-data-resource", "encoding": "utf-8", "schema": _schema(table)}
    return resource


def _schema(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(column) for column in table.columns], "missingValues": [""]}
    # rows without a source may leave out what others must have, and are not in a deposit
    return schema | ({"primaryKey": list(table.key)} if table.key else {})


def _field(column: Column) -> dict[str, Any]:
    plain = "number" if getattr(column.parse, "__code__", None) is _NUMBER else _PLAIN.get(column.parse, "string")
    described: dict[str, Any] = {"name": column.name, "type": plain}
    if plain == "boolean":
        described |= {"trueValues": ["true"], "falseValues": ["false"]}
    return described if column.optional else described | {"constraints": {"required": True}}
