"""The border that the atlas comes with, as its project file describes it."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path

from atlas.border_project.model import LAND_HERE, BorderProject, Side
from atlas.border_project.project_tables import read_border_tables

FOLDER = Path(__file__).resolve().parent.parent / "projects" / "southern_border"


@cache
def shipped_border() -> BorderProject:
    """The shipped border; read once."""
    path = FOLDER / "atlas.toml"
    return read_border_tables(path, tomllib.loads(path.read_text("utf-8")), shipped=True)


def land_kinds() -> tuple[str, ...]:
    """What this side's land is called in base maps: by the shipped border, and by any other."""
    return shipped_border().here.land, LAND_HERE


def with_names(text: str, side: Side | None = None) -> str:
    """Text of a TOML file with what a side is called: ``{here}``, ``{aqui}`` and, for its land, ``{land}``.

    Parameters
    ----------
    text
        The file.
    side
        The side; that of the shipped border if not given.
    """
    here = side or shipped_border().here
    for word, name in (("{here}", here.name["en"]), ("{aqui}", here.name["es"]), ("{land}", here.land)):
        # names stand in strings there
        text = text.replace(word, json.dumps(name, ensure_ascii=False)[1:-1])
    return text
