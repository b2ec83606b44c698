"""Where points lie: files, globs and folders, on this machine or in a store of objects, cut into parts for tasks."""

from __future__ import annotations

import glob
import importlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.fs
import pyarrow.parquet

from atlas.errors import InputError, UsageError

_PARQUET = (".parquet", ".geoparquet", ".pq")
_TEXT = (".csv", ".tsv", ".txt")
_PACKED = (".gz", ".zst", ".bz2")
_MAP = (".gpkg", ".fgb")
_NATIVE = ("s3", "gs", "gcs", "abfs", "abfss")
_GOOGLE = ("gs", "gcs")
# without a network or a key its driver tries again for a quarter of an hour
_PATIENCE_S = 20
_AZURE = "give abfs://CONTAINER@ACCOUNT.dfs.core.windows.net/FOLDER/"
_SHAPES = {"abfs": _AZURE, "abfss": _AZURE}
# what fsspec needs beside itself
_DRIVERS = {
    **dict.fromkeys(("az", "adl"), ("adlfs",)),
    **dict.fromkeys(("http", "https"), ("aiohttp",)),
    **dict.fromkeys(("sftp", "ssh"), ("paramiko",)),
    "hf": ("huggingface_hub",),
    "oss": ("ossfs",),
    "smb": ("smbprotocol",),
}
_PART_ROWS = 2_000_000
_KINDS = "Parquet, CSV (.csv, .csv.gz, .csv.zst), GeoPackage or FlatGeobuf"


@dataclass(frozen=True, slots=True)
class Part:
    """What one task reads: a file, or some row groups of it.

    Attributes
    ----------
    number
        Its place among all parts, which names what is written of it.
    groups
        First row group and the one after the last; nothing for a whole file.
    partition
        Columns that the names of folders give, as in ``month=2026-01``.
    """

    number: int
    address: str
    kind: str
    weight: int
    groups: tuple[int, int] | None = None
    partition: tuple[tuple[str, str], ...] = ()


def is_remote(address: str) -> bool:
    """Whether an address names a store of objects."""
    return "://" in address


def filesystem_of(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it.

    Raises
    ------
    UsageError
        There is no driver for such addresses.
    """
    if not is_remote(address):
        return pa.fs.LocalFileSystem(), address
    scheme = address.partition("://")[0]
    try:
        if scheme in _NATIVE:
            native, inside = pa.fs.FileSystem.from_uri(_patient(address) if scheme in _GOOGLE else address)
            return native, str(inside)
        fsspec = importlib.import_module("fsspec")
        system, path = fsspec.core.url_to_fs(address)
        return pa.fs.PyFileSystem(pa.fs.FSSpecHandler(system)), str(path)
    except ImportError as error:
        drivers = " ".join(_DRIVERS.get(scheme, ()))
        remedy = f"install its driver: pip install {drivers}" if drivers else "install the driver that it names"
        msg = f"{scheme}:// cannot be opened ({_short(error)}); {remedy}"
        raise UsageError(msg) from error
    except (ValueError, pa.ArrowException, OSError) as error:
        remedy = _SHAPES.get(scheme, "give an address such as s3://bucket/folder/, gs://bucket/folder/ or az://…")
        msg = f"{scheme}:// cannot be opened ({_short(error)}); {remedy}, and its keys by the environment, not in it"
        raise UsageError(msg) from error


def _patient(address: str) -> str:
    """An address of Google's store with how long its driver may try again, unless it says so."""
    if "retry_limit_seconds=" in address:
        return address
    return f"{address}{'&' if '?' in address else '?'}retry_limit_seconds={_PATIENCE_S}"


def parts_of(addresses: Sequence[str | os.PathLike[str]]) -> list[Part]:
    """The parts of all files that addresses name, in order; a file that several of them name is read once.

    Raises
    ------
    InputError
        A file is missing, or of no format that is read.
    """
    parts: list[Part] = []
    known: set[str] = set()
    for address in addresses:
        for name, size, root in _files(os.fspath(address)):
            same = name if is_remote(name) else os.path.realpath(name)
            if same in known:
                continue
            known.add(same)
            kind = _kind(name)
            for groups, weight in _cut(name, kind, size):
                parts.append(Part(len(parts), name, kind, max(weight, 1), groups, _partition(name, root)))
    return parts


def kind_of(name: str) -> str | None:
    """How a file is read, by the end of its name: ``parquet``, ``csv`` or ``map``; nothing for any other."""
    low = name.lower()
    bare = next((low.removesuffix(end) for end in _PACKED if low.endswith(end)), low)
    if low.endswith(_PARQUET):
        return "parquet"
    return "csv" if bare.endswith(_TEXT) else "map" if low.endswith(_MAP) else None


def _kind(name: str) -> str:
    kind = kind_of(name)
    if kind is None:
        msg = f"{name} is not read by its ending; give {_KINDS}"
        raise InputError(msg)
    if kind == "map" and is_remote(name):
        msg = f"{name}: GeoPackage and FlatGeobuf are read from this machine only; copy it here, or write it as Parquet"
        raise InputError(msg)
    return kind


def _files(address: str) -> Iterator[tuple[str, int, str]]:
    if is_remote(address):
        yield from _remote(address)
        return
    path = Path(address).expanduser()
    if path.is_dir():
        held = sorted(one for one in path.rglob("*") if one.is_file() and _counts(str(one.relative_to(path))))
        if not held:
            msg = f"{path} holds no file of points; give {_KINDS}"
            raise InputError(msg)
        yield from ((str(one), one.stat().st_size, str(path)) for one in held)
    elif path.exists():
        yield str(path), path.stat().st_size, str(path.parent)
    else:
        matches = sorted(one for one in glob.glob(str(path), recursive=True) if Path(one).is_file())  # noqa: PTH207 - a whole path with stars
        if not matches:
            msg = f"{address} does not exist, and no file matches it; give a file, a folder or a pattern in quotes"
            raise InputError(msg)
        yield from ((one, Path(one).stat().st_size, str(Path(one).parent)) for one in matches)


def _remote(address: str) -> Iterator[tuple[str, int, str]]:
    scheme = address.partition("://")[0]
    stem = address.partition("*")[0]
    base = stem if stem == address else stem.rpartition("/")[0]
    query = base.partition("?")[2] or address.partition("?")[2]
    system, path = filesystem_of(base)
    try:
        about = system.get_file_info(path)
        if about.type == pa.fs.FileType.File:
            infos = [about]
        else:
            infos = system.get_file_info(pa.fs.FileSelector(path, recursive=True))
    except (OSError, pa.ArrowException, ValueError) as error:
        msg = f"{base.partition('?')[0]} cannot be read ({_short(error)}); look at the address and the keys"
        raise InputError(msg) from error
    pattern = None if base == address else filesystem_of(address.partition("?")[0])[1]
    end = f"?{query}" if query else ""
    files = [one for one in infos if one.type == pa.fs.FileType.File]
    files = [one for one in files if pattern is None or fnmatchcase(one.path, pattern)]
    files = [one for one in files if one is about or _counts(one.path[len(path) :].lstrip("/"))]
    if not files:
        msg = f"{address.partition('?')[0]} holds no file of points; give {_KINDS}"
        raise InputError(msg)
    yield from ((f"{scheme}://{one.path}{end}", one.size, path) for one in sorted(files, key=lambda one: str(one.path)))


def _counts(name: str) -> bool:
    """Whether a file below a folder is one of points: hidden files and marks of other programs are not."""
    return kind_of(name) is not None and not any(one.startswith((".", "_")) for one in Path(name).parts)


def _partition(name: str, root: str) -> tuple[tuple[str, str], ...]:
    below = name.partition("?")[0].rpartition(root)[2]
    pairs = (one.partition("=") for one in below.split("/")[:-1])
    return tuple((key, value) for key, mark, value in pairs if mark and key)


def _cut(name: str, kind: str, size: int) -> list[tuple[tuple[int, int] | None, int]]:
    if kind != "parquet":
        return [(None, size)]
    system, path = filesystem_of(name)
    try:
        with system.open_input_file(path.partition("?")[0]) as stream:
            about = pa.parquet.ParquetFile(stream).metadata
    except (pa.ArrowException, OSError) as error:
        msg = f"{name.partition('?')[0]} cannot be read as Parquet ({_short(error)}); write it again"
        raise InputError(msg) from error
    cuts: list[tuple[tuple[int, int] | None, int]] = []
    first, rows = 0, 0
    for group in range(about.num_row_groups):
        rows += about.row_group(group).num_rows
        if rows >= _PART_ROWS or group == about.num_row_groups - 1:
            cuts.append(((first, group + 1), rows))
            first, rows = group + 1, 0
    # the weight of a part is in bytes, as that of any other file
    total = max(about.num_rows, 1)
    return [(groups, size * count // total) for groups, count in cuts] or [((0, 0), size)]


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:160]
