"""``atlas count``: from points straight to counts in steps of k distinct devices, without positions being written."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.errors import InputError, OutputError, PolicyError, UsageError
from atlas.files import write_files
from atlas.geojson.meridian_features import turned_positions
from atlas.geometry.area_finder import AreaFinder
from atlas.geometry.geodesy import Positions
from atlas.points.addresses import Part, parts_of
from atlas.points.count_replacement import refuse_other_table, table_of_counts
from atlas.points.count_sources import sources_of
from atlas.points.count_table import count_table, places_of
from atlas.points.count_terms import (
    LEDGER,
    CountLedger,
    CountTerms,
    Key,
    has_ended,
    period_name,
    read_ledger,
    refuse_finer,
)
from atlas.points.days import NO_MONTH, months_of, time_column
from atlas.points.identities import texts_of
from atlas.points.places import usable
from atlas.points.point_reader import Batch, ReadingOptions, batches
from atlas.points.tasks import Cluster, run_tasks
from atlas.project import Project
from atlas.published import publishable
from atlas.release.boxes import BoxMap, open_boxes
from atlas.release.disclosed import stepped
from atlas.vector.place_columns import coordinate_columns

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class CountJob:
    """What every task of a count knows; the key of the hashes is made for one run and kept nowhere."""

    geodata: Path
    reading: ReadingOptions
    terms: CountTerms
    time: str | None
    hash_key: str


@dataclass(slots=True)
class Pairs:
    """Different devices of each class, as hashes; and how many rows were not counted, by why."""

    hashes: dict[Key, NDArray[np.uint64]] = field(default_factory=dict)
    rows: int = 0
    held: Counter[str] = field(default_factory=Counter)

    def add(self, other: dict[Key, NDArray[np.uint64]]) -> None:
        """Put in the devices of more rows."""
        for key, hashes in other.items():
            before = self.hashes.get(key)
            self.hashes[key] = hashes if before is None else np.union1d(before, hashes)


@dataclass(frozen=True, slots=True)
class Counted:
    """What came of counting points.

    Attributes
    ----------
    output, ledger
        The table, and the ledger that locks its terms.
    classes
        How many classes show a number.
    rows
        How many rows were read; none where the table sums an earlier one.
    held
        How many rows were not counted, by why.
    waiting
        Periods that have not ended and are told later.
    summed
        Whether the table was made of the first one's numbers, without reading the points.
    """

    output: Path
    ledger: Path
    classes: int
    rows: int
    held: dict[str, int]
    waiting: tuple[str, ...]
    summed: bool = False

    def summary(self) -> str:
        """What came of it, in a few sentences.

        Returns
        -------
        str
            A line for the table, and one for whatever is not in it.
        """
        source = "Summed the first table into" if self.summed else f"Counted {self.rows:,} rows into"
        lines = [f"{source} {self.classes:,} classes in {self.output}; its terms are in {self.ledger.name}."]
        lines += [f"Note: {number:,} rows {why}; they are not counted." for why, number in sorted(self.held.items())]
        if self.waiting:
            lines.append(f"Note: {', '.join(self.waiting)} has not ended, and is told when it has.")
        return "\n".join(lines)


def count_part(job: CountJob, part: Part, share: Progress) -> Pairs:
    """The devices of each class in a part."""
    boxes, finder, names = _map(job.geodata)
    pairs = Pairs()
    for batch in batches(part, job.reading, share):
        pairs.rows += len(batch.table)
        pairs.add(_classes(batch, job, pairs.held, _Ground(boxes, finder, names)))
    return pairs


@dataclass(frozen=True, slots=True)
class _Ground:
    boxes: BoxMap
    finder: AreaFinder
    names: tuple[str, ...]

    def atoms_at(self, points: Positions, good: NDArray[np.bool_]) -> NDArray[np.int32]:
        """The number of the atom of each position; -1 for none, and for those that are not on the globe."""
        atoms = np.full(len(points), -1, dtype=np.int32)
        placed = turned_positions(points[good], self.boxes.frame_start)
        atoms[good] = self.finder.find(np.ascontiguousarray(placed))
        return atoms


@lru_cache(maxsize=2)
def _map(geodata: Path) -> tuple[BoxMap, AreaFinder, tuple[str, ...]]:
    boxes = open_boxes(Project(geodata=geodata, maps=geodata.parent / "maps"))
    # an atom on an edge is the one whose name comes first
    names = tuple(sorted(boxes.atoms))
    return boxes, AreaFinder.of([boxes.atoms[name] for name in names]), names


def _classes(batch: Batch, job: CountJob, held: Counter[str], ground: _Ground) -> dict[Key, NDArray[np.uint64]]:
    table, terms = batch.table, job.terms
    _refuse_columns(batch, job)
    if not len(table):
        return {}
    devices = texts_of(table[terms.distinct])
    months = months_of(table[time_column(table, job.time)])
    known = pd.notna(devices)
    good = usable(batch.points)
    atoms = ground.atoms_at(batch.points, good)
    rest = np.ones(len(table), dtype=bool)
    for why, fine in (
        ("have no longitude and latitude", good),
        ("lie in no box of the map", atoms >= 0),
        ("have no day", months != NO_MONTH),
        (f"have no {terms.distinct!r}", known),
    ):
        held[why] += int((rest & ~fine).sum())
        rest &= fine
    if not rest.any():
        return {}
    hashes = pd.util.hash_array(devices[rest], hash_key=job.hash_key)
    values = np.full(int(rest.sum()), "", dtype=object)
    if terms.field is not None:
        stated = texts_of(table[terms.field])[rest]
        values = np.where(pd.isna(stated), "", stated)
    frame = pd.DataFrame({"a": atoms[rest], "m": months[rest], "v": values, "h": hashes})
    made: dict[Key, NDArray[np.uint64]] = {}
    for (atom, month, value), group in frame.groupby(["a", "m", "v"], sort=False)["h"]:
        key = (
            ground.boxes.place_of(ground.names[atom], terms.place),
            period_name(int(month), terms.period),
            str(value),
        )
        distinct = np.unique(group.to_numpy(np.uint64))
        made[key] = np.union1d(made[key], distinct) if key in made else distinct
    return made


def _refuse_columns(batch: Batch, job: CountJob) -> None:
    table, terms = batch.table, job.terms
    for name in (terms.distinct, terms.field):
        if name is not None and name not in table.column_names:
            msg = f"there is no column {name!r}; there are {', '.join(table.column_names[:30])}"
            raise UsageError(msg)
    if terms.field is not None:
        finer = (job.reading.lon, job.reading.lat, batch.shapes, *(coordinate_columns(table.column_names) or ()))
        refuse_finer(terms.field, table.column_names, finer, time_column(table, job.time))


def count_files(  # noqa: PLR0913 - what the command takes
    project: Project,
    inputs: Sequence[str | os.PathLike[str]],
    output: Path,
    terms: CountTerms,
    *,
    reading: ReadingOptions | None = None,
    time: str | None = None,
    cluster: Cluster | None = None,
    on_progress: Progress | None = None,
) -> Counted:
    """Count points through the gate, and lock the terms in a ledger beside the table.

    Raises
    ------
    InputError
        A file, the map of boxes or the ledger cannot be used.
    UsageError
        A column does not exist.
    PolicyError
        The source was counted under other terms that this table does not sum.
    OutputError
        The table exists without its ledger or under other terms, or cannot be written.
    """
    boxes = open_boxes(project)
    write = count_table(output)
    path = output.parent / LEDGER
    ledger = read_ledger(path)
    _refuse_without_ledger(output, ledger, path)
    refuse_other_table(output, terms)
    parts = parts_of(inputs)
    sources = sources_of(parts)
    if ledger is None:
        ledger = CountLedger(terms, boxes.sha256, set(), {})
    else:
        _refuse_other_source(ledger, sources, boxes, path)
    pairs = Pairs()
    waiting: tuple[str, ...] = ()
    if terms == ledger.terms:
        job = CountJob(project.geodata, reading or ReadingOptions(), terms, time, secrets.token_hex(8))
        for one in run_tasks(count_part, job, parts, cluster, on_progress or (lambda _share: None)):
            pairs.rows += one.rows
            pairs.held.update(one.held)
            pairs.add(one.hashes)
        waiting = _tell(ledger, pairs, datetime.now(UTC))
        ledger.sources |= sources
        numbers = ledger.numbers()
    else:
        numbers = ledger.summed(terms, boxes)
    _refuse_nothing(pairs)
    publishable.refuse("counts", places_of(numbers, boxes))
    write_files({output: write(numbers, terms, boxes), path: ledger.document()})
    held = {why: number for why, number in pairs.held.items() if number}
    return Counted(output, path, len(numbers), pairs.rows, held, waiting, terms != ledger.terms)


def _tell(ledger: CountLedger, pairs: Pairs, now: datetime) -> tuple[str, ...]:
    """Put the periods into the ledger that it does not have yet and that have ended; the others are given back."""
    terms, month = ledger.terms, now.year * 12 + now.month - 1
    periods = sorted({period for _, period, _ in pairs.hashes})
    waiting = tuple(period for period in periods if not has_ended(period, terms.period, month))
    for period in periods:
        if period in ledger.disclosed or period in waiting:
            continue
        numbers = {
            key: stepped(len(hashes), terms.k) for key, hashes in sorted(pairs.hashes.items()) if key[1] == period
        }
        ledger.disclosed[period] = {key: number for key, number in numbers.items() if number}
    return waiting


def _refuse_without_ledger(output: Path, ledger: CountLedger | None, path: Path) -> None:
    if ledger is not None:
        return
    # under another name, too, the same devices could be counted by other terms
    table = output if output.exists() else table_of_counts(output.parent)
    if table is not None:
        msg = f"{table} exists without the ledger of its terms, {path}; restore that, or choose a new folder"
        raise OutputError(msg)


def _refuse_other_source(ledger: CountLedger, sources: set[str], boxes: BoxMap, path: Path) -> None:
    if ledger.map_sha256 != boxes.sha256:
        msg = f"{path} names another map of boxes than geodata/boxes.json; restore the map that it was counted in"
        raise PolicyError(msg)
    if ledger.sources and not ledger.sources & sources:
        msg = f"{path} is of another source than these files; count them into a folder of their own"
        raise OutputError(msg)


def _refuse_nothing(pairs: Pairs) -> None:
    if pairs.rows and not pairs.hashes:
        whys = ", ".join(f"{number:,} {why}" for why, number in pairs.held.items() if number)
        msg = f"none of the {pairs.rows:,} rows can be counted: {whys}; name the columns (--lon, --lat, --time)"
        raise InputError(msg)
