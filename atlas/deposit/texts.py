"""The words of a deposit, and the pages for people in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from atlas.export.dcat import TITLE

DESCRIPTION: Mapping[str, str] = MappingProxyType(
    {
        "en": "Layers of Mexico's border with Guatemala and Belize, built from official outlines, and tables of cited "
        "facts on it: formal crossings, published counts, checkpoints, containment, events, and figures by place and "
        "period. No position of an informal crossing or of a person is in it.",
        "es": "Capas de la frontera de México con Guatemala y Belice, hechas de contornos oficiales, y tablas de datos "
        "con fuente: cruces formales, conteos publicados, retenes, contención, sucesos y cifras por lugar y periodo. "
        "No contiene la posición de ningún cruce informal ni de ninguna persona.",
    }
)
BOTH_TITLES = f"{TITLE['en']} · {TITLE['es']}"
KEYWORDS = ("Mexico", "Guatemala", "Belize", "border", "migration", "atlas", "GeoJSON")
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
