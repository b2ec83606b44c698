"""What the fact tables and layers say in English words of our own, in Spanish: names, notes, claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from atlas.render.page_texts import FOLDER, read_catalogue


def spanish_of(*shown: object, also: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """The Spanish of every text among the values shown that has one.

    Parameters
    ----------
    shown
        Whatever a page holds: mappings, lists and texts within one another.
    also
        Spanish by its English that stands in no catalogue: how sources are cited, who must be named.
    """
    known = {**read_catalogue(FOLDER / "data.es.json"), **also}
    return {text: known[text] for text in sorted({*texts_in(shown)}) if text in known}


def texts_in(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON can say
    """Every text in a value, at any depth; the keys of mappings are none."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, (list, tuple, set, frozenset)):
            waiting.extend(one)
        elif not isinstance(one, (int, float)) and isinstance(one, Mapping):
            waiting.extend(one.values())
