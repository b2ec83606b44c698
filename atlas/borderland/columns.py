"""Which columns of a file of outlines are code, name and parent of its units: by what they are called and hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from atlas.editions.edition import Features

# how publishers call them, the likeliest first; small letters
_CODES = (
    "cvegeo", "code", "codigo", "código", "clave", "insee_com",
    "insee", "nuts_id", "lau_id", "ags", "ars", "geoid", "shapeid",
    "adm3_pcode", "adm2_pcode", "adm1_pcode", "pcode", "gid_3", "gid_2", "gid_1", "cve_mun", "cod_mun", "iso_3166_2",
    "adm1_code", "iso_a3", "adm0_a3", "sov_a3", "iso_a2", "iso", "id", "gid", "fid", "objectid",
)  # fmt: skip
_NAMES = (
    "nomgeo", "name", "nombre", "nom", "gen", "shapename", "name_latn", "nuts_name", "lau_name", "adm3_en", "adm3_es",
    "adm2_en", "adm2_es", "adm1_en", "adm1_es", "name_3", "name_2", "name_1", "municipio", "municipality", "nom_mun",
    "commune", "nom_com", "admin", "name_en", "name_es", "title",
)  # fmt: skip
_PARENTS = (
    "nom_ent", "cve_ent", "state", "estado", "departamento", "department", "region", "province", "provincia",
    "insee_dep", "adm2_en", "adm1_en", "adm1_es", "name_1", "admin1", "nom_dep", "adm0_en", "admin", "country",
)  # fmt: skip
_LIKE_CODES = ("code", "cod", "cve", "id", "kod", "nr")
_LONGEST_CODE = 12
_WORDS = re.compile("[^0-9a-z]+")


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns; None where no column is one."""

    code: str | None
    name: str | None
    parent: str | None


def proposed_columns(features: Features) -> Columns:
    """What a file's columns most likely are; the name is never guessed from what is called like nothing."""
    texts = {column: [_text(row.get(column)) for row in features.properties] for column in features.columns}
    unique = [name for name, values in texts.items() if all(values) and len(set(values)) == len(values)]
    code = _called(unique, _CODES, _LIKE_CODES)
    if code is None:
        code = next((one for one in unique if all(map(_is_like_a_code, texts[one]))), None)
    lettered = [name for name, values in texts.items() if any(map(_has_letters, values)) and name != code]
    name = _called(lettered, _NAMES, ("name", "nom", "nombre", "nome", "naam", "namn", "navn", "nazwa", "bezeichnung"))
    if name is None:
        named = [one for one in lettered if one in unique]
        name = named[0] if len(named) == 1 else None
    rest = [one for one in texts if one not in {code, name} and _groups(texts[one])]
    return Columns(code, name, _called(rest, _PARENTS, ()))


def called_like_code(features: Features) -> str | None:
    """The column that is called like one of codes, whatever it holds."""
    return _called(list(features.columns), _CODES, _LIKE_CODES)


def has_letters(features: Features, column: str) -> bool:
    """Whether a column holds words."""
    return any(_has_letters(_text(row.get(column))) for row in features.properties)


def text_of(row: Mapping[str, Any], column: str | None) -> str:
    """A cell as text without spaces around it; whole numbers without a point."""
    return "" if column is None else _text(row.get(column))


def _text(value: Any) -> str:  # noqa: ANN401 - whatever a file holds
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _has_letters(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


def _is_like_a_code(text: str) -> bool:
    return len(text) <= _LONGEST_CODE and " " not in text and any(letter.isdigit() for letter in text)


def _groups(values: Sequence[str]) -> bool:
    counts = Counter(values)
    return all(values) and len(counts) < len(values)


def _called(columns: Sequence[str], known: Sequence[str], parts: Sequence[str]) -> str | None:
    plain = {column.casefold(): column for column in reversed(columns)}
    for name in known:
        if name in plain:
            return plain[name]
    for part in parts:
        for column in columns:
            if part in _WORDS.split(column.casefold()):
                return column
    return None
