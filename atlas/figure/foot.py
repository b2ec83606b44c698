"""The foot of a figure: where the shapes come from, which sources are cited, the projection, and the atlas' version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from atlas._version import __version__
from atlas.figure.blocks import Block, Paragraph
from atlas.figure.paper import QUIET
from atlas.figure.plan import Desk


def foot(
    desk: Desk, notes: Sequence[str], cited: Sequence[str], *, conic: bool = True, projected: bool = False
) -> list[Block]:
    """Attribution, cited sources, notes by their keys in the catalogue, and the atlas' own name: small paragraphs.

    Layers in ``cited`` are left out of the sources: those stand beside each fact. The projection is named where layers
    of the atlas are drawn, or where ``projected`` says that something is.
    """
    words = desk.words
    lines = []
    if inputs := _attributions(desk):
        lines.append(words("foot.shapes", inputs="; ".join(inputs)))
    layers = [features for name, features in desk.used.items() if name not in cited]
    ids = {
        source_id for features in layers for feature in features for source_id in feature["properties"]["source_ids"]
    }
    if facts := _citations(desk, ids):
        lines.append(words("foot.facts", sources="; ".join(facts)))
    lines += [words(key) for key in notes]
    name = "foot.plain" if not (desk.used or projected) else "foot.atlas" if conic else "foot.mercator"
    border = desk.release.border
    if border is None:
        lines.append(words(name, version=__version__))
    else:
        made = "project.foot" if conic else "project.foot.mercator"
        lines.append(words(made, version=__version__, title=border.title[words.language]))
    return [Paragraph(line, desk.type.small, colour=QUIET, after=0.5) for line in lines]


def _attributions(desk: Desk) -> list[str]:
    keys = {key for layer in desk.used for key in desk.release.record(layer)["inputs"]}
    name = "attribution" if desk.words.language == "en" else f"attribution_{desk.words.language}"
    return list(dict.fromkeys(desk.release.inputs[key][name] for key in sorted(keys)))


def _citations(desk: Desk, ids: Iterable[str]) -> list[str]:
    shapes = {record.get("evidence_id") for record in desk.release.inputs.values()}
    known = {
        source_id: desk.release.sources[source_id]
        for source_id in ids
        if source_id in desk.release.sources and source_id not in shapes
    }
    language = desk.words.language
    years: dict[str, set[str]] = {}
    for source in known.values():
        name = source["who"][language] or source["short"][language]
        years.setdefault(name, set()).update([str(source["year"])] if source.get("year") else [])
    return [desk.words.listed([name, *sorted(years[name])]) for name in sorted(years, key=str.casefold)]
