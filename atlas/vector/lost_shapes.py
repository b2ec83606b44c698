"""What GDAL makes of shapes before anybody sees them: straight pieces of curves, lines of points that had values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from atlas.foreign_sqlite import foreign_database
from atlas.vector.layer import LAYER_MARK, FileFault

_REMEDY = "copy or export it again"
_STRAIGHT = frozenset({"POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON"})
_CIRCULAR, _EWKB_M, _MEASURED = 8, 0x40000000, (2, 3)
# how a run of arcs begins, in either order of bytes, with heights, measures, both or none
_THOUSANDS = (0, 1000, 2000, 3000)
_ARCS = re.compile(
    b"|".join(
        [re.escape(b"\1" + (_CIRCULAR + more).to_bytes(4, "little")) for more in _THOUSANDS]
        + [re.escape(b"\0" + (_CIRCULAR + more).to_bytes(4, "big")) for more in _THOUSANDS]
    )
)
_ENVELOPES = (0, 32, 48, 48, 64, 0, 0, 0)
_HEAD = 8
_GML_ARCS = re.compile(
    rb"<(?:[A-Za-z_][\w.-]{0,30}:)?(?:Arc|ArcString|ArcByCenterPoint|ArcByBulge|Circle|CircleByCenterPoint)\b"
)
_GPX_POINTS = {"routes": rb"<rtept\b", "tracks": rb"<trkpt\b"}
_GPX_VALUES = re.compile(rb"<(ele|time)\b")
_MOST_BYTES = 500_000_000


def curves_fault(count: int | None = None) -> FileFault:
    """Curves that were made straight: of so many shapes, or of some."""
    shapes = "Shapes have" if count is None else f"{count:,} {'shape has' if count == 1 else 'shapes have'}"
    message = f"{shapes} curves, which GeoJSON lacks: they are read as straight pieces, one every 4° of the arc."
    return FileFault("curve-straight", message, before="curves", after="straight pieces")


def measures_fault(count: int) -> FileFault:
    """Measures that are left out of so many shapes."""
    message = f"{count:,} shapes have measures (M), which GeoJSON has no place for: they are left out."
    return FileFault("measures-lost", message, before="positions with measures", after="without")


def geopackage_faults(named: Path, path: Path, layer: str) -> list[FileFault]:
    """Curves and measures of a layer of a GeoPackage; its shapes are only looked at where it may have any.

    Raises
    ------
    InputError
        The database is damaged.
    """
    with foreign_database(path, name=named.name, remedy=_REMEDY) as database:
        described = [
            row
            for row in database.rows("gpkg_geometry_columns", ("table_name", "column_name", "geometry_type_name", "m"))
            if str(row[0]).lower() == layer.lower()
        ]
        if not described or layer not in database.tables:
            return []
        _, column, kind, measured = described[0]
        if str(kind).upper() in _STRAIGHT and not measured:
            return []
        shapes = [_wkb_of(data) for (data,) in database.rows(layer, (str(column),)) if isinstance(data, bytes)]
    curved = sum(_ARCS.search(one) is not None for one in shapes)
    with_measures = sum(map(_is_measured, shapes))
    faults = [curves_fault(curved)] if curved else []
    return [*faults, measures_fault(with_measures)] if with_measures else faults


def _wkb_of(data: bytes) -> bytes:
    """The well-known binary in a GeoPackage's own shell."""
    return data[_HEAD + _ENVELOPES[data[3] >> 1 & 7] :] if len(data) > _HEAD else b""


def _is_measured(wkb: bytes) -> bool:
    kind = int.from_bytes(wkb[1:5], "little" if wkb[:1] == b"\1" else "big")
    return bool(kind & _EWKB_M) or (kind & 0xFFFF) // 1000 in _MEASURED


def geodatabase_curves(target: str, layer: str) -> list[FileFault]:
    """Curves of a layer of a File Geodatabase, where GDAL tells them by the kind of a shape.

    Parameters
    ----------
    target
        What GDAL opens.
    """
    import pyogrio  # noqa: PLC0415 - loads GDAL

    name = layer.replace('"', '\\"')
    where = " OR ".join(f"OGR_GEOMETRY LIKE '%{kind}%'" for kind in ("CURVE", "CIRCULAR", "SURFACE"))
    sql = f'SELECT OGR_GEOMETRY FROM "{name}" WHERE {where}'  # noqa: S608 - a layer of the user's own file
    _, _, _, (kinds,) = pyogrio.raw.read(target, sql=sql, sql_dialect="OGRSQL", read_geometry=False)
    return [curves_fault(len(kinds))] if len(kinds) else []


def gml_curves(path: Path) -> list[FileFault]:
    """Whether a GML file has arcs."""
    return [curves_fault()] if any(_GML_ARCS.search(block) for block in _blocks(path)) else []


def gpx_values(named: Path, path: Path, layer: Any) -> list[FileFault]:  # noqa: ANN401 - a layer's name
    """Whether the points of routes or tracks have heights or times, which their lines do not have."""
    begin = _GPX_POINTS.get(str(layer))
    if begin is None or path.stat().st_size > _MOST_BYTES:
        return []
    data = path.read_bytes()
    start = re.search(begin, data)
    end = data.find(b"<trk", start.start()) if start and layer == "routes" else -1
    held = (
        {word.decode() for word in _GPX_VALUES.findall(data, start.start(), end if end > 0 else len(data))}
        if start
        else set()
    )
    if not held:
        return []
    words = " and ".join({"ele": "heights", "time": "times"}[one] for one in sorted(held))
    points = f"{str(layer)[:-1]}_points"
    message = f"The points of the {layer} have {words}, which the lines lack: '{named}{LAYER_MARK}{points}' has them."
    return [FileFault("measures-lost", message, before=f"points with {words}", after="lines without")]


def _blocks(path: Path) -> Iterator[bytes]:
    """The file in pieces that overlap by more than a name."""
    before = b""
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            yield before + block
            before = block[-64:]
