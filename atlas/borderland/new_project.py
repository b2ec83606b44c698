"""A new project from outlines: what the files say is proposed and written down, what they can't say is asked."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from atlas.border_project.model import GIVEN_LINE, OUTER_EDGE, SHARED_EDGE, on_disk
from atlas.borderland.columns import Columns, called_like_code, has_letters, proposed_columns, text_of
from atlas.borderland.project_text import project_text
from atlas.borderland.proposed_region import proposed_region
from atlas.borderland.side_units import areas_of, without
from atlas.editions.edition import Features
from atlas.errors import InputError, UsageError
from atlas.evidence.module_tables import begun_tables, table_hints
from atlas.files import sha256_of_file, write_files
from atlas.project import SETTINGS_FILE
from atlas.work_steps import OnStep, each_in_turn, unheard

_COUNTRIES = ("iso_a3", "adm0_a3", "sov_a3", "iso3", "gid_0", "cntr_code", "country_code", "iso_a2")
_NAMES = ("admin", "country", "name_0", "adm0_en", "pais", "sovereignt", "name")
_SOMEBODY = ("XXX", "neighbour")
_ROWS = 3
_LONG = 12

Country = tuple[str, str]
"""Code and name."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user of ``atlas new`` says.

    Attributes
    ----------
    names
        Code and name of each side as ``CODE=NAME``, this side first; empty for what the files say. More than there are
        files name neighbours without outlines.
    columns
        Columns of the sides as ``KEY=COLUMN``, by the side's number from 0.
    leave_out
        Codes of rows that are no units, by the side's number.
    ends
        Longitude and latitude of start and end in degrees.
    modules
        What has tables of its own, each of which is begun with its header row.
    """

    here: Path
    neighbours: tuple[Path, ...] = ()
    line: Path | None = None
    title: str = ""
    title_es: str = ""
    names: tuple[str, ...] = ()
    columns: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    leave_out: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    ends: tuple[tuple[float, float], ...] = ()
    leader: str = "here"
    contested: str | None = None
    tolerance_m: float = 1_000.0
    licence: str | None = None
    attribution: str | None = None
    modules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposed:
    """One side as the new project has it: file, columns, code and name of its country."""

    key: str
    path: Path
    features: Features
    columns: Columns
    code: str
    name: str
    stated: bool
    leave_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewProject:
    """What was written: the project file, and a sentence for each thing that was proposed."""

    path: Path
    proposals: tuple[str, ...]


def new_project(folder: Path, wanted: Wanted, *, on_step: OnStep = unheard) -> NewProject:
    """Write a project that builds at once; nothing is written where something has to be asked.

    Raises
    ------
    UsageError
        The folder is no place for a project, or an option does not fit the files.
    InputError
        A file cannot be used, or does not say what has to be known.
    """
    _refuse_folder(folder)
    paths = (wanted.here, *wanted.neighbours)
    keys = ["here", *(f"there_{n}" if len(paths) > 2 else "there" for n in range(1, len(paths)))]  # noqa: PLR2004
    for number, path in enumerate(paths):
        _refuse_missing(number, path)
    stated = [_stated_side(number, wanted) for number in range(max(len(paths), len(wanted.names)))]
    # who has no outline is a neighbour all the same
    others = [side for side in stated[len(paths) :] if side]
    if len(paths) == 1 and not others:
        others = [_SOMEBODY]
    read = each_in_turn(zip(keys, paths, strict=True), on_step, lambda one: f"reading {one[1].name}")
    sides = [_proposed(n, key, path, wanted) for n, (key, path) in enumerate(read)]
    _refuse_alike(sides, others)
    on_step(f"looking for the border among {sum(len(side.features.shapes) for side in sides):,} units")
    way = GIVEN_LINE if wanted.line else SHARED_EDGE if wanted.neighbours else OUTER_EDGE
    box = proposed_region([(side.path, side.features.shapes) for side in sides], wanted.line, wanted.tolerance_m)
    copies = {side.path: f"outlines/{side.key}{_endings(on_disk(side.path))}" for side in sides}
    if wanted.line:
        copies[wanted.line] = f"outlines/line{_endings(wanted.line)}"
    hashes = {path: sha256_of_file(on_disk(path)) for path in copies}
    written = {path: name + str(path).removeprefix(str(on_disk(path))) for path, name in copies.items()}
    text = project_text(sides, wanted, others=others, way=way, box=box, files=written, hashes=hashes)
    folder.mkdir(parents=True, exist_ok=True)
    files = {folder / SETTINGS_FILE: text.encode()}
    files |= {folder / "geodata" / "evidence" / name: row for name, row in begun_tables(wanted.modules).items()}
    for path, name in copies.items():
        files |= {
            (folder / name).with_name(new): old.read_bytes() for old, new in _parts(on_disk(path), Path(name).name)
        }
    write_files({path: data for path, data in files.items() if _made(path.parent)})
    sentences = (*_sentences(sides, others, way, box), *table_hints(wanted.modules))
    return NewProject(folder / SETTINGS_FILE, sentences)


def _made(folder: Path) -> bool:
    folder.mkdir(parents=True, exist_ok=True)
    return True


def _parts(path: Path, name: str) -> list[tuple[Path, str]]:
    """A file, and those that belong to it where it is a shapefile, each with its new name."""
    if path.suffix.casefold() != ".shp":
        return [(path, name)]
    beside = [one for one in path.parent.iterdir() if one.stem == path.stem and one.is_file()]
    return [(one, Path(name).stem + one.suffix.casefold()) for one in sorted(beside)]


def _endings(path: Path) -> str:
    return (
        "".join(path.suffixes[-2:]).casefold() if path.name.casefold().endswith(".shp.zip") else path.suffix.casefold()
    )


def _refuse_folder(folder: Path) -> None:
    if (folder / SETTINGS_FILE).exists():
        msg = f"{folder} has an {SETTINGS_FILE} already; edit that, or give another folder"
        raise UsageError(msg)
    if folder.exists() and not folder.is_dir():
        msg = f"{folder} is a file; give a folder for the project"
        raise UsageError(msg)
    if folder.is_dir() and any(folder.iterdir()):
        msg = f"{folder} is not empty; give a new folder for the project"
        raise UsageError(msg)
    anchor = next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())
    if shutil.disk_usage(anchor).free == 0:
        msg = f"there is no room on the disk of {folder}; make some, or give a folder on another disk"
        raise UsageError(msg)


def _refuse_missing(number: int, path: Path) -> None:
    option = "--here" if number == 0 else "--neighbour"
    if on_disk(path).is_dir():
        msg = f"{option}: {path} is a folder; give one file of outlines (`ogr2ogr OUT.gpkg FOLDER` makes one)"
        raise UsageError(msg)
    if not on_disk(path).is_file():
        msg = f"{option}: there is no file {path}; give a file of outlines (GeoPackage, shapefile or its zip, GeoJSON)"
        raise UsageError(msg)


def _stated_side(number: int, wanted: Wanted) -> Country | None:
    """Code and name of a side as the user states them."""
    if number >= len(wanted.names) or not wanted.names[number]:
        return None
    code, equals, name = wanted.names[number].partition("=")
    if not re.fullmatch(f"[A-Za-z0-9]{{1,{_LONG}}}", code) or not equals or not name.strip():
        msg = f"--side {wanted.names[number]!r}: expected CODE=NAME, such as FRA=France"
        raise UsageError(msg)
    return code, name.strip()


def _proposed(number: int, key: str, path: Path, wanted: Wanted) -> Proposed:
    stated = wanted.columns.get(number, {})
    features, left = areas_of(path), wanted.leave_out.get(number, ())
    features = without(features, path, stated.get("code") or proposed_columns(features).code, left)
    guess = proposed_columns(features)
    if unknown := [column for column in stated.values() if column not in features.columns]:
        msg = f"{path.name} has no column {unknown[0]!r}; its columns are {', '.join(features.columns) or 'none'}"
        raise UsageError(msg)
    columns = Columns(*(stated.get(part, getattr(guess, part)) for part in ("code", "name", "parent")))
    if columns.name is None and any(has_letters(features, one) for one in features.columns if one != columns.code):
        rows = [", ".join(f"{k}={text_of(row, k)}" for k in features.columns) for row in features.properties[:_ROWS]]
        msg = (
            f"{path.name}: which column has the names of the units is not to be seen; say so by --columns "
            f"{number}:name=COLUMN (0 is --here, 1 the first --neighbour; the column of codes where none has them); "
            f"its first rows: {'; '.join(rows)}"
        )
        raise InputError(msg)
    code, name = _country(number, path, features, wanted)
    return Proposed(key, path, features, columns, code, name, _stated_side(number, wanted) is not None, left)


def _country(number: int, path: Path, features: Features, wanted: Wanted) -> Country:
    """Code and name of a side: as stated, else what all rows of a column of countries say, else the file's name."""
    if stated := _stated_side(number, wanted):
        return stated
    stem = on_disk(path).name.partition(".")[0]
    code = _single(features, _COUNTRIES) or re.sub("[^A-Za-z0-9]", "", stem).upper()[:_LONG] or f"SIDE{number}"
    if not re.fullmatch(f"[A-Za-z0-9]{{1,{_LONG}}}", code):
        code = re.sub("[^A-Za-z0-9]", "", code)[:_LONG] or f"SIDE{number}"
    return code, _single(features, _NAMES) or stem


def _single(features: Features, known: Sequence[str]) -> str | None:
    """What a column says that is called like this and says one thing in all rows."""
    plain = {column.casefold(): column for column in features.columns}
    for name in known:
        if name in plain:
            values = {text_of(row, plain[name]) for row in features.properties}
            if len(values) == 1 and (value := next(iter(values))) and value != "-99":
                return value
    return None


def _refuse_alike(sides: Sequence[Proposed], others: Sequence[Country]) -> None:
    paths = [side.path.resolve() for side in sides]
    if len(set(paths)) < len(paths):
        msg = "two sides have the same file; give the outlines of each side in a file of its own"
        raise UsageError(msg)
    codes = [*(side.code for side in sides), *(code for code, _ in others)]
    if twice := [code for code in codes if codes.count(code) > 1]:
        msg = f"two sides would have the code {twice[0]}; name each side, this one first: " + " ".join(
            f"--side CODE={shown}" for shown in ["NAME"] * len(codes)
        )
        raise InputError(msg)


def _no_codes(side: Proposed) -> list[str]:
    """A remark where a column is called like one of codes and cannot be it."""
    if side.columns.code is not None or (called := called_like_code(side.features)) is None:
        return []
    codes = Counter(text_of(row, called) for row in side.features.properties)
    code, count = codes.most_common(1)[0]
    what = f"{code!r} stands {count} times in it" if code else f"{count} rows have none"
    remark = (
        f"{side.code}: {called} is no code for each unit ({what}), so that rows are numbered; give a file in which "
        "each has its own, or leave out what is no unit by --columns and --leave-out"
    )
    return [remark]


def _lost_zeros(side: Proposed) -> list[str]:
    """A remark where codes look as if a program had read them as numbers."""
    codes = [text_of(row, side.columns.code) for row in side.features.properties] if side.columns.code else []
    digits = sorted({len(code) for code in codes if code})
    if len(digits) != 2 or not all(code.isdecimal() for code in codes) or digits[1] - digits[0] != 1:  # noqa: PLR2004
        return []
    if any(code.startswith("0") for code in codes):
        return []
    fewer, more = digits
    remark = (
        f"{side.code}: codes have {fewer} and {more} digits, none begins with 0; if zeros were lost, give a file "
        f"that has them ({side.columns.code} as text); the codes stay as the file has them"
    )
    return [remark]


def _sentences(sides: Sequence[Proposed], others: Sequence[Country], way: str, box: Sequence[float]) -> list[str]:
    lines = [f"line: {way}", f"region: {', '.join(f'{value:g}' for value in box)} (west, south, east, north)"]
    for side in sides:
        parts = ", ".join(
            f"{name} = {value or ('rows are numbered' if name == 'code' else 'none')}"
            for name, value in (
                ("code", side.columns.code),
                ("name", side.columns.name),
                ("parent", side.columns.parent),
            )
        )
        guess = "" if side.stated else "; code and name of the country are from the file, --side CODE=NAME says others"
        lines.append(
            f"{side.code} ({side.name}): {len(side.features.shapes)} units of {side.path.name}; {parts}{guess}"
        )
        lines += [*_no_codes(side), *_lost_zeros(side)]
    for code, name in others:
        hint = "; --side CODE=NAME after this side's names it" if (code, name) == _SOMEBODY else ""
        lines.append(f"{code} ({name}): a neighbour without outlines{hint}")
    return lines
