"""What a publisher's file looks like, as declared in a TOML file: sheet, header, columns, words, footnotes, licence.

A layout in the project's ``geodata/publishers/`` goes before the one that comes with the atlas. What comes with the
atlas is a template and says so (``status = "unverified"``) unless a public copy of such a file was seen and is named.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from atlas.border_project import FOLDER
from atlas.errors import InputError
from atlas.evidence.observed import INDICATORS

PUBLISHERS = ("upmrip", "comar", "inm", "mmp")
STATUSES = ("seen", "unverified")
SHAPES = ("months_across", "rows", "incidents")
PLACES = ("state_then_municipality", "municipality", "state", "office")
_SHIPPED = FOLDER / "layouts"
_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A declared layout; the names of its attributes are those of the file.

    Attributes
    ----------
    path
        Where it is declared.
    key
        The publisher's word on the command line, such as ``upmrip``.
    status, public_copy
        ``seen`` with the name of the public copy, or ``unverified``.
    shape
        ``months_across`` (a column a month), ``rows`` (a row a figure) or ``incidents`` (a row an event with a
        position, which is coarsened to its municipality at once).
    place
        ``column``, ``kind`` and, where needed, ``state_column``, ``aliases`` (name → code) and ``remainder`` (words
        for what the publisher could not place).
    period
        ``months`` (header → 1 to 12) with ``year`` or ``year_cell``; or ``date_column``; or ``year_column`` and
        ``month_column``.
    """

    path: Path
    key: str
    publisher: str
    title: Mapping[str, str]
    licence: str
    status: str
    indicator: str
    unit: str
    shape: str
    header_row: int
    place: Mapping[str, Any]
    period: Mapping[str, Any]
    public_copy: str = ""
    sheet: str | None = None
    values: Mapping[str, Any] = field(default_factory=lambda: _NONE)
    position: Mapping[str, Any] = field(default_factory=lambda: _NONE)
    totals: Mapping[str, Any] = field(default_factory=lambda: _NONE)
    footnotes: Mapping[str, Any] = field(default_factory=lambda: _NONE)
    edition: Mapping[str, Any] = field(default_factory=lambda: _NONE)
    ignore: tuple[str, ...] = ()

    @property
    def remedy(self) -> str:
        """What to do where a file does not look like it."""
        if self.path.parent == _SHIPPED:
            return f"copy {self.path} to geodata/publishers/{self.key}.toml and change it there"
        return f"look at the file, then change {self.path}"


_NAMES = tuple(one.name for one in fields(Layout) if one.name not in {"path", "key"})
_NEEDED = tuple(name for name in _NAMES[:9])
_KEYS = {
    "place": {"column", "kind", "state_column", "aliases", "remainder"},
    "period": {"months", "year", "year_cell", "date_column", "date_format", "year_column", "month_column"},
    "values": {"column", "incident", "thousands", "zero", "missing", "whole"},
    "position": {"column", "order", "lon_column", "lat_column"},
    "totals": {"rows", "column", "checked"},
    "footnotes": {"marks", "begin"},
    "edition": {"cell"},
    "title": {"en", "es"},
}
# tables and keys whose value is a list of words
_LISTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "": ("ignore",),
        "place": ("remainder",),
        "values": ("zero", "missing"),
        "totals": ("rows",),
        "footnotes": ("begin",),
    }
)
# keys whose value is neither a word nor a list of words
_NO_WORDS = frozenset({"aliases", "months", "year", "checked", "whole"})
_YEARS = range(1900, 2101)
_DATES = ("date_column", "date_format", "year_column", "month_column")


def layout_for(key: str, folder: Path) -> Layout:
    """The layout of a publisher: the project's own in ``folder``, else the one that comes with the atlas.

    Raises
    ------
    InputError
        It cannot be read, lacks a key, or has one that is not known; the message names table and key.
    """
    declared = folder / f"{key}.toml"
    path = declared if declared.is_file() else _SHIPPED / f"{key}.toml"
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        msg = f"{path}: the layout cannot be read ({error}); mend it, or start again from {_SHIPPED / path.name}"
        raise InputError(msg) from error
    _check(path, document)
    frozen: dict[str, Any] = {
        name: MappingProxyType(value) if isinstance(value, dict) else value for name, value in document.items()
    }
    frozen["ignore"] = tuple(document.get("ignore", ()))
    return Layout(path=path, key=key, **frozen)


def _check(path: Path, document: Mapping[str, Any]) -> None:
    if unknown := sorted(set(document) - set(_NAMES)):
        _refuse(path, f"the key {unknown[0]!r} is not known; known are {', '.join(_NAMES)}")
    if missing := [name for name in _NEEDED if name not in document]:
        _refuse(path, f"the key {missing[0]!r} is missing; add it as in {_SHIPPED / path.name}")
    for name in ("publisher", "licence", "unit", "public_copy", "sheet"):
        if not isinstance(document.get(name, ""), str):
            _refuse(path, f"{name} is {document[name]!r}; write it in quotes")
    _check_tables(path, document)
    _check_types(path, document)
    _check_zeros(path, document.get("values", {}).get("zero", []))
    for name, words in (("status", STATUSES), ("shape", SHAPES), ("indicator", INDICATORS)):
        if document[name] not in words:
            _refuse(path, f"{name} is {document[name]!r}; known are {', '.join(words)}")
    if document["status"] == "seen" and not document.get("public_copy"):
        _refuse(path, "status is 'seen', and public_copy does not name the public copy; name it, or write 'unverified'")
    header = document["header_row"]
    if isinstance(header, bool) or not isinstance(header, int) or header < 1:
        _refuse(path, f"header_row is {header!r}; give the number of the row with the names of the columns, from 1")
    _check_shape(path, document)


def _check_tables(path: Path, document: Mapping[str, Any]) -> None:
    for name, known in _KEYS.items():
        table = document.get(name, {})
        if not isinstance(table, dict):
            _refuse(path, f"{name} is no table; write it as [{name}]")
        if unknown := sorted(set(table) - known):
            _refuse(path, f"[{name}] has the key {unknown[0]!r}; known are {', '.join(sorted(known))}")
    if set(document["title"]) != _KEYS["title"]:
        _refuse(path, "[title] needs en and es")


def _check_types(path: Path, document: Mapping[str, Any]) -> None:
    """A word where a list is meant would be taken letter by letter."""
    for table, keys in _LISTS.items():
        for key in keys:
            value = (document if not table else document.get(table, {})).get(key, [])
            if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
                name = f"[{table}] {key}" if table else key
                _refuse(path, f'{name} is {value!r}; write a list of words, such as ["Nota"]')
    for table in _KEYS:
        for key, value in document.get(table, {}).items():
            if key not in {*_NO_WORDS, *_LISTS.get(table, ())} and not isinstance(value, str):
                _refuse(path, f"[{table}] {key} is {value!r}; write it in quotes")
    for table, key in (("totals", "checked"), ("values", "whole")):
        if not isinstance(document.get(table, {}).get(key, True), bool):
            _refuse(path, f"[{table}] {key} is {document[table][key]!r}; write true or false")
    year = document["period"].get("year", _YEARS[0])
    if isinstance(year, bool) or not isinstance(year, int) or year not in _YEARS:
        _refuse(path, f"[period] year is {year!r}; give a year of four digits, such as 2024")


def _check_zeros(path: Path, words: Iterable[str]) -> None:
    """A bound such as ``<5`` is no zero, whatever a layout says."""
    for word in words:
        if re.search("[1-9]", word):
            _refuse(path, f"[values] zero has {word!r}, which is no zero; list it in [values] missing, as a gap")


def _check_aliases(path: Path, aliases: object) -> None:
    if not isinstance(aliases, dict):
        _refuse(path, '[place] aliases is no table; write it as [place.aliases], with lines such as "Coahuila" = "05"')
    else:
        for name, code in aliases.items():
            if not re.fullmatch(r"[0-9]{2}(?:[0-9]{3})?", str(code)):
                _refuse(path, f'[place.aliases] {name!r} is {code!r}; give a code of two or five digits, such as "05"')


def _check_shape(path: Path, document: Mapping[str, Any]) -> None:
    place, period = document["place"], document["period"]
    _check_aliases(path, place.get("aliases", {}))
    if document["shape"] != "incidents":
        if place.get("kind") not in PLACES:
            _refuse(path, f"[place] kind is {place.get('kind')!r}; known are {', '.join(PLACES)}")
        if not place.get("column"):
            _refuse(path, "[place] column is missing; name the column with the places")
    elif not {"column", "lon_column"} & set(document.get("position", {})):
        _refuse(path, "[position] needs column (both numbers in a cell) or lon_column and lat_column")
    if document["shape"] == "months_across":
        months = period.get("months", {})
        numbers = list(months.values()) if isinstance(months, dict) else []
        known = [number for number in range(1, 13) if number in numbers]
        if not known or len(known) < len(numbers):
            _refuse(path, "[period] months needs a column for each month, such as Ene = 1")
        if not {"year", "year_cell"} & set(period):
            _refuse(path, "[period] needs year or year_cell, the cell in whose text the year stands")
    elif not {"date_column", "year_column"} & set(period):
        _refuse(path, f"[period] needs date_column, or year_column and month_column; known are {', '.join(_DATES)}")
    if document["shape"] != "months_across" and not document.get("values", {}).get("column"):
        _refuse(path, "[values] column is missing; name the column with the figures")


def _refuse(path: Path, what: str) -> None:
    msg = f"{path}: {what}"
    raise InputError(msg)
