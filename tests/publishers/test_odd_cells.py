"""Cells, headers and sums as spreadsheet programs and people leave them: the right count, or one error that helps."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from atlas.errors import InputError
from atlas.publishers import Layout, PublishedEditions, UnitNames, layout_for, take_file
from atlas.render.publisher_tables import publisher_tables
from tests.publishers.conftest import Write
from tests.publishers.workbooks import HEADER, MONTHS, ROWS

NOTHING = PublishedEditions((), {})


def _counts(kept: PublishedEditions, key: str = "upmrip") -> dict[tuple[str, str], int]:
    return {(one.place, one.period): one.value for one in kept.latest(key)}


def _set(**values: Any) -> Callable[[Any, Any], None]:
    def change(_book: Any, sheet: Any) -> None:
        for cell, value in values.items():
            sheet[cell] = value

    return change


@pytest.mark.parametrize("separator", [" ", "\u00a0", "\u2008", "\u2009", "\u202f", ".", "'", "\u2019"])
def test_thousands_are_read_with_the_separator_that_the_error_asks_for(
    separator: str, write: Write, tmp_path: Path, names: UnitNames
) -> None:
    count, part = f"1{separator}234", f"1{separator}200"
    path = write(change=_set(B9=count, N9=count, B10=part, N10=part))
    with pytest.raises(InputError, match=r"cell B9: .*, where ',' divides thousands; set \[values\] thousands"):
        take_file(path, layout_for("upmrip", tmp_path), names, NOTHING)
    text = layout_for("upmrip", tmp_path).path.read_text(encoding="utf-8")
    declared = text.replace('thousands = ","', f'thousands = "{separator}"')
    (tmp_path / "upmrip.toml").write_text(declared, encoding="utf-8")
    assert _counts(take_file(path, layout_for("upmrip", tmp_path), names, NOTHING)[0])["Tapachula", "2024-01"] == 1200


@pytest.mark.parametrize("text", ["34", " 34 ", "34.0", "34.00", "34\u200b", 34.0])
def test_a_whole_number_written_as_text_counts(text: Any, write: Write, layout: Layout, names: UnitNames) -> None:
    counts = _counts(take_file(write(change=_set(B11=text)), layout, names, NOTHING)[0])
    assert counts["Suchiate", "2024-01"] == 34


@pytest.mark.parametrize("text", ["-3", "\u22123", "3.5", "3,5", "0,123", "1,23", -3, 3.5])
def test_no_count_is_negative_or_a_part_and_no_remedy_makes_it_nought(
    text: Any, write: Write, layout: Layout, names: UnitNames
) -> None:
    with pytest.raises(InputError, match=r"cell B11: .*expected a whole number of at least 0; correct the cell") as bad:
        take_file(write(change=_set(B11=text)), layout, names, NOTHING)
    assert "zero" not in str(bad.value)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("<5", "a bound and no count; list it in [values] missing, as a gap; it is no zero"),
        ("≤ 4", "a bound and no count; list it in [values] missing"),
        ("1-4", "a bound and no count; list it in [values] missing"),
        ("1 a 4", "a bound and no count; list it in [values] missing"),
        ("menos de 5", "a bound and no count; list it in [values] missing"),
        ("8.3%", "a share and no count; put the name of its column into ignore"),
        ("#REF!", "an error of a spreadsheet program; mend its formula in the workbook"),
        (
            "34 (p)",
            "correct the cell in a copy of the file, or leave it blank, as a gap; if its end is a footnote mark",
        ),
        ("(34)", "correct the cell in a copy of the file, or leave it blank, as a gap"),
        ("s/d", "list it in [values] zero or missing"),
    ],
)
def test_what_is_no_count_has_a_remedy_that_makes_no_nought_of_it(
    text: str, remedy: str, write: Write, layout: Layout, names: UnitNames
) -> None:
    with pytest.raises(InputError, match=re.escape(remedy)) as caught:
        take_file(write(change=_set(B11=text)), layout, names, NOTHING)
    assert f"boletin.xlsx, sheet 'Cuadro 3.1', cell B11: {text!r}" in str(caught.value)


def test_a_raised_digit_of_unicode_is_a_mark_and_no_part_of_a_count_or_name(
    write: Write, layout: Layout, names: UnitNames
) -> None:
    kept, _ = take_file(write(change=_set(A11="Suchiate²", B11="34³")), layout, names, NOTHING)
    (suchiate,) = (one for one in kept.latest("upmrip") if one.place == "Suchiate")
    assert (suchiate.value, suchiate.footnote) == (34, "² ³")


@pytest.mark.parametrize("text", ["n.d.", "N.D.", " n.d. "])
def test_words_for_unknown_are_the_same_in_capitals(text: str, write: Write, layout: Layout, names: UnitNames) -> None:
    counts = _counts(take_file(write(change=_set(B11=text)), layout, names, NOTHING)[0])
    assert ("Suchiate", "2024-01") not in counts
    assert ("Suchiate", "2024-02") not in counts
    assert counts["Tapachula", "2024-01"] == 1200


@pytest.mark.parametrize("text", ["1,234", "1 234", "8.3", "8.3%", "12"])
def test_a_figure_written_as_text_in_a_column_without_a_name_is_not_passed_over(
    text: str, write: Write, layout: Layout, names: UnitNames
) -> None:
    with pytest.raises(InputError, match=r"cell O11: a figure in a column without a name; name the column in row 5"):
        take_file(write(change=_set(O11=text)), layout, names, NOTHING)
    assert _counts(take_file(write(change=_set(O11="revisado")), layout, names, NOTHING)[0])


def test_a_hidden_sheet_beside_the_one_that_is_shown_is_not_asked_about(
    write: Write, layout: Layout, names: UnitNames
) -> None:
    def with_draft(state: str) -> Callable[[Any, Any], None]:
        def change(book: Any, _sheet: Any) -> None:
            book.create_sheet("borrador").sheet_state = state

        return change

    for state in ("hidden", "veryHidden"):
        kept, _ = take_file(write(change=with_draft(state)), layout, names, NOTHING)
        assert kept.of("upmrip")[0].sheet == "Cuadro 3.1"
    with pytest.raises(InputError, match=r"has the sheets 'Cuadro 3\.1', 'borrador'; say which one"):
        take_file(write(change=with_draft("visible")), layout, names, NOTHING)


def test_a_bound_is_a_gap_and_cannot_be_declared_a_zero(
    write: Write, layout: Layout, names: UnitNames, tmp_path: Path
) -> None:
    text, path = layout.path.read_text("utf-8"), write(change=_set(C11="<5"))
    (tmp_path / "upmrip.toml").write_text(text.replace('missing = ["n.d.",', 'missing = ["<5",'), "utf-8")
    counts = _counts(take_file(path, layout_for("upmrip", tmp_path), names, NOTHING)[0])
    assert {period for place, period in counts if place == "Suchiate"} == {"2024-01"}
    (tmp_path / "upmrip.toml").write_text(text.replace('zero = ["-", "–"]', 'zero = ["<5"]'), "utf-8")
    with pytest.raises(InputError, match=r"zero has '<5', which is no zero; list it in \[values\] missing"):
        layout_for("upmrip", tmp_path)


def test_months_in_the_header_may_be_dates(write: Write, layout: Layout, names: UnitNames) -> None:
    plain = _counts(take_file(write(), layout, names, NOTHING)[0])
    dates = [dt.date(2024, month, 1) for month in range(1, 13)]
    dated = write(header=[HEADER[0], *dates, "Total"], name="dates.xlsx")
    assert _counts(take_file(dated, layout, names, NOTHING)[0]) == plain
    dates[11] = dt.date(2023, 12, 1)
    other = write(header=[HEADER[0], *dates, "Total"], name="other.xlsx")
    with pytest.raises(InputError, match=r"cell M5: a month of 2023 in a table of 2024; save the columns of each year"):
        take_file(other, layout, names, NOTHING)


def test_a_month_of_a_row_may_be_a_date_of_its_year(tmp_path: Path, names: UnitNames) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(("entidad", "municipio", "año", "mes", "eventos"))
    sheet.append(("CHIAPAS", "TAPACHULA", 2024, dt.date(2024, 3, 1), 7))
    book.save(tmp_path / "inm.xlsx")
    layout = layout_for("inm", tmp_path)
    assert _counts(take_file(tmp_path / "inm.xlsx", layout, names, NOTHING)[0], "inm") == {("Tapachula", "2024-03"): 7}
    sheet["C2"] = 2023
    book.save(tmp_path / "inm.xlsx")
    with pytest.raises(InputError, match=r"cell D2: a date of 2024 in a row of 2023; correct one"):
        take_file(tmp_path / "inm.xlsx", layout, names, NOTHING)


def _second_table(_book: Any, sheet: Any) -> None:
    sheet["A14"], sheet["A15"] = None, None
    for column, text in enumerate(HEADER, 1):
        sheet.cell(16, column, text)


def _unnamed_column(_book: Any, sheet: Any) -> None:
    sheet["O9"] = 7


def _second_total(_book: Any, sheet: Any) -> None:
    for column, count in enumerate(("Total", 9, *[15] * 11, 174), 1):
        sheet.cell(14, column, count)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            _second_table,
            r"cell A16: the header stands again, above another table; save each table as a file of its own",
        ),
        (_unnamed_column, r"cell O9: a figure in a column without a name; name the column in row 5, or delete it"),
        (_second_total, r"cell B14: the rows of the table add up to 1,249 in Ene, their sum is printed as 9"),
    ],
)
def test_a_second_table_column_or_total_is_not_passed_over(
    change: Callable[[Any, Any], None], message: str, write: Write, layout: Layout, names: UnitNames
) -> None:
    with pytest.raises(InputError, match=message):
        take_file(write(change=change), layout, names, NOTHING)


def test_two_years_side_by_side_and_a_missing_month_have_remedies_that_work(
    write: Write, layout: Layout, names: UnitNames
) -> None:
    wide = [(row[0], *row[1:13], *row[1:13], None) for row in ROWS]
    with pytest.raises(
        InputError, match=r"'Ene' stands twice \(B5 and N5\); .*save the columns of each year as a file"
    ):
        take_file(write(wide, header=[HEADER[0], *MONTHS, *MONTHS, "Total"]), layout, names, NOTHING)
    short = [(row[0], row[1], *row[3:]) for row in ROWS]
    with pytest.raises(InputError, match=r"lacks 'Feb' .*take months that the file does not have out of \[period\]"):
        take_file(write(short, header=[h for h in HEADER if h != "Feb"]), layout, names, NOTHING)


@pytest.mark.parametrize(
    "title",
    [
        "Eventos según entidad, 2024 (miles)",
        "Eventos, 2024 (Miles de eventos)",
        "Cifras en miles, 2024",
        "Millones de personas, 2024",
        "Events, 2024 (thousands)",
        "Events in thousands, 2024",
    ],
)
def test_figures_in_thousands_are_not_taken_for_whole_ones(
    title: str, write: Write, tmp_path: Path, names: UnitNames
) -> None:
    path = write(change=_set(A2=title))
    with pytest.raises(InputError, match=r"cell A2: '.*' says that figures are not whole; .*\[values\] whole = true"):
        take_file(path, layout_for("upmrip", tmp_path), names, NOTHING)
    text = layout_for("upmrip", tmp_path).path.read_text(encoding="utf-8")
    (tmp_path / "upmrip.toml").write_text(text.replace("[values]\n", "[values]\nwhole = true\n"), encoding="utf-8")
    assert _counts(take_file(path, layout_for("upmrip", tmp_path), names, NOTHING)[0])["Suchiate", "2024-01"] == 34


def test_a_distance_in_miles_is_no_unit_of_the_figures(write: Write, layout: Layout, names: UnitNames) -> None:
    path = write(change=_set(A1="Within 100 miles of the border"))
    assert take_file(path, layout, names, NOTHING)[0].latest("upmrip")


@pytest.mark.parametrize("part", ['<row r="11"', "<sheetData>"])
def test_a_row_or_column_of_no_size_is_hidden(part: str, write: Write, layout: Layout, names: UnitNames) -> None:
    path = write()
    packed = {name: zipfile.ZipFile(path).read(name) for name in zipfile.ZipFile(path).namelist()}
    sheet = packed["xl/worksheets/sheet1.xml"].decode()
    sized = {
        '<row r="11"': '<row r="11" ht="0" customHeight="1"',
        "<sheetData>": '<cols><col min="3" max="3" width="0" customWidth="1"/></cols><sheetData>',
    }
    packed["xl/worksheets/sheet1.xml"] = sheet.replace(part, sized[part]).encode()
    with zipfile.ZipFile(path, "w") as again:
        for name, data in packed.items():
            again.writestr(name, data)
    with pytest.raises(InputError, match=r"is hidden; show it"):
        take_file(path, layout, names, NOTHING)


def _rows_file(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(("entidad;municipio;año;mes;eventos", *rows)) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("total", "name"),
    [
        ("Total;;;;13", "the table"),
        (";Total;2024;enero;13", "2024 enero"),
        ("Chiapas;Total;2024;Total;13", "chiapas 2024"),
    ],
)
def test_totals_of_a_table_with_a_figure_a_row_are_held_against_its_rows(
    total: str, name: str, tmp_path: Path, names: UnitNames
) -> None:
    rows = ("Chiapas;Tapachula;2024;enero;7", "Chiapas;Suchiate;2024;enero;5", "Chiapas;No especificado;2024;enero;1")
    layout = layout_for("inm", tmp_path)
    kept, _ = take_file(_rows_file(tmp_path / "inm.csv", *rows, total), layout, names, NOTHING)
    assert _counts(kept, "inm") == {("Tapachula", "2024-01"): 7, ("Suchiate", "2024-01"): 5}
    wrong = _rows_file(tmp_path / "wrong.csv", *rows, re.sub("13$", "14", total))
    with pytest.raises(InputError, match=f"row 5, column 5: the rows of {name} add up to 13, .* printed as 14"):
        take_file(wrong, layout, names, NOTHING)


def _offices(path: Path, *rows: Sequence[Any]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A2"] = "2024"
    months = list(layout_for("comar", path.parent).period["months"])
    for number, row in enumerate((["Oficina", *months, "Total"], *rows), 4):
        for column, cell in enumerate(row, 1):
            sheet.cell(number, column, cell)
    book.save(path)
    return path


def test_a_place_in_capitals_is_the_same_place_in_another_edition(tmp_path: Path, names: UnitNames) -> None:
    layout = layout_for("comar", tmp_path)
    first, _ = take_file(_offices(tmp_path / "1.xlsx", ("Ciudad de México", 5)), layout, names, NOTHING, edition="1")
    second, _ = take_file(_offices(tmp_path / "2.xlsx", ("CIUDAD DE MEXICO", 6)), layout, names, first, edition="2")
    assert [one.values for one in second.revisions("comar")] == [(("1", 5), ("2", 6))]
    (table,) = publisher_tables(second, ())[0].tables
    assert [(row.name, row.cells["2024-01"].earlier) for row in table.rows] == [("CIUDAD DE MEXICO", [("1", 5)])]
    twice = _offices(tmp_path / "3.xlsx", ("Ciudad de México", 5), ("Ciudad de Mexico", 5))
    with pytest.raises(InputError, match="Ciudad de Mexico has two figures for 2024-01"):
        take_file(twice, layout, names, NOTHING)


@pytest.mark.parametrize(
    "rows",
    [
        ('1,2023-05-02,"14.65318713, -92.15834219",2',),
        ('1,"14.65318713, -92.15834219",2,"14.65318713, -92.15834219"',),
        ("1,2023-05-02,14.65318713,-92.15834219",),
    ],
)
def test_no_message_repeats_a_position_that_stands_in_another_column(
    rows: Sequence[str], tmp_path: Path, names: UnitNames
) -> None:
    path = tmp_path / "mmp.csv"
    path.write_text("\n".join(("Incident ID,Incident Date,Number of Dead,Coordinates", *rows)) + "\n", "utf-8")
    with pytest.raises(InputError, match="row 2, column") as bad:
        take_file(path, layout_for("mmp", tmp_path), names, NOTHING)
    path.write_text("\n".join(rows) + "\n", "utf-8")
    with pytest.raises(InputError, match="the header lacks") as headless:
        take_file(path, layout_for("mmp", tmp_path), names, NOTHING)
    assert "14.6" not in str(bad.value) + str(headless.value)
    assert "92.1" not in str(bad.value) + str(headless.value)


def test_a_year_that_was_mistyped_is_refused(tmp_path: Path, names: UnitNames) -> None:
    path = tmp_path / "mmp.csv"
    head = "Incident ID,Incident Date,Number of Dead,Coordinates"
    path.write_text(f'{head}\n1,0202-05-02,2.0,"14.65318713, -92.15834219"\n', "utf-8")
    with pytest.raises(InputError, match=r"row 2, column 2: the year 202; correct the date"):
        take_file(path, layout_for("mmp", tmp_path), names, NOTHING)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'begin = ["Nota", "Fuente", "(-)", "1/", "*"]',
            'begin = "Nota"',
            r"\[footnotes\] begin is 'Nota'; write a list",
        ),
        ('zero = ["-", "–"]', 'zero = "-"', r"\[values\] zero is '-'; write a list of words"),
        ('rows = ["Total", "Total general"]', 'rows = "Total"', r"\[totals\] rows is 'Total'; write a list of words"),
        ('year_cell = "A2"', 'year = "abc"', r"\[period\] year is 'abc'; give a year of four digits"),
        ("Ene = 1", "Ene = [1]", r"\[period\] months needs a column for each month"),
        ('column = "Total"', 'checked = "no"', r"\[totals\] checked is 'no'; write true or false"),
    ],
)
def test_a_value_of_another_kind_in_a_layout_is_named(old: str, new: str, message: str, tmp_path: Path) -> None:
    shipped = layout_for("upmrip", tmp_path).path.read_text(encoding="utf-8")
    assert old in shipped
    (tmp_path / "upmrip.toml").write_text(shipped.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        layout_for("upmrip", tmp_path)
