"""The record of a deposit for those who keep it: DataCite's, Zenodo's, and the provenance of the layers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from atlas._version import DATA_EDITION, DATA_RELEASED, __version__
from atlas.border_project import shipped_border
from atlas.deposit.citable import LAYERS, urn
from atlas.deposit.citation import AUTHOR, YEAR
from atlas.deposit.texts import DESCRIPTION, KEYWORDS
from atlas.evidence import Source
from atlas.export.dcat import TITLE

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
            "creators": [{"name": AUTHOR, "nameType": "Organizational"}],
            "titles": [
                {"title": TITLE["en"], "lang": "en"},
                {"title": TITLE["es"], "lang": "es", "titleType": "TranslatedTitle"},
            ],
            "publisher": {"name": AUTHOR},
            "publicationYear": str(YEAR),
            "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Geodata and tables of cited facts"},
            "subjects": [{"subject": word} for word in KEYWORDS],
            "dates": [{"date": DATA_RELEASED, "dateType": "Issued"}],
            "language": "en",
            "version": DATA_EDITION,
            "rightsList": [
                {
                    "rights": "Creative Commons Attribution 4.0 International",
                    "rightsUri": _CC_BY,
                    "rightsIdentifier": "CC-BY-4.0",
                    "rightsIdentifierScheme": "SPDX",
                }
            ],
            "descriptions": [
                {"description": words, "descriptionType": "Abstract", "lang": language}
                for language, words in DESCRIPTION.items()
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


def _place(box: Sequence[float]) -> dict[str, Any]:
    west, south, east, north = box
    return {
        "geoLocationPlace": shipped_border().citation.place,
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
            "title": TITLE["en"],
            "upload_type": "dataset",
            "description": f"<p>{DESCRIPTION['en']}</p><p>{DESCRIPTION['es']}</p>",
            "creators": [{"name": AUTHOR}],
            "keywords": list(KEYWORDS),
            "license": "cc-by-4.0",
            "access_right": "open",
            "version": DATA_EDITION,
            "language": "eng",
            "publication_date": DATA_RELEASED,
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
            "prefix": {"atlas": "urn:southern-border-atlas:", "urn": "urn:"},
            "entity": entities,
            "activity": {activity: {"prov:label": f"atlas refresh, version {__version__}"}},
            "agent": {maker: {"prov:label": AUTHOR}},
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
