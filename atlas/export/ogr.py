"""Tables through GDAL: the columns of a table as arrays, and one call that writes them."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from atlas.errors import OutputError
from atlas.export.layer_tables import Table, flat
from atlas.export.reprojection import Places

ID = "id"
_DTYPES = {"integer": np.int64, "number": np.float64, "boolean": np.bool_}
_BLANKS: Mapping[str, Any] = {"integer": 0, "number": 0.0, "boolean": False}


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone afterwards: GDAL and SQLite write to disk before the bytes are taken up.

    Raises
    ------
    OutputError
        There is no room in the folder of temporary files.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="atlas-") as folder:
            yield Path(folder)
    except (OSError, sqlite3.Error) as error:
        msg = (
            f"cannot write in the folder of temporary files ({error}); free some space there, or name another by TMPDIR"
        )
        raise OutputError(msg) from error


def write_table(
    path: Path, table: Table, places: Places, *, driver: str, options: Mapping[str, str], **whole: str
) -> None:
    """Write a table into a file, beside the tables that it already holds; ``whole`` are options of a new file.

    Raises
    ------
    OutputError
        GDAL refuses.
    """
    import pyogrio  # noqa: PLC0415 - loads GDAL
    from pyogrio.errors import DataLayerError, DataSourceError  # noqa: PLC0415 - as above

    names, columns, masks = _columns(table)
    try:
        pyogrio.raw.write(
            path,
            # GDAL reads missing shapes as None, which to_wkb keeps
            shapely.to_wkb(table.shapes) if table.geometry_type else None,
            columns,
            names,
            field_mask=masks,
            layer=table.name,
            driver=driver,
            geometry_type=table.geometry_type,
            crs=places.code if table.geometry_type else None,
            append=path.exists(),
            layer_options=options,
            dataset_options=whole if not path.exists() else None,
        )
    except (DataLayerError, DataSourceError) as error:
        msg = f"cannot write {table.name!r} as {driver}: {error}; free some space, or choose another format"
        raise OutputError(msg) from error


def _columns(table: Table) -> tuple[list[str], list[np.ndarray[Any, Any]], list[np.ndarray[Any, Any] | None]]:
    """Names, values, and where a value is missing; the feature's id comes first."""
    names, columns = [ID], [np.array(table.ids, dtype=object)]
    masks: list[np.ndarray[Any, Any] | None] = [None]
    for field in table.layer.fields:
        values = [flat(field, row[field["name"]]) for row in table.rows]
        missing = np.array([value is None for value in values])
        blank = _BLANKS.get(field["type"])
        kind = _DTYPES.get(field["type"], np.object_)
        names.append(field["name"])
        columns.append(np.array([blank if value is None else value for value in values], dtype=kind))
        masks.append(missing if missing.any() else None)
    return names, columns, masks
