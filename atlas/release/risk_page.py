"""The officer's sheet as files, ``risk.html`` in both languages and ``risk.json``, for a folder that is private."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2

from atlas.border_project.expected_region import region
from atlas.release.risk import FORMAT, Sheet

PAGE, DATA = "risk.html", "risk.json"
_LANGUAGES = ("en", "es")
_SIDE = "{neighbour}"


def sheet_files(sheet: Sheet, folder: Path) -> Mapping[Path, bytes]:
    """The files of a sheet, by path."""
    data = json.dumps(sheet.document, ensure_ascii=False, indent=1) + "\n"
    return {folder / PAGE: page_of(sheet).encode(), folder / DATA: data.encode()}


def page_of(sheet: Sheet) -> str:
    """The sheet as one page, English before Spanish, without scripts."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(_read("risk.html.j2"))
    return template.render(sheet=sheet, languages=_LANGUAGES, texts=texts(), mark=FORMAT)


def texts() -> Mapping[str, Mapping[str, Any]]:
    """The words of the sheet in both languages, with the names of the region's neighbours."""
    tables = tomllib.loads(_read("risk_texts.toml"))
    for language in _LANGUAGES:
        reasons = tables[language].get("reasons", {})
        tables[language]["reasons"] = {
            key.replace(_SIDE, side.name["en"]): text.replace(_SIDE, side.name[language])
            for key, text in reasons.items()
            for side in region().border.neighbours
        }
    return tables


def _read(name: str) -> str:
    return resources.files("atlas.release").joinpath(name).read_text(encoding="utf-8")
