"""``index.html``: what the atlas is, its maps, its layers, how to cite it, what is known and what is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from atlas.evidence.formal import open_and_other
from atlas.files import sha256_hex
from atlas.published import atlas_citation
from atlas.render import thumbnail
from atlas.render.assets import bundle
from atlas.render.build_context import BuildContext
from atlas.render.elements import AtlasPage, Blueprint
from atlas.render.layerdata import spanish_credits
from atlas.render.page_texts import Catalogue
from atlas.render.pages.page import Page

BUILD_DIGITS = 12
FORMAL = "crossings_formal"
_STATUS = f"value.{FORMAL}.status."


def page(cards: Sequence[Page]) -> Page:
    """The index of these pages."""
    return Page("index.html", "index", lambda edition: _render(edition, cards))


def _render(edition: BuildContext, cards: Sequence[Page]) -> str:
    album = thumbnail.draw(edition, [card.sketch for card in cards])
    build = _build(edition)
    blueprint = Blueprint(
        "index",
        "index.html.j2",
        scripts=(bundle("index"),),
        styles=("base.css", "index.css"),
        data={},
        content={
            "cards": [
                {"file": card.file, "key": card.key, "drawing": drawing}
                for card, drawing in zip(cards, album.cards, strict=True)
            ],
            "symbols": album.symbols,
            "layers": [_row(edition, name) for name in edition.release.names],
            "facts": _facts(edition),
            "doubtful": _doubtful(edition),
            "credits": _credits(edition),
            "cite": atlas_citation.plain(build, _title(edition)),
            "bibtex": atlas_citation.bibtex(build, _title(edition)),
        },
        spanish=spanish_credits(edition, edition.release.names),
        more=edition.more_languages,
    )
    return AtlasPage(blueprint, _texts(edition), edition.release.border).render()


def _title(edition: BuildContext) -> str | None:
    border = edition.release.border
    return None if border is None else border.title["en"]


def _texts(edition: BuildContext) -> Mapping[str, Catalogue]:
    """The texts that the cover shows: it has no popups, so of fields and their values it names one."""
    unused = ("field.", "value.")
    return {
        language: {
            key: text for key, text in catalogue.items() if key.startswith(_STATUS) or not key.startswith(unused)
        }
        for language, catalogue in edition.catalogues("index").items()
    }


def _row(edition: BuildContext, name: str) -> dict[str, Any]:
    record = edition.release.record(name)
    return {
        "name": name,
        "count": record["feature_count"],
        "licence": str(record["licence"]).split("; "),
        "sensitivity": record["sensitivity"],
        "href": f"../geodata/layers/{name}.geojson",
    }


def _facts(edition: BuildContext) -> list[tuple[str, int]]:
    lengths = [feature["properties"]["length_km"] for feature in edition.features.get("border", ())]
    counts = [("municipalities", len(edition.features.get("municipalities", ())))]
    if FORMAL in edition.features:
        listed, other = open_and_other(edition.features[FORMAL])
        counts += [("formal", len(listed)), ("formal.doubt", len(other))]
    border = edition.release.border
    people = {} if border is None else border.people
    counts += [(f"people.{code}", number) for code, number in people.items()]
    return [("border", round(sum(lengths))), *counts, ("layers", len(edition.release.names))]


def _doubtful(edition: BuildContext) -> list[tuple[str, str]]:
    """Names and statuses of the formal crossings that are not counted as open."""
    _, other = open_and_other(edition.features.get(FORMAL, ()))
    return [(feature["properties"]["name"], feature["properties"]["status"]) for feature in other]


def _credits(edition: BuildContext) -> list[tuple[str, list[str]]]:
    """Each attribution once, with the layers that it belongs to."""
    credited: dict[str, list[str]] = {}
    for name in edition.release.names:
        for part in str(edition.release.record(name)["attribution"]).split("; "):
            credited.setdefault(part, []).append(name)
    return list(credited.items())


def _build(edition: BuildContext) -> str:
    """A short name of this data, the same whenever and wherever it is built."""
    hashes = [str(edition.release.record(name)["sha256"]) for name in edition.release.names]
    return sha256_hex("".join(hashes).encode())[:BUILD_DIGITS]
