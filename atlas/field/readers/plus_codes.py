"""Plus codes (Open Location Code 1.0): a cell of the grid of degrees, whose middle is the position.

Only a whole code says where it is. A short one, such as maps show beside the name of a town, needs that town's place
and is refused. The page reads the same (``web/src/annotate/plus-codes.js``).
"""

from __future__ import annotations

import math
import re

from atlas.field.readers.pair_parts import Pair, PairError
from atlas.geometry.units import METRES_PER_DEGREE

_DIGITS = "23456789CFGHJMPQRVWX"
_DIGIT = f"[{_DIGITS}]"
# eight digits before the sign, of which zeros at the end say that the cell is larger
_CODE = re.compile(rf"(?:{_DIGIT}{{8}}\+(?:{_DIGIT}{{2,30}})?|(?:{_DIGIT}{{2}}){{1,3}}(?:00){{1,3}}\+)(?![0-9A-Z])")
_SHORT = re.compile(rf"(?:{_DIGIT}{{2}}){{1,3}}\+{_DIGIT}{{2,7}}(?![0-9A-Z])")
_BEFORE = 8
_PAIRED, _MOST = 10, 15
# how many of the first two digits the world has
_NORTH, _EAST = 9, 18
_LATITUDE, _LONGITUDE = 90.0, 180.0


def read_plus_code(text: str) -> Pair | None:
    """The position of a text in upper case that is a plus code; nothing where it is none.

    Raises
    ------
    PairError
        It is a short code, or names a cell that the world does not have.
    """
    if _CODE.fullmatch(text) and text.index("+") == _BEFORE:
        return _middle(text.replace("+", "").replace("0", ""))
    if _SHORT.match(text):
        msg = "it is a short plus code, which needs a town to be a place; write the whole code, such as 7669MVJ2+22"
        raise PairError(msg)
    return None


def _middle(digits: str) -> Pair:
    south, west, height, width = -_LATITUDE, -_LONGITUDE, 400.0, 400.0
    numbers = [_DIGITS.index(digit) for digit in digits[:_MOST]]
    if numbers[0] >= _NORTH or numbers[1] >= _EAST:
        msg = "it is a plus code of no place: its first two digits are outside of the world"
        raise PairError(msg)
    for at in range(0, min(_PAIRED, len(numbers)), 2):
        height, width = height / 20, width / 20
        south, west = south + numbers[at] * height, west + numbers[at + 1] * width
    for number in numbers[_PAIRED:]:
        height, width = height / 5, width / 4
        south, west = south + number // 4 * height, west + number % 4 * width
    latitude, longitude = south + height / 2, west + width / 2
    across = width * math.cos(math.radians(latitude))
    metres = math.ceil(math.hypot(height, across) / 2 * METRES_PER_DEGREE)
    return Pair(round(longitude, 9), round(latitude, 9), max(1, metres))
