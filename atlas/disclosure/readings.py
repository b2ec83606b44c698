"""Objects of JSON in which a member stands twice: every reading of them is judged, as another program may take it.

RFC 8259 leaves open which of two members of one name counts. The n-th reading takes of each such member its n-th value,
or its last where there are fewer, so that every value is looked at once.
"""

from __future__ import annotations

from typing import Any

from atlas.geojson.tolerant import Twice, is_repetitive


def readings(value: Any) -> list[Any]:  # noqa: ANN401 - whatever JSON can say
    """A value in every reading, without repeated members; the value itself where none stands twice."""
    most = _most(value) if is_repetitive(value) else 1
    return [_reading(value, number) for number in range(most)] if most > 1 else [value]


def _most(value: Any) -> int:  # noqa: ANN401 - as above
    """How often the most repeated member stands in an object, at any depth."""
    most = 1
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Twice):
            names = [name for name, _ in one.pairs]
            most = max(most, *(names.count(name) for name in one.again))
            waiting += [inner for _, inner in one.pairs if isinstance(inner, dict | list)]
        elif isinstance(one, dict | list):
            waiting += [
                inner for inner in (one.values() if isinstance(one, dict) else one) if isinstance(inner, dict | list)
            ]
    return most


def _reading(value: Any, number: int) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, list):
        return [_reading(inner, number) for inner in value]
    if not isinstance(value, dict):
        return value
    values: dict[str, list[Any]] = {}
    for name, inner in value.pairs if isinstance(value, Twice) else value.items():
        values.setdefault(name, []).append(inner)
    return {name: _reading(value[min(number, len(value) - 1)], number) for name, value in values.items()}
