"""Rows that are alike are judged once, and counted as if each had been judged by itself."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from atlas.disclosure import alike_rows, tile_addresses
from atlas.disclosure.byte_view import View
from atlas.disclosure.collect import collections
from atlas.disclosure.csv_tables import csv_table
from atlas.disclosure.feature_rules import Judge
from atlas.disclosure.letter_runs import matches, rows_of
from atlas.disclosure.limits import Limits
from atlas.disclosure.notations import _MGRS, _references
from atlas.disclosure.opened import Opened
from atlas.disclosure.single_bytes import single_bytes

COUNT = 1500
HEAD = "id,name,lon,lat,note"


@cache
def _positions() -> list[tuple[str, str]]:
    dice = np.random.default_rng(3)
    places = zip(dice.uniform(14, 92, (COUNT, 2)).tolist(), dice.integers(1, 7, (COUNT, 2)).tolist(), strict=True)
    return [(f"{x:.{few}f}", f"{y:.{more}f}") for (x, y), (few, more) in places]


def _rows(mark: str = ",", line: str = "{n}{m}place {n}{m}-{x}{m}{y}{m}{note}") -> str:
    lines = []
    for n, (x, y) in enumerate(_positions()):
        note = ("", "a note", "seen on 2026-05-10", "at 14.65318, -92.17834")[n % 4 if n % 7 else 0]
        lines.append(line.format(n=n, m=mark, x=x, y=y, note=note))
    return "\n".join(lines) + "\n"


# made by the test that asks for one, not by each process that collects the tests
TABLES: dict[str, Callable[[], str]] = {
    "commas": lambda: HEAD + "\n" + _rows(line="{n},place {n},-{x},{y},"),
    "notes": lambda: HEAD + "\n" + _rows(line='{n},"place, {n}",-{x},{y},"{note}"'),
    "quotes": lambda: HEAD + "\n" + _rows(line='{n},"the ""place"" {n}","-{x}","{y}","{note}\nmore"'),
    "quotes astray": lambda: HEAD + "\n" + _rows(line='{n},the "place" {n},-{x},{y},"{note}"'),
    "semicolons": lambda: HEAD.replace(",", ";") + "\n" + _rows(";"),
    "decimal commas": lambda: HEAD.replace(",", ";") + "\n" + _rows(";").replace(".", ","),
    "tabs": lambda: HEAD.replace(",", "\t") + "\n" + _rows("\t"),
    "carriage returns": lambda: (HEAD + "\n" + _rows(line='{n},x,-{x},{y},"{note}"')).replace("\n", "\r\n"),
    "lat first": lambda: "lat,lon,note\n" + _rows(line='{y},-{x},"{note}"'),
    "classes": lambda: "id,sensitivity,category,formality,lon,lat\n" + _rows(line="{n},open,bridge,formal,-{x},{y}"),
    "informal": lambda: "id,formality,lon,lat,photos\n" + _rows(line="{n},,-{x},{y},{n}.jpg"),
    "wkt": lambda: "id;note;WKT\n" + _rows(line='{n};"{note}";POINT (-{x} {y})'),
    "lines": lambda: "id;wkt\n" + _rows(line='{n};"LINESTRING (-{x} {y}, -91.5 15.25)"'),
    "ewkt": lambda: "id,geom\n" + _rows(line="{n},SRID=4326;POINT (-{x} {y})"),
    "broken wkt": lambda: "id;geom\n" + _rows(line="{n};POINT (-{x} {y}"),
    "shape or columns": lambda: (
        "id;geom;lon;lat\n" + _rows(line="{n};;-{x};{y}") + "x;POINT (-91.12345 15.2);1;2\n" * 9
    ),
    "many digits": lambda: HEAD + "\n" + _rows(line="{n},x,-{x}12345678901234567,{y}00000000000000001,"),
    "metres": lambda: "id,x,y\n" + _rows(line="{n},56{x},162{y}"),
    "odd numbers": lambda: (
        "id,lon,lat\n" + _rows(line="{n},+{x}, {y} ") + "a,1e1,1e-7\nb,,\nc,nan,1\nd,x,1.5\ne,15,016.50\nf,1_5.25,2\n"
    ),
    "uneven": lambda: HEAD + "\n" + _rows(line="{n},place,{x},{y},{note}"),
    "hxl": lambda: HEAD + "\n#id,#name,#geo+lon,#geo+lat,\n" + _rows(line="{n},,-{x},{y},"),
    "blank lines": lambda: HEAD + "\n\n" + _rows(line="{n},,-{x},{y},\n"),
    "twice": lambda: "id,note,lon,lat,note\n" + _rows(line="{n},a,-{x},{y},"),
    "accents": lambda: HEAD + "\n" + _rows(line="{n},señal {n},-{x},{y},camión"),
}


def _counts(text: str, limits: Limits) -> Counter[str]:
    opened = Opened(View("a.csv", text.encode(), "csv"))
    counts: Counter[str] = Counter()
    for collection in collections(opened):
        for _, fault in Judge(limits, "a.csv").collection(collection, ""):
            counts[fault.rule] += fault.count
    return counts


@pytest.mark.parametrize("kind", TABLES)
def test_alike_rows_are_counted_as_if_each_were_judged(
    kind: str, limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = TABLES[kind]()
    counts = _counts(text, limits)
    monkeypatch.setattr(alike_rows, "_FEWEST", 10**9)
    assert counts == _counts(text, limits)
    assert counts["unclassified"] >= COUNT or kind == "classes"


@pytest.mark.parametrize("kind", sorted(TABLES.keys() - {"informal", "uneven", "odd numbers"}))
def test_few_rows_stand_for_all(kind: str) -> None:
    opened = Opened(View("a.csv", TABLES[kind]().encode(), "csv"))
    (collection,) = collections(opened)
    assert len(collection.features) < COUNT / 4


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_is_read_as_the_standard_reader_does(kind: str) -> None:
    text = TABLES[kind]()
    head = text[: text.index("\n")]
    mark = max(",;\t", key=head.count)
    names, *rows = (row for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark) if row)
    rows = [[value or None for value in row] for row in rows if not (row[0] or "").startswith("#")]
    table = csv_table(text)
    assert table.names == names
    assert [list(table.row(number)) for number in range(table.count)] == rows


@pytest.mark.parametrize("form", ["{:02x}", "{}", "{:08b}", "0x{:02x}"])
def test_bytes_one_by_one_are_read_among_rows_of_short_cells(form: str) -> None:
    secret = b"-92.178342, 14.653187"
    row = ",".join(f"v{n}" for n in range(15)) + "\n"
    text = row * 3 + " ".join(map(form.format, secret)) + "\n" + row * 3
    # digits of two figures are bytes in hexadecimal, too
    assert secret in [plain for _, plain in single_bytes(text.encode())]


def test_references_and_locators_are_those_of_their_patterns() -> None:
    dice = np.random.default_rng(8)
    letters = np.frombuffer(b"15PEKWAaz 0123456789,\n", dtype=np.uint8)
    data = dice.choice(letters, 400_000).tobytes() + b" 15PWK1234512345 15 p wk 12 34 EK44wp"
    spans = [match.span() for match in _MGRS.finditer(data)]
    assert [match.span() for match in _references(data)] == spans
    assert len(spans) > 2
    locator: re.Pattern[bytes] = tile_addresses._LOCATOR
    listed = [match.span() for match in matches(locator, data, rows_of(data, *tile_addresses._LOCATOR_LETTERS))]
    assert listed == [match.span() for match in locator.finditer(data)]
    assert listed
