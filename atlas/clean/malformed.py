"""Coordinates that are not arrays of numbers yet: quotes, brackets, and numbers too many or too few."""

from __future__ import annotations

from typing import Any

from atlas.clean.model import Coordinates
from atlas.clean.reading import coordinates_of
from atlas.geojson.geometries import DEPTHS
from atlas.geojson.tolerant import number_in

_PAIR = 2


def straightened(kind: str, value: Any) -> tuple[Coordinates | list[Any] | None, str]:  # noqa: ANN401 - whatever stands there
    """Coordinates that can only have meant one thing, and what was done to get there; nothing where they cannot.

    Where only some positions have a height they stay lists: which of them are right is another question.
    """
    depth = DEPTHS[kind]
    if _is_deep(value, depth):
        return None, "nothing"
    plain = _numbers(value)
    done = "numbers in quotes became numbers" if plain is not value else ""
    nesting = _depth(plain)
    # one array too few leaves no choice only around a single ring, line or polygon
    if (
        nesting is not None
        and nesting == depth - 1
        and kind in {"Polygon", "MultiPolygon", "MultiLineString", "MultiPoint"}
    ):
        plain, done = [plain], "a missing pair of brackets was put around them"
    emptied = _without_empties(plain, depth)
    if emptied is None:
        return None, "nothing"
    done = done or ("empty parts were left out" if emptied != value else "")
    if not done:
        return None, "nothing"
    even, _ = shortened(kind, emptied)
    if even is emptied:
        return coordinates_of(kind, emptied), done
    return (emptied if coordinates_of(kind, even) else None), done


def is_empty(kind: str, value: Any) -> bool:  # noqa: ANN401 - whatever stands there
    """Whether coordinates are arrays that hold nothing."""
    return isinstance(value, list) and _without_empties(value, DEPTHS[kind]) is None


def _is_deep(value: Any, depth: int) -> bool:  # noqa: ANN401 - as above
    """Whether arrays stand in each other more often than a missing or a spare pair of brackets explains."""
    level = [value]
    for _ in range(depth + 3):
        level = [inner for one in level if isinstance(one, list) for inner in one if isinstance(inner, list)]
    return bool(level)


def _numbers(value: Any) -> Any:  # noqa: ANN401 - as above
    """The same with numbers for texts that are exactly numbers of JSON; the same object where there are none."""
    if isinstance(value, str):
        number = number_in(value)
        return value if number is None else number
    if isinstance(value, list) and len(value) < 1_000_000:  # noqa: PLR2004 - what nobody quotes
        inner = [_numbers(one) for one in value]
        return inner if any(a is not b for a, b in zip(inner, value, strict=True)) else value
    return value


def _depth(value: Any) -> int | None:  # noqa: ANN401 - as above
    """How many arrays stand around the first position; nothing where there is none."""
    depth = -1
    while isinstance(value, list):
        depth += 1
        if not value:
            return None
        value = value[0]
    return depth if isinstance(value, int | float) and depth >= 0 else None


def _without_empties(value: Any, depth: int) -> Any:  # noqa: ANN401 - as above
    """Arrays without empty ones in them; nothing where nothing is left."""
    if depth == 0 or not isinstance(value, list):
        return None if isinstance(value, list) and not value else value
    left = [inner for one in value if (inner := _without_empties(one, depth - 1)) is not None]
    return left or None


def shortened(kind: str, value: Any, most: int | None = None) -> tuple[Any, str]:  # noqa: ANN401 - as above
    """Positions of equally many numbers, at most so many; the same object where they are."""
    depth = DEPTHS[kind]
    sizes: set[int] = set()
    waiting = [(value, depth)]
    while waiting:
        one, level = waiting.pop()
        if not isinstance(one, list):
            return value, ""
        if level == 0:
            sizes.add(len(one))
        else:
            waiting.extend((inner, level - 1) for inner in one)
    keep = min(min(sizes, default=_PAIR), most or max(sizes, default=_PAIR))
    if keep < _PAIR or max(sizes, default=keep) == keep:
        return value, ""
    return _cut(value, depth, keep), f"positions have {keep} numbers"


def _cut(value: Any, depth: int, keep: int) -> Any:  # noqa: ANN401 - as above
    return value[:keep] if depth == 0 else [_cut(one, depth - 1, keep) for one in value]
