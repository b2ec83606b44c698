"""Judges a deposit in an environment of its own, with the network off: prints what is wrong with it, as JSON."""

from __future__ import annotations

import io
import json
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

import frictionless
import requests
import requests_cache
import urllib3
from datacite import schema45
from rocrate_validator import models, services

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


def main(folder: Path) -> None:
    """Print the faults of each kind."""
    socket.socket.connect = _off  # type: ignore[method-assign, assignment]
    with tempfile.TemporaryDirectory() as cache:
        faults = {"crate": _crate(folder, Path(cache) / "http"), "package": _package(folder), "record": _record(folder)}
    sys.stdout.write(f"\n{json.dumps(faults)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
