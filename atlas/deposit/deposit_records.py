"""The record of a deposit for those who keep it: DataCite's, Zenodo's, and the provenance of the layers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from atlas._version import __version__
from atlas.deposit.citable import LAYERS, urn
from atlas.evidence import Source
from atlas.export import imprint

_CC_BY = "https://creativecommons.org/licenses/by/4.0/legalcode"
SCHEMA_VERSION = "http://datacite.org/schema/kernel-4"


def datacite(sources: Mapping[str, Source], box: Sequence[float]) -> bytes:
    """DataCite 4.5 as JSON, without a DOI, which whoever takes the deposit gives.

    Parameters
    ----------
    sources
        Sources of the tables; those with a DOI or an address are named as what the deposit is derived from.
    box
        West, south, east and north of all layers, in degrees.
    """
    return _json(
        {
            "schemaVersion": SCHEMA_VERSION,
            "creators": [{"name": imprint.author(), "nameType": "Organizational"}],
            "titles": [
                {"title": imprint.title()["en"], "lang": "en"},
                {"title": imprint.title()["es"], "lang": "es", "titleType": "TranslatedTitle"},
            ],
            "publisher": {"name": imprint.author()},
            "publicationYear": str(imprint.year()),
            "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Geodata and tables of cited facts"},
            "subjects": [{"subject": word} for word in imprint.keywords()],
            "dates": [{"date": imprint.released(), "dateType": "Issued"}],
            "language": "en",
            "version": imprint.edition(),
            "rightsList": _rights(),
            "descriptions": [
                {"description": words, "descriptionType": "Abstract", "lang": language}
                for language, words in imprint.description().items()
            ],
            "geoLocations": [_place(box)],
            "relatedIdentifiers": [
                {
                    "relatedIdentifier": source.doi or source.url,
                    "relatedIdentifierType": "DOI" if source.doi else "URL",
                    "relationType": "IsDerivedFrom",
                }
                for source in sources.values()
                if source.doi or source.url
            ],
        }
    )


def _rights() -> list[dict[str, str]]:
    """The licence of the whole; a project of another border has not stated one, and its layers state their own."""
    if not imprint.is_shipped():
        return [{"rights": f"{imprint.NOT_STATED}; LICENCES.md has those of the layers"}]
    return [
        {
            "rights": "Creative Commons Attribution 4.0 International",
            "rightsUri": _CC_BY,
            "rightsIdentifier": "CC-BY-4.0",
            "rightsIdentifierScheme": "SPDX",
        }
    ]


def _place(box: Sequence[float]) -> dict[str, Any]:
    west, south, east, north = box
    return {
        "geoLocationPlace": imprint.place(),
        "geoLocationBox": {
            "westBoundLongitude": west,
            "eastBoundLongitude": east,
            "southBoundLatitude": south,
            "northBoundLatitude": north,
        },
    }


def zenodo() -> bytes:
    """``.zenodo.json``: what Zenodo fills its form with."""
    return _json(
        {
            "title": imprint.title()["en"],
            "upload_type": "dataset",
            "description": f"<p>{imprint.description()['en']}</p><p>{imprint.description()['es']}</p>",
            "creators": [{"name": imprint.author()}],
            "keywords": list(imprint.keywords()),
            **({"license": "cc-by-4.0"} if imprint.is_shipped() else {}),
            "access_right": "open",
            "version": imprint.edition(),
            "language": "eng",
            "publication_date": imprint.released(),
        }
    )


def prov(records: Mapping[str, Mapping[str, Any]], inputs: Mapping[str, Mapping[str, Any]]) -> bytes:
    """From which inputs and sources each layer was made, as PROV-JSON."""
    activity, maker = "atlas:refresh", "atlas:maintainers"
    entities: dict[str, Any] = {
        urn(f"inputs/{key}"): {"prov:label": held["title"], "atlas:licence": held["licence"]}
        for key, held in inputs.items()
    }
    derived: dict[str, Any] = {}
    for name, record in records.items():
        layer = urn(f"{LAYERS}/{name}")
        entities[layer] = {"prov:label": record["title"]["en"], "atlas:id": f"{LAYERS}/{name}"}
        used = [*(f"inputs/{key}" for key in record["inputs"]), *(f"sources/{key}" for key in record["source_ids"])]
        for part in used:
            entities.setdefault(urn(part), {"atlas:id": part})
            derived[f"_:d{len(derived) + 1}"] = {"prov:generatedEntity": layer, "prov:usedEntity": urn(part)}
    layers = [urn(f"{LAYERS}/{name}") for name in records]
    return _json(
        {
            "prefix": {"atlas": f"urn:{imprint.identifier()}:", "urn": "urn:"},
            "entity": entities,
            "activity": {activity: {"prov:label": f"atlas refresh, version {__version__}"}},
            "agent": {maker: {"prov:label": imprint.author()}},
            "wasGeneratedBy": {
                f"_:g{place}": {"prov:entity": layer, "prov:activity": activity}
                for place, layer in enumerate(layers, 1)
            },
            "wasDerivedFrom": derived,
            "wasAssociatedWith": {"_:w1": {"prov:activity": activity, "prov:agent": maker}},
        }
    )


def _json(document: object) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
