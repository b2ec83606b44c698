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
# counts of these stretches may be shown as dots: the others speak of a river, a state or one municipality
MAIN, *_ = shipped_border().neighbour_codes
DOTTED = frozenset({"whole", MAIN})
DEFAULT = "T06"


def _data(edition: BuildContext) -> Mapping[str, Any]:
    counts = [feature["properties"] for feature in edition.features.get(REPORTED, ())]
    return {
        "counts": {
            "lengthKm": _length_km(edition),
            "turnKm": _turn_km(edition),
            "stretches": {row["total_id"]: [_kind(row["extent"]), row["chainage_intervals"]] for row in counts},
        },
        "dots": {
            "choices": [row["total_id"] for row in counts if row["extent"] in DOTTED and row["total"] is not None],
            "first": DEFAULT,
        },
        "withheld": sum(row.named for row in edition.evidence.crossings_informal_counts),
    }


def _kind(extent: str) -> str:
    """What sort of stretch an extent is: ``whole``, a neighbour, ``land``, ``state`` and so on."""
    head, _, tail = str(extent).partition(":")
    return tail.partition(":")[0] if head == MAIN and tail else head


def _length_km(edition: BuildContext) -> float:
    return max((f["properties"]["chainage_to_km"] for f in edition.features.get("border", ())), default=0.0)


def _turn_km(edition: BuildContext) -> float:
    """Where the border with the main neighbour ends and that with the next begins."""
    pieces = [f["properties"] for f in edition.features.get("border", ())]
    return max((row["chainage_to_km"] for row in pieces if row["neighbour"] == MAIN), default=0.0)


PAGE = MapPage(
    "crossings",
    layers=("municipalities", "border", "border_reaches", "crossings_formal", "crossings_informal", REPORTED),
    shown=("border", "crossings_formal", "crossings_informal"),
    styles=("notice.css", "crossings.css"),
    layout="crossings.html.j2",
    data=_data,
).page
