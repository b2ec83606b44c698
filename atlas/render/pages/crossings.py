"""``crossings.html``: formal crossings by kind, informal ones as stretches, and every published count side by side.

The view of a count as dots is made in the browser, by ``web/src/crossings-dots.js``, from the number of the count and
the stretch of the line that it speaks of. No dot is in the page's data, nor in any layer: there is no position to give.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from atlas.border_project import shipped_border
from atlas.render.build_context import BuildContext
from atlas.render.pages.map_page import MapPage

REPORTED = "crossings_reported"
# the count that the shipped border's dots stand for at first
DEFAULT = "T06"


def _main(edition: BuildContext) -> str:
    """The neighbour that comes first."""
    return (edition.release.border or shipped_border()).neighbour_codes[0]


def _data(edition: BuildContext) -> Mapping[str, Any]:
    counts = [feature["properties"] for feature in edition.features.get(REPORTED, ())]
    main, choices = _main(edition), _choices(edition)
    return {
        "counts": {
            "lengthKm": _length_km(edition),
            "turnKm": _turn_km(edition),
            "stretches": {row["total_id"]: [_kind(row["extent"], main), row["chainage_intervals"]] for row in counts},
        },
        "dots": {
            "choices": choices,
            "first": DEFAULT if edition.release.border is None else next(iter(choices), None),
        },
        "withheld": sum(row.named for row in edition.evidence.crossings_informal_counts),
    }


def _choices(edition: BuildContext) -> list[str]:
    """Counts that may be shown as dots: the others speak of a river, a state or one municipality."""
    dotted = {"whole", _main(edition)}
    counts = [feature["properties"] for feature in edition.features.get(REPORTED, ())]
    return [row["total_id"] for row in counts if row["extent"] in dotted and row["total"] is not None]


def _content(edition: BuildContext) -> Mapping[str, Any]:
    return {"counted": bool(edition.features.get(REPORTED)), "dotted": bool(_choices(edition))}


def _kind(extent: str, main: str) -> str:
    """What sort of stretch an extent is: ``whole``, a neighbour, ``land``, ``state`` and so on."""
    head, _, tail = str(extent).partition(":")
    return tail.partition(":")[0] if head == main and tail else head


def _length_km(edition: BuildContext) -> float:
    return max((f["properties"]["chainage_to_km"] for f in edition.features.get("border", ())), default=0.0)


def _turn_km(edition: BuildContext) -> float:
    """Where the border with the main neighbour ends and that with the next begins."""
    main = _main(edition)
    pieces = [f["properties"] for f in edition.features.get("border", ())]
    return max((row["chainage_to_km"] for row in pieces if row["neighbour"] == main), default=0.0)


PAGE = MapPage(
    "crossings",
    layers=("municipalities", "border", "border_reaches", "crossings_formal", "crossings_informal", REPORTED),
    shown=("border", "crossings_formal", "crossings_informal"),
    styles=("notice.css", "crossings.css"),
    layout="crossings.html.j2",
    data=_data,
    content=_content,
).page
