"""Who made what is written, and of which border it is: by the project in use, else the border that the atlas has."""

from __future__ import annotations

import os
import re
import unicodedata
from datetime import UTC, datetime

from atlas._version import DATA_EDITION, DATA_RELEASED
from atlas.border_project import BorderProject, shipped_border
from atlas.border_project.expected_region import region
from atlas.border_project.model import Text

MAINTAINERS = "southern-border atlas maintainers"
# seconds since 1970, to the year 5138
_SECONDS = re.compile(r"[0-9]{1,11}")
NOT_STATED = "not stated by the project"


def _border() -> BorderProject:
    return region().border


def is_shipped() -> bool:
    """Whether it is the border that the atlas comes with, whose edition and authors are known."""
    return _border() == shipped_border()


def title() -> Text:
    """The title to cite by, in each language."""
    return _border().citation.title


def both_titles() -> str:
    """The title in English and Spanish."""
    return " · ".join(dict.fromkeys((title()["en"], title()["es"])))


def description() -> Text:
    """What is in it, in each language."""
    return _border().citation.description


def identifier() -> str:
    """A name for catalogues, of small letters, digits and hyphens."""
    if is_shipped():
        return "southern-border-atlas"
    plain = unicodedata.normalize("NFKD", title()["en"]).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-") or "border-atlas"


def place() -> str:
    """The place that it is about."""
    return _border().citation.place


def keywords() -> tuple[str, ...]:
    """Words to be catalogued under."""
    border = _border()
    return (*(side.name["en"] for side in border.sides), "border", *border.citation.keywords, "atlas", "GeoJSON")


def author() -> str:
    """Who answers for it; a project of another border is its owner's, who is not named in it."""
    return MAINTAINERS if is_shipped() else NOT_STATED


def edition() -> str:
    """The edition of the data; a project of another border has none but the day."""
    return DATA_EDITION if is_shipped() else _today()


def released() -> str:
    """The day on which the data came out, such as ``2026-11-30``."""
    return DATA_RELEASED if is_shipped() else _today()


def year() -> int:
    """The year of the edition."""
    return int(edition()[:4])


def _today() -> str:
    """The day, or that of ``SOURCE_DATE_EPOCH``, so that the same project can give the same bytes on another day."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(seconds), UTC) if _SECONDS.fullmatch(seconds) else datetime.now(UTC)
    return moment.date().isoformat()
