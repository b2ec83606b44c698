"""Words of the pages in English and Spanish: catalogue files, and what the registry calls its layers and fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from atlas.border_project import FOLDER as PROJECT
from atlas.errors import InputError, listed
from atlas.geojson.strict import read_json_file

LANGUAGES = ("en", "es")
FOLDER = Path(__file__).parent / "texts"
# words that name the border that the atlas comes with
SHIPPED = PROJECT / "texts"

Catalogue = Mapping[str, str]
# pages that say what another one says as well
_SHARED: Mapping[str, tuple[str, ...]] = MappingProxyType({"desk": ("annotate",), "courier": ("annotate", "desk")})


def load_catalogues(records: Mapping[str, Mapping[str, Any]], page: str) -> Mapping[str, Catalogue]:
    """The texts of a page by language and key: the common ones, the page's own, and those of the registry.

    Raises
    ------
    InputError
        A text exists in one language only.
    """
    texts = {
        language: {
            **read_catalogue(FOLDER / f"{language}.json"),
            **_of_page(language, page),
            **_of_records(records, language),
        }
        for language in LANGUAGES
    }
    every = {key for catalogue in texts.values() for key in catalogue}
    if missing := sorted(key for key in every if not all(key in catalogue for catalogue in texts.values())):
        raise InputError(listed("texts that are not there in both languages:", missing))
    return MappingProxyType({language: MappingProxyType(catalogue) for language, catalogue in texts.items()})


def pages_with_texts() -> tuple[str, ...]:
    """Names of the pages that have texts of their own."""
    return tuple(sorted(path.stem for path in (FOLDER / LANGUAGES[0]).glob("*.json")))


def read_catalogue(path: Path) -> dict[str, str]:
    """One catalogue file, a flat object of texts by key, with what the shipped border says in the file of this name."""
    remedy = "restore the file from the project"
    files = [path]
    if path.is_relative_to(FOLDER) and (named := SHIPPED / path.relative_to(FOLDER)).is_file():
        files = [named, path] if path.is_file() else [named]
    texts = {key: text for file in files for key, text in read_json_file(file, remedy=remedy).items()}
    return dict(sorted(texts.items())) if len(files) > 1 else texts


def _of_page(language: str, page: str) -> dict[str, str]:
    paths = [FOLDER / language / f"{name}.json" for name in (*_SHARED.get(page, ()), page)]
    return {key: text for path in paths if path.is_file() for key, text in read_catalogue(path).items()}


def _of_records(records: Mapping[str, Mapping[str, Any]], language: str) -> dict[str, str]:
    return {
        key: texts[language]
        for name, record in records.items()
        for key, texts in _keyed(name, record)
        if language in texts
    }


def _keyed(name: str, record: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    yield f"layer.{name}.title", record["title"]
    yield f"layer.{name}.description", record["description"]
    for field in record["fields"]:
        yield f"field.{name}.{field['name']}", field["title"]
        for code, label in (field.get("values") or {}).items():
            yield f"value.{name}.{field['name']}.{code}", label
