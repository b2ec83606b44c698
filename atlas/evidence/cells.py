"""One cell of a fact table at a time: text in, a value out, or a ``BadCellError`` that says what was expected."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date

Parser = Callable[[str], object]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# utf-8 read as latin-1 or windows-1252, and the replacement character
_MOJIBAKE = re.compile(
    "[\u00c2\u00c3][\u0080-\u00bf\u0152-\u017e\u02c6-\u02dc\u2013-\u2122\u20ac]|\u00e2\u20ac|\u00ef\u00bf\u00bd|\ufffd"
)
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?")
_INTEGER = re.compile(r"[0-9]{1,12}")
_YEAR = re.compile(r"(1[5-9]|20)[0-9]{2}")
_MOMENT = rf"{_YEAR.pattern}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
_PERIOD = re.compile(f"{_MOMENT}(/{_MOMENT})?")
_STATE = re.compile("0[1-9]|[12][0-9]|3[0-2]")
_CVEGEO = re.compile(f"({_STATE.pattern})[0-9]{{3}}")


class BadCellError(ValueError):
    """A cell that cannot be read: what was expected instead, and what to do."""

    def __init__(self, expected: str, remedy: str) -> None:
        super().__init__(f"{expected}; {remedy}")


def check_characters(cell: str) -> None:
    """Refuse what no table may carry in any column.

    Raises
    ------
    BadCellError
        Nothing at all, mojibake, control characters, letters in pieces, or spaces around the value.
    """
    if not cell:
        raise BadCellError("expected a value", "fill the cell in")
    if not cell.isascii():
        if _MOJIBAKE.search(cell):
            raise BadCellError(
                "expected readable text, found mojibake", "save the table again as UTF-8 from its original"
            )
        if not unicodedata.is_normalized("NFC", cell):
            raise BadCellError(
                "expected composed letters (Unicode NFC)", "type the accented letters again as single characters"
            )
    if _CONTROL.search(cell):
        raise BadCellError(
            "expected one line without control characters", "remove line breaks, tabs and control characters"
        )
    if cell != cell.strip():
        raise BadCellError("expected no spaces around the value", "remove them")


def text(cell: str) -> str:
    """Text as it stands."""
    return cell


def number(*, minimum: float | None = None) -> Parser:
    """Parser of a decimal number with a point, not below ``minimum``."""
    expected = "expected a number" if minimum is None else f"expected a number of at least {minimum:g}"

    def parse(cell: str) -> float:
        if not _NUMBER.fullmatch(cell) or (minimum is not None and float(cell) < minimum):
            raise BadCellError(expected, "write digits with a decimal point, without units or thousands separators")
        return float(cell)

    return parse


def integer(cell: str) -> int:
    """Whole number, zero or more."""
    if not _INTEGER.fullmatch(cell):
        raise BadCellError("expected a whole number", "write digits only, without units or thousands separators")
    return int(cell)


def year(cell: str) -> int:
    """Year of four digits."""
    if not _YEAR.fullmatch(cell):
        raise BadCellError(
            "expected a year such as 2019", "write four digits, or leave the cell empty where that is allowed"
        )
    return int(cell)


def period(cell: str) -> str:
    """Date or interval in ISO 8601: 2019, 2019-06, 2019-06-30, or two of them around a slash."""
    if not _PERIOD.fullmatch(cell):
        raise BadCellError("expected a date such as 2019, 2019-06 or 2013/2015", "write it in ISO 8601")
    for end in cell.split("/"):
        if len(end) == len("2019-06-30"):
            day(end)
    return cell


def day(cell: str) -> date:
    """A day in ISO 8601: 2026-11-29."""
    try:
        parsed = date.fromisoformat(cell)
    except ValueError as error:
        raise BadCellError("expected a day such as 2026-11-29", "write year, month and day with hyphens") from error
    if parsed.isoformat() != cell:
        raise BadCellError("expected a day such as 2026-11-29", "write year, month and day with hyphens")
    return parsed


# what stands in a cell that somebody meant to fill in later
PLACEHOLDERS = frozenset({"", "todo", "tbd", "n/a", "na", "-", "?", "...", "…", "xxx", "none", "unknown"})


def answer(cell: str) -> str:
    """Words that answer a question; a placeholder answers nothing."""
    if cell.lower() in PLACEHOLDERS:
        raise BadCellError("expected an answer in words", "answer it, or take the row out")
    return cell


_NOT_KNOWN = re.compile(
    r"not (?:recorded|identified|known|stated|found|in the text)|unidentified|no identificad[oa]|sin (?:autor|título)",
    re.IGNORECASE,
)


def known(cell: str) -> str:
    """What is known of a source; that something is not known is an empty cell and no sentence."""
    if cell.lower() in PLACEHOLDERS or cell.startswith("[") or _NOT_KNOWN.search(cell):
        raise BadCellError("expected what is known of the source", "leave the cell empty where nothing is")
    return cell


def figure(cell: str) -> float | str:
    """Claimed value: a number, or words without digits (a pair of places)."""
    if _NUMBER.fullmatch(cell):
        return float(cell) if "." in cell else int(cell)
    if any(character.isdigit() for character in cell):
        raise BadCellError("expected a number, or words without digits", "put the unit into the column unit")
    return cell


def cvegeo(cell: str) -> str:
    """INEGI code of a municipality: five digits, text, leading zero kept."""
    if not _CVEGEO.fullmatch(cell):
        hint = " (lost its leading zero?)" if re.fullmatch("[0-9]{4}", cell) else ""
        raise BadCellError(
            f"expected an INEGI municipality code of 5 digits{hint}",
            "write the state's two digits (01 to 32), then the municipality's three, and keep the column as text",
        )
    return cell


def state_code(cell: str) -> str:
    """INEGI code of a state: two digits, text, leading zero kept."""
    if not _STATE.fullmatch(cell):
        hint = " (lost its leading zero?)" if re.fullmatch("[1-9]", cell) else ""
        raise BadCellError(
            f"expected an INEGI state code of 2 digits{hint}", "write 01 to 32 and keep the column as text"
        )
    return cell


def flag(cell: str) -> bool:
    """Yes or no, written ``true`` or ``false``."""
    if cell not in {"true", "false"}:
        raise BadCellError("expected true or false", "write one of the two")
    return cell == "true"


def one_of(*words: str) -> Parser:
    """Parser of a word from a closed list."""
    known = frozenset(words)
    expected = f"expected one of {', '.join(words)}"

    def parse(cell: str) -> str:
        if cell not in known:
            raise BadCellError(expected, "write one of these words, in lower case where they are")
        return cell

    return parse


def matching(pattern: str, example: str) -> Parser:
    """Parser of text in a fixed form; ``example`` shows it to the reader of the fault."""
    form = re.compile(pattern, re.ASCII)

    def parse(cell: str) -> str:
        if not form.fullmatch(cell):
            raise BadCellError(f"expected a value such as {example}", "write it in that form")
        return cell

    return parse


def list_of(item: Parser) -> Parser:
    """Parser of a list separated by ``;``, without spaces, empty items or repetitions."""

    def parse(cell: str) -> tuple[object, ...]:
        if not cell:
            return ()
        parts = cell.split(";")
        if "" in parts:
            raise BadCellError("expected a list without empty items", "remove the superfluous ';'")
        if len(set(parts)) < len(parts):
            raise BadCellError("expected a list without repetitions", "name each item once")
        return tuple(item(part) for part in parts)

    return parse
