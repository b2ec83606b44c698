"""Shapefiles: the .shp with the .dbf, .prj and .cpg that lie beside it, on disk or in an archive."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

from atlas.errors import InputError
from atlas.field.readers import positions
from atlas.field.readers.fault import RowFaultError
from atlas.field.readers.input_source import MOST_WHOLE_BYTES, Source
from atlas.field.readers.read_options import ReadOptions
from atlas.field.readers.record_rows import Rows
from atlas.field.row import BASE, FieldRow, Rejected
from atlas.geojson.shapely_geometries import plain_member

SUFFIX = ".shp"
_NEEDED = (".dbf", ".shx")
_SHP_HEADER, _DBF_HEADER, _LONGEST_TEXT = 100, 32, 254
# what belongs to a shapefile, without which it is none or is read less well
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
# written by programs for themselves
BESIDE = (*PARTS, ".sbn", ".sbx", ".qix", ".qmd", ".qpj", ".shp.xml", ".fix", ".idx")


def is_shapefile(head: bytes) -> bool:
    """Whether the first bytes are those of a .shp."""
    return head.startswith(b"\x00\x00\x27\x0a") and head[28:32] == b"\xe8\x03\x00\x00"


def parts_of(source: Source, sources: Iterable[Source]) -> list[Source]:
    """The files that belong to a shapefile, itself among them."""
    stem = source.relative[: -len(SUFFIX)].casefold()
    wanted = {f"{stem}{suffix}" for suffix in PARTS}
    return [one for one in sources if one.relative.casefold() in wanted]


def beside_on_disk(source: Source) -> list[Source]:
    """The same for one that was given by itself."""
    folder = source.path.parent
    return parts_of(source, [Source(path) for path in sorted(folder.glob("*")) if path.is_file()])


def read_shapefile(source: Source, parts: Sequence[Source], options: ReadOptions) -> Iterator[FieldRow | Rejected]:
    """A record a shape.

    Parameters
    ----------
    parts
        The files that belong to it.

    Raises
    ------
    InputError
        It is damaged, has no table, or is in a coordinate system that nobody names.
    """
    import pyogrio  # noqa: PLC0415 - loads GDAL

    suffixes = {PurePosixPath(part.relative).suffix.lower() for part in parts}
    if missing := [suffix for suffix in _NEEDED if suffix not in suffixes]:
        msg = f"{source.name} has no {missing[0]} beside it, and is none without; give all its files, or a zip of them"
        raise InputError(msg)
    if ".prj" not in suffixes and not options.crs:
        msg = (
            f"{source.name} has no .prj beside it, and its coordinate system is not known; "
            "add it, or say it with atlas field import --crs"
        )
        raise InputError(msg)
    packed = _packed(source, parts)
    try:
        _, _, shapes, values = (table := pyogrio.raw.read(packed, datetime_as_string=True))
    except Exception as error:
        # GDAL fails in many ways on a damaged file
        msg = f"{source.name} is a shapefile that cannot be read ({str(error)[:200]}); export it again, all its files"
        raise InputError(msg) from error
    rows = Rows(source, options)
    names = [str(name) for name in table[0]["fields"]]
    names = [whole if (whole := rows.words.uncut(name)) and whole not in names else name for name in names]
    system = options.crs or str(table[0]["crs"])
    move = None if system == "EPSG:4326" else positions.mover(system, where=source.name)
    for number, shape in enumerate(shapes, start=1):
        row = {name: _plain(column[number - 1]) for name, column in zip(names, values, strict=True)}
        yield _record(row, shape, f"shape {number}", rows, move)
    rows.remarks.notify(source, options)


def _record(
    row: dict[str, Any], shape: bytes | None, where: str, rows: Rows, move: positions.Move | None
) -> FieldRow | Rejected:
    import shapely  # noqa: PLC0415 - loaded with GDAL

    if len(str(row.get(BASE) or "").encode()) >= _LONGEST_TEXT:
        why = f"a shapefile keeps {_LONGEST_TEXT} bytes of a text, so that {BASE} is cut off"
        return Rejected(where, f"{why}; edit the copy in another format: save it as GeoPackage", str(row))
    try:
        made = shapely.force_2d(shapely.from_wkb(shape)) if shape else None
        geometry = (
            None if made is None or made.is_empty else positions.geometry(positions.moved(plain_member(made), move))
        )
    except (RowFaultError, shapely.errors.ShapelyError) as fault:
        return Rejected(where, str(fault), str(row))
    return rows.record(row, where, geometry=geometry, unplaced=geometry is None)


def _packed(source: Source, parts: Sequence[Source]) -> bytes:
    """Its files in one archive in memory, as what was sealed must not touch the disk."""
    stream = io.BytesIO()
    total = 0
    with zipfile.ZipFile(stream, "w") as packed:
        for part in parts:
            data = part.whole()
            total += len(data)
            if total > MOST_WHOLE_BYTES:
                msg = f"{source.name} has more than {MOST_WHOLE_BYTES / 1e6:,.0f} MB and must be read as one; divide it"
                raise InputError(msg)
            if _is_cut(data, PurePosixPath(part.relative).suffix.lower()):
                msg = f"{part.name} is cut off; a shapefile without it cannot be read; copy it again"
                raise InputError(msg)
            packed.writestr(f"notes{PurePosixPath(part.relative).suffix.lower()}", data)
    return stream.getvalue()


def _is_cut(data: bytes, suffix: str) -> bool:
    """Whether a part ends before it says: programs read what is left as empty."""
    if suffix == SUFFIX:
        return len(data) < _SHP_HEADER or len(data) < 2 * int.from_bytes(data[24:28], "big")
    if suffix != ".dbf":
        return False
    count, head, width = (int.from_bytes(data[at:end], "little") for at, end in ((4, 8), (8, 10), (10, 12)))
    return len(data) < _DBF_HEADER or len(data) < head + count * width


def _plain(value: Any) -> Any:  # noqa: ANN401 - a number of numpy, or text
    plain = value.item() if hasattr(value, "item") else value
    return None if isinstance(plain, float) and plain != plain else plain  # noqa: PLR0124 - not a number
