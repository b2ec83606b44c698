"""The words of a deposit, and the pages for people in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

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
