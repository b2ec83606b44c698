"""How many rows a file has, and whether they are points: from its head and its size, before any of it is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pyogrio

from atlas.geojson.strict import parse
from atlas.points.addresses import kind_of
from atlas.vector.place_columns import coordinate_columns

_HEAD_BYTES = 1 << 18
# packed texts hold some five times their size
_PACKED = 5
_GEOJSON = (".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson")
_FEATURE = re.compile(rb'"type"\s*:\s*"Feature"')
_SHAPE = re.compile(rb'"type"\s*:\s*"(Point|MultiPoint|LineString|MultiLineString|Polygon|MultiPolygon)"')


@dataclass(frozen=True, slots=True)
class RowEstimate:
    """About how many rows there are, and whether all that was looked at are points."""

    rows: int
    are_points: bool
    is_exact: bool = False


def estimate_rows(path: Path) -> RowEstimate | None:
    """What can be told of a file within a moment; nothing where that is nothing."""
    name = path.name.lower()
    try:
        if not path.is_file():
            return None
        kind = kind_of(name)
        if kind == "parquet":
            return _of_parquet(path)
        if kind == "csv":
            return _of_text(path)
        if kind == "map":
            return _of_map(path)
        return _of_geojson(path) if name.endswith(_GEOJSON) else None
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        pa.ArrowException,
        pyogrio.errors.DataSourceError,
    ):
        # whoever reads it says what is wrong with it
        return None


def _of_parquet(path: Path) -> RowEstimate:
    file = pa.parquet.ParquetFile(path)
    geo = parse((file.schema_arrow.metadata or {}).get(b"geo", b"{}").decode())
    if geo:
        types = geo["columns"][geo["primary_column"]].get("geometry_types")
        points = bool(types) and all(str(one).removesuffix(" Z") == "Point" for one in types)
    else:
        points = coordinate_columns(file.schema_arrow.names) is not None
    return RowEstimate(file.metadata.num_rows, points, is_exact=True)


def _of_text(path: Path) -> RowEstimate | None:
    with pa.input_stream(str(path), compression="detect") as stream:
        head = stream.read(_HEAD_BYTES)
    lines = head.split(b"\n")
    if len(lines) < 2:  # noqa: PLR2004 - a head and a row
        return None
    mark = max((b",", b";", b"\t", b"|"), key=lines[0].count).decode()
    options = pa.csv.ParseOptions(delimiter=mark)
    names = pa.csv.open_csv(pa.BufferReader(lines[0] + b"\n"), parse_options=options).schema.names
    size = path.stat().st_size * (_PACKED if path.suffix.lower() in {".gz", ".zst", ".bz2"} else 1)
    each = max(1.0, (len(head) - len(lines[0]) - len(lines[-1])) / max(1, len(lines) - 2))
    whole = len(head) < _HEAD_BYTES
    return RowEstimate(len(lines) - 1 if whole else int(size / each), coordinate_columns(names) is not None)


def _of_map(path: Path) -> RowEstimate | None:
    layers = pyogrio.list_layers(path)
    if len(layers) != 1:
        return None
    about = pyogrio.read_info(path)
    rows = int(about["features"])
    kind = str(about["geometry_type"] or "")
    return None if rows < 0 else RowEstimate(rows, kind in {"Point", "Point Z", "2.5D Point"}, is_exact=True)


def _of_geojson(path: Path) -> RowEstimate | None:
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    rows = len(_FEATURE.findall(head))
    shapes = {match.decode() for match in _SHAPE.findall(head)}
    if not rows or not shapes:
        return None
    share = path.stat().st_size / max(1, len(head))
    return RowEstimate(int(rows * share), shapes <= {"Point", "MultiPoint"}, is_exact=share <= 1)
