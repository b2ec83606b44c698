"""A layer as the browser gets it: allowed fields as rows, shapes as arcs, sources as ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from atlas.evidence import citations
from atlas.render.bibliography import packed as packed_source
from atlas.render.build_context import BuildContext
from atlas.render.generated_sentences import spanish_sentences
from atlas.render.shapes import Packed
from atlas.render.views import View

CREDITS = ("attribution", "licence")
# what of the rows of a project's layers the atlas words itself
_WORDED = {
    "crossings_informal": ("name", "informationWithheld", "dataGeneralizations"),
    "checkpoints": ("position_note",),
}
# pairs of fields that popups show as one fact
DERIVED = {"chainage": ("chainage_from_km", "chainage_to_km")}


def layer_data(edition: BuildContext, view: View, packed: Packed) -> dict[str, Any]:
    """Everything the browser needs to draw and explain one layer."""
    record = edition.release.record(view.name)
    described = {field["name"]: field for field in record["fields"]}
    fields = [name for name in view.fields if name in described]
    features = edition.features[view.name]
    return {
        "name": view.name,
        "group": view.group,
        "title": [name for name in view.title if name in described],
        "facts": [name for name in view.facts if _known(name, described)],
        "fields": [_field(described[name]) for name in fields],
        "ids": [str(feature.get("id", index)) for index, feature in enumerate(features)],
        "rows": [[feature["properties"].get(name) for name in fields] for feature in features],
        "shapes": packed.layers[view.name],
        **{key: record.get(key) for key in (*CREDITS, "sensitivity")},
    }


def _known(name: str, described: Mapping[str, Any]) -> bool:
    # a user's file may have a field of such a name
    return name in described or all(part in described for part in DERIVED.get(name, (name,)))


def _field(field: Mapping[str, Any]) -> list[Any]:
    """Name, type, unit, and whether its values are codes with labels in both languages."""
    return [field["name"], field["type"], field.get("unit"), bool(field.get("values"))]


def credited(edition: BuildContext, views: Sequence[View]) -> dict[str, list[str]]:
    """Whose the shapes are and under which licences, each said once however many layers say it."""
    records = [edition.release.record(view.name) for view in views]
    texts = {key: [part for record in records for part in str(record.get(key) or "").split("; ")] for key in CREDITS}
    return {key: [part for part in dict.fromkeys(parts) if part] for key, parts in texts.items()}


def spanish_credits(edition: BuildContext, names: Iterable[str] = ()) -> dict[str, str]:
    """The Spanish of attributions, licences and citations, by their English: whole, and in their parts."""
    names = tuple(names)
    both = citations.spanish(edition.evidence.sources.values())
    for record in map(edition.release.record, names):
        for key in CREDITS:
            english, spanish = str(record.get(key) or ""), str(record.get(f"{key}_es") or "")
            if spanish:
                both |= {english: spanish, **dict(zip(english.split("; "), spanish.split("; "), strict=True))}
    border = edition.release.border
    return both if border is None else both | spanish_sentences(border, _counts(edition, names))


def _counts(edition: BuildContext, names: Iterable[str]) -> Iterator[str]:
    """What counts of informal crossings are called, what of them is withheld, and how posts are placed."""
    for name in sorted(set(_WORDED) & set(names)):
        for feature in edition.features.get(name, ()):
            texts = (feature["properties"].get(key) for key in _WORDED[name])
            yield from (text for text in texts if isinstance(text, str))


def used_sources(edition: BuildContext, views: Sequence[View], more: Iterable[str] = ()) -> dict[str, list[Any]]:
    """How each source is cited that a feature or the page names."""
    named = set(more) | {
        source
        for view in views
        for feature in edition.features[view.name]
        if isinstance(sources := feature["properties"].get("source_ids"), list)
        for source in sources
    }
    return {
        name: packed_source(edition.release.sources[name]) for name in sorted(named) if name in edition.release.sources
    }
