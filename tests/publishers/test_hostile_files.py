"""Files in a publisher's form that were changed as people and programs change them: one clear error, nothing twice."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from atlas.errors import InputError
from atlas.publishers import Layout, PublishedEditions, UnitNames, layout_for, take_file
from tests.publishers.conftest import Write
from tests.publishers.workbooks import HEADER, ROWS

NOTHING = PublishedEditions((), {})
Change = Callable[[Any, Any], None]


def _hide_row(_book: Any, sheet: Any) -> None:
    sheet.row_dimensions[11].hidden = True


def _hide_column(_book: Any, sheet: Any) -> None:
    sheet.column_dimensions["C"].hidden = True


def _hide_grouped_columns(_book: Any, sheet: Any) -> None:
    sheet.column_dimensions.group("B", "D", hidden=True)


def _hide_sheet(book: Any, sheet: Any) -> None:
    book.create_sheet("Otra", 0)
    book.active = 0
    sheet.sheet_state = "hidden"


def _note_in_between(_book: Any, sheet: Any) -> None:
    sheet.insert_rows(11)
    sheet["A11"] = "Nota: cifras revisadas."


def _subtotal_without_outlines(_book: Any, sheet: Any) -> None:
    sheet["A13"] = "Subtotal Sonora"


def _endless(_book: Any, sheet: Any) -> None:
    sheet["D7"] = 1e300


def _position(_book: Any, sheet: Any) -> None:
    sheet["A14"] = "1/ En 14.65318713, -92.15834219."


def _degrees(_book: Any, sheet: Any) -> None:
    sheet["A14"] = "1/ En 14° 39' N."


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_hide_row, r"sheet 'Cuadro 3.1', cell A11: row 11 is hidden; show it if it counts .*or delete it"),
        (_hide_column, r"cell C5: the column of C5 is hidden"),
        (_hide_grouped_columns, r"cell B5: the column of B5 is hidden"),
        (_note_in_between, r"cell A12: figures below the footnotes, which begin in row 11; move these to the end"),
        (_subtotal_without_outlines, r"cell A13: 'Subtotal Sonora' looks like a sum; add it to \[totals\] rows"),
        (_endless, r"cell D7: 1e\+300, expected a whole number"),
    ],
)
def test_what_is_hidden_summed_or_endless_is_refused_with_its_cell(
    change: Change, message: str, write: Write, layout: Layout, names: UnitNames
) -> None:
    with pytest.raises(InputError, match=message):
        take_file(write(change=change), layout, names, NOTHING)


@pytest.mark.parametrize("change", [_position, _degrees])
def test_a_position_among_the_words_is_refused_and_not_repeated(
    change: Change, write: Write, layout: Layout, names: UnitNames
) -> None:
    with pytest.raises(InputError, match=r"sheet 'Cuadro 3.1', a footnote holds what may be a position") as raised:
        take_file(write(change=change), layout, names, NOTHING)
    assert "14" not in str(raised.value)


def test_a_hidden_sheet_is_not_read_unseen(write: Write, tmp_path: Path, names: UnitNames) -> None:
    text = layout_for("upmrip", tmp_path).path.read_text(encoding="utf-8")
    (tmp_path / "upmrip.toml").write_text('sheet = "Cuadro 3.1"\n' + text, encoding="utf-8")
    with pytest.raises(InputError, match=r"the sheet 'Cuadro 3.1' is hidden; show it"):
        take_file(write(change=_hide_sheet), layout_for("upmrip", tmp_path), names, NOTHING)


@pytest.mark.parametrize("name", ["boletin.xls", "boletin.csv", "boletin"])
def test_a_workbook_is_known_by_its_content(name: str, write: Write, layout: Layout, names: UnitNames) -> None:
    path = write()
    renamed = path.rename(path.with_name(name))
    assert take_file(renamed, layout, names, NOTHING)[0].latest("upmrip")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1", r"Excel 97 \(.xls\), or has a password; open it and save it as .xlsx"),
        (b"<html><table><tr><td>Total</td></tr></table>", r"is a web page or XML, whatever its name"),
        ("entidad,municipio\nMéxico,Tapachula\n".encode("latin-1"), r"row 2, byte 19\); save it as CSV in UTF-8"),
        ("entidad\n".encode("utf-16"), r"neither a workbook nor UTF-8 text \(row 1"),
        (b"", r"the header lacks"),
    ],
)
def test_what_is_no_workbook_is_named_with_what_to_do(
    content: bytes, message: str, tmp_path: Path, layout: Layout, names: UnitNames
) -> None:
    path = tmp_path / "boletin.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        take_file(path, layout, names, NOTHING)


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path, layout: Layout, names: UnitNames) -> None:
    with zipfile.ZipFile(tmp_path / "boletin.xlsx", "w") as packed:
        packed.writestr("leame.txt", "nada")
    with pytest.raises(InputError, match=r"a workbook that cannot be read .*save it again as .xlsx"):
        take_file(tmp_path / "boletin.xlsx", layout, names, NOTHING)


def test_titles_with_commas_above_a_header_with_semicolons(tmp_path: Path, layout: Layout, names: UnitNames) -> None:
    lines: Sequence[Sequence[Any]] = [HEADER, *ROWS]
    table = "\n".join(";".join("" if cell is None else str(cell) for cell in row) for row in lines)
    path = tmp_path / "boletin.csv"
    path.write_text(f"Cuadro 3.1, eventos, por entidad, y municipio\n2024\n\n\n{table}\n", encoding="utf-8")
    values = {(one.place, one.period): one.value for one in take_file(path, layout, names, NOTHING)[0].latest("upmrip")}
    assert values["Suchiate", "2024-01"] == 34


@pytest.mark.parametrize("total", ["Gran total", "Total nacional", "SUB-TOTAL", "Suma", "Tapachula (total)"])
def test_no_office_is_a_sum(total: str, tmp_path: Path, names: UnitNames) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A2"] = "2024"
    months = list(layout_for("comar", tmp_path).period["months"])
    for row, cells in enumerate((["Oficina", *months, "Total"], ["Tapachula", 5], [total, 5]), 4):
        for column, cell in enumerate(cells, 1):
            sheet.cell(row, column, cell)
    book.save(tmp_path / "comar.xlsx")
    with pytest.raises(InputError, match=r"cell A6: .* looks like a sum; add it to \[totals\] rows"):
        take_file(tmp_path / "comar.xlsx", layout_for("comar", tmp_path), names, NOTHING)


def _incidents(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(("Incident ID,Incident Date,Number of Dead,Coordinates", *rows)) + "\n", encoding="utf-8")
    return path


def test_an_event_in_two_rows_counts_once_or_not_at_all(tmp_path: Path, names: UnitNames) -> None:
    row = '2023.MMP1,2023-05-02,2,"14.65318713, -92.15834219"'
    changed = '2023.MMP1,2023-05-02,3,"14.65318713, -92.15834219"'
    for other in (row, changed):
        path = _incidents(tmp_path / "mmp.csv", row, '2023.MMP2,2023-05-02,2,"14.65318713, -92.15834219"', other)
        with pytest.raises(InputError, match=r"row 4, column 1: the same event as in row 2, .* take one of the rows"):
            take_file(path, layout_for("mmp", tmp_path), names, NOTHING)


def test_axes_that_are_swapped_for_a_part_of_the_world_where_both_are_possible(tmp_path: Path) -> None:

    names = UnitNames.of(
        (("23",), ("Quintana Roo",)), (("23004",), ("Othón P. Blanco",), [shapely.box(-89, 18, -88, 19)])
    )
    path = _incidents(tmp_path / "mmp.csv", '1,2023-05-02,2,"-88.30012345, 18.50012345"')
    with pytest.raises(InputError, match=r"row 2, .*only with its axes swapped; set \[position\] order") as raised:
        take_file(path, layout_for("mmp", tmp_path), names, NOTHING)
    assert "88.3" not in str(raised.value)


def test_a_code_of_a_place_that_is_none_is_refused(tmp_path: Path) -> None:
    text = layout_for("upmrip", tmp_path).path.read_text(encoding="utf-8")
    (tmp_path / "upmrip.toml").write_text(text.replace('"Coahuila" = "05"', '"Coahuila" = 5'), encoding="utf-8")
    with pytest.raises(InputError, match=r"\[place.aliases\] 'Coahuila' is 5; give a code of two or five digits"):
        layout_for("upmrip", tmp_path)


def test_a_municipality_with_the_name_of_a_state_is_told_apart_as_the_error_says(
    write: Write, names: UnitNames, tmp_path: Path
) -> None:
    rows = [*ROWS[1:-1], ("Nogales", *[4] * 12, 48), ("Campeche", *[1] * 12, 12)]
    with pytest.raises(InputError, match=r"Campeche has two .* \(cells B6 and B13\); .*'Campeche \(municipality\)'"):
        take_file(write(rows), layout_for("upmrip", tmp_path), names, NOTHING)
    rows[-1] = ("Campeche (municipality)", *[1] * 12, 12)
    text = layout_for("upmrip", tmp_path).path.read_text(encoding="utf-8")
    declared = text.replace("[place.aliases]\n", '[place.aliases]\n"Campeche (municipality)" = "26012"\n')
    (tmp_path / "upmrip.toml").write_text(declared, encoding="utf-8")
    taken = take_file(write(rows), layout_for("upmrip", tmp_path), names, NOTHING)[0].latest("upmrip")
    assert {one.place_code for one in taken if one.value == 1} == {"26012"}


def _set(**values: Any) -> Change:
    def change(_book: Any, sheet: Any) -> None:
        for cell, value in values.items():
            sheet[cell] = value

    return change


def _raised_mark(_: Any, sheet: Any) -> None:
    sheet["B11"] = CellRichText("34", TextBlock(InlineFont(vertAlign="superscript"), "2"))
    sheet["N11"] = None


def _without_a_state(_: Any, sheet: Any) -> None:
    sheet.delete_rows(12, 2)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_raised_mark, r"cell B11: '342' has a raised '2', which is no part of the count; .*, such as 34 2/"),
        (_set(B11="341/"), r"cell B11: '341/' does not say where the count ends and the mark begins; put a space"),
        (_set(B6=1250), r"cell N6: the months of Total general add up to 1,415, the total is printed as 1,414"),
        (_without_a_state, r"cell B6: the rows of the table add up to 1,244 in Ene, their sum is printed as 1,249"),
        (_set(C8=9, D8=11), r"cell C7: the rows of Campeche add up to 9 in Feb, their sum is printed as 10"),
        (_set(B11=35, N11=35), r"cell B9: the rows of Chiapas add up to 1,235 in Ene, .* printed as 1,234"),
    ],
)
def test_a_sum_that_its_rows_do_not_give_is_refused(
    change: Any, message: str, write: Write, layout: Layout, names: UnitNames
) -> None:
    with pytest.raises(InputError, match=message):
        take_file(write(change=change), layout, names, NOTHING, edition="1")


def test_a_sum_that_the_publisher_prints_otherwise_is_taken_as_the_error_says(
    write: Write, names: UnitNames, tmp_path: Path
) -> None:
    rows = [*ROWS[:5], ("Suchiate", 35, *[None] * 11, 35), *ROWS[6:]]
    with pytest.raises(InputError, match=r"or set \[totals\] checked = false: copy \S+upmrip.toml to \S+upmrip.toml"):
        take_file(write(rows), layout_for("upmrip", tmp_path), names, NOTHING)
    text = layout_for("upmrip", tmp_path).path.read_text(encoding="utf-8")
    (tmp_path / "upmrip.toml").write_text(text.replace("[totals]\n", "[totals]\nchecked = false\n"), encoding="utf-8")
    taken = take_file(write(rows), layout_for("upmrip", tmp_path), names, NOTHING)[0].latest("upmrip")
    assert {one.value for one in taken if one.place == "Suchiate"} == {35}


def test_a_part_that_is_not_known_lets_the_sum_be_larger(write: Write, layout: Layout, names: UnitNames) -> None:
    def change(_: Any, sheet: Any) -> None:
        sheet["B11"], sheet["N11"] = "n.d.", None

    kept, _ = take_file(write(change=change), layout, names, NOTHING, edition="1")
    assert "Suchiate" not in {one.place for one in kept.figures["upmrip"]}


def test_a_month_that_is_kept_back_lets_the_total_of_its_row_be_larger(
    write: Write, layout: Layout, names: UnitNames
) -> None:
    def kept_back(word: str | None, total: int) -> Path:
        rows = [list(row) for row in ROWS]
        rows[5][2], rows[5][13] = word, total
        return write(rows)

    kept, _ = take_file(kept_back("n.d.", 37), layout, names, NOTHING)
    assert [one.value for one in kept.latest("upmrip") if one.place == "Suchiate"] == [34]
    for word, total in (("n.d.", 33), (None, 37)):
        with pytest.raises(InputError, match=f"the months of Suchiate add up to 34, the total is printed as {total}"):
            take_file(kept_back(word, total), layout, names, NOTHING)


def test_what_is_counted_under_no_place_takes_part_in_the_sum(write: Write, layout: Layout, names: UnitNames) -> None:
    rows = [list(row) for row in ROWS]
    rows[5][1] = rows[5][13] = 30
    rows.insert(6, ["No especificado", 4, *[0] * 11, 4])
    kept, report = take_file(write(rows), layout, names, NOTHING, edition="1")
    assert {one.value for one in kept.figures["upmrip"] if one.place == "Suchiate"} == {30}
    assert any("'No especificado' is no place" in note for note in report.sentences)


def test_a_month_that_has_not_begun_has_no_count_and_a_figure_in_it_is_a_wrong_year(
    write: Write, layout: Layout, names: UnitNames
) -> None:
    with pytest.raises(InputError, match=r"B7: 10 in 2024-01, which has not begun; look at the year of the file"):
        take_file(write(), layout, names, NOTHING, today=date(2023, 12, 31))
    rows = [("Chiapas", 7, *["-"] * 11, 7), ("Tapachula", 7, *["-"] * 11, 7)]
    kept, report = take_file(write(rows), layout, names, NOTHING, today=date(2024, 3, 1))
    periods = {one.period for one in kept.figures["upmrip"]}
    assert periods == {"2024-01", "2024-02", "2024-03"}
    assert any("have not begun were left out: 2024-04, 2024-05" in sentence for sentence in report.sentences)
