"""Values of a field as numbers, for classes and sizes: what is no number is counted, never guessed."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from atlas.errors import UsageError

_PLAIN = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d{1,3})?\Z")
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+\Z")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z")
_CODE = re.compile(r"[-+]?0\d")
_GAPS = frozenset(
    {
        "",
        "-",
        "--",
        "–",
        "—",
        "na",
        "n/a",
        "nan",
        "null",
        "none",
        "nd",
        "n/d",
        "n.d.",
        "sd",
        "s/d",
        "s.d.",
        "..",
        "...",
        "…",
    }
)
_CODE_NAME = re.compile(r"(?:^|_)(?:cvegeo|cve|clave|geocode|codigo|code|id)(?:$|_)|^cve")
_YEAR_NAME = re.compile(r"(?:^|[^a-z0-9])(?:year|yr|ano|anio)(?:$|[^a-z0-9])")
# what is said of a year without the word
_YEAR_WORD = re.compile(
    r"(?:^|[^a-z0-9])(?:founded|established|since|built|opened|born|fundacion|fundad[oa]|desde|construid[oa]|apertura|"
    r"inauguracion|nacimiento)(?:$|[^a-z0-9])"
)
# from this share of numbers on, a field of texts is one of numbers with gaps
_MOSTLY = 0.8
_YEARS = (1000, 2999)
_LATER_YEARS = (1500, 2100)


@dataclass(frozen=True, slots=True)
class Figures:
    """A field's values as numbers.

    Attributes
    ----------
    values
        One a feature; nothing where there is none.
    foreign
        Texts that are neither numbers nor a sign for a gap, each once.
    whole
        Whether all are written as whole numbers.
    years
        Whether they are years, which are written without separators.
    percent
        Whether each was written with a percent sign.
    """

    values: tuple[float | None, ...]
    foreign: tuple[str, ...]
    whole: bool
    years: bool
    percent: bool = False

    @property
    def known(self) -> list[float]:
        """The numbers."""
        return [value for value in self.values if value is not None]


def is_gap(value: Any) -> bool:  # noqa: ANN401 - whatever a file holds
    """Whether a value says that nothing is known."""
    if value is None:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return isinstance(value, str) and value.strip().casefold() in _GAPS


def figures_of(name: str, values: Sequence[Any]) -> Figures:
    """The numbers of a field.

    Raises
    ------
    UsageError
        Commas could stand for thousands or for decimals.
    """
    bare = _bare(values)
    comma = _comma(name, [value.strip() for value in bare if isinstance(value, str)])
    read = [None if is_gap(value) else _number(value, comma) for value in bare]
    foreign = dict.fromkeys(str(v) for v, n in zip(values, read, strict=True) if n is None and not is_gap(v))
    known = [number for number in read if number is not None]
    whole = bool(known) and all(number.is_integer() for number in known)
    return Figures(tuple(read), tuple(foreign), whole, whole and _are_years(name, known), bare is not values)


def are_numbers(name: str, values: Sequence[Any]) -> bool:
    """Whether a field is one of numbers: mostly numbers, and no column of codes."""
    held = [value for value in _bare(values) if not is_gap(value)]
    if not held or any(isinstance(value, bool) for value in held):
        return False
    texts = [value.strip() for value in held if isinstance(value, str)]
    if any(_CODE.match(text) and "." not in text for text in texts) or _CODE_NAME.search(folded(name)):
        return False
    numbers = sum(
        not isinstance(v, str) or any(p.match(v.strip()) for p in (_PLAIN, _DECIMAL_COMMA, _THOUSANDS)) for v in held
    )
    return numbers >= _MOSTLY * len(held)


def folded(text: str) -> str:
    """A text without case, accents and doubled spaces, for comparing names."""
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    return " ".join(plain.casefold().split())


def _are_years(name: str, known: Sequence[float]) -> bool:
    plain = folded(name)
    ends = _YEARS if _YEAR_NAME.search(plain) else _LATER_YEARS if _YEAR_WORD.search(plain) else None
    return ends is not None and all(ends[0] <= number <= ends[1] for number in known)


def _bare(values: Sequence[Any]) -> Sequence[Any]:
    """The values without their percent signs, where each that is none of a gap has one; the same list where not."""
    held = [value for value in values if not is_gap(value)]
    if not held or not all(isinstance(value, str) and value.rstrip().endswith("%") for value in held):
        return values
    return [value if is_gap(value) else value.rstrip().removesuffix("%").rstrip() for value in values]


def _comma(name: str, texts: Sequence[str]) -> str | None:
    """What a comma stands for: ``.`` for decimals, an empty text for thousands, nothing where there is none."""
    decimal = [text for text in texts if _DECIMAL_COMMA.match(text)]
    thousands = [text for text in texts if _THOUSANDS.match(text)]
    if any(text not in thousands for text in decimal):
        return "."
    if any(text not in decimal for text in thousands):
        return ""
    if decimal:
        msg = (
            f"the field {name!r} has {decimal[0]!r}, whose comma could stand for thousands or for decimals; "
            "write these numbers without commas"
        )
        raise UsageError(msg)
    return None


def _number(value: Any, comma: str | None) -> float | None:  # noqa: ANN401 - as above
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        try:
            number = float(value)
        except OverflowError:
            return None
        return number if math.isfinite(number) else None
    if not isinstance(value, str):
        return None
    text = value.strip().replace("\u2212", "-")
    if comma is not None and (_DECIMAL_COMMA.match(text) or _THOUSANDS.match(text)):
        text = text.replace(",", comma)
    read = float(text) if _PLAIN.match(text) else math.nan
    return read if math.isfinite(read) else None


def shown_number(value: float, decimals: int = 0, *, years: bool = False) -> str:
    """A number with commas between thousands, a point, a true minus."""
    text = f"{value:.{decimals}f}" if years else f"{value:,.{decimals}f}"
    return text.replace("-", "\u2212")
