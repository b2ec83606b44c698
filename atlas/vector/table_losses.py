"""What a format of tables cannot hold: found in a table before it is written, and noted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from atlas.vector.feature_table import FeatureTable
from atlas.vector.place_columns import is_place_name

_NAMED = 8
# what a column of numbers of a shapefile keeps behind the point
_DECIMALS = 15
_INT32 = 2**31


def leave_out_heights(table: FeatureTable, *, where: str) -> None:
    """Leave heights out of all shapes where only some have them, and note it: zero would be read for the others."""
    deep = shapely.has_z(table.shapes)
    if deep.any():
        table.shapes = np.where(deep, shapely.force_2d(table.shapes), table.shapes)
        table.notes.append(f"{where}, so that heights are left out of {_features(int(deep.sum()))}")


def note_some_heights(table: FeatureTable) -> bool:
    """Leave heights out where some features have them and others not; whether that was so."""
    deep = shapely.has_z(table.shapes)
    some = bool(deep.any() and not deep[~table.missing].all())
    if some:
        leave_out_heights(table, where="all shapes of a layer have heights here or none has")
    return some


def note_multiples(table: FeatureTable) -> None:
    """Note single shapes that are written as ones of several parts, where some of a layer have several."""
    shapes = table.one_kind()[1]
    changed = sum(
        one is not None and one.geom_type != other.geom_type for one, other in zip(table.shapes, shapes, strict=True)
    )
    if changed:
        table.notes.append(f"all shapes of a layer are of one kind here: {_singles(changed)} written as multiple")


def _singles(count: int) -> str:
    return "1 single shape is" if count == 1 else f"{count:,} single shapes are"


def note_parts(table: FeatureTable) -> None:
    """Note what a shapefile makes of single and multiple shapes: of points one kind, of the others no difference."""
    kinds = [None if shape is None else shape.geom_type for shape in table.shapes]
    if "MultiPoint" in kinds and (singles := kinds.count("Point")):
        table.notes.append(f"a shapefile has single points or multiple ones: {_singles(singles)} written as multiple")
    alone = [shape for shape in table.shapes if shape is not None and len(shapely.get_parts(shape)) == 1]
    if count := sum(shape.geom_type in {"MultiLineString", "MultiPolygon"} for shape in alone):
        what = "1 multiple shape of one part comes" if count == 1 else f"{count:,} multiple shapes of one part come"
        table.notes.append(f"a shapefile does not tell single shapes from multiple ones: {what} back as single")


def note_texts(table: FeatureTable, what: str, is_changed: Callable[[str], bool]) -> None:
    """Note the columns in which texts are changed by a format."""
    changed = [
        (column.name, count)
        for column in table.columns
        if column.kind == "string"
        and (count := sum(value is not None and is_changed(value) for value in column.values))
    ]
    if changed:
        listed = ", ".join(f"{name} ({count:,})" for name, count in changed[:_NAMED])
        table.notes.append(f"{what}: {listed}{' …' if len(changed) > _NAMED else ''}")


def without_unsayable(table: FeatureTable) -> None:
    """Leave out of texts what no encoding has, and the sign that ends texts in C; note it."""
    note_texts(table, "signs that are no text are left out or replaced", lambda text: sayable(text) != text)
    for n, column in enumerate(table.columns):
        if column.kind == "string":
            values = [None if value is None else sayable(value) for value in column.values]
            table.columns[n] = replace(column, values=values)


def sayable(text: str) -> str:
    """A text without halves of surrogates and without NUL."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def note_short_numbers(table: FeatureTable) -> None:
    """Note the columns of numbers of which a shapefile keeps fewer decimals."""
    columns = [
        column.name
        for column in table.columns
        if column.kind == "number"
        and any(value is not None and round(value, _DECIMALS) != value for value in column.values)
    ]
    if columns:
        table.notes.append(f"a shapefile's numbers have {_DECIMALS} decimals; more are rounded: {_listed(columns)}")


def note_wide_integers(table: FeatureTable) -> None:
    """Note the columns of whole numbers that are text in KML."""
    columns = [
        column.name
        for column in table.columns
        if column.kind == "integer" and any(value is not None and abs(value) >= _INT32 for value in column.values)
    ]
    if columns:
        table.notes.append(f"KML's whole numbers end at 2³¹; larger ones are written as text: {_listed(columns)}")


def rename_places(table: FeatureTable, *, names: Sequence[str] = ()) -> bool:
    """Rename columns that readers would take for the place in place of the one that is written; whether there are any.

    Parameters
    ----------
    names
        The names that are renamed; all others that say a place stay.
    """
    used = {column.name.lower() for column in table.columns}
    renamed = []
    for n, column in enumerate(table.columns):
        if column.name.strip().lower() in names:
            name = next(one for one in (f"{column.name}_{k}" for k in range(2, 10_000)) if one.lower() not in used)
            used.add(name.lower())
            renamed.append(f"{column.name} → {name}")
            table.columns[n] = replace(column, name=name)
    if renamed:
        table.notes.append(f"names that say where a feature is are kept for its shape: {', '.join(renamed)}")
    return any(is_place_name(column.name) for column in table.columns)


def _features(count: int) -> str:
    return "1 feature" if count == 1 else f"{count:,} features"


def _listed(names: Sequence[Any]) -> str:
    return ", ".join(map(str, names[:_NAMED])) + (" …" if len(names) > _NAMED else "")
