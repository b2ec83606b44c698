"""What is wrong in the table of a shapefile, and what programs make empty or pass over without a word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from atlas.vector.dbf import AttributeTable, Column
from atlas.vector.layer import FileFault, VectorLayer

_LONGEST_NAME = 10
_NAMED = 8
# shorter columns, such as those of codes, are often filled
_WIDE = 50
_NUMBER = re.compile(rb"[+-]?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?\Z")


def look_at_table(table: AttributeTable, names: Sequence[str], layer: VectorLayer) -> None:
    """Put among a layer's faults what is wrong in its table, whose columns have these names."""
    if cut := [name for name, column in zip(names, table.columns, strict=True) if len(column.name) >= _LONGEST_NAME]:
        listed = ", ".join(cut[:_NAMED]) + (" …" if len(cut) > _NAMED else "")
        message = f"{listed}: ten letters are the most, so longer names are cut."
        layer.faults.append(FileFault("name-cut", message))
    if twice := sorted({name for name in names if names.count(name) > 1}):
        message = f"{', '.join(twice)} stands twice in the table; programs keep one or rename one: rename them."
        layer.faults.append(FileFault("name-twice", message))
    if count := int(table.deleted.sum()):
        message = f"{count:,} rows are marked as deleted; they are not read, but whoever gets the file has them."
        layer.faults.append(FileFault("row-deleted", message))
    for name, column in zip(names, table.columns, strict=True):
        _look_at_column(table, column, name, layer)


def _look_at_column(table: AttributeTable, column: Column, name: str, layer: VectorLayer) -> None:
    if column.kind == "C" and column.width >= _WIDE:
        full = [row for row, cell in enumerate(table.cells(column), start=1) if cell[-1:] not in {b" ", b"\0"}]
        if full:
            message = (
                f"{len(full):,} texts fill all {column.width} bytes of the column, so that their ends may be missing: "
                "look for the source."
            )
            layer.faults.append(FileFault("text-cut", message, row=full[0], field=name))
    if column.kind not in {"D", "N", "F"}:
        return
    sound = _is_date if column.kind == "D" else _is_number
    odd = [
        (row, cell.strip(b" \0"))
        for row, cell in enumerate(table.cells(column), start=1)
        if not sound(cell.strip(b" \0"))
    ]
    if odd:
        row, cell = odd[0]
        what = "date" if column.kind == "D" else "number"
        text = cell[:20].decode("ascii", "replace")
        message = f"“{text}” is no {what}, and {len(odd):,} such values are read as empty: correct them in the source."
        layer.faults.append(FileFault("value-lost", message, row=row, field=name))
        values = list(layer.columns.get(name, ()))
        for row, _ in odd:
            if row <= len(values):
                values[row - 1] = None
        if name in layer.columns:
            layer.columns[name] = values


def _is_number(cell: bytes) -> bool:
    # asterisks are how GDAL writes that there is none
    return not cell.strip(b"*") or _NUMBER.match(cell) is not None


def _is_date(cell: bytes) -> bool:
    if not cell.strip(b"0*"):
        return True
    try:
        text = cell.decode("ascii")
        date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return False
    return len(text) == len("20240531")
