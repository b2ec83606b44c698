"""The Spanish of sentences that layers of a project are given in English: whole ones, and forms with names in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from atlas.border_project import BorderProject
from atlas.geojson.strict import read_json_file
from atlas.render.page_texts import FOLDER

_FILE = FOLDER / "project" / "sentences.es.json"
_PLACE = re.compile(r"\\\{([a-z]+)\\\}")


def spanish_sentences(border: BorderProject, texts: Iterable[str]) -> dict[str, str]:
    """The Spanish of each text that is one of the sentences, by its English; names of sides are put into Spanish.

    Parameters
    ----------
    border
        The border whose sides are named.
    texts
        What its layers hold.
    """
    names = {side.name["en"]: side.name["es"] for side in border.sides}
    made = {text: _spanish(text, names) for text in set(texts)}
    return {english: spanish for english, spanish in sorted(made.items()) if spanish is not None}


def _spanish(text: str, names: Mapping[str, str]) -> str | None:
    for form, spanish in _forms():
        if matched := form.fullmatch(text):
            parts = matched.groupdict()
            words = {key: names.get(part) or _spanish(part, names) or part for key, part in parts.items()}
            return spanish.format(**words)
    return None


@cache
def _forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    sentences = read_json_file(_FILE, remedy="restore the file from the project")
    return tuple(
        (re.compile(_PLACE.sub(r"(?P<\1>.+)", re.escape(english))), spanish) for english, spanish in sentences.items()
    )
