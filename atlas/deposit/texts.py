"""The words of a deposit, and the pages for people in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from atlas.border_project import shipped_border
from atlas.export.dcat import TITLE

_BORDER = shipped_border()
DESCRIPTION: Mapping[str, str] = _BORDER.citation.description
BOTH_TITLES = f"{TITLE['en']} · {TITLE['es']}"
KEYWORDS = (
    *(side.name["en"] for side in _BORDER.sides),
    "border",
    *_BORDER.citation.keywords,
    "atlas",
    "GeoJSON",
)
_TABLE_ROW = re.compile(r"^\| ((?:`[a-z_]+\.csv`(?:, )?)+) \| (.+) \|$", re.MULTILINE)


def page(template: str, **values: Any) -> bytes:  # noqa: ANN401 - whatever the template shows
    """A page of the deposit out of its template."""
    environment = Environment(
        loader=PackageLoader("atlas.deposit"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Markdown, no HTML
    )
    return environment.get_template(template).render(**values).encode()


def table_descriptions(readme: Path) -> dict[str, str]:
    """What a row of each fact table is, by the table's name, from the README beside the tables."""
    try:
        text = readme.read_text("utf-8")
    except OSError:
        return {}
    described: dict[str, str] = {}
    for names, words in _TABLE_ROW.findall(text):
        described |= dict.fromkeys(re.findall(r"`([a-z_]+)\.csv`", names), words)
    return described
