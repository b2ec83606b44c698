"""Points of a part, a batch at a time: the rows as they are, and their positions in degrees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.csv
import pyarrow.parquet
import pyogrio
import shapely

from atlas.errors import InputError, UsageError
from atlas.geojson.strict import parse
from atlas.geometry.geodesy import Positions
from atlas.points.addresses import Part, filesystem_of
from atlas.vector.coordinate_system import is_degrees, known_system, to_degrees
from atlas.vector.map_file import open_map_file, readable
from atlas.vector.place_columns import coordinate_columns
from atlas.vector.table_columns import coordinate

_BATCH_ROWS = 131_072
_BLOCK_BYTES = 16 << 20
_HEAD_BYTES = 65_536
_POINT_BYTES = 21
_LOOKED_AT = 100
_SHAPES = frozenset({"geometry", "geom", "the_geom", "wkb_geometry", "wkb", "shape", "geometria"})

Share = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What a person says of the files: the columns of longitude and latitude, and the layer of a GeoPackage."""

    lon: str | None = None
    lat: str | None = None
    layer: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows, their positions in degrees (longitude, latitude), and the column of shapes if there is one.

    Attributes
    ----------
    kind
        What the shapes are where none is a point, such as ``Polygon``.
    """

    table: pa.Table
    points: Positions
    shapes: str | None
    kind: str = ""


def batches(part: Part, options: ReadingOptions, share: Share) -> Iterator[Batch]:
    """The rows of a part; ``share`` is called with how much of it has been read, from 0 to 1.

    Raises
    ------
    InputError
        The file is damaged, or has no column of positions.
    UsageError
        A column that was named is not there.
    """
    reader = {"parquet": _parquet, "csv": _text, "map": _map}[part.kind]
    name = part.address.partition("?")[0]
    with _whole(name):
        for table, shapes, crs in reader(part, options, share):
            _refuse_repeated(table, name)
            points = _positions(table, options, shapes, name)
            kind = "" if shapes is None or options.lon or np.isfinite(points).any() else _kind_of(table[shapes])
            if crs is not None:
                points = np.column_stack(_transformer(crs).transform(points[:, 0], points[:, 1]))
                # what is written is in degrees, so the shapes are made anew
                table, shapes = table.drop_columns([shapes]), None  # noqa: PLW2901 - a narrower table
            for key, value in part.partition:
                if key not in table.column_names:
                    table = table.append_column(key, pa.array([value] * len(table), pa.string()))  # noqa: PLW2901 - a wider table
            yield Batch(table, points, None if options.lon else shapes, kind)


@contextmanager
def _whole(name: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        if isinstance(error, UnicodeDecodeError) or "invalid UTF8" in str(error):
            msg = f"{name} is not in UTF-8; save it so, as a spreadsheet or an editor offers it"
            raise InputError(msg) from error
        msg = f"{name} cannot be read to its end ({' '.join(str(error).split())[:200]}); mend or write it again"
        raise InputError(msg) from error


def _parquet(part: Part, _options: ReadingOptions, share: Share) -> Iterator[tuple[pa.Table, str | None, str | None]]:
    system, path = filesystem_of(part.address)
    with system.open_input_file(path.partition("?")[0]) as stream:
        file = pa.parquet.ParquetFile(stream)
        shapes, crs = _geo(file.schema_arrow)
        first, last = part.groups or (0, file.num_row_groups)
        total = max(1, sum(file.metadata.row_group(group).num_rows for group in range(first, last)))
        done = 0
        for batch in file.iter_batches(_BATCH_ROWS, row_groups=list(range(first, last)), use_threads=False):
            yield pa.Table.from_batches([batch]), shapes, crs
            done += len(batch)
            share(done / total)
        if not done:
            yield file.schema_arrow.empty_table(), shapes, crs


def _text(part: Part, _options: ReadingOptions, share: Share) -> Iterator[tuple[pa.Table, str | None, str | None]]:
    system, path = filesystem_of(part.address)
    path = path.partition("?")[0]
    with system.open_input_stream(path) as opened:
        head = opened.read(_HEAD_BYTES).removeprefix(b"\xef\xbb\xbf")
    line = head.split(b"\n")[0]
    if not line.strip():
        msg = f"{part.address.partition('?')[0]} is empty; give a table with a head of names"
        raise InputError(msg)
    mark = max((b",", b";", b"\t", b"|"), key=line.count).decode()
    names = pa.csv.open_csv(
        pa.BufferReader(line + b"\n"), parse_options=pa.csv.ParseOptions(delimiter=mark)
    ).schema.names
    # everything stays the text that it is: codes keep their leading zeros
    convert = pa.csv.ConvertOptions(
        column_types={name: pa.string() for name in names}, strings_can_be_null=True, null_values=[""]
    )
    quoted = pa.csv.ParseOptions(delimiter=mark, newlines_in_values=True)
    read = pa.csv.ReadOptions(block_size=_BLOCK_BYTES, use_threads=False)
    with system.open_input_stream(path) as stream:
        reader = pa.csv.open_csv(stream, read_options=read, parse_options=quoted, convert_options=convert)
        read_bytes = 0
        for batch in reader:
            yield pa.Table.from_batches([batch]), None, None
            read_bytes += batch.nbytes
            # packed files hold some five times their size
            share(min(0.99, read_bytes / (part.weight * (5 if path.endswith((".gz", ".zst", ".bz2")) else 1))))
        if not read_bytes:
            yield reader.schema.empty_table(), None, None


def _map(part: Part, options: ReadingOptions, share: Share) -> Iterator[tuple[pa.Table, str | None, str | None]]:
    path = Path(part.address)
    file = open_map_file(path, options.layer, naming="name one by --layer {layer}")
    total = max(1, int(pyogrio.read_info(file.target, layer=file.layer, force_feature_count=True)["features"]))
    with (
        readable(path),
        pyogrio.open_arrow(file.target, layer=file.layer, batch_size=65_536, use_pyarrow=True) as (about, reader),
    ):
        shapes = about["geometry_name"] or "wkb_geometry"
        system = known_system(about["crs"])
        crs = None if system is None or is_degrees(system) else system.to_wkt()
        done = 0
        for batch in reader:
            yield pa.Table.from_batches([batch]), shapes, crs
            done += len(batch)
            share(done / total)
        if not done:
            yield reader.schema.empty_table(), shapes, crs


def _geo(schema: pa.Schema) -> tuple[str | None, str | None]:
    """The column of shapes of a Parquet file, and its system where that is not degrees."""
    try:
        geo = parse((schema.metadata or {}).get(b"geo", b"{}").decode())
        name = geo.get("primary_column")
        stated = geo["columns"][name].get("crs") if name else None
    except (ValueError, KeyError, TypeError, AttributeError):
        name, stated = None, None
    if name is None:
        name = next(
            (one.name for one in schema if getattr(one.type, "extension_name", "").startswith("geoarrow.")),
            None if coordinate_columns(schema.names) else _binary_shapes(schema),
        )
    system = known_system(stated) if stated else None
    return (name if name in schema.names else None), None if system is None or is_degrees(system) else system.to_wkt()


def _binary_shapes(schema: pa.Schema) -> str | None:
    """A column of well-known binary by its name, of a file that states nothing of its shapes; they are in degrees."""
    for one in schema:
        if one.name.lower() in _SHAPES and (pa.types.is_binary(one.type) or pa.types.is_large_binary(one.type)):
            return str(one.name)
    return None


@cache
def _transformer(crs: str) -> Any:  # noqa: ANN401 - pyproj's
    system = known_system(crs)
    if system is None:
        msg = "the coordinate system of the shapes is not known; write the points in degrees"
        raise InputError(msg)
    return to_degrees(system).transformer


def _positions(table: pa.Table, options: ReadingOptions, shapes: str | None, name: str) -> Positions:
    names = table.column_names
    if options.lon or options.lat:
        if options.lon is None or options.lat is None:
            msg = "--lon and --lat go together; name the columns of both"
            raise UsageError(msg)
        for one in (options.lon, options.lat):
            if one not in names:
                msg = f"--lon and --lat: {name} has no column {one!r}; it has {', '.join(names[:30])}"
                raise UsageError(msg)
        pair: tuple[str, str] | None = (str(options.lon), str(options.lat))
    elif shapes is not None:
        return _of_shapes(table[shapes])
    else:
        pair = coordinate_columns(names)
    if pair is None:
        msg = f"{name} has no column of positions among {', '.join(names[:30])}; name two with --lon and --lat"
        raise InputError(msg)
    return np.column_stack([_numbers(table[one]) for one in pair])


def _numbers(column: pa.ChunkedArray) -> np.ndarray[Any, Any]:
    """Numbers of a column, however they are written; what is none of them is not a number."""
    try:
        cast = column.cast(pa.float64())
    except pa.ArrowException:
        cast = pa.array([coordinate(one) for one in column.to_pylist()], pa.float64())
    return np.asarray(
        cast.to_numpy(zero_copy_only=False) if isinstance(cast, pa.Array) else cast.to_numpy(), np.float64
    )


def _of_shapes(column: pa.ChunkedArray) -> Positions:
    """Positions of points in well-known binary or in columns of numbers; other shapes have none."""
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], column.type)
    array = array.storage if isinstance(array, pa.ExtensionArray) else array
    if pa.types.is_struct(array.type):
        points = np.column_stack([_numbers(pa.chunked_array([array.field(axis)])) for axis in ("x", "y")])
        points[np.asarray(array.is_null())] = np.nan
        return points
    binary = array.cast(pa.large_binary())
    if binary.null_count == 0 and len(binary):
        offsets = np.frombuffer(binary.buffers()[1], np.int64)[binary.offset : binary.offset + len(binary) + 1]
        if (np.diff(offsets) == _POINT_BYTES).all():
            rows = np.frombuffer(binary.buffers()[2], np.uint8)[offsets[0] : offsets[-1]].reshape(-1, _POINT_BYTES)
            if (rows[:, :5] == (1, 1, 0, 0, 0)).all():
                return np.ascontiguousarray(rows[:, 5:]).view("<f8")
    shapes = shapely.from_wkb(binary.to_numpy(zero_copy_only=False), on_invalid="ignore")
    # an empty point has no numbers to ask for
    shapes = np.where(shapely.is_empty(shapes), None, shapes)
    return np.column_stack([shapely.get_x(shapes), shapely.get_y(shapes)])


def _kind_of(column: pa.ChunkedArray) -> str:
    """What the first shape of a column is that is no point; nothing where there is none."""
    for value in column.drop_null().slice(0, _LOOKED_AT).to_pylist():
        shape = shapely.from_wkb(value, on_invalid="ignore") if isinstance(value, bytes) else None
        if shape is not None and not shape.is_empty and shape.geom_type != "Point":
            return str(shape.geom_type)
    return ""


def _refuse_repeated(table: pa.Table, name: str) -> None:
    names = table.column_names
    if len(set(names)) < len(names):
        repeated = next(one for one in names if names.count(one) > 1)
        msg = f"{name} has two columns called {repeated!r}; rename one"
        raise InputError(msg)
