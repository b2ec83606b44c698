"""Words of legends and notes, in both languages at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

from atlas.cartography.composition import LANGUAGES, Bilingual
from atlas.geojson.strict import read_json_file

FOLDER = Path(__file__).parent / "texts"
_NAMED = 8


def worded(key: str, **values: str | int | Bilingual) -> Bilingual:
    """A text of the catalogue in each language, its places filled; a value may have a language too."""
    return MappingProxyType({language: _filled(language, key, values) for language in LANGUAGES})


def same(text: str) -> Bilingual:
    """A text that is not ours: the same in each language."""
    return MappingProxyType(dict.fromkeys(LANGUAGES, text))


def named(items: Sequence[str]) -> str:
    """The first of many, so that a reader sees which."""
    shown = [item if len(item) <= 60 else f"{item[:59]}…" for item in items[:_NAMED]]  # noqa: PLR2004 - a line of text
    return ", ".join(shown) + (f" … + {len(items) - _NAMED}" if len(items) > _NAMED else "")


def _filled(language: str, key: str, values: Mapping[str, str | int | Bilingual]) -> str:
    text = _catalogue(language)[key]
    # in one pass over the pieces: a value may itself have braces
    pieces = text.split("{")
    made = [pieces[0]]
    for piece in pieces[1:]:
        name, _, rest = piece.partition("}")
        made += [_value(values[name], language), rest]
    return "".join(made)


def _value(value: str | int | Bilingual, language: str) -> str:
    if isinstance(value, Mapping):
        return str(value[language])
    return f"{value:,}" if isinstance(value, int) else value


@cache
def _catalogue(language: str) -> Mapping[str, str]:
    path = FOLDER / f"{language}.json"
    return dict(read_json_file(path, remedy="install the atlas again, or restore the file from the project"))
