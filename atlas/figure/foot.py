"""The foot of a figure: where the shapes come from, which sources are cited, the projection, and the atlas' version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import atlas
from atlas.figure.blocks import Block, Paragraph
from atlas.figure.paper import QUIET
from atlas.figure.plan import Desk


def foot(desk: Desk, notes: Sequence[str]) -> list[Block]:
    """Attribution, cited sources, notes by their keys in the catalogue, and the atlas' own name: small paragraphs."""
    words = desk.words
    lines = []
    if inputs := _attributions(desk):
        lines.append(words("foot.shapes", inputs="; ".join(inputs)))
    ids = {ident for layer in desk.used.values() for feature in layer for ident in feature["properties"]["source_ids"]}
    if facts := _citations(desk, ids):
        lines.append(words("foot.facts", sources="; ".join(facts)))
    lines += [words(key) for key in notes]
    lines.append(words("foot.atlas" if desk.used else "foot.plain", version=atlas.__version__))
    return [Paragraph(line, desk.type.small, colour=QUIET, after=0.5) for line in lines]


def _attributions(desk: Desk) -> list[str]:
    keys = {key for layer in desk.used for key in desk.release.record(layer)["inputs"]}
    found = (desk.words.said(f"input.{key}", desk.release.inputs[key]["attribution"]) for key in sorted(keys))
    return list(dict.fromkeys(found))


def _citations(desk: Desk, ids: Iterable[str]) -> list[str]:
    shapes = {record.get("evidence_id") for record in desk.release.inputs.values()}
    known = {
        ident: desk.release.sources[ident] for ident in ids if ident in desk.release.sources and ident not in shapes
    }
    sources = [(desk.words.said(f"source.{i}", s["publisher"]), s.get("year")) for i, s in known.items()]
    cited = {", ".join(str(part) for part in (name, year) if part) for name, year in sources}
    return sorted(cited, key=str.casefold)
