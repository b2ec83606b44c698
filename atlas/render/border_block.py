"""What scripts of a page have to know of its border: codes and names of the sides, their land, where they are."""

from __future__ import annotations

from typing import Any

from atlas.border_project import BorderProject, shipped_border


def border_block(border: BorderProject | None) -> dict[str, Any]:
    """The block of a page's border, that of the atlas' own for None; ``around`` is west, south, east, north."""
    border = border or shipped_border()
    return {
        "locales": dict(border.locales),
        "around": list(border.around),
        "here": {
            "country": border.here.country,
            "name": dict(border.here.name),
            "land": border.here.land,
            "lies": border.here.lies,
        },
        "neighbours": [
            {"code": side.code, "country": side.country, "name": dict(side.name)} for side in border.neighbours
        ],
    }
