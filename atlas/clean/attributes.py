"""Repairs of texts, and of whole fields: nulls, codes, dates, types."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from atlas.check.messages import kind_of
from atlas.check.number_rules import GREATEST_SAFE
from atlas.check.property_rules import DATE_LOOK, NO_VALUE, code_digits, is_iso, is_wrong_date
from atlas.clean.file_session import FileSession, inner
from atlas.clean.model import Feature
from atlas.clean.recheck import Note
from atlas.clean.text_repair import ARTEFACTS, mended

_DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST = (2, 1, 0), (2, 0, 1), (0, 1, 2)
_SPLIT = re.compile(r"[/.-]")


def mend_text(session: FileSession, feature: Feature | None, value: Any, note: Note) -> None:  # noqa: ANN401 - JSON
    """Mend a text, or the name of a field, in one feature or in the outermost object."""
    text = inner(value, note.path)
    if isinstance(text, str) and (new := mended(note.rule, text)) not in {None, text}:
        inner(value, note.path[:-1])[note.path[-1]] = new
        session.change(feature, note.rule, text, new, path=note.path)
    if len(note.path) == 2 and note.path[0] == "properties":  # noqa: PLR2004 - a field
        _rename(session, note.rule, str(note.path[1]))


def _rename(session: FileSession, rule: str, key: str) -> None:
    new = mended(rule, key)
    holders = [one for one in session.document.kept if key in _properties(one)]
    if not new or new == key or any(new in _properties(one) for one in holders):
        return
    for one in holders:
        one.value["properties"] = {new if name == key else name: held for name, held in _properties(one).items()}
        session.change(one, rule, key, new, path=("properties", key))


def _properties(feature: Feature) -> dict[str, Any]:
    properties = feature.value.get("properties") if isinstance(feature.value, dict) else None
    return properties if isinstance(properties, dict) else {}


def _field(session: FileSession, key: str) -> Iterator[tuple[Feature, Any]]:
    for one in session.document.kept:
        if _properties(one).get(key) is not None:
            yield one, one.value["properties"][key]


def _set(session: FileSession, rule: str, key: str, changes: list[tuple[Feature, Any, Any]]) -> None:
    for feature, before, after in changes:
        feature.value["properties"][key] = after
        session.change(feature, rule, before, after, path=("properties", key))


def _unsafe(session: FileSession, key: str) -> None:
    """Whole numbers become text in all features, so that the field has one type."""
    held = list(_field(session, key))
    if all(type(value) in {int, str} for _, value in held):
        changes = [(one, value, str(value)) for one, value in held if type(value) is int]
        _set(session, "number-unsafe", key, changes)


def mend_unsafe(session: FileSession, feature: Feature | None, value: Any, note: Note) -> None:  # noqa: ANN401 - JSON
    """A whole number that programs round becomes text."""
    number = inner(value, note.path)
    if type(number) is not int or abs(number) <= GREATEST_SAFE or note.path[0] in {"geometry", "bbox"}:
        return
    if len(note.path) == 2 and note.path[0] == "properties":  # noqa: PLR2004 - a field
        _unsafe(session, str(note.path[1]))
        return
    inner(value, note.path[:-1])[note.path[-1]] = str(number)
    session.change(feature, note.rule, number, str(number), path=note.path)


def _empty(session: FileSession, key: str) -> None:
    words = NO_VALUE if "text-empty" in session.options.repair else ARTEFACTS
    held = [(one, value, None) for one, value in _field(session, key) if isinstance(value, str)]
    _set(session, "text-empty", key, [one for one in held if not one[1].strip() or one[1].strip() in words])


def _codes(session: FileSession, key: str) -> None:
    """Zeros go back where the width is certain, and numbers become text."""
    widths = code_digits(key)
    changes = []
    for one, value in _field(session, key):
        digits = str(value) if type(value) is int else value.strip() if isinstance(value, str) else None
        if digits is None or (isinstance(value, str) and not (digits.isascii() and digits.isdigit())):
            if isinstance(value, str):
                continue
            return
        width = widths[0] if len(widths) == 1 and len(digits) <= widths[0] else _whole_width(widths, digits)
        if not width or not digits.isdigit():
            return
        if value != digits.zfill(width):
            changes.append((one, value, digits.zfill(width)))
    _set(session, "code-zero-lost", key, changes)


def _whole_width(widths: Sequence[int], digits: str) -> int | None:
    """The width of a code that has one of several: what one digit is missing to has lost a zero."""
    if len(digits) in widths:
        return len(digits)
    return len(digits) + 1 if len(digits) + 1 in widths and digits[0] != "0" else None


def _mixed(session: FileSession, key: str) -> None:
    held = list(_field(session, key))
    if "type-mixed" in session.options.repair:
        changes = [
            (one, value, json.dumps(value, ensure_ascii=False)) for one, value in held if not isinstance(value, str)
        ]
        _set(session, "type-mixed", key, changes)


def _dates(session: FileSession, key: str) -> None:
    held = [(one, value) for one, value in _field(session, key) if isinstance(value, str) and _is_date(value)]
    orders = (_YEAR_FIRST, _DAY_FIRST, _MONTH_FIRST)
    read = {order: [_read(value, order) for _, value in held] for order in orders}
    if "date-not-iso" in session.options.repair:
        # what no order can read is put aside by itself, and not the others with it
        readable = [n for n in range(len(held)) if any(read[order][n] for order in orders)]
        held = [held[n] for n in readable]
        read = {order: [read[order][n] for n in readable] for order in orders}
    whole = [order for order in orders if all(read[order])]
    if len(whole) > 1 and "date-not-iso" in session.options.repair:
        whole = [_DAY_FIRST] if _DAY_FIRST in whole else whole
    # two orders that give the same dates leave no doubt
    if whole and all(read[order] == read[whole[0]] for order in whole):
        _set(session, "date-not-iso", key, [(*one, iso) for one, iso in zip(held, read[whole[0]], strict=True)])


def _is_date(value: str) -> bool:
    bare = value.strip()
    return any(map(str.isdigit, bare)) and not is_iso(bare)


def _read(value: str, order: tuple[int, int, int]) -> str | None:
    """A date as ISO 8601, its numbers in a given order; nothing where that is no date, or the century is open."""
    bare = value.strip()
    if not DATE_LOOK.match(bare):
        return None
    numbers = _SPLIT.split(bare)
    year, month, day = (numbers[n] for n in order)
    if len(year) != 4:  # noqa: PLR2004 - a year with its century
        return None
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def at_fault(session: FileSession, note: Note) -> list[Feature]:
    """The features that break a rule which is found once a field; none for other rules."""
    if note.rule not in FIELDS or len(note.path) != 2:  # noqa: PLR2004 - a field
        return []
    key = str(note.path[1])
    held = list(_field(session, key))
    if note.rule == "type-mixed":
        kinds = Counter(_kind(value) for _, value in held)
        most = max(kinds, key=lambda kind: kinds[kind], default="")
        return [one for one, value in held if _kind(value) != most]
    texts = [(one, value.strip()) for one, value in held if isinstance(value, str)]
    if note.rule == "text-empty":
        return [one for one, value in texts if not value or value in NO_VALUE]
    if note.rule == "date-not-iso":
        return [one for one, value in texts if is_wrong_date(key, value)]
    return []


def _kind(value: object) -> str:
    return kind_of(value) if isinstance(value, str | bool | list | dict) else "a number"


# rules that are found once a field
FIELDS: Mapping[str, Callable[[FileSession, str], None]] = MappingProxyType(
    {"text-empty": _empty, "code-zero-lost": _codes, "type-mixed": _mixed, "date-not-iso": _dates}
)
TEXTS = ("text-mojibake", "text-not-nfc", "text-control", "text-bidi")
