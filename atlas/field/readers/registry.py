"""One door for everything that can come home: a file, an archive or a folder, and the reader of its format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from atlas.errors import InputError
from atlas.field.readers.archive import archive
from atlas.field.readers.attachments import Attachments
from atlas.field.readers.delimited import NEEDED, open_table, read_delimited
from atlas.field.readers.detect import DATA_SUFFIXES, READABLE, Format, detect, is_empty_form, is_filled_form
from atlas.field.readers.form_tables import has_branches, is_answers, is_repeats, read_answers
from atlas.field.readers.geojson import read_geojson, read_sequence
from atlas.field.readers.geopackage import NoNotesError, read_geopackage
from atlas.field.readers.gpx import read_gpx
from atlas.field.readers.input_folder import attachments_in, photos_beside, walk
from atlas.field.readers.input_source import Source
from atlas.field.readers.json_answers import read_json_answers
from atlas.field.readers.kml import read_kml, read_kmz
from atlas.field.readers.read_options import ReadOptions, Unused
from atlas.field.readers.remarks import report_unused
from atlas.field.readers.repeated_ids import once
from atlas.field.readers.sealed import opened_age, opened_bundle
from atlas.field.readers.shapefile import BESIDE, SUFFIX, beside_on_disk, read_shapefile
from atlas.field.readers.shapefile import parts_of as shapefile_parts
from atlas.field.readers.submission import Repeats, read_submission, repeats_of
from atlas.field.readers.table_columns import columns
from atlas.field.readers.takeout import is_housekeeping, read_history, read_photo_note
from atlas.field.readers.vocabulary import Words
from atlas.field.readers.workbook import sheets
from atlas.field.row import FieldRow, Rejected

Read = Callable[[Source, ReadOptions], Iterator[FieldRow | Rejected]]

_READERS: dict[Format, Read] = {
    Format.GEOJSON: read_geojson,
    Format.SEQUENCE: read_sequence,
    Format.GPX: read_gpx,
    Format.KML: read_kml,
    Format.KMZ: read_kmz,
    Format.GEOPACKAGE: read_geopackage,
    Format.SUBMISSION: read_submission,
    Format.ANSWERS: read_json_answers,
    Format.HISTORY: read_history,
    Format.PHOTO_NOTE: read_photo_note,
}
_TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".tab"})
_MOST_LAYERS = 4
# what an earlier import could not take, as it names the file
_PUT_ASIDE = ".quarantine.csv"
# what is open in a database that lies beside
_LOGS = ("-wal", "-shm")


def read_file(path: Path, *, options: ReadOptions | None = None) -> Iterator[FieldRow | Rejected]:
    """Records of a file, an archive or a folder, and the rows that cannot become one.

    Parameters
    ----------
    path
        The file or folder.
    options
        What a person said about it.

    Yields
    ------
    FieldRow or Rejected
        A record that can come in, or a row with the reason why it cannot; in the order of the file.

    Raises
    ------
    InputError
        It does not exist, cannot be opened, or is in no format that can be read; also while rows are taken, when the
        file turns out to be cut off.
    """
    chosen = replace(options or ReadOptions(), unused=Unused())
    if not path.exists():
        msg = f"{path} does not exist; give {READABLE}"
        raise InputError(msg)
    if path.is_dir():
        yield from _folder(path, chosen)
    else:
        yield from once(_source(Source(path, media=photos_beside(path)), chosen), chosen, str(path))
    report_unused(str(path), chosen)


def _source(source: Source, options: ReadOptions, depth: int = 0) -> Iterator[FieldRow | Rejected]:
    if depth > _MOST_LAYERS:
        msg = f"{source.name} is packed or sealed more than {_MOST_LAYERS} times; unpack it first"
        raise InputError(msg)
    form = detect(source)
    if form is Format.TABLE:
        yield from _table(source, _siblings(source), options)
    elif form is Format.AGE:
        yield from _source(opened_age(source, options), options, depth + 1)
    elif form is Format.BUNDLE:
        yield from _source(opened_bundle(source, options), options, depth + 1)
    elif form is Format.SHAPEFILE:
        yield from read_shapefile(source, beside_on_disk(source) if source.opener is None else [source], options)
    elif form is Format.WORKBOOK:
        yield from _workbook(source, options)
    elif form is Format.ARCHIVE:
        with archive(source) as packed:
            attachments = packed.attachments()
            yield from _together(list(packed.sources(attachments)), attachments, source.name, options, depth + 1)
    else:
        yield from _READERS[form](source, options)


def _workbook(source: Source, options: ReadOptions) -> Iterator[FieldRow | Rejected]:
    """The sheets with places and their repeats; what else a workbook has is named as not used."""
    tables = list(sheets(source))
    repeats = [sheet for sheet in tables if _is_repeats(sheet, options)]
    mains = [sheet for sheet in tables if sheet not in repeats]
    placed = [sheet for sheet in mains if _is_placed(sheet, options, has_repeats=bool(repeats))]
    if not placed:
        listed = ", ".join(repr(sheet.relative.removesuffix(".csv")) for sheet in tables[:20]) or "none that is filled"
        msg = f"{source.name} has no sheet with a column for a position; name the columns {NEEDED}. It has {listed}"
        raise InputError(msg)
    for sheet in placed:
        mine = repeats if len(placed) == 1 else [one for one in repeats if _belongs(one, sheet, placed)]
        for row in _table(sheet, mine, options):
            name = sheet.relative.removesuffix(".csv")
            yield replace(row, where=f"{name}, {row.where}") if len(placed) > 1 else row
    if len(placed) > 1:
        repeats = [one for one in repeats if any(_belongs(one, sheet, placed) for sheet in placed)]
    options.unused.tables += [one.relative.removesuffix(".csv") for one in tables if one not in [*placed, *repeats]]


def _is_placed(sheet: Source, options: ReadOptions, *, has_repeats: bool) -> bool:
    try:
        header = _header(sheet, options)
    except InputError:
        return False
    answers = is_answers(header)
    return columns(header, Words(options.schema), form=answers).placed or (answers and has_repeats)


def _folder(folder: Path, options: ReadOptions) -> Iterator[FieldRow | Rejected]:
    attachments = attachments_in(folder)
    sources = [
        Source(path, media=attachments.finder(path.relative_to(folder).as_posix()), within=folder)
        for path in walk(folder)
    ]
    yield from _together(sources, attachments, str(folder), options, 0)


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of an archive or folder by what they are.

    Attributes
    ----------
    read
        Those with notes.
    tables
        Those of them that are tables.
    of_repeats
        Tables that are read with another one.
    repeats
        What the forms among the files say of their repeats.
    """

    read: Sequence[Source]
    tables: Sequence[Source]
    of_repeats: Sequence[Source]
    repeats: Repeats


def _sorted(sources: Sequence[Source], options: ReadOptions) -> _Files:
    data = [source for source in sources if source.suffix in DATA_SUFFIXES or is_filled_form(source)]
    data = [source for source in data if not source.name.endswith(_PUT_ASIDE)]
    tables = [source for source in data if source.suffix in _TABLE_SUFFIXES]
    of_repeats = [source for source in tables if _is_repeats(source, options)]
    read = [source for source in data if source not in of_repeats]
    return _Files(read, tables, of_repeats, repeats_of([source for source in sources if is_empty_form(source)]))


def _together(
    sources: Sequence[Source], attachments: Attachments, name: str, options: ReadOptions, depth: int
) -> Iterator[FieldRow | Rejected]:
    """All files of an archive or folder: tables of repeats with their main table, all others by themselves."""
    files = _sorted(sources, options)
    shapes = [one for source in files.read if source.suffix == SUFFIX for one in shapefile_parts(source, sources)]
    if not files.read:
        msg = f"{name} holds no file that can be read; give {READABLE}"
        raise InputError(msg)
    names = [PurePath(source.inside or source.path) for source in files.read]
    counts = Counter(path.name.casefold() for path in names)
    for source, path in zip(files.read, names, strict=True):
        within = path.name
        # of files that are called alike, in folders side by side
        file = f"{path.parent.name}/{within}" if counts[within.casefold()] > 1 else within
        if source.suffix == SUFFIX:
            rows = once(read_shapefile(source, shapefile_parts(source, shapes), options), options, source.name)
        else:
            rows = _part(source, files, options, depth)
        if len(files.read) == 1:
            yield from (_within(file, row) for row in rows)
            break
        came = False
        try:
            for row in rows:
                came = True
                yield replace(_within(file, row), where=f"{within}, {row.where}")
        except NoNotesError as error:
            options.notify(f"{error}; it was left out")
        except InputError as error:
            if is_housekeeping(within) and not came:
                options.unused.files.append(source.relative)
            else:
                # the others still come in
                yield Rejected(within, str(error), "")
    beside = {one.relative[: -len(SUFFIX)] for one in shapes if one.suffix == SUFFIX}
    options.unused.files += [
        name
        for name in _unused(sources, files, attachments)
        if not (name.endswith(BESIDE) and name.split(".")[0] in beside)
    ]


def _unused(sources: Sequence[Source], files: _Files, attachments: Attachments) -> list[str]:
    """Files that are neither read nor photos that a row names, but those that programs write for themselves."""
    tables = [source for source in files.read if source in files.tables]
    repeats = [one for one in files.of_repeats if any(_belongs(one, main, files.read) for main in tables)]
    used = {source.relative for source in (*files.read, *repeats)} | attachments.used
    others = [source for source in sources if source.relative not in used and not is_empty_form(source)]
    return [source.relative for source in others if not source.relative.endswith((_PUT_ASIDE, *_LOGS))]


def _within(file: str, row: FieldRow | Rejected) -> FieldRow | Rejected:
    return row if isinstance(row, Rejected) or row.file else replace(row, file=file)


def _part(source: Source, files: _Files, options: ReadOptions, depth: int) -> Iterator[FieldRow | Rejected]:
    """One file among others."""
    if source in files.tables:
        repeats = [repeat for repeat in files.of_repeats if _belongs(repeat, source, files.read)]
        rows = _table(source, repeats, options)
    elif is_filled_form(source):
        rows = read_submission(source, options, files.repeats)
    else:
        rows = _source(source, options, depth)
    return once(rows, options, source.name)


def _table(source: Source, repeats: Sequence[Source], options: ReadOptions) -> Iterator[FieldRow | Rejected]:
    header = _header(source, options)
    if is_repeats(header):
        msg = f"{source.name} is a table of repeats; give the form's main table, or the zip with both"
        raise InputError(msg)
    joined = is_answers(header) or (repeats and has_branches(header))
    yield from read_answers(source, repeats, options) if joined else read_delimited(source, options)


def _header(source: Source, options: ReadOptions) -> tuple[str, ...]:
    return open_table(source, replace(options, notify=lambda _note: None)).header


def _is_repeats(source: Source, options: ReadOptions) -> bool:
    try:
        return is_repeats(_header(source, options))
    except InputError:
        return False


def _siblings(source: Source) -> list[Source]:
    """Tables of repeats beside a form's main table on disk: FORM-repeat.csv beside FORM.csv."""
    if source.opener is not None:
        return []
    beside = sorted(source.path.parent.glob(f"{_escaped(source.path.stem)}-*{source.path.suffix}"))
    siblings = [Source(path, media=source.media) for path in beside if path.is_file()]
    return [one for one in siblings if _is_repeats(one, ReadOptions())]


def _escaped(words: str) -> str:
    return "".join(f"[{mark}]" if mark in "*?[" else mark for mark in words)


def _belongs(repeat: Source, main: Source, read: Sequence[Source]) -> bool:
    """Whether a table of repeats is that of a main table: by its name, or because there is no other main table."""
    stem, stems = PurePath(repeat.inside or repeat.path).stem, [PurePath(one.inside or one.path).stem for one in read]
    mine = PurePath(main.inside or main.path).stem
    fitting = [other for other in stems if stem.startswith(f"{other}-")]
    return max(fitting, key=len) == mine if fitting else len(read) == 1
