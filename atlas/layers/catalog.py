"""The registry of all layers, their JSON Schemas and the README that is generated from them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from importlib import resources
from typing import Any

from atlas._version import __version__
from atlas.border_project.overlays import Terms
from atlas.errors import GeometryError, listed
from atlas.evidence import Evidence, Source, citations
from atlas.evidence.tombstones import Tombstone
from atlas.files import sha256_hex
from atlas.geojson.collection import bounding_box, dumps
from atlas.geojson.meridian_features import cut_box, turned_features
from atlas.layers.layer import Layer
from atlas.layers.project_schema import OF_MODULES
from atlas.layers.schema import LayerSpec, layer_specs
from atlas.sources import SourceRecord

LICENCE_OF_FACTS = "CC BY 4.0 (the atlas' own fact tables)"
LICENCE_OF_FACTS_ES = "CC BY 4.0 (tablas de datos del atlas)"
_ATLAS = Terms({"en": LICENCE_OF_FACTS, "es": LICENCE_OF_FACTS_ES}, {})


def catalogue(  # noqa: PLR0913 - the last two are of a project
    layers: Sequence[Layer],
    records: Mapping[str, SourceRecord],
    evidence: Evidence,
    specs: Mapping[str, LayerSpec] | None = None,
    *,
    start: float | None = None,
    beside: Mapping[str, Any] | None = None,
    terms: Terms | None = None,
) -> dict[str, bytes]:
    """Every file of ``geodata/`` that is derived, by path relative to it.

    Parameters
    ----------
    specs
        The layers that must be there; those of the atlas' own border if not given.
    start
        The longitude below which longitudes go on beyond 180°, where the region goes across that.
    beside
        What is known of both sides of the line of a project.
    terms
        The terms of a project's own tables, which its layers of modules are made of.

    Raises
    ------
    GeometryError
        A layer's features don't have exactly the fields that the schema lists.
    """
    files: dict[str, bytes] = {}
    described = []
    known = layer_specs() if specs is None else specs
    for layer in layers:
        spec = known[layer.name]
        _refuse_other_fields(layer, spec)
        box = cut_box(bounding_box(turned_features(layer.features, start)))
        content = dumps(layer.features, box)
        files[f"layers/{layer.name}.geojson"] = content
        files[f"schema/{layer.name}.json"] = pretty(spec.json_schema())
        table_terms = _ATLAS if specs is None else terms if layer.name in OF_MODULES else None
        described.append(_record(layer, spec, records, content, box, table_terms))
    if missing := set(known) - {layer.name for layer in layers}:
        msg = f"the layers {', '.join(sorted(missing))} are in schema.toml but were not made"
        raise GeometryError(msg)
    registry: dict[str, Any] = {
        "atlas": __version__,
        "crs": "EPSG:4326, longitude before latitude (RFC 7946)",
        "layers": described,
        "inputs": {key: record.as_json() for key, record in records.items()},
        "sources": _cited(layers, evidence),
    }
    if beside:
        registry["border"] = dict(beside)
    if evidence.tombstones:
        registry["withdrawn"] = [_buried(stone) for stone in evidence.tombstones]
    files["registry.json"] = pretty(registry)
    files["README.md"] = readme(registry)
    return files


def _buried(stone: Tombstone) -> dict[str, Any]:
    return {
        "id": stone.withdrawn_id,
        "cause": stone.cause,
        "withdrawn_on": stone.withdrawn_on.isoformat(),
        "replaced_by": list(stone.replaced_by),
        "reason": {"en": stone.reason_en, "es": stone.reason_es},
    }


def pretty(document: Mapping[str, Any]) -> bytes:
    """JSON for people: two spaces, UTF-8, newline at the end."""
    return (json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def readme(registry: Mapping[str, Any]) -> bytes:
    """The README of ``geodata/``, from the registry alone."""
    import jinja2  # noqa: PLC0415 - needed for this page only

    text = resources.files("atlas.layers").joinpath("geodata_readme.md.j2").read_text("utf-8")
    # markdown for a repository, not a web page: nothing is to be escaped
    environment = jinja2.Environment(autoescape=False, undefined=jinja2.StrictUndefined)  # noqa: S701
    environment.trim_blocks = environment.lstrip_blocks = True
    return environment.from_string(text).render(registry=registry).encode() + b"\n"


def _credits(drawn_from: Sequence[SourceRecord], table_terms: Terms | None) -> dict[str, str]:
    """Terms and credits of a layer's sources, and, where it is made of tables, those of the tables."""
    languages = (("", "en"), ("_es", "es"))
    terms = {
        f"{key}{mark}": [
            *(str(getattr(one, f"{key}{mark}")) for one in drawn_from),
            *([getattr(table_terms, key)[language]] if table_terms and getattr(table_terms, key) else ()),
        ]
        for key in ("licence", "attribution")
        for mark, language in languages
    }
    return {key: _each_once(texts) for key, texts in terms.items()}


def _record(  # noqa: PLR0913, PLR0917 - what a file holds is stated by many
    layer: Layer,
    spec: LayerSpec,
    records: Mapping[str, SourceRecord],
    content: bytes,
    box: list[float] | None,
    table_terms: Terms | None,
) -> dict[str, Any]:
    drawn_from = [records[key] for key in spec.source_keys]
    ids = sorted({source for feature in layer.features for source in feature["properties"]["source_ids"]})
    geometries = {feature["geometry"]["type"] for feature in layer.features if feature["geometry"]}
    return {
        "name": layer.name,
        "file": f"layers/{layer.name}.geojson",
        "schema": f"schema/{layer.name}.json",
        "title": dict(spec.title),
        "description": dict(spec.description),
        "geometry_types": sorted(geometries),
        "feature_count": len(layer.features),
        "unplaced_count": sum(feature["geometry"] is None for feature in layer.features),
        "bbox": box,
        "sensitivity": spec.sensitivity,
        **_credits(drawn_from, table_terms),
        "accuracy_m": max(record.accuracy_m for record in drawn_from),
        "inputs": list(spec.source_keys),
        "source_ids": ids,
        "fields": [described.as_json() for described in spec.fields],
        "bytes": len(content),
        "sha256": sha256_hex(content),
    }


def _each_once(parts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(parts))


def _cited(layers: Sequence[Layer], evidence: Evidence) -> dict[str, Any]:
    ids = {source for layer in layers for feature in layer.features for source in feature["properties"]["source_ids"]}
    return {source: _source(evidence.sources[source]) for source in sorted(ids)}


def _source(source: Source) -> dict[str, Any]:
    """A source as the registry carries it: what is known of it, its address, and how it is cited in each language."""
    known = {key: value for key, value in asdict(source).items() if key != "source_id"}
    cited = {
        form.__name__: {language: form(source, language) for language in citations.LANGUAGES}
        for form in (citations.headline, citations.who, citations.citation, citations.short)
    }
    return {**known, "url": source.address, **cited}


def _refuse_other_fields(layer: Layer, spec: LayerSpec) -> None:
    wanted = {described.name for described in spec.fields}
    faults = []
    for feature in layer.features:
        given = set(feature["properties"])
        if given != wanted:
            faults.append(
                f"{feature['id']}: missing {sorted(wanted - given)}, not in the schema {sorted(given - wanted)}"
            )
    if faults:
        raise GeometryError(listed(f"layer {layer.name} does not fit schema.toml:", faults))
