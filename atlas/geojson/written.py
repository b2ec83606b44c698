"""Values of a user's file as they stand in it: a reader must find in the page the very digits of the file."""

from __future__ import annotations

import json
from typing import Any, Self


class Written(float):
    """A number that keeps the text of its file, such as ``1.50`` or ``1E5``."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, digits: str) -> Self:
        """A number of JSON text."""
        number = super().__new__(cls, digits)
        number.text = digits
        return number


class _Text(str):
    """A piece of JSON that is finished."""

    __slots__ = ()


def real(digits: str) -> float:
    """A number with a point or an exponent; it keeps its text where Python would write it in another way."""
    number = float(digits)
    return number if repr(number) == digits else Written(digits)


def whole(digits: str) -> int | float:
    """A number without; Python's have any length, and only the sign of nothing would be lost."""
    return Written(digits) if digits == "-0" else int(digits)


def written(value: Any) -> str:  # noqa: ANN401 - whatever JSON can say
    """The text of a value for a reader: a string as it is, everything else as JSON."""
    return value if isinstance(value, str) else json_text(value)


def json_text(value: Any) -> str:  # noqa: ANN401 - as above
    """A value as JSON, each number with the digits that it was read with."""
    parts: list[str] = []
    # no recursion: a file may be nested as deep as the parser can read
    rest = [value]
    while rest:
        item = rest.pop()
        if isinstance(item, _Text | Written):
            parts.append(item if isinstance(item, _Text) else item.text)
        elif isinstance(item, list | dict):
            rest += reversed(_pieces(item))
        else:
            parts.append(json.dumps(item, ensure_ascii=False))
    return "".join(parts)


def _pieces(value: list[Any] | dict[str, Any]) -> list[Any]:
    """What a list or an object is made of, with the signs between."""
    opening, closing = "[]" if isinstance(value, list) else "{}"
    pieces: list[Any] = [_Text(opening)]
    for number, item in enumerate(value):
        if number:
            pieces.append(_Text(", "))
        if isinstance(value, dict):
            pieces += [item, _Text(": "), value[item]]
        else:
            pieces.append(item)
    return [*pieces, _Text(closing)]
