"""``atlas locate``: what one task does with a part, and all of them together."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from atlas.errors import InputError, OutputError, PolicyError, UsageError
from atlas.points.addresses import Part, is_remote, parts_of
from atlas.points.places import AreasOption, column_names, places_of, usable
from atlas.points.point_reader import Batch, ReadingOptions, batches
from atlas.points.point_writer import (
    FORMAT,
    RECORD,
    as_cells,
    is_one_file,
    opened_file,
    opened_folder,
    widened,
    with_shapes,
    write_tables,
)
from atlas.points.tasks import Cluster, run_tasks
from atlas.project import Project
from atlas.release.boundary import published_folder

Progress = Callable[[float], None]
# what is written is no smaller than this part of what was read
_PACKED_BETTER = 2
_NAME_THEM = "name the columns with --lon and --lat, or bring the points to degrees (EPSG:4326) first"


@dataclass(frozen=True, slots=True)
class Job:
    """What every task of a run knows."""

    geodata: Path
    reading: ReadingOptions
    areas: AreasOption | None
    output: str


@dataclass(frozen=True, slots=True)
class Located:
    """What came of locating points.

    Attributes
    ----------
    output
        Where the points are.
    rows, without_position
        How many rows there are, and how many of them have no position on the globe and so no place.
    files
        How many files were written.
    columns
        Names of the columns that were added.
    """

    output: str
    rows: int
    without_position: int
    files: int
    columns: tuple[str, ...]

    def summary(self) -> str:
        """What came of it, in a sentence or two.

        Returns
        -------
        str
            A line for the files, and one for rows without a position.
        """
        text = f"Located {self.rows:,} rows in {self.output.partition('?')[0]} ({self.files} files)."
        if self.without_position:
            text += (
                f"\nNote: {self.without_position:,} rows have no longitude and latitude on the globe; they are kept, "
                "with blank columns."
            )
        return text


@dataclass(slots=True)
class Tally:
    """Rows of a part that were read, and those without a position."""

    rows: int = 0
    bad: int = 0
    columns: list[str] = field(default_factory=list)
    why: str = ""


def located_batches(job: Job, part: Part, tally: Tally, share: Progress) -> Iterator[tuple[Batch, pa.Table]]:
    """Batches of a part with the columns that are added."""
    places = places_of(job.geodata, job.areas)
    for batch in batches(part, job.reading, share):
        tally.rows += len(batch.table)
        good = int(usable(batch.points).sum())
        tally.bad += len(batch.table) - good
        tally.why = tally.why if good else tally.why or _why_unusable(batch)
        wide = widened(batch, places.columns(batch.points))
        tally.columns = wide.column_names[len(batch.table.column_names) :]
        yield batch, wide


def _why_unusable(batch: Batch) -> str:
    """What to do about rows of which none has a position, where it shows what is wrong with them."""
    if batch.kind:
        return (
            f"the shapes are no points ({batch.kind}); give points, such as one within each shape, or join points to "
            "these shapes with --areas FILE --key FIELD"
        )
    if len(batch.points) and usable(batch.points[:, ::-1]).any():
        return "they would have the other way round: name the columns with --lon and --lat, each for the other"
    return ""


def locate_part(job: Job, part: Part, share: Progress) -> Tally:
    """Locate a part and write it as a file whose name and bytes follow from the part alone."""
    tally = Tally()
    tables = (with_shapes(wide, batch) for batch, wide in located_batches(job, part, tally, share))
    with opened_file(_below(job.output, f"part-{part.number:06d}.parquet")) as stream:
        write_tables(stream, tables, "parquet")
    return tally


def locate_files(  # noqa: PLR0913 - what the command takes
    project: Project,
    inputs: Sequence[str | os.PathLike[str]],
    output: str,
    *,
    reading: ReadingOptions | None = None,
    areas: AreasOption | None = None,
    cluster: Cluster | None = None,
    on_progress: Progress | None = None,
) -> Located:
    """Add to points where they lie, and write them.

    Raises
    ------
    InputError
        A file is missing or damaged, or none of its rows has a position.
    UsageError
        An option does not fit.
    PolicyError
        The output lies where files are published: exact positions do not go there.
    OutputError
        It cannot be written; what was there is as it was.
    """
    one_file = is_one_file(output)
    if one_file and cluster is not None:
        msg = f"-o {output}: several workers write several files; give a folder"
        raise UsageError(msg)
    refuse_published(output, project)
    parts = parts_of(inputs)
    _refuse_overwriting(inputs, parts, output)
    _refuse_full_disk(parts, output)
    report = on_progress or (lambda _share: None)
    job = Job(project.geodata, reading or ReadingOptions(), areas, output)
    # what is wrong with the layers or the areas is known before any work
    places_of(project.geodata, areas)
    if one_file:
        tally = _one_file(job, parts, report)
        return _located(job, tally, 1)
    with opened_folder(output) as folder:
        tallies = run_tasks(locate_part, Job(project.geodata, job.reading, areas, folder), parts, cluster, report)
        why = next((one.why for one in tallies if one.why), "")
        tally = Tally(sum(one.rows for one in tallies), sum(one.bad for one in tallies), tallies[0].columns, why)
        done = _located(job, tally, len(parts))
        record = {"format": FORMAT, "rows": tally.rows, "without_position": tally.bad, "columns": tally.columns}
        with opened_file(_below(folder, RECORD)) as stream:
            stream.write((json.dumps(record, indent=1) + "\n").encode())
    return done


def _one_file(job: Job, parts: Sequence[Part], report: Progress) -> Tally:
    total = Tally()
    weights = sum(part.weight for part in parts)

    def tables() -> Iterator[pa.Table]:
        done = 0
        for part in parts:
            for batch, wide in located_batches(job, part, total, _scaled(report, done, part.weight, weights)):
                yield as_cells(wide) if ".csv" in job.output.lower() else with_shapes(wide, batch)
            done += part.weight
        _refuse_all_bad(total)

    with opened_file(job.output) as stream:
        write_tables(stream, tables(), job.output)
    return total


def _scaled(report: Progress, done: int, weight: int, weights: int) -> Progress:
    return lambda share: report((done + weight * share) / weights)


def _refuse_full_disk(parts: Sequence[Part], output: str) -> None:
    """Refuse at once what cannot end well: rows of Parquet are written again, with more columns."""
    if is_remote(output):
        return
    least = sum(part.weight for part in parts if part.kind == "parquet") // _PACKED_BETTER
    place = next(one for one in Path(output).expanduser().absolute().parents if one.is_dir())
    free = shutil.disk_usage(place).free
    if least > free:
        msg = (
            f"-o {output} would take {least / 1e9:,.1f} GB or more, and {place} has {free / 1e9:,.1f} GB left; choose "
            "another disk, or locate a part of the files"
        )
        raise OutputError(msg)


def _located(job: Job, tally: Tally, files: int) -> Located:
    _refuse_all_bad(tally)
    return Located(job.output, tally.rows, tally.bad, files, tuple(tally.columns or column_names(job.areas)))


def _refuse_all_bad(tally: Tally) -> None:
    if tally.rows and tally.bad == tally.rows:
        msg = (
            f"none of the {tally.rows:,} rows has a longitude and latitude in degrees; {tally.why or _NAME_THEM}. "
            "Nothing was written"
        )
        raise InputError(msg)


def refuse_published(output: str, project: Project) -> None:
    """Refuse to write exact positions where files are published."""
    if not is_remote(output) and (folder := published_folder(Path(output), project)):
        msg = (
            f"exact positions do not go into {folder.path}: it is published ({folder.why}). Give a path outside of "
            "maps/, of geodata/ and of any release"
        )
        raise PolicyError(msg)


def _refuse_overwriting(inputs: Sequence[str | os.PathLike[str]], parts: Sequence[Part], output: str) -> None:
    if is_remote(output):
        return
    target = Path(output).expanduser().resolve()
    # a pattern is no place, but the files that match it are
    for one in dict.fromkeys([*(os.fspath(given) for given in inputs), *(part.address for part in parts)]):
        source = Path(one).expanduser().resolve()
        if not is_remote(one) and (source == target or target in source.parents or source in target.parents):
            msg = f"-o {output} lies in, or around, the input {one}; choose another place"
            raise OutputError(msg)


def _below(folder: str, name: str) -> str:
    base, mark, query = folder.partition("?")
    return f"{base.rstrip('/')}/{name}{mark}{query}"


def frame_located(project: Project, frame: Any, areas: AreasOption | None) -> Any:  # noqa: ANN401 - a table of pandas or geopandas
    """A frame with the columns that are added, in its order and with its index."""
    from atlas.points.frames import points_of_frame  # noqa: PLC0415 - pandas is loaded only for frames

    added = places_of(project.geodata, areas).columns(points_of_frame(frame))
    made = frame.copy()
    for name, column in added.items():
        free = name
        while free in made.columns:
            free = f"atlas_{free}"
        made[free] = column.to_pandas().to_numpy() if not hasattr(column, "dictionary") else column.to_pylist()
    return made
