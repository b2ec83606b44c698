from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely

from atlas.publishers import Layout, UnitNames, layout_for
from tests.publishers.workbooks import HEADER, ROWS

Write = Callable[..., Path]


@pytest.fixture
def names() -> UnitNames:
    boxes = [shapely.box(-91, 18, -90, 19), shapely.box(-92.5, 14.6, -92.2, 15), shapely.box(-92.2, 14.5, -92.1, 14.7)]
    return UnitNames.of(
        (("04", "07", "26"), ("Campeche", "Chiapas", "Sonora")),
        (("04002", "07089", "07087"), ("Campeche", "Tapachula", "Suchiate"), boxes),
    )


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return layout_for("upmrip", tmp_path)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(
        rows: Sequence[Sequence[Any]] = ROWS,
        *,
        header: Sequence[str] = HEADER,
        change: Callable[[Any, Any], None] | None = None,
        name: str = "boletin.xlsx",
    ) -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "Cuadro 3.1"
        sheet["A1"], sheet["A2"] = "Cuadro 3.1", "Eventos según entidad y municipio, 2024"
        for column, text in enumerate(header, 1):
            sheet.cell(5, column, text)
        for number, row in enumerate(rows, 6):
            for column, value in enumerate(row, 1):
                sheet.cell(number, column, value)
        sheet.cell(7 + len(rows), 1, "Nota: cifras preliminares.")
        sheet.cell(8 + len(rows), 1, "1/ Incluye el aeropuerto.")
        if change:
            change(book, sheet)
        book.save(tmp_path / name)
        return tmp_path / name

    return written
