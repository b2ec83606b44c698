"""Points by the hundred thousand: read into columns, held against the door, and ready for drawing as one cloud."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from atlas.admission.point_door import PointDoor
from atlas.admission.point_features import NotOnlyPointsError, read_point_features
from atlas.admission.stated_system import check_range
from atlas.admission.user_features import MOST_FEATURES
from atlas.cartography.composition import EVERY_FIELD, MapLayer
from atlas.cartography.fields import NAME_LIKE
from atlas.cartography.map_frame import in_frame
from atlas.cartography.value_coding import texts_of
from atlas.cartography.world import home
from atlas.cartography.world_grid import LEAST_POINTS
from atlas.errors import InputError, UsageError
from atlas.geometry.geodesy import Positions
from atlas.points.addresses import kind_of, parts_of
from atlas.points.frames import points_of_frame
from atlas.points.point_reader import Batch, ReadingOptions, batches
from atlas.points.row_estimate import RowEstimate, estimate_rows
from atlas.vector.place_columns import coordinate_columns

MOST_POINTS = 3_000_000
# how far an estimate may be off before a file is refused by it
_SLACK = 1.3

Share = Callable[[float], None]


@dataclass(slots=True)
class PointCloud:
    """What a file of points holds.

    Attributes
    ----------
    positions
        Longitude and latitude in degrees, in the frame of the region.
    columns
        Texts of the fields that are needed, one a position.
    names
        Names of all fields of the file.
    """

    name: str
    positions: Positions
    columns: Mapping[str, pa.DictionaryArray]
    names: tuple[str, ...]
    notes: dict[str, int | str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def bbox(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north in degrees."""
        if not len(self.positions):
            return None
        (west, south), (east, north) = self.positions.min(axis=0), self.positions.max(axis=0)
        return round(float(west), 6), round(float(south), 6), round(float(east), 6), round(float(north), 6)

    @property
    def outside(self) -> int:
        """How many points lie beyond the region."""
        return outside_region(self.positions)

    def chosen(self, keep: np.ndarray[Any, np.dtype[np.bool_]]) -> PointCloud:
        """The points of some rows."""
        columns = {name: column.filter(pa.array(keep)) for name, column in self.columns.items()}
        return PointCloud(self.name, self.positions[keep], columns, self.names, self.notes, self.remarks)


def is_cloud(source: object, *, in_folder: bool = False) -> bool:
    """Whether a source is drawn as a cloud; what is too much for any page is said before it is read.

    An archive beside the page (``in_folder``) may have more points than a page.

    Raises
    ------
    InputError
        It has more rows than a page can carry.
    """
    name, estimate = _estimated(source)
    if estimate is None:
        return False
    if not (in_folder and estimate.are_points):
        _refuse_too_many(name, estimate)
    return estimate.are_points and estimate.rows >= LEAST_POINTS


def refuse_too_many_for_a_figure(source: object) -> None:
    """Say before anything is read that a source has more than a figure can draw.

    Raises
    ------
    InputError
        It has.
    """
    name, estimate = _estimated(source)
    if estimate is None or estimate.rows <= MOST_FEATURES * (1.0 if estimate.is_exact else _SLACK):
        return
    msg = (
        f"{name} has {'' if estimate.is_exact else 'about '}{estimate.rows:,} features; a figure can carry "
        f"{MOST_FEATURES:,}. Draw a part, or count them by place with `atlas count` and draw the counts"
    )
    raise InputError(msg)


def _estimated(source: object) -> tuple[str, RowEstimate | None]:
    if hasattr(source, "columns") and hasattr(source, "__len__"):
        points = getattr(source, "geom_type", None)
        placed = coordinate_columns(map(str, source.columns)) if points is None else bool((points == "Point").all())
        return "the frame", RowEstimate(len(source), bool(placed), is_exact=True)
    if isinstance(source, str | Path):
        path = Path(source).expanduser()
        return os.fspath(path), estimate_rows(path)
    return "", None


def _refuse_too_many(name: str, estimate: RowEstimate) -> None:
    slack = 1.0 if estimate.is_exact else _SLACK
    about = "" if estimate.is_exact else "about "
    if estimate.are_points and estimate.rows > MOST_POINTS * slack:
        msg = (
            f"{name} has {about}{estimate.rows:,} points; a page carries {MOST_POINTS:,}. Write a folder of a "
            "page and an archive with -o FOLDER/, choose rows with --where, or count them by place with `atlas count`"
        )
        raise InputError(msg)
    if not estimate.are_points and estimate.rows > MOST_FEATURES * slack:
        msg = (
            f"{name} has {about}{estimate.rows:,} features; a page can carry {MOST_FEATURES:,} that are not single "
            "points. Cut out a part, or merge some"
        )
        raise InputError(msg)


def read_cloud(layer: MapLayer, share: Share) -> PointCloud | None:
    """Read the points of a layer; nothing where it turns out to hold other shapes, and few enough of them.

    Raises
    ------
    InputError
        It cannot be used; the message says where and what to do.
    UsageError
        It has no such field.
    PolicyError
        A row states a class other than open.
    """
    wanted = _wanted(layer)
    name = Path(layer.source).name if isinstance(layer.source, str | Path) else "layer"
    door = PointDoor(os.fspath(layer.source) if isinstance(layer.source, str | Path) else name, layer.sensitivity_field)
    try:
        if not isinstance(layer.source, str | Path):
            return _of_frame(layer.source, name, wanted, door)
        path = Path(layer.source).expanduser()
        if kind_of(path.name) is not None:
            return _of_table(path, wanted, door, share)
        read = read_point_features(path, wanted, door, share)
        _refuse_too_many(name, RowEstimate(len(read.positions), are_points=True, is_exact=True))
        texts = {one: texts_of(values) for one, values in read.columns.items() if one in read.names}
        return PointCloud(name, in_frame(read.positions), texts, read.names, read.notes, read.remarks)
    except NotOnlyPointsError:
        # the ordinary way says how many it can carry
        return None


def _wanted(layer: MapLayer) -> tuple[str, ...] | None:
    if layer.popup == (EVERY_FIELD,):
        return None
    likely = (
        [form for name in NAME_LIKE for form in (name, name.upper(), name.capitalize())] if layer.popup is None else []
    )
    named = (*(layer.popup or ()), *layer.style.fields, *(name for name, _ in layer.where), *likely)
    return tuple(dict.fromkeys(named))


def _of_table(path: Path, wanted: Sequence[str] | None, door: PointDoor, share: Share) -> PointCloud:
    pieces = _Pieces(wanted, door)
    parts = parts_of([path])
    for number, part in enumerate(parts):
        for batch in batches(part, ReadingOptions(), lambda done, at=number: share((at + done) / len(parts))):  # type: ignore[misc]
            pieces.take(batch)
            _refuse_too_many(os.fspath(path), RowEstimate(pieces.rows, are_points=True, is_exact=True))
    return pieces.cloud(path.name, os.fspath(path))


def _of_frame(frame: Any, name: str, wanted: Sequence[str] | None, door: PointDoor) -> PointCloud:  # noqa: ANN401 - a table of pandas or geopandas
    shapes = getattr(getattr(frame, "geometry", None), "name", None) if hasattr(frame, "crs") else None
    plain = frame.drop(columns=[shapes]) if shapes is not None else frame
    pieces = _Pieces(wanted, door)
    pieces.take(Batch(pa.Table.from_pandas(plain, preserve_index=False), points_of_frame(frame), None))
    return pieces.cloud(name, name)


class _Pieces:
    """Batches of a table put together, without what has no place and what no reader is to see."""

    def __init__(self, wanted: Sequence[str] | None, door: PointDoor) -> None:
        self._wanted, self._door = wanted, door
        self._points: list[Positions] = []
        self._tables: list[pa.Table] = []
        self._names: tuple[str, ...] = ()
        self._placeless = 0
        self.rows = 0

    def take(self, batch: Batch) -> None:
        table, points = placed_rows(batch)
        self._door.table(table, self.rows + 1)
        self._names = tuple(table.column_names)
        placed = np.isfinite(points).all(axis=1)
        self.rows += len(table)
        self._placeless += int((~placed).sum())
        kept = [name for name in table.column_names if self._wanted is None or name in self._wanted]
        self._points.append(points[placed])
        self._tables.append(table.select(kept).filter(pa.array(placed)))

    def cloud(self, name: str, address: str) -> PointCloud:
        self._door.close({})
        points = np.concatenate(self._points) if self._points else np.empty((0, 2))
        check_range(address, points, None)
        table = pa.concat_tables(self._tables)
        columns = {one: texts_of(table[one]) for one in table.column_names}
        notes: dict[str, int | str] = {"noplace": self._placeless} if self._placeless else {}
        return PointCloud(name, in_frame(points), columns, self._names, notes)


def placed_rows(batch: Batch) -> tuple[pa.Table, Positions]:
    """Rows without their columns of places, and the places in degrees.

    Raises
    ------
    NotOnlyPointsError
        A shape is no single point.
    """
    table, points = batch.table, batch.points
    if batch.shapes is None:
        places = coordinate_columns(table.column_names) or ()
        return table.drop_columns(list(places)), points
    if (np.isnan(points).any(axis=1) & np.asarray(table[batch.shapes].is_valid())).any():
        raise NotOnlyPointsError
    return table.drop_columns([batch.shapes]), points


def outside_region(positions: Positions) -> int:
    """How many positions, in degrees, lie beyond the region of the base map."""
    west, south, east, north = home()
    lon, lat = positions.T
    return int(((lon < west) | (lon > east) | (lat < south) | (lat > north)).sum())


def require_fields(name: str, names: Sequence[str], fields: Sequence[str]) -> None:
    """Raise where a field is named that the file lacks.

    Raises
    ------
    UsageError
        It lacks one.
    """
    if missing := next((one for one in fields if one not in names), None):
        msg = f"{name} has no field {missing!r}; it has {', '.join(names[:12]) or 'none'}"
        raise UsageError(msg)
