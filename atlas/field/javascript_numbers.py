"""Numbers as JavaScript writes them, where Python writes them otherwise."""

from __future__ import annotations

_DECIMAL_POINT_UP_TO = 21
_DECIMAL_POINT_FROM = -6


def as_javascript(number: float) -> str:
    """The shortest digits that mean a number above 0, with the point where ECMAScript's Number::toString sets it."""
    mantissa, _, power = repr(number).partition("e")
    exponent = int(power or 0)
    whole, _, part = mantissa.partition(".")
    digits = (whole + part).lstrip("0")
    # the value is 0.digits × 10^point
    point = exponent + len(whole) - (len(whole + part) - len(digits))
    digits = digits.rstrip("0")
    if len(digits) <= point <= _DECIMAL_POINT_UP_TO:
        return digits + "0" * (point - len(digits))
    if 0 < point <= _DECIMAL_POINT_UP_TO:
        return f"{digits[:point]}.{digits[point:]}"
    if _DECIMAL_POINT_FROM < point <= 0:
        return f"0.{'0' * -point}{digits}"
    sign = "+" if point > 0 else "-"
    return f"{digits[0]}{'.' if len(digits) > 1 else ''}{digits[1:]}e{sign}{abs(point - 1)}"
