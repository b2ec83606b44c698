"""What a page says of a user's own map, by the keys of its texts: title, lead, legends, notes, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from atlas.cartography.assembly import DrawnLayer
from atlas.cartography.composition import in_language
from atlas.render.page_texts import Catalogue

if TYPE_CHECKING:
    from atlas.render.user_layer import WithUserLayer

STATED = ("credit", "licence")


def map_texts(release: WithUserLayer, common: Catalogue, language: str) -> dict[str, str]:
    """The texts of a map in a language, by key."""
    composition = release.assembled.composition
    names = [layer.drawn.file.name for layer in release.composed.values()] or list(release.assembled.native)
    lead = composition.text("lead", language) or common["page.own.lead"]
    texts = {"page.own.title": composition.text("title", language) or ", ".join(names), "page.own.lead": lead}
    for key in STATED:
        if text := composition.text(key, language):
            texts[f"map.{key}"] = text
    texts |= {f"map.source.{n}": in_language(source, language) for n, source in enumerate(composition.sources)}
    texts |= {country.key: in_language(country.name, language) for country in release.world if country.name["en"]}
    for name, layer in release.composed.items():
        texts[f"layer.{name}.description"] = common["page.own.lead"]
        texts |= dict(_of_layer(name, layer.drawn, language))
    return texts


def _of_layer(name: str, drawn: DrawnLayer, language: str) -> Iterator[tuple[str, str]]:
    portrayal = drawn.portrayal
    heads = (("head", portrayal.head), ("size", portrayal.size_head), ("width", portrayal.width_head))
    for key, head in heads:
        if head is not None:
            yield f"map.{name}.{key}", head[language]
    yield from ((f"map.{name}.class.{n}", entry.text[language]) for n, entry in enumerate(portrayal.entries))
    yield from ((f"map.{name}.size.{n}", entry.text[language]) for n, entry in enumerate(portrayal.sizes))
    yield from ((f"map.{name}.width.{n}", entry.text[language]) for n, entry in enumerate(portrayal.width_steps))
    yield from ((f"map.{name}.note.{n}", note[language]) for n, note in enumerate(drawn.notes))


def stated(release: WithUserLayer) -> Mapping[str, Any]:
    """Keys of the texts that the template lists: notes of the layers, what is stated, and what is not."""
    composition = release.assembled.composition
    given = [key for key in STATED if key in composition.texts]
    wanted = ("title", *STATED, *(() if composition.sources else ("sources",)))
    return {
        "layer_notes": [
            f"map.{name}.note.{n}" for name, layer in release.composed.items() for n, _ in enumerate(layer.drawn.notes)
        ],
        "stated": given,
        "sources": [f"map.source.{n}" for n, _ in enumerate(composition.sources)],
        "missing": [key for key in wanted if key not in composition.texts],
    }


def portrayals(release: WithUserLayer) -> Mapping[str, Any]:
    """How the features of each layer are drawn, for the page's scripts."""
    made = {name: layer.drawn.portrayal for name, layer in release.composed.items()}
    styled = {name: one for name, one in made.items() if not one.is_plain or one.labels or one.steps}
    return {
        name: {
            "of": made.of,
            "shares": [None if share is None else round(share, 4) for share in made.shares],
            "classes": [[entry.colour, entry.mark, entry.count, entry.empty] for entry in made.entries],
            "sizes": [round(entry.share, 4) for entry in made.sizes],
            "opacity": made.style.opacity,
            "widths": [None if share is None else round(share, 4) for share in made.widths],
            "widthSteps": [round(entry.share, 4) for entry in made.width_steps],
            "labels": made.labels,
            "hatch": made.style.hatch,
            "times": made.times,
            "steps": made.steps,
            "field": made.style.colour if not made.style.per else (made.head or {}).get("en"),
        }
        for name, made in styled.items()
    }
