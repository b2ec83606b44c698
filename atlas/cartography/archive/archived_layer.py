"""What a page has to know of points in an archive beside it; what makes the archive is in `archived_points`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atlas.cartography.composition import Bilingual, Extent
from atlas.cartography.portrayal import Portrayal


@dataclass(frozen=True, slots=True)
class ArchivedPoints:
    """What a page has to know of an archive beside it.

    Attributes
    ----------
    staged
        The finished archive, under its name, in the folder that was given.
    about
        The page's block: fields, classes, bins of time, counts, and by which id the archive is known.
    """

    name: str
    names: tuple[str, ...]
    fields: tuple[str, ...]
    bbox: Extent
    outside: int
    staged: Path
    about: dict[str, Any]
    portrayal: Portrayal
    done: tuple[Bilingual, ...]
