"""Workbooks in a publisher's form are read by their layout; what was changed in one is named with its cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import openpyxl
import pytest

from atlas.errors import InputError
from atlas.publishers import Layout, PublishedEditions, UnitNames, layout_for, read_editions, take_file
from atlas.publishers.edition_tables import edition_files
from tests.publishers.conftest import Write
from tests.publishers.workbooks import HEADER, ROWS


def _values(kept: PublishedEditions, key: str = "upmrip") -> dict[tuple[str, str, str], int]:
    return {(one.place_level, one.place, one.period): one.value for one in kept.latest(key)}


def _take(path: Path, layout: Layout, names: UnitNames, kept: PublishedEditions | None = None) -> PublishedEditions:
    return take_file(path, layout, names, kept or PublishedEditions((), {}))[0]


def test_states_municipalities_thousands_marks_and_gaps(write: Write, layout: Layout, names: UnitNames) -> None:
    kept = _take(write(), layout, names)
    values = _values(kept)
    assert values["state", "Campeche", "2024-01"] == values["municipality", "Campeche", "2024-12"] == 10
    assert values["municipality", "Tapachula", "2024-01"] == 1200
    assert values["municipality", "Tapachula", "2024-02"] == 0
    # a blank cell is a gap, not a zero
    assert ("municipality", "Suchiate", "2024-02") not in values
    assert ("municipality", "Total general", "2024-01") not in values
    codes = {one.place: one.place_code for one in kept.latest("upmrip") if one.place_level == "municipality"}
    assert codes == {"Campeche": "04002", "Tapachula": "07089", "Suchiate": "07087", "Nogales": ""}
    (marked,) = [one for one in kept.latest("upmrip") if one.place == "Tapachula" and one.period == "2024-01"]
    assert (marked.footnote, marked.cell) == ("1/ 2/", "B10")
    assert "1/ Incluye el aeropuerto." in kept.editions[0].footnotes


def test_columns_in_another_order_are_read_by_their_names(write: Write, layout: Layout, names: UnitNames) -> None:
    order = [0, 13, *range(12, 0, -1)]
    swapped = write([[row[n] for n in order] for row in ROWS], header=[HEADER[n] for n in order], name="b.xlsx")
    assert _values(_take(swapped, layout, names)) == _values(_take(write(), layout, names))


def _rename(_book: Any, sheet: Any) -> None:
    sheet["C5"] = "Febrero"


def _move(_book: Any, sheet: Any) -> None:
    sheet.insert_rows(1)


def _swap_figures(_book: Any, sheet: Any) -> None:
    sheet["B12"], sheet["N12"] = 5, 61


def _merge(_book: Any, sheet: Any) -> None:
    sheet.merge_cells("B12:C12")


def _negative(_book: Any, sheet: Any) -> None:
    sheet["D7"] = -3


def _points(_book: Any, sheet: Any) -> None:
    sheet["B9"] = "1.234"


def _words(_book: Any, sheet: Any) -> None:
    sheet["D7"] = "pendiente"


def _formula(_book: Any, sheet: Any) -> None:
    sheet["D7"] = "=1+1"


def _stranger(_book: Any, sheet: Any) -> None:
    sheet["A10"] = "Tapachulita"


def _second_sheet(book: Any, _sheet: Any) -> None:
    book.create_sheet("Cuadro 3.2")


def _no_year(_book: Any, sheet: Any) -> None:
    sheet["A2"] = "Eventos 2023-2024"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_rename, r"cell A5: the header lacks 'Feb' .*febrero"),
        (_move, r"the header stands in row 6, not 5; set header_row = 6"),
        (_swap_figures, r"cell N12: the months of Sonora add up to 60, the total is printed as 61"),
        (_merge, r"cell B12: merged with others"),
        (_negative, r"cell D7: -3, expected a whole number"),
        (_points, r"cell B9: '1.234', where ',' divides thousands"),
        (_words, r"cell D7: 'pendiente', expected a count; list it in \[values\] zero or missing"),
        (_formula, r"cell D7: a formula without its result"),
        (_stranger, r"cell A10: 'Tapachulita' is no municipality of Chiapas that is known here"),
        (_second_sheet, r"has the sheets 'Cuadro 3.1', 'Cuadro 3.2'; say which one"),
        (_no_year, r"cell A2: .* names 2 years, expected one"),
    ],
)
def test_what_changed_is_named_with_its_cell_and_a_remedy(
    change: Callable[[Any, Any], None], message: str, write: Write, layout: Layout, names: UnitNames
) -> None:
    with pytest.raises(InputError, match=message) as raised:
        _take(write(change=change), layout, names)
    remedies = ("save it", "upmrip.toml", "divide it", "in a copy of the file")
    assert any(remedy in str(raised.value) for remedy in remedies)


def test_a_sheet_of_another_name_is_refused_with_those_there(write: Write, layout: Layout, names: UnitNames) -> None:
    with pytest.raises(InputError, match=r"no sheet 'Tabla 1'; it has 'Cuadro 3.1'"):
        _take(write(), replace(layout, sheet="Tabla 1"), names)


def test_states_merged_downwards_count_for_all_their_rows(tmp_path: Path, names: UnitNames) -> None:
    layout = layout_for("inm", tmp_path)
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ("entidad", "municipio", "año", "mes", "eventos", "nota"),
        ("Chiapas", "Tapachula", 2024, "enero", 7, "x"),
        (None, "Suchiate", 2024, "Ene.", "1,000", None),
    ):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    book.save(tmp_path / "inm.xlsx")
    values = _values(_take(tmp_path / "inm.xlsx", layout, names), "inm")
    assert values == {
        ("municipality", "Tapachula", "2024-01"): 7,
        ("municipality", "Suchiate", "2024-01"): 1000,
    }


def _revised() -> list[list[Any]]:
    """January of Suchiate is six more, and with it what it is a part of."""
    rows = [list(row) for row in ROWS]
    rows[0][1], rows[0][13] = 1255, 1420
    rows[3][1] = rows[3][13] = "1,240"
    rows[5][1] = rows[5][13] = 40
    return rows


def test_each_edition_is_kept_and_a_revised_month_has_both_values(
    write: Write, layout: Layout, names: UnitNames, tmp_path: Path
) -> None:
    first = _take(write(), layout, names)
    second, report = take_file(write(_revised(), name="b.xlsx"), layout, names, first)
    assert any("Suchiate, 2024-01: 34 → 40" in sentence for sentence in report.sentences)
    revisions = {one.figure.place: [value for _, value in one.values] for one in second.revisions("upmrip")}
    assert revisions == {"Chiapas": [1234, 1240], "Suchiate": [34, 40]}
    assert _values(second)["municipality", "Suchiate", "2024-01"] == 40
    # the same file again is no edition
    assert take_file(tmp_path / "b.xlsx", layout, names, second)[0] == second
    for name, data in edition_files(second).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert read_editions(tmp_path) == second


def test_an_edition_of_the_same_name_does_not_take_the_place_of_another(
    write: Write, layout: Layout, names: UnitNames
) -> None:
    named = replace(layout, edition=MappingProxyType({"cell": "A1"}))
    first = _take(write(), named, names)
    second = _take(write(_revised(), name="b.xlsx"), named, names, first)
    assert [one.edition for one in second.editions] == ["Cuadro 3.1", "Cuadro 3.1 (2)"]


def test_positions_of_the_dead_become_municipalities_and_are_nowhere_kept(tmp_path: Path, names: UnitNames) -> None:
    path = tmp_path / "mmp.csv"
    rows = [
        ("Incident ID", "Incident Date", "Number of Dead", "Coordinates", "Location Description"),
        ("1", "2023-05-02", "2", "14.65318713, -92.15834219", "by the river"),
        ("2", "2023-05-20", "1", "14.61234567, -92.13456789", ""),
        ("3", "2023-06-01", "1", "31.5, -110.2", ""),
        ("4", "2023-06-01", "", "14.61, -92.13", ""),
    ]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    kept, report = take_file(path, layout_for("mmp", tmp_path), names, PublishedEditions((), {}))
    assert _values(kept, "mmp") == {("municipality", "Suchiate", "2023-05"): 3}
    assert any("1 of 3 events lie in no municipality" in sentence for sentence in report.sentences)
    written = b"".join(edition_files(kept).values()) + "".join(report.sentences).encode()
    for trace in (b"92.15", b"14.65", b"river", b"65318"):
        assert trace not in written


def test_a_position_that_cannot_be_read_is_not_repeated_in_the_message(tmp_path: Path, names: UnitNames) -> None:
    path = tmp_path / "mmp.csv"
    path.write_text(
        'Incident Date,Number of Dead,Coordinates\n2023-05-02,1,"-92.15834219, 14.65318713"\n', encoding="utf-8"
    )
    with pytest.raises(InputError, match=r"row 2, column 3: no position on Earth") as raised:
        _take(path, layout_for("mmp", tmp_path), names)
    assert "92.1" not in str(raised.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('shape = "months_across"', 'shape = "wide"', r"shape is 'wide'; known are months_across"),
        ("header_row = 5", "header_row = 0", r"header_row is 0; give the number"),
        ('status = "unverified"', 'status = "seen"', r"public_copy does not name the public copy"),
        ('unit = "events"', "", r"the key 'unit' is missing"),
        ("[values]", "[valves]", r"the key 'valves' is not known"),
        ('kind = "state_then_municipality"', 'kind = "town"', r"\[place\] kind is 'town'"),
        ("Ene = 1", "Ene = 2", r"\[period\] months needs a column for each month"),
    ],
)
def test_a_layout_with_a_fault_names_table_and_key(old: str, new: str, message: str, tmp_path: Path) -> None:
    shipped = layout_for("upmrip", tmp_path).path.read_text(encoding="utf-8")
    assert old in shipped
    (tmp_path / "upmrip.toml").write_text(shipped.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        layout_for("upmrip", tmp_path)


@pytest.mark.parametrize("key", ["upmrip", "comar", "inm", "mmp"])
def test_what_was_not_seen_is_called_unverified(key: str, tmp_path: Path) -> None:
    shipped = layout_for(key, tmp_path)
    assert shipped.status == "unverified" or shipped.public_copy
