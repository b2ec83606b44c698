"""Rows of a large table that are alike in all that is judged of them: one stands for the others, which are counted."""

from __future__ import annotations

from collections.abc import Sequence

from atlas.disclosure.scanned_feature import LATITUDES, LONGITUDES, SHAPES
from atlas.disclosure.telling_texts import may_tell
from atlas.layers.schema import layer_specs
from atlas.published.sensitivity import Sensitivity
from atlas.release.terms import CROSSINGS

_FEWEST = 1000
_JUDGED = ("sensitivity", "category", "formality")
_FREE = frozenset({"note", "photos"})
_LON, _LAT = 180.0, 90.0

Row = Sequence[str | None]


def without_alike(layer: str | None, names: Sequence[str], rows: list[Row]) -> tuple[list[int], list[int]]:
    """The numbers of the rows that stand for all, and of how many more each stands for.

    Rows of plain points are alike that have the same classes and as many decimals; where a text tells a day or
    coordinates, or a row is of something that has no position, every row is judged.
    """
    lower = [str(name).strip().lower() for name in names]
    lon_at = next((at for at, name in enumerate(lower) if name in LONGITUDES), None)
    lat_at = next((at for at, name in enumerate(lower) if name in LATITUDES), None)
    every = list(range(len(rows))), [0] * len(rows)
    special = layer in layer_specs() or not _FREE.isdisjoint(names) or not set(SHAPES).isdisjoint(lower)
    if len(rows) < _FEWEST or lon_at is None or lat_at is None or special:
        return every
    width = len(names)
    texts = ({text for row in rows if len(row) > at and type(text := row[at]) is str} for at in range(width))
    if any(map(may_tell, texts)):
        return every
    classes = [names.index(name) for name in _JUDGED if name in names]
    return _counted(rows, (lon_at, lat_at), classes, width)


def _counted(rows: list[Row], place: tuple[int, int], classes: list[int], width: int) -> tuple[list[int], list[int]]:
    kept: list[int] = []
    more: list[int] = []
    known: dict[object, int] = {}
    for number, row in enumerate(rows):
        kind = (
            (*[row[at] for at in classes], _decimals(row[place[0]], _LON), _decimals(row[place[1]], _LAT))
            if len(row) == width
            else (None, None)
        )
        if kind[-1] is None or kind[-2] is None or not _UNPLACED.isdisjoint(kind[:-2]):
            kept.append(number)
            more.append(0)
        elif (first := known.get(kind)) is not None:
            more[first] += 1
        else:
            known[kind] = len(kept)
            kept.append(number)
            more.append(0)
    return kept, more


_UNPLACED = frozenset({str(Sensitivity.GENERALISED), *CROSSINGS})


def _decimals(text: str | None, most: float) -> int | None:
    """How many decimals a coordinate has; none, where it is no plain one."""
    if text is None:
        return None
    whole, point, rest = text.partition(".")
    if not point or not (rest.isdigit() and rest.isascii()):
        return None
    try:
        return len(rest.rstrip("0")) if abs(int(whole)) < most else None
    except ValueError:
        return None
