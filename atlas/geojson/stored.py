"""JSON that this program wrote into a store or a spill file of its own: quick, as what went in comes out."""

from __future__ import annotations

import json
import re
from typing import Any

# what nearly all values of a store are but for texts: a place, and a whole number that a float holds
_DEGREES = r"-?(?:0|[1-9]\d{0,2})\.\d{1,18}"
_POINT = re.compile(rf'\{{"coordinates":\[({_DEGREES}),({_DEGREES})\],"type":"Point"\}}', re.ASCII)
_WHOLE = re.compile(r"[1-9]\d{0,14}", re.ASCII)


def stored(text: str) -> Any:  # noqa: ANN401 - whatever was put in
    """The value of a text that `json.dumps` made here; nothing of strangers is read so.

    Raises
    ------
    ValueError
        The text is damaged.
    """
    if _WHOLE.fullmatch(text):
        return int(text)
    if point := _POINT.fullmatch(text):
        return {"coordinates": [float(point[1]), float(point[2])], "type": "Point"}
    return json.loads(text)
