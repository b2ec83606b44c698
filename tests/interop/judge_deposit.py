"""Judges a deposit in an environment of its own, with the network off: prints what is wrong with it, as JSON."""

from __future__ import annotations

import csv
import io
import json
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

import frictionless
import pyshacl
import rdflib
import requests
import requests_cache
import urllib3
from datacite import schema45
from rocrate_validator import models, services

# what DCAT-AP 3.0.1 asks of the properties of each class: how many, of which kind, and what they lead to
RULES = Path(__file__).resolve().with_name("dcat_ap.csv")
NAMESPACES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "time": "http://www.w3.org/2006/time#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_KINDS = {"literal": "sh:Literal", "iri": "sh:IRI", "node": "sh:BlankNodeOrIRI"}
_EITHER = {
    "date": " ".join(f"[ sh:datatype xsd:{kind} ]" for kind in ("date", "dateTime", "gYear", "gYearMonth")),
    "resource": " ".join(
        f"[ sh:class dcat:{kind} ]" for kind in ("Catalog", "Dataset", "DataService", "DatasetSeries")
    ),
}
CONTEXT = "https://w3id.org/ro/crate/1.2/context"
# what the published context says of the terms that a deposit uses, so that nothing is asked of the network
_ELSEWHERE = {"File": "http://schema.org/MediaObject", "conformsTo": "http://purl.org/dc/terms/conformsTo"}


def _off(*_: object, **__: object) -> None:
    message = "a judge asked the network"
    raise OSError(message)


def _terms(value: object) -> set[str]:
    if isinstance(value, dict):
        types = value.get("@type", [])
        named = {types} if isinstance(types, str) else set(types)
        return named.union(set(value) - {"@id", "@type", "@context", "@graph"}, *map(_terms, value.values()))
    return set().union(*map(_terms, value)) if isinstance(value, list) else set()


def _keep(cache: Path, document: dict[str, Any]) -> None:
    """Put the context into the validator's own cache, as a run with the network would."""
    terms = {term: _ELSEWHERE.get(term, f"http://schema.org/{term}") for term in _terms(document["@graph"])}
    body = json.dumps({"@context": terms}).encode()
    session = requests_cache.CachedSession(str(cache), backend="sqlite", expire_after=-1)
    request = session.prepare_request(requests.Request("GET", CONTEXT))
    held = requests.Response()
    held.status_code, held._content, held.url, held.request = 200, body, CONTEXT, request
    held.headers["Content-Type"] = "application/ld+json"
    held.raw = urllib3.HTTPResponse(body=io.BytesIO(body), status=200, preload_content=False, request_url=CONTEXT)
    session.cache.save_response(held, cache_key=session.cache.create_key(request))


def _crate(folder: Path, cache: Path) -> list[str]:
    _keep(cache, json.loads((folder / "ro-crate-metadata.json").read_bytes()))
    settings = services.ValidationSettings(
        rocrate_uri=str(folder),
        profile_identifier="ro-crate-1.2",
        requirement_severity=models.Severity.REQUIRED,
        offline=True,
        cache_path=cache,
    )
    issues = services.validate(settings).get_issues()
    return [f"{issue.violatingEntity}: {issue.message}" for issue in issues]


def _package(folder: Path) -> list[str]:
    report = frictionless.validate(str(folder / "datapackage.json"))
    return [" ".join(map(str, fault)) for fault in report.flatten(["name", "rowNumber", "fieldName", "message"])]


def _record(folder: Path) -> list[str]:
    record = json.loads((folder / "datacite.json").read_bytes())
    return [error.message for error in schema45.validator.iter_errors(record)]


def _shape(rule: dict[str, str]) -> str:
    asked = [f"sh:path {rule['property']}"]
    for key, word in (("least", "minCount"), ("most", "maxCount"), ("kind", "nodeKind")):
        if rule[key]:
            asked.append(f"sh:{word} {_KINDS.get(rule[key], rule[key])}")
    if rule["of"] in _EITHER:
        asked.append(f"sh:or ( {_EITHER[rule['of']]} )")
    elif rule["of"]:
        asked.append(f"sh:{'datatype' if rule['of'].startswith('xsd:') else 'class'} {rule['of']}")
    return f"[] a sh:NodeShape ; sh:targetClass {rule['class']} ; sh:property [ {' ; '.join(asked)} ] ."


def _catalogue(folder: Path) -> list[str]:
    with RULES.open(encoding="utf-8", newline="") as stream:
        rules = [_shape(rule) for rule in csv.DictReader(stream)]
    prefixes = [f"@prefix {name}: <{address}> ." for name, address in NAMESPACES.items()]
    shapes = rdflib.Graph().parse(data="\n".join([*prefixes, *rules]), format="turtle")
    _, report, _ = pyshacl.validate(rdflib.Graph().parse(folder / "dcat.jsonld", format="json-ld"), shacl_graph=shapes)
    results = report.subjects(rdflib.RDF.type, rdflib.SH.ValidationResult)
    return [
        f"{report.value(one, rdflib.SH.resultPath)}: {report.value(one, rdflib.SH.resultMessage)}" for one in results
    ]


def main(folder: Path) -> None:
    """Print the faults of each kind."""
    socket.socket.connect = _off  # type: ignore[method-assign, assignment]
    with tempfile.TemporaryDirectory() as cache:
        faults = {
            "crate": _crate(folder, Path(cache) / "http"),
            "package": _package(folder),
            "record": _record(folder),
            "catalogue": _catalogue(folder),
        }
    sys.stdout.write(f"\n{json.dumps(faults)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
