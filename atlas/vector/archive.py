"""The map file in a zip: taken out into a folder that is gone afterwards, under names that lead nowhere else."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from atlas.errors import InputError
from atlas.geojson.path import shown
from atlas.vector.layer import LAYER_MARK

_MAPS = frozenset(
    {".gpkg", ".shp", ".geojson", ".json", ".geojsonl", ".geojsons", ".topojson", ".fgb", ".gml", ".kml", ".gpx",
     ".parquet", ".geoparquet", ".tab", ".mif"}
)  # fmt: skip
_TABLES = frozenset({".csv", ".tsv", ".xlsx"})
_MOST_BYTES = 4_000_000_000
_MOST_MEMBERS = 20_000
_NAMED = 12
_FEW, _LONGEST_NAME = 3, 60
_BLOCK = 1 << 20
_EMPTY_ZIP = "unpack a zip that is in it and name that, or put a shapefile, GeoPackage or another map file into it"
_DAMAGED = "copy or download it again"


@dataclass(frozen=True, slots=True)
class Member:
    """A map file that was in a zip.

    Attributes
    ----------
    path
        Where it lies now.
    title
        What it is called, where the zip has several.
    layer
        Which of its layers is meant, where the user named one.
    """

    path: Path
    title: str | None
    layer: str | None


@contextmanager
def unpacked(path: Path, layer: str | None, *, every: bool) -> Iterator[list[Member]]:
    """The map file in a zip as a file on disk.

    Parameters
    ----------
    layer
        What the user named: a file of several in the zip, or a layer of the only one.
    every
        Whether all files of several are wanted where none is named; otherwise that is an error.

    Raises
    ------
    InputError
        It is no sound zip, too large, protected, or holds no map file or several.
    """
    with tempfile.TemporaryDirectory(prefix="atlas-") as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                inside = _what_is_inside(archive)
                maps = _taken_out(path, archive, Path(folder))
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            why = "it is protected by a password" if "encrypted" in str(error) else shown(str(error), quoted=False)
            msg = f"{path} is not a readable zip file ({why}); {_DAMAGED}, or unpack it and name the file in it"
            raise InputError(msg) from error
        yield _chosen(path, maps, layer, inside, every=every)


def _taken_out(path: Path, archive: zipfile.ZipFile, folder: Path) -> dict[str, Path]:
    """Every member as a file, and those that are maps by what a user calls them."""
    members = [one for one in archive.infolist() if not one.is_dir() and "__MACOSX" not in one.filename]
    if len(members) > _MOST_MEMBERS or sum(one.file_size for one in members) > _MOST_BYTES:
        msg = f"{path} holds {len(members):,} files or more than 4 GB; unpack it and name the map file in it"
        raise InputError(msg)
    numbers: dict[str, int] = {}
    maps: dict[str, Path] = {}
    bare = _bare_geodatabases(members)
    for member in members:
        place = PurePosixPath(member.filename.replace("\\", "/"))
        inner = folder / str(numbers.setdefault(str(place.parent).lower(), len(numbers)))
        geodatabase = next((part for part in place.parts[:-1] if part.lower().endswith(".gdb")), None)
        if geodatabase is None and place.parent in bare:
            geodatabase = f"{place.parent.name or path.stem}.gdb"
        if geodatabase:
            inner = inner / "database.gdb"
            maps[geodatabase] = inner
        inner.mkdir(parents=True, exist_ok=True)
        target = inner / _plain(place.name)
        with archive.open(member) as source, target.open("wb") as stream:
            _copy(path, source, stream, member.file_size)
        if place.suffix.lower() in _MAPS | _TABLES and not geodatabase and not place.name.startswith("."):
            maps[str(place)] = target
    return maps


def _bare_geodatabases(members: Sequence[zipfile.ZipInfo]) -> set[PurePosixPath]:
    """Folders, or the zip itself, that hold the tables of a File Geodatabase and are not called so."""
    places = (PurePosixPath(one.filename.replace("\\", "/")) for one in members)
    return {one.parent for one in places if one.suffix.lower() == ".gdbtable"}


def _copy(path: Path, source: object, stream: object, most: int) -> None:
    """Copy as many bytes as the zip says that there are, and no more."""
    left = most
    while block := source.read(min(_BLOCK, left + 1)):  # type: ignore[attr-defined]
        left -= len(block)
        if left < 0:
            msg = f"{path} holds a file that is larger than the zip says; {_DAMAGED}"
            raise InputError(msg)
        stream.write(block)  # type: ignore[attr-defined]


def _plain(name: str) -> str:
    """A name that every disk takes and that leads into no other folder."""
    kept = "".join(letter if letter.isalnum() or letter in "._- " else "_" for letter in name)
    return kept[-120:].lstrip(". ") or "file"


def _what_is_inside(archive: zipfile.ZipFile) -> str:
    """A few names of what a zip holds."""
    names = [one.filename for one in archive.infolist() if not one.is_dir() and "__MACOSX" not in one.filename]
    listed = ", ".join(shown(name[-_LONGEST_NAME:], quoted=False) for name in names[:_FEW])
    return listed + (" …" if len(names) > _FEW else "") or "none"


def _chosen(path: Path, maps: dict[str, Path], layer: str | None, held: str, *, every: bool) -> list[Member]:
    maps = _without_links(_without_company(maps))
    if layer is not None and (
        hits := [name for name in maps if layer in {name, PurePosixPath(name).stem, PurePosixPath(name).name}]
    ):
        return [Member(maps[hits[0]], layer, None)]
    if layer is not None and (inside := _layer_inside(maps, layer)):
        return [inside]
    if len(maps) == 1:
        return [Member(next(iter(maps.values())), None, layer)]
    if not maps:
        msg = f"{path} holds no map file ({held}); {_EMPTY_ZIP}"
        raise InputError(msg)
    titles = {name: PurePosixPath(name).stem if _one_stem(maps, name) else name for name in maps}
    if every and layer is None:
        return [Member(maps[name], titles[name], None) for name in sorted(maps)]
    names = sorted(titles.values())
    asked = f"it has no {layer!r}; " if layer is not None else ""
    listed = ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
    msg = f"{path} holds {len(maps)} map files ({listed}); {asked}give one as '{path}{LAYER_MARK}{names[0]}'"
    raise InputError(msg)


def _layer_inside(maps: dict[str, Path], layer: str) -> Member | None:
    """A layer of one of several files, by the title that it has where all are read: ``FILE/LAYER``."""
    for name, path in maps.items():
        for title in (name, PurePosixPath(name).stem):
            if layer.startswith(f"{title}/"):
                return Member(path, title, layer.removeprefix(f"{title}/"))
    return None


def _one_stem(maps: dict[str, Path], name: str) -> bool:
    stem = PurePosixPath(name).stem
    return sum(PurePosixPath(other).stem == stem for other in maps) == 1


def _without_company(maps: dict[str, Path]) -> dict[str, Path]:
    """The maps alone, where a table beside a map tells of it."""
    only = {name: one for name, one in maps.items() if PurePosixPath(name).suffix.lower() not in _TABLES}
    return only or maps


def _without_links(maps: dict[str, Path]) -> dict[str, Path]:
    """The maps without parts of a KMZ that only lead to its other parts."""
    if len(maps) == 1 or not all(one.suffix.lower() == ".kml" for one in maps.values()):
        return maps
    return {name: one for name, one in maps.items() if b"Placemark" in one.read_bytes()} or maps
