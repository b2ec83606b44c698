"""What publishers' own files gave stands on the page of series, each edition beside the other, in both languages."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from atlas.admission.published_atlas import open_published_atlas
from atlas.files import write_set
from atlas.project import find_project
from atlas.publishers import PublishedEditions, UnitNames, layout_for, take_file
from atlas.publishers.edition_tables import edition_files
from atlas.render.build_context import BuildContext
from atlas.render.pages import series
from atlas.render.publisher_tables import publisher_tables

HEADER = ("Oficina", "Enero", "Febrero", "Marzo", "Abril", "Mayo", "Junio")
MORE = ("Julio", "Agosto", "Septiembre", "Octubre", "Noviembre", "Diciembre", "Total")


@pytest.fixture
def geodata(repo: Path, tmp_path: Path) -> Path:
    shutil.copytree(repo / "geodata", tmp_path / "project" / "geodata", symlinks=True)
    return tmp_path / "project" / "geodata"


def _workbook(path: Path, january: int, office: str = "Office <b>One</b>") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A2"] = "2025"
    for column, text in enumerate((*HEADER, *MORE), 1):
        sheet.cell(4, column, text)
    for column, value in enumerate((office, january, *[0] * 11, january), 1):
        sheet.cell(5, column, value)
    book.save(path)
    return path


def test_a_revised_month_shows_both_values_and_the_layout_is_called_unverified(geodata: Path, tmp_path: Path) -> None:
    layout = layout_for("comar", geodata / "publishers")
    names = UnitNames.of(((), ()), ((), (), []))
    kept = PublishedEditions((), {})
    for number, january in enumerate((4321, 4567)):
        path = _workbook(tmp_path / f"{number}.xlsx", january)
        kept, _ = take_file(path, layout, names, kept, edition=f"{number + 1}ª edición")
    write_set(geodata, edition_files(kept))
    project = replace(find_project(geodata.parent), geodata=geodata)
    page = series.render(BuildContext(open_published_atlas(project)))
    start = page.index('id="publisher-comar"')
    part = page[start : page.index("</article>", start)]
    assert re.search(
        r'<data value="4567".*?<data value="4321" data-number>4,321</data> \(1ª edición\)', part, re.DOTALL
    )
    assert "unverified" in part
    # what the layouts say in words of our own is there in both languages
    assert part.count('<span data-t="series.publishers.unstated">not stated in the file</span>') == 2
    # of every cell, the edition and where in it the figure stands
    assert part.count(">(2ª edición)</span>") == 12
    assert '<span class="small quiet" title="B5">(2ª edición)</span>' in part
    assert "Office &lt;b&gt;One&lt;/b&gt;" in part
    assert "<b>One" not in part
    assert "disposición de este archivo no está verificada" in page


@pytest.mark.slow
def test_a_place_that_the_newest_edition_leaves_out_says_so(geodata: Path, tmp_path: Path) -> None:
    layout = layout_for("comar", geodata / "publishers")
    names = UnitNames.of(((), ()), ((), (), []))
    first, _ = take_file(_workbook(tmp_path / "1.xlsx", 11), layout, names, PublishedEditions((), {}), edition="first")
    kept, _ = take_file(_workbook(tmp_path / "2.xlsx", 22, office="Other"), layout, names, first, edition="second")
    (table,) = publisher_tables(kept, ())[0].tables
    dropped = {row.name: [cell.dropped for cell in row.cells.values()] for row in table.rows}
    assert dropped["Office <b>One</b>"] == [True] * 12
    assert dropped["Other"] == [False] * 12
    write_set(geodata, edition_files(kept))
    page = series.render(BuildContext(open_published_atlas(replace(find_project(geodata.parent), geodata=geodata))))
    assert page.count("no longer in the newest edition of this month; as in</span> (first)") == 12


def test_without_such_files_the_page_has_no_word_of_them(repo: Path) -> None:
    page = series.render(BuildContext(open_published_atlas(find_project(repo))))
    assert 'id="publishers"' not in page
