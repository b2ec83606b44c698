"""How deep the objects and lists of a JSON value stand in each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from atlas.geojson.model import DEEPEST

_HOLDERS = (dict, list)


def is_deep(value: object) -> bool:
    """Whether objects and lists stand in each other more than `DEEPEST` times."""
    objects, lists = _holders([value])
    for _ in range(DEEPEST + 1):
        held = chain(chain.from_iterable(lists), chain.from_iterable(one.values() for one in objects))
        objects, lists = _holders(list(held))
        if not objects and not lists:
            return False
    return True


def _holders(values: Sequence[object]) -> tuple[list[dict[str, object]], list[list[object]]]:
    """The objects and the lists among values; of millions of numbers only the kinds are looked at."""
    kinds = set(map(type, values))
    if not any(issubclass(kind, _HOLDERS) for kind in kinds):
        return [], []
    if kinds == {list}:
        return [], values  # type: ignore[return-value]  # all are lists
    return (
        [value for value in values if isinstance(value, dict)],
        [value for value in values if isinstance(value, list)],
    )
