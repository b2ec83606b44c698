"""A layer of tens of millions of points, read once and written as an archive of tiles, whatever memory there is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from atlas.admission.point_door import PointDoor
from atlas.admission.point_features import NotOnlyPointsError
from atlas.admission.stated_system import check_range
from atlas.cartography.archive.archived_layer import ArchivedPoints
from atlas.cartography.archive.kind_counts import KindCounts
from atlas.cartography.archive.pmtiles import TileWriter
from atlas.cartography.archive.quadrants import quadrant_keys
from atlas.cartography.archive.sorted_runs import SortedRuns
from atlas.cartography.archive.tile_bytes import SQUARE_BITS, Integers, Squares
from atlas.cartography.archive.tile_tree import DEEPEST, TileTree
from atlas.cartography.archive.time_bins import TimeBins, TimeField
from atlas.cartography.cloud_portrayal import refuse_styles, shown_fields
from atlas.cartography.composition import EVERY_FIELD, Bilingual, Extent, MapLayer
from atlas.cartography.map_frame import in_frame
from atlas.cartography.map_words import worded
from atlas.cartography.point_cloud import outside_region, placed_rows, require_fields
from atlas.cartography.portrayal import Portrayal
from atlas.cartography.value_coding import texts_of
from atlas.cartography.world_grid import BITS, MOST_OFF_M, grid_steps
from atlas.errors import InputError, OutputError
from atlas.points.addresses import kind_of, parts_of
from atlas.points.point_reader import Batch, ReadingOptions, batches
from atlas.points.row_estimate import estimate_rows

SUFFIX = ".pmtiles"
# reading and sorting take some half of the time, and writing tiles the rest
_READING = 0.5
_HALF_TURN = 180.0
# a point while it is sorted
_ROW_BYTES = 100


def archive_points(layer: MapLayer, folder: Path, share: Callable[[float], None]) -> ArchivedPoints:
    """Write the points of a layer as an archive into a folder.

    Parameters
    ----------
    layer
        A table of points: Parquet, CSV, GeoPackage or FlatGeobuf.
    folder
        A folder that the caller removes in the end; what is sorted on the way lies there, too.
    share
        Called with how much has been done, from 0 to 1.

    Raises
    ------
    InputError
        The file cannot be used; the message says where and what to do.
    UsageError
        It has no such field, or a style cannot be drawn for so many.
    PolicyError
        A row states a class other than open.
    """
    refuse_styles(layer)
    path = Path(str(layer.source)).expanduser()
    if not isinstance(layer.source, str | Path) or kind_of(path.name) is None:
        msg = (
            f"{path.name}: a folder is made of Parquet, CSV, GeoPackage or FlatGeobuf; write the points as one of them"
        )
        raise InputError(msg)
    _refuse_full_disk(path, folder)
    reading = _Reading(layer, path, SortedRuns(folder))
    reading.read(lambda done: share(_READING * done))
    return reading.write(folder, lambda done: share(_READING + (1 - _READING) * done))


def _refuse_full_disk(path: Path, folder: Path) -> None:
    """Refuse before any work what the disk cannot hold: all rows are sorted on it."""
    estimate, free = estimate_rows(path), shutil.disk_usage(folder).free
    if estimate is not None and estimate.rows * _ROW_BYTES > free:
        about = "" if estimate.is_exact else "about "
        msg = (
            f"{path.name} has {about}{estimate.rows:,} points; sorting them takes some "
            f"{estimate.rows * _ROW_BYTES / 1e9:,.0f} GB beside the output, where {free / 1e9:,.1f} GB are free. "
            "Name a folder on another disk, or count them by place with `atlas count` and draw the counts"
        )
        raise OutputError(msg)


@dataclass(slots=True)
class _Reading:
    layer: MapLayer
    path: Path
    runs: SortedRuns
    fields: tuple[str, ...] | None = None
    names: tuple[str, ...] = ()
    kinds: KindCounts | None = None
    times: list[TimeField] = field(default_factory=list)
    rows: int = 0
    placed: int = 0
    outside: int = 0
    ends: np.ndarray[Any, Any] = field(default_factory=lambda: np.array([np.inf, np.inf, -np.inf, -np.inf]))

    def read(self, share: Callable[[float], None]) -> None:
        door = PointDoor(os.fspath(self.path), self.layer.sensitivity_field)
        parts = parts_of([self.path])
        for number, part in enumerate(parts):
            for batch in batches(part, ReadingOptions(), lambda done, at=number: share((at + done) / len(parts))):  # type: ignore[misc]
                try:
                    self._take(batch, door)
                except NotOnlyPointsError as error:
                    msg = f"{self.path.name} has shapes that are no single points; a folder is made of points"
                    raise InputError(msg) from error
        door.close({})
        self.runs.flush()
        if not self.runs.count:
            conditions = ", ".join(f"{name} = {text}" for name, text in self.layer.where)
            msg = f"{self.path.name} has no row with {conditions or 'a position'}"
            raise InputError(msg)

    def _take(self, batch: Batch, door: PointDoor) -> None:
        table, points = placed_rows(batch)
        door.table(table, self.rows + 1)
        fields = self._begin(tuple(table.column_names))
        has_place = np.isfinite(points).all(axis=1)
        self.rows += len(table)
        self.placed += int(has_place.sum())
        wanted = dict.fromkeys([*fields, *(name for name, _ in self.layer.where)])
        texts = {name: texts_of(table[name]) for name in wanted}
        keep = has_place & _matching(texts, self.layer.where, len(table))
        check_range(os.fspath(self.path), points[keep], None)
        points, mask = points[keep], pa.array(keep)
        kept = {name: texts[name].filter(mask) for name in fields}
        if not len(points):
            return
        shown = in_frame(points)
        self.outside += outside_region(shown)
        self.ends[:2] = np.minimum(self.ends[:2], shown.min(axis=0))
        self.ends[2:] = np.maximum(self.ends[2:], shown.max(axis=0))
        if self.kinds is not None:
            self.kinds.take(texts_of(kept[str(self.layer.style.colour)]))
        for one in self.times:
            one.take(texts_of(kept[one.name]))
        columns = {name: column.cast(pa.string()) for name, column in kept.items()}
        # a table without columns has no rows
        columns[""] = pa.nulls(len(points), pa.int8())
        self.runs.add(quadrant_keys(*grid_steps(points)), pa.table(columns))

    def _begin(self, names: tuple[str, ...]) -> tuple[str, ...]:
        if self.fields is None:
            self.names = names
            self.fields = shown_fields(self.path.name, names, self.layer)
            require_fields(self.path.name, names, [name for name, _ in self.layer.where])
            self.kinds = KindCounts(self.layer.style.colour) if self.layer.style.colour else None
            self.times = [TimeField(name) for name in self.fields]
        return self.fields

    def write(self, folder: Path, share: Callable[[float], None]) -> ArchivedPoints:
        portrayal = Portrayal((), self.layer.style) if self.kinds is None else self.kinds.portrayal(self.layer.style)
        bins = next((made for one in self.times if (made := one.bins()) is not None), None)
        fields = self.fields or ()

        def numbers(rows: pa.Table) -> tuple[Integers, Integers]:
            none = np.zeros(len(rows), np.int64)
            of = none if self.kinds is None else self.kinds.classes(texts_of(rows[str(self.layer.style.colour)]))
            return of, none if bins is None else bins.of(texts_of(rows[bins.name]))

        west, south, east, north = (round(float(one), 6) for one in self.ends)
        box = (west, south, east, north)
        written = folder / f"points{SUFFIX}"
        with TileWriter(written) as writer:
            tree = TileTree(self.runs, writer, numbers, fields, share)
            total = tree.write()
            identity = writer.finish(
                _within_180(box), {"name": self.path.name, "fields": fields, "count": self.runs.count}
            )
        staged = written.rename(folder / f"points-{identity[:12]}{SUFFIX}")
        about = self._about(identity, staged.stat().st_size, portrayal, bins, total)
        about["file"] = staged.name
        done = self._done(tree.counted_only)
        return ArchivedPoints(self.path.name, self.names, fields, box, self.outside, staged, about, portrayal, done)

    def _about(
        self, identity: str, size: int, portrayal: Portrayal, bins: TimeBins | None, total: Squares | None
    ) -> dict[str, Any]:
        wide, high = (0 if bins is None else bins.count) + 1, max(1, len(portrayal.entries))
        sums = np.zeros(wide * high, np.int64)
        if total is not None:
            np.add.at(sums, total.classes * wide + total.bins, total.counts)
        return {
            "count": self.runs.count,
            "bits": BITS,
            "squareBits": SQUARE_BITS,
            "deepest": DEEPEST,
            "within_m": MOST_OFF_M,
            "classes": bool(portrayal.entries),
            "sums": sums.tolist(),
            "time": None if bins is None else bins.described,
            "id": identity,
            "size": size,
        }

    def _done(self, counted_only: int) -> tuple[Bilingual, ...]:
        done: list[Bilingual] = []
        if self.layer.where:
            conditions = ", ".join(f"{name} = {text}" for name, text in self.layer.where)
            done.append(worded("note.where", count=self.runs.count, all=self.placed, conditions=conditions))
        if self.layer.popup == (EVERY_FIELD,):
            fields = self.fields or ()
            done.append(worded("note.every", count=len(fields), fields=", ".join(fields)))
        if placeless := self.rows - self.placed:
            done.append(worded("note.placeless", count=placeless))
        if counted_only:
            done.append(worded("note.counted", count=counted_only))
        return (*done, worded("note.quantised", metres=f"{MOST_OFF_M:g}"))


def _within_180(box: Extent) -> Extent:
    """A box as an archive has it: all around the earth where it goes across 180°."""
    _, south, east, north = box
    return box if east <= _HALF_TURN else (-_HALF_TURN, south, _HALF_TURN, north)


def _matching(
    texts: dict[str, pa.DictionaryArray], where: tuple[tuple[str, str], ...], rows: int
) -> np.ndarray[Any, Any]:
    keep = np.ones(rows, bool)
    for name, text in where:
        column = texts[name]
        hits = [number for number, word in enumerate(column.dictionary.to_pylist()) if word.strip() == text]
        keep &= np.isin(column.indices.fill_null(-1).to_numpy(zero_copy_only=False), hits)
    return keep
