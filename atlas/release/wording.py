"""The sentences that every released record carries about what was done to it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from atlas.release.places import Kind, Place

_PROTOCOL: Mapping[Kind, str] = MappingProxyType(
    {
        "border": "somewhere on or beside this stretch of the border",
        "corridor": "somewhere beside this interval of the schematic corridor",
        "municipality": "somewhere in this municipality, drawn inside its outline",
        "municipalities": "somewhere in these municipalities, drawn inside their outlines",
        "grid": "somewhere in this cell of the h3 grid on land",
    }
)
_GENERALISED = "public place shared by k records or more; time to month or coarser"
_WITHHELD = "exact position and time, identifier, people, text and photographs"
OPEN_PROTOCOL = "position as recorded, rounded"
OPEN_GENERALISED = "position rounded; time to month"
OPEN_WITHHELD = "exact time, identifier, people and unreviewed text"


def protocol_of(place: Place) -> str:
    """How a record was placed."""
    return _PROTOCOL[place.kind]


def withheld() -> dict[str, str]:
    """What was generalised and what withheld, in Darwin Core's terms."""
    return {"dataGeneralizations": _GENERALISED, "informationWithheld": _WITHHELD}
