"""The record of an export in DCAT, as JSON-LD.

DCAT and not STAC: these are tables of features without a time of acquisition, which STAC demands, and the catalogues
that would list them (CKAN, datos.gob.mx, HDX) harvest DCAT.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from atlas.export import imprint
from atlas.export.material import Layer, Material, Output
from atlas.geojson.collection import bounding_box

_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "locn": "http://www.w3.org/ns/locn#",
    "geosparql": "http://www.opengis.net/ont/geosparql#",
    "spdx": "http://spdx.org/rdf/terms#",
    "prov": "http://www.w3.org/ns/prov#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_EU = "http://publications.europa.eu/resource/authority"
_LANGUAGES = [{"@id": f"{_EU}/language/{code}", "@type": "dct:LinguisticSystem"} for code in ("ENG", "SPA")]
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types"
_KNOWN = {
    "CC BY 4.0": {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"},
    "LGPL-3.0-or-later": {"name": "LGPL-3.0-or-later", "path": "https://www.gnu.org/licenses/lgpl-3.0.html"},
}


def licences(text: str) -> list[dict[str, str]]:
    """The licences of a layer one by one: title, and name and address where they are known."""
    licences_stated = []
    for title in dict.fromkeys(part.strip() for part in text.split(";")):
        known = next((value for key, value in _KNOWN.items() if title.startswith(key)), {"name": "other"})
        licences_stated.append({**known, "title": title})
    return licences_stated


def dataset(layer: Layer, material: Material) -> dict[str, Any]:
    """A layer's record: title, description, licence, attribution, extent, accuracy, inputs and sources."""
    record = layer.record
    return {
        "@context": _CONTEXT,
        "@id": f"#{layer.name}",
        "@type": "dcat:Dataset",
        "dct:identifier": layer.name,
        "dct:title": _worded(record["title"]),
        "dct:description": _worded(record["description"]),
        "dct:language": _LANGUAGES,
        "dct:license": [_licence(licence) for licence in licences(record["licence"])],
        "dct:rights": _rights({"en": record["attribution"], "es": record["attribution_es"]}),
        "dct:accessRights": {"@id": f"{_EU}/access-right/PUBLIC", "@type": "dct:RightsStatement"},
        **_extent(layer),
        "prov:wasDerivedFrom": [_input(material.inputs[key]) for key in record["inputs"]],
        # not dct:source, which would say that each is a data set
        "dct:references": [_source(key, material.sources[key]) for key in record["source_ids"]],
    }


def whole(material: Material) -> dict[str, Any]:
    """The record of all layers together, without the files."""
    return {
        "@context": _CONTEXT,
        "@id": "#atlas",
        "@type": "dcat:Catalog",
        "dct:title": _worded(imprint.title()),
        "dct:description": _worded(
            {lang: "; ".join(layer.record["title"][lang] for layer in material.layers) for lang in ("en", "es")}
        ),
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": imprint.author()},
        "dcat:version": material.version,
        "dct:language": _LANGUAGES,
        # one for all of them, as the profile has it; each layer states its own
        "dct:license": {
            "@type": "dct:LicenseDocument",
            "dct:title": "; ".join(licence["title"] for licence in all_licences(material)),
        },
        "dct:rights": _rights({language: attributions(material, language) for language in ("en", "es")}),
    }


def dcat(material: Material, outputs: Sequence[Output], digests: Mapping[str, str]) -> bytes:
    """The whole record as a file: the catalogue, its layers, and the files of each."""
    layers = []
    for layer in material.layers:
        described = {key: value for key, value in dataset(layer, material).items() if key != "@context"}
        files = [_distribution(o, digests[o.path]) for o in outputs if o.layer == layer.name]
        layers.append({**described, "dcat:distribution": files})
    shared = [_distribution(o, digests[o.path]) for o in outputs if o.layer is None]
    document = {**whole(material), "dcat:distribution": shared, "dcat:dataset": layers}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def all_licences(material: Material) -> list[dict[str, str]]:
    """The licences of all layers, each once."""
    return licences("; ".join(layer.record["licence"] for layer in material.layers))


def attributions(material: Material, language: str = "en") -> str:
    """Who must be named for all layers, each once."""
    key = "attribution" if language == "en" else f"attribution_{language}"
    parts = [part for layer in material.layers for part in layer.record[key].split("; ")]
    return "; ".join(dict.fromkeys(parts))


def _worded(text: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"@language": lang, "@value": text[lang]} for lang in ("en", "es")]


def _rights(text: Mapping[str, str]) -> dict[str, Any]:
    return {"@type": "dct:RightsStatement", "rdfs:label": _worded(text)}


def _licence(licence: Mapping[str, str]) -> dict[str, Any]:
    named: dict[str, Any] = {"@type": "dct:LicenseDocument", "dct:title": licence["title"]}
    return {**named, "@id": licence["path"]} if "path" in licence else named


def _extent(layer: Layer) -> dict[str, Any]:
    box = bounding_box(layer.features)
    if box is None:
        return {}
    west, south, east, north = box
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    ring = ", ".join(f"{x} {y}" for x, y in corners)
    text = {"@type": "geosparql:wktLiteral", "@value": f"POLYGON (({ring}))"}
    return {"dct:spatial": {"@type": "dct:Location", "dcat:bbox": text}}


def _input(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "dct:title": record["title"],
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": record["publisher"]},
        "dct:hasVersion": record["edition"],
        "dct:license": record["licence"],
    }


def _source(key: str, source: Mapping[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "dct:identifier": key,
        # of a source without a title its citation, in words of our own and in both languages
        "dct:title": source["title"] or _worded(source["citation"]),
        "dct:bibliographicCitation": _worded(source["citation"]),
    }
    for term, key_of in (("dct:creator", "author"), ("dct:publisher", "publisher")):
        if source.get(key_of):
            described[term] = {"@type": "foaf:Agent", "foaf:name": source[key_of]}
    if source.get("year"):
        described["dct:issued"] = str(source["year"])
    if source.get("url"):
        described["dcat:landingPage"] = {"@id": source["url"]}
    return described


def _distribution(output: Output, digest: str) -> dict[str, Any]:
    return {
        "@type": "dcat:Distribution",
        "dct:title": output.title,
        "dcat:accessURL": {"@id": output.path},
        "dcat:downloadURL": {"@id": output.path},
        "dcat:mediaType": {"@id": f"{_MEDIA_TYPES}/{output.media_type}", "@type": "dct:MediaType"},
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(len(output.data))},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256", "@type": "spdx:ChecksumAlgorithm"},
            "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": digest},
        },
    }
