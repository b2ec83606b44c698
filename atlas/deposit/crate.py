"""``ro-crate-metadata.json``: a deposit as RO-Crate 1.2."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from atlas._version import __version__
from atlas.deposit.citable import urn
from atlas.deposit.content import Piece
from atlas.deposit.frictionless_package import CC_BY
from atlas.export import imprint
from atlas.export.dcat import licences

NAME = "ro-crate-metadata.json"
# the id of all deposits of a project, as its layers and rows have theirs
DEPOSIT = "deposit"
_PROFILE = "https://w3id.org/ro/crate/1.2"
_MAINTAINERS, _SOFTWARE, _PLACE, _REFRESH = "#maintainers", "#atlas", "#border", "#refresh"


def crate(pieces: Sequence[Piece], box: Sequence[float], inputs: Mapping[str, Mapping[str, Any]]) -> bytes:
    """The metadata of all files, who made them, of what, with what, and under which licence.

    Parameters
    ----------
    pieces
        The files of the deposit.
    box
        West, south, east and north of all layers, in degrees.
    inputs
        The registry's records of what the geometry was read from.
    """
    stated = {
        licence["title"]: _licence(licence)
        for piece in pieces
        for licence in licences(piece.licence or "")
        if piece.licence
    }
    graph = [
        {
            "@id": NAME,
            "@type": "CreativeWork",
            "conformsTo": {"@id": _PROFILE},
            "about": {"@id": "./"},
        },
        _root(pieces),
        *(_file(piece, stated) for piece in pieces),
        *_contexts(box, inputs, pieces),
        *{entity["@id"]: entity for entity in stated.values() if entity["@id"] != CC_BY["path"]}.values(),
    ]
    document = {"@context": f"{_PROFILE}/context", "@graph": graph}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _root(pieces: Sequence[Piece]) -> dict[str, Any]:
    return {
        "@id": "./",
        "@type": "Dataset",
        "identifier": urn(DEPOSIT),
        "name": imprint.both_titles(),
        "description": f"{imprint.description()['en']} {imprint.description()['es']}",
        "datePublished": imprint.released(),
        "version": imprint.edition(),
        "inLanguage": ["en", "es"],
        "keywords": list(imprint.keywords()),
        "license": {"@id": CC_BY["path"]},
        "author": {"@id": _MAINTAINERS},
        "publisher": {"@id": _MAINTAINERS},
        "spatialCoverage": {"@id": _PLACE},
        "mentions": [{"@id": _REFRESH}],
        "hasPart": [{"@id": piece.path} for piece in pieces],
    }


def _file(piece: Piece, stated: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    named = (
        [stated[licence["title"]]["@id"] for licence in licences(piece.licence)] if piece.licence else [CC_BY["path"]]
    )
    return {
        "@id": piece.path,
        "@type": "File",
        "name": piece.title,
        "encodingFormat": piece.media_type,
        "contentSize": str(len(piece.data)),
        "sha256": piece.digest,
        "license": [{"@id": name} for name in dict.fromkeys(named)],
    }


def _licence(licence: Mapping[str, str]) -> dict[str, Any]:
    """A licence with an address is named by it, any other by a name within the crate."""
    name = licence.get("path") or f"#licence-{licence['title'].partition('(')[0].strip().lower().replace(' ', '-')}"
    return {"@id": name, "@type": "CreativeWork", "name": licence["title"], "description": licence["title"]}


def _contexts(
    box: Sequence[float], inputs: Mapping[str, Mapping[str, Any]], pieces: Sequence[Piece]
) -> list[dict[str, Any]]:
    west, south, east, north = box
    shape = f"{_PLACE}-box"
    return [
        {"@id": CC_BY["path"], "@type": "CreativeWork", "name": CC_BY["title"], "description": CC_BY["name"]},
        {"@id": _MAINTAINERS, "@type": "Organization", "name": imprint.author()},
        {"@id": _SOFTWARE, "@type": "CreativeWork", "name": "border-atlas", "version": __version__},
        {
            "@id": _PLACE,
            "@type": "Place",
            "name": imprint.place(),
            "geo": {"@id": shape},
        },
        # latitude before longitude, as schema.org has it
        {"@id": shape, "@type": "GeoShape", "name": "bounding box", "box": f"{south} {west} {north} {east}"},
        {
            "@id": _REFRESH,
            "@type": "CreateAction",
            "name": "atlas refresh",
            "description": "The layers were derived from the inputs and the tables of facts.",
            "endTime": imprint.released(),
            "agent": {"@id": _MAINTAINERS},
            "instrument": {"@id": _SOFTWARE},
            "object": [{"@id": f"#input-{key}"} for key in inputs],
            "result": [{"@id": piece.path} for piece in pieces if piece.layer],
        },
        *(
            {
                "@id": f"#input-{key}",
                "@type": "CreativeWork",
                "name": held["title"],
                "description": f"{held['publisher']}: {held['edition']}. {held['licence']}",
            }
            for key, held in inputs.items()
        ),
    ]
