"""What stands beside the data: a Frictionless data package, checksums, and how to read the files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from atlas.export.csv_file import WKT, hashtags
from atlas.export.dcat import all_licences, attributions, licences
from atlas.export.imprint import both_titles, identifier
from atlas.export.layer_tables import about, is_list, titles
from atlas.export.material import Layer, Material, Output
from atlas.export.ogr import ID
from atlas.export.plain_files import FLAT_FOLDER
from atlas.export.reprojection import Places
from atlas.export.style import environment

CHECKSUMS = "checksums.sha256"
_TYPES = {"strings": "array", "numbers": "array", "intervals": "array"}


def datapackage(
    material: Material, outputs: Sequence[Output], digests: Mapping[str, str], *, hxl: bool = False
) -> bytes:
    """``datapackage.json``: every file with size, hash and licence, and the columns of every CSV file."""
    layers = {layer.name: layer for layer in material.layers}
    cited = {key: material.sources[key] for layer in material.layers for key in layer.record["source_ids"]}
    document = {
        "profile": "data-package",
        "name": identifier(),
        "title": both_titles(),
        "version": material.version,
        "description": f"{attributions(material)} · {attributions(material, 'es')}",
        "licenses": all_licences(material),
        "sources": [_source(key, cited[key]) for key in sorted(cited)],
        "resources": [_resource(output, digests[output.path], layers, hxl=hxl) for output in outputs],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def checksums(digests: Mapping[str, str]) -> bytes:
    """``checksums.sha256``, as ``sha256sum --check`` reads it."""
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests)).encode()


def stated_digests(folder: Path) -> dict[str, str]:
    """What ``checksums.sha256`` in a folder says of its files, by path; nothing where there is none to read."""
    try:
        lines = (folder / CHECKSUMS).read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return {}
    return {path: digest for digest, mark, path in (line.partition("  ") for line in lines) if mark}


def readme(
    material: Material, outputs: Sequence[Output], places: Places, notes: Sequence[str], *, hxl: bool = False
) -> bytes:
    """``README.md``: what the files are, how lists and missing values are written, and who must be named."""
    text = (
        environment()
        .get_template("readme.md.j2")
        .render(
            title=both_titles(),
            version=material.version,
            outputs=outputs,
            folders={output.path.partition("/")[0] for output in outputs},
            places=places,
            notes=notes,
            hxl=hxl,
            licences=all_licences(material),
            attribution=attributions(material),
            atribucion=attributions(material, "es"),
        )
    )
    return text.encode()


def _source(key: str, source: Mapping[str, Any]) -> dict[str, str]:
    source_record = {"title": f"{key}: {source['citation']['en']}"}
    return {**source_record, "path": source["url"]} if source.get("url") else source_record


def _resource(output: Output, digest: str, layers: Mapping[str, Layer], *, hxl: bool) -> dict[str, Any]:
    suffix = output.path.rpartition(".")[2]
    resource: dict[str, Any] = {
        "name": re.sub(r"[^a-z0-9]+", "-", output.path.partition("/")[2].lower() or output.path.lower()),
        "path": output.path,
        "title": output.title,
        "format": suffix,
        "mediatype": output.media_type,
        "bytes": len(output.data),
        "hash": f"sha256:{digest}",
    }
    if output.layer is None:
        return resource
    layer = layers[output.layer]
    resource["licenses"] = licences(layer.record["licence"])
    resource["description"] = layer.record["description"]["en"]
    if suffix == "csv" and not output.path.startswith(f"{FLAT_FOLDER}/"):
        # the row of hashtags begins with the sign that marks a comment
        dialect = {"commentChar": "#", "header": True} if hxl else {"header": True}
        resource |= {
            "profile": "tabular-data-resource",
            "encoding": "utf-8",
            "dialect": dialect,
            "schema": _schema(layer),
        }
    return resource


def _schema(layer: Layer) -> dict[str, Any]:
    fields = [{"name": ID, "type": "string", "constraints": {"required": True, "unique": True}, "hxl": hashtags()[ID]}]
    fields += [_field(field) for field in layer.fields]
    fields.append({"name": WKT, "type": "string", "hxl": hashtags()[WKT]})
    return {"fields": fields, "missingValues": [""], "primaryKey": ID}


def _field(field: Mapping[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": field["name"],
        "type": _TYPES.get(field["type"], field["type"]),
        "title": titles(field),
        "description": about(field),
        "hxl": hashtags().get(field["name"], ""),
    }
    constraints: dict[str, Any] = {} if field["nullable"] else {"required": True}
    if field.get("values") and not is_list(field):
        constraints["enum"] = list(field["values"])
    return {**described, "constraints": constraints} if constraints else described
