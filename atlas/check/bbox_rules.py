"""Rules on bbox members: their form, their order, and whether they hold what they claim to."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from atlas.check.messages import kind_of, place
from atlas.check.model import Findings
from atlas.geojson.model import Item, JsonPath
from atlas.geojson.tolerant import Word

_SIZES = (4, 6)
# positions are often written with one decimal more than the box
_TOLERANCE_DEG = 1e-6
_GREATEST = 1e300

Box = tuple[float, float, float, float]


def box_of(item: Item, value: Mapping[str, object], findings: Findings | None, path: JsonPath = ()) -> Box | None:
    """West, south, east and north of a bbox member; what is wrong with it goes to ``findings``, if given.

    ``paths`` lead from the item to the object that has the member.
    """
    if "bbox" not in value:
        return None
    box = value["bbox"]
    if not isinstance(box, list) or len(box) not in _SIZES or not all(map(_finite, box)):
        what = f"{len(box)} elements" if isinstance(box, list) else kind_of(box)
        message = f"The bbox is four or six numbers, not {what}: compute it again, or drop it."
        _add(findings, "bbox-form", item, message, path)
        if isinstance(box, list) and any(type(number) is Word for number in box):
            _add(findings, "number-nan", item, "The bbox has a word such as NaN for a number: compute it again.", path)
        return None
    half = len(box) // 2
    west, south, east, north = box[0], box[1], box[half], box[half + 1]
    if south > north or abs(south) > 90 or abs(north) > 90:  # noqa: PLR2004 - degrees
        message = f"The bbox goes from latitude {south:.7g} to {north:.7g}: it is west, south, east, north."
        _add(findings, "bbox-order", item, message, path)
        return None
    if west > east and west - east < 180:  # noqa: PLR2004 - half the globe: only then may it cross 180°
        message = f"The bbox goes from longitude {west:.7g} to {east:.7g}: it is west, south, east, north."
        _add(findings, "bbox-order", item, message, path)
        return None
    return float(west), float(south), float(east), float(north)


def check_bbox(item: Item, box: Box, extent: Sequence[float], findings: Findings, path: JsonPath = ()) -> None:
    """Compare a box with west, south, east and north of the positions that are there."""
    west, south, east, north = box
    if west > east:
        # crosses 180°: only the latitudes can be compared without cutting
        west, east = -math.inf, math.inf
    outside = (
        extent[0] < west - _TOLERANCE_DEG
        or extent[1] < south - _TOLERANCE_DEG
        or extent[2] > east + _TOLERANCE_DEG
        or extent[3] > north + _TOLERANCE_DEG
    )
    if outside:
        corners = f"{place((extent[0], extent[1]))} to {place((extent[2], extent[3]))}"
        message = f"Positions lie outside the bbox: they span {corners}; compute it again, or drop it."
        findings.add("bbox-false", item, message, path=(*path, "bbox"))


def _finite(number: object) -> bool:
    # comparing needs no conversion, so a whole number of any length is fine
    return isinstance(number, int | float) and not isinstance(number, bool) and -_GREATEST < number < _GREATEST


def _add(findings: Findings | None, rule: str, item: Item, message: str, path: JsonPath) -> None:
    if findings is not None:
        findings.add(rule, item, message, path=(*path, "bbox"))
