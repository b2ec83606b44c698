"""Rules on properties: each value by itself, and each field over all features."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from atlas.border_project.expected_region import region
from atlas.check.messages import several
from atlas.check.model import Findings
from atlas.check.number_rules import GREATEST_SAFE, number_fault
from atlas.check.text_rules import TextFault, faults_of
from atlas.geojson.model import DEEPEST, Item, JsonPath, Mark, mark
from atlas.geojson.path import shown
from atlas.geojson.tolerant import keys_twice

K = TypeVar("K")

_MOST_FIELDS = 2_000
_MOST_TEXTS = 2_000
_LONGEST_KEPT = 200
# the field of the layers that has the units' codes, of whatever scheme
_OF_ANY_SCHEME = "cvegeo"
# looked at by other rules
_ELSEWHERE = {"type", "geometry", "properties", "features", "bbox", "coordinates", "geometries"}
_CODE = re.compile(r"(?i)(?:^|_)(?:cvegeo|cve|clave|geocode|clavegeo)(?:$|_)|^cve(?:ent|mun|loc|geo)$")
_DATE_NAME = re.compile(r"(?i)(?:^|_)(?:date|fecha|fec|as_of|created|updated|modified|timestamp|datetime)(?:$|_)")
DATE_LOOK = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})\Z|\d{4}[/.]\d{1,2}[/.]\d{1,2}\Z")
_TIME = r"(?:T\d\d(?::?\d\d(?::?\d\d(?:[.,]\d+)?)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?\Z"
_CALENDAR = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?=T|\Z))?)?" + _TIME)
_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)" + _TIME)
_WEEK = re.compile(r"(\d{4})-?W(\d\d)(?:-?(\d))?" + _TIME)
_ORDINAL = re.compile(r"(\d{4})-?(\d{3})" + _TIME)
_DURATION = re.compile(
    r"P(?:\d+W|(?:\d+(?:[.,]\d+)?Y)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?D)?"
    r"(?:T(?:\d+(?:[.,]\d+)?H)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?S)?)?)\Z"
)
_REPEATED = re.compile(r"R\d*\Z")
# the end of a span without what it shares with the beginning
_SHORT_END = re.compile(r"(?:(?:\d\d-)?\d\d(?:T\d\d:?\d\d(?::?\d\d)?)?|\d\d:\d\d(?::\d\d)?)\Z")
_OPEN_END = ".."
_WEEKS, _WEEKDAYS = 53, 7
# spelt as programs do: in small letters they are words that a category may well have
NO_VALUE = {"NULL", "null", "None", "NaN", "nan", "N/A", "n/a", "<Null>", "<NULL>", "undefined", "#N/A"}


@dataclass(slots=True)
class _First:
    """How often something was met in a field, and where first."""

    at: Mark
    example: object
    count: int = 0


@dataclass(slots=True)
class _Field:
    """What a field holds over all features."""

    kinds: dict[str, _First] = field(default_factory=dict)
    empty: dict[str, _First] = field(default_factory=dict)
    widths: dict[int, _First] = field(default_factory=dict)
    dates: dict[str, _First] = field(default_factory=dict)
    # texts of which nothing is to be said
    plain: set[str] = field(default_factory=set)
    is_code: bool = False
    is_date: bool = False


@dataclass(slots=True)
class Fields:
    """Looks at properties feature by feature; what only all of them can tell is said in ``finish``."""

    findings: Findings
    _fields: dict[str, _Field] = field(default_factory=dict)

    def check(self, item: Item) -> None:
        """Hold a feature's members outside its geometry against the rules."""
        if not isinstance(item.value, dict):
            return
        properties = item.value.get("properties")
        if isinstance(properties, dict):
            self._properties(item, properties)
        # type, geometry and properties only
        if item.plain and len(item.value) == 3:  # noqa: PLR2004 - members
            return
        for key, value in item.value.items():
            if key not in _ELSEWHERE and not (item.plain and type(value) is int and abs(value) <= GREATEST_SAFE):
                self._inside(item, value, (key,))

    def _properties(self, item: Item, properties: Mapping[str, object]) -> None:
        for key in keys_twice(properties):
            message = f"The key {shown(key)} stands twice in the properties: remove one of them."
            self.findings.add("key-twice", item, message, path=("properties", key))
        for key, value in properties.items():
            known = self._fields.get(key)
            if known is None:
                known = self._new(item, key)
            if type(value) is str:
                _met(known.kinds, "text", item, value)
                # most fields say the same few things in every feature
                if value not in known.plain:
                    self._text(item, key, value, known)
            elif value is None:
                continue
            elif type(value) is int and -GREATEST_SAFE <= value <= GREATEST_SAFE:
                _met(known.kinds, "a number", item, value)
            else:
                self._other(item, key, value, known)

    def _new(self, item: Item, key: str) -> _Field:
        self._report(item, faults_of(key), ("properties", key))
        known = _Field(is_code=bool(_CODE.search(key)), is_date=bool(_DATE_NAME.search(key)))
        if len(self._fields) < _MOST_FIELDS:
            self._fields[key] = known
        return known

    def _text(self, item: Item, key: str, value: str, known: _Field) -> None:
        faults = faults_of(value)
        self._report(item, faults, ("properties", key))
        bare = value.strip()
        if not bare or bare in NO_VALUE:
            _met(known.empty, "", item, value)
        elif known.is_code and bare.isascii() and bare.isdigit():
            _met(known.widths, len(bare), item, bare)
        elif _is_wrong_date(bare, named=known.is_date):
            _met(known.dates, "", item, value)
        elif not faults and len(value) < _LONGEST_KEPT and len(known.plain) < _MOST_TEXTS:
            known.plain.add(value)

    def _other(self, item: Item, key: str, value: object, known: _Field) -> None:
        kind = type(value)
        if kind is bool:
            _met(known.kinds, "true or false", item, value)
        elif kind is list or isinstance(value, dict):
            _met(known.kinds, "an array" if kind is list else "an object", item, None)
            self._inside(item, value, ("properties", key))
        else:
            _met(known.kinds, "a number", item, value)
            self._number(item, value, ("properties", key))

    def _inside(self, item: Item, value: object, path: JsonPath) -> None:
        """Values in values, however deep, without recursion."""
        if type(value) is str:
            self._report(item, faults_of(value), path)
            return
        waiting: list[tuple[object, JsonPath]] = [(value, path)]
        while waiting:
            one, at = waiting.pop()
            if len(at) > DEEPEST and isinstance(one, dict | list):
                message = f"Objects or arrays are nested in each other more than {DEEPEST} times."
                self.findings.add("nesting-deep", item, message, path=at[:4])
                return
            if isinstance(one, dict):
                for key in keys_twice(one):
                    message = f"The key {shown(key)} stands twice in one object: remove one of them."
                    self.findings.add("key-twice", item, message, path=(*at, key))
                waiting.extend((inner, (*at, key)) for key, inner in one.items())
            elif isinstance(one, list):
                waiting.extend((inner, (*at, n)) for n, inner in enumerate(one))
            elif isinstance(one, str):
                self._report(item, faults_of(one), at)
            elif one is not None:
                self._number(item, one, at)

    def _number(self, item: Item, value: object, path: JsonPath) -> None:
        rule = number_fault(value)
        if rule == "number-unsafe":
            message = f"{value} is greater than 2⁵³ and gets rounded: write it as text."
            self.findings.add(rule, item, message, path=path)
        elif rule == "number-huge":
            message = "The number is beyond what programs can hold: write null or text."
            self.findings.add(rule, item, message, path=path)
        elif rule:
            self.findings.add(rule, item, "NaN and Infinity are not JSON: write null.", path=path)

    def _report(self, item: Item, faults: list[TextFault], path: JsonPath) -> None:
        for fault in faults:
            self.findings.add(fault.rule, item, fault.message, path=path)

    def finish(self) -> None:
        """What only all features together can tell."""
        for key, known in self._fields.items():
            self._mixed(key, known)
            self._codes(key, known)
            for first in known.empty.values():
                where = several(first.count, "feature", "features")
                what = f"{shown(str(first.example))} in {where}"
                message = f"The field {shown(key)} is {what}: write null where nothing is known."
                self.findings.add("text-empty", first.at, message, path=("properties", key))
            for first in known.dates.values():
                also = f" (and {first.count - 1:,} more)" if first.count > 1 else ""
                message = f"{shown(str(first.example))}{also} is no date of ISO 8601: write it as YYYY-MM-DD."
                self.findings.add("date-not-iso", first.at, message, path=("properties", key))

    def _mixed(self, key: str, known: _Field) -> None:
        # a code that is text and number is said by its own rule
        if len(known.kinds) < 2 or known.is_code:  # noqa: PLR2004 - two kinds
            return
        ordered = sorted(known.kinds.items(), key=lambda pair: -pair[1].count)
        counts = ", ".join(f"{kind} in {first.count:,}" for kind, first in ordered)
        message = f"The field {shown(key)} is {counts} features: make it one type."
        self.findings.add("type-mixed", ordered[-1][1].at, message, path=("properties", key))

    def _codes(self, key: str, known: _Field) -> None:
        if not known.is_code:
            return
        if (number := known.kinds.get("a number")) is not None:
            where = several(number.count, "feature", "features")
            message = f"The code {shown(key)} is a number ({number.example}) in {where}: {_as_text(key)}."
            self.findings.add("code-zero-lost", number.at, message, path=("properties", key))
        if not code_digits(key) and _OF_ANY_SCHEME in key.lower():
            # codes of one to three digits may be just that
            return
        longest = _only_width(key) or max(known.widths, default=0)
        short = known.widths.get(longest - 1)
        if short is not None:
            message = (
                f"The code {shown(key)} has {longest - 1} digits in {short.count:,} of the features, such as "
                f"{shown(str(short.example))}, where {longest} are expected: put the zero back."
            )
            self.findings.add("code-zero-lost", short.at, message, path=("properties", key))


def is_wrong_date(key: str, text: str) -> bool:
    """Whether a text without space around it is a date, by its look or its field's name, and not one of ISO 8601."""
    return _is_wrong_date(text, named=bool(_DATE_NAME.search(key)))


def _is_wrong_date(text: str, *, named: bool) -> bool:
    return bool((named or DATE_LOOK.match(text)) and any(map(str.isdigit, text)) and not is_iso(text))


def is_iso(text: str) -> bool:
    """Whether a text is a date of ISO 8601, with time or not, a duration, or a span of two with a slash."""
    ends = text.split("/")
    if len(ends) > 1 and _REPEATED.match(ends[0]):
        ends = ends[1:]
    if len(ends) == 1:
        return _is_date(ends[0]) or bool(_DURATION.match(ends[0]))
    if len(ends) != 2:  # noqa: PLR2004 - from, to
        return False
    start, end = ends
    if _is_date(start):
        whole = len(start.partition("T")[0]) >= len("20240531")
        return _is_date(end) or end == _OPEN_END or bool(_DURATION.match(end) or (whole and _SHORT_END.match(end)))
    return _is_date(end) and (start == _OPEN_END or bool(_DURATION.match(start)))


def _is_date(text: str) -> bool:
    if (match := _CALENDAR.match(text)) or (match := _BASIC.match(text)):
        # a time needs a day
        if "T" in text and match[3] is None:
            return False
        return _on_calendar(match[1], match[2] or "01", match[3] or "01")
    if match := _WEEK.match(text):
        return 1 <= int(match[2]) <= _WEEKS and 1 <= int(match[3] or 1) <= _WEEKDAYS
    match = _ORDINAL.match(text)
    return bool(match) and match is not None and 1 <= int(match[2]) <= 365 + isleap(int(match[1]))


def _on_calendar(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def code_digits(key: str) -> tuple[int, ...]:
    """How many digits codes have in a column of this name in the project in force; nothing where it does not say."""
    known, low = region().border.here.code_digits, key.lower()
    # what has several widths is called by parts of a name, too, as in CVEGEO_2
    return known.get(low) or next((each for name, each in known.items() if len(each) > 1 and name in low), ())


def _only_width(key: str) -> int | None:
    widths = code_digits(key)
    return widths[0] if len(widths) == 1 else None


def _as_text(key: str) -> str:
    width = _only_width(key)
    return f"write it as text of {width} digits" if width else "write it as text, with the zero in front"


def _met(firsts: dict[K, _First], key: K, item: Item, example: object) -> None:
    first = firsts.get(key)
    if first is None:
        first = firsts[key] = _First(mark(item), example)
    first.count += 1
