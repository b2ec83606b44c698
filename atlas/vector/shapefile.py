"""A shapefile: its parts brought together under one name, and what GDAL would pass over without a word."""

from __future__ import annotations

import codecs
import re
import shutil
import struct
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from atlas.errors import InputError
from atlas.vector.coordinate_system import known_system
from atlas.vector.dbf import CODE_PAGES, AttributeTable, read_attribute_table
from atlas.vector.file_format import FileFormat
from atlas.vector.gdal_layer import read_layer
from atlas.vector.layer import FileFault, VectorLayer
from atlas.vector.shapefile_table import look_at_table

_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_LONGEST_PRJ = 100_000
_HEADER, _MAGIC = 100, b"\x00\x00\x27\x0a"
_FALLBACK = "cp1252"
# GDAL heeds it in capitals only; each byte becomes one letter, so that nothing is lost before it is decoded
_BYTEWISE = "ISO-8859-1"
_DIGITS = re.compile(r"\d+")


@dataclass(slots=True)
class _Parts:
    """The files of a shapefile, by their endings in small letters."""

    path: Path
    files: dict[str, Path]
    faults: list[FileFault] = field(default_factory=list)


def shapefiles_in(folder: Path) -> list[Path]:
    """The shapefiles of a folder, by name."""
    return sorted(one for one in folder.iterdir() if one.suffix.lower() == ".shp" and not one.name.startswith("."))


def read_shapefile(named: Path, path: Path, *, title: str | None = None, encoding: str | None = None) -> VectorLayer:
    """Read a shapefile.

    Parameters
    ----------
    named
        What messages call it.
    path
        Its ``.shp`` file; the other parts lie beside it, in whatever case.
    title
        The name of the layer, where several lie together.
    encoding
        The encoding of its texts, where it is known better than the file states it.

    Raises
    ------
    InputError
        It cannot be read.
    """
    parts = _parts(path)
    try:
        table = read_attribute_table(parts.files[".dbf"]) if ".dbf" in parts.files else None
        stated = _stated_encoding(parts, table)
    except OSError as error:
        msg = (
            f"{named} cannot be read ({error.strerror}); look at its parts {', '.join(map(str, parts.files.values()))}"
        )
        raise InputError(msg) from error
    texts = _Texts(table, stated, encoding) if table is not None else None
    _leave_out_unknown_system(parts)
    with _together(parts) as target:
        layer = read_layer(named, str(target), target.stem, FileFormat.SHAPEFILE, named=False, encoding=_BYTEWISE)
    layer.name = title
    layer.faults += parts.faults
    _look_at_parts(parts, table, layer)
    if table is not None and texts is not None:
        _decode(layer, texts)
        look_at_table(table, [texts.decoded(column.name) for column in table.columns], layer)
    return layer


def _parts(path: Path) -> _Parts:
    parts = _Parts(path, {})
    for one in sorted(path.parent.iterdir(), key=lambda one: one.stem != path.stem):
        suffix = one.suffix.lower()
        if suffix in _PARTS and one.stem.lower() == path.stem.lower() and one.is_file():
            parts.files.setdefault(suffix, one)
    parts.files[".shp"] = path
    return parts


def _leave_out_unknown_system(parts: _Parts) -> None:
    """Read the shapes without a ``.prj`` file that nobody can read, on which GDAL's readers stumble."""
    if ".prj" not in parts.files:
        return
    try:
        text = parts.files[".prj"].read_bytes()[:_LONGEST_PRJ].decode("utf-8", "replace").strip()
    except OSError:
        text = ""
    if known_system(text) is None:
        what = f"{parts.path} has a .prj file that names no known coordinate system"
        remedy = "restore it from the source, or name the system by --crs EPSG:CODE"
        parts.faults.append(FileFault("crs-missing", f"{what}; {remedy}.", what=what))
        del parts.files[".prj"]


@contextmanager
def _together(parts: _Parts) -> Iterator[Path]:
    """The parts under one name in small letters, with an index; where they lie if that is so already."""
    names = {suffix: one.name for suffix, one in parts.files.items()}
    stem = parts.path.stem
    complete = ".shx" in names and not parts.faults
    if complete and all(name == stem + suffix for suffix, name in names.items()):
        yield parts.path
        return
    with tempfile.TemporaryDirectory(prefix="atlas-") as folder:
        for suffix, one in parts.files.items():
            target = Path(folder) / f"layer{suffix}"
            try:
                target.symlink_to(one.resolve())
            except OSError:
                shutil.copyfile(one, target)
        if ".shx" not in names:
            (Path(folder) / "layer.shx").write_bytes(_index(parts.path))
        yield Path(folder) / "layer.shp"


def _index(path: Path) -> bytes:
    """The ``.shx`` file that belongs to a ``.shp`` file, made from the lengths of its records."""
    data = path.read_bytes()
    if len(data) < _HEADER or not data.startswith(_MAGIC):
        msg = f"{path} is no shapefile, or is cut off; copy or download it again"
        raise InputError(msg)
    entries = []
    at = _HEADER
    while at + 8 <= len(data):
        (words,) = struct.unpack_from(">i", data, at + 4)
        if words < 2 or at + 8 + 2 * words > len(data):  # noqa: PLR2004 - a record has at least its type
            break
        entries.append(struct.pack(">ii", at // 2, words))
        at += 8 + 2 * words
    length = struct.pack(">i", (_HEADER + 8 * len(entries)) // 2)
    return data[:24] + length + data[28:_HEADER] + b"".join(entries)


def _stated_encoding(parts: _Parts, table: AttributeTable | None) -> str | None:
    """The encoding that the ``.cpg`` file names, or the number in the table; none where neither does."""
    if ".cpg" in parts.files:
        text = parts.files[".cpg"].read_bytes()[:64].decode("ascii", "replace").strip().strip("\0").lower()
        if text:
            return _codec(text) or text
    return CODE_PAGES.get(table.language) if table is not None else None


def _codec(text: str) -> str | None:
    """Python's name of an encoding in the words of ESRI and others."""
    digits = _DIGITS.findall(text)
    number = digits[-1] if digits else ""
    tries = [text, text.replace(" ", "-"), f"cp{number}"]
    if number in {"65001", "8"} and "88" not in text:
        tries.insert(0, "utf-8")
    if number.startswith("8859") and len(number) > len("8859"):
        tries.insert(0, f"iso-8859-{number[4:]}")
    if "ldid" in text and number:
        tries.insert(0, CODE_PAGES.get(int(number), "") if int(number) in CODE_PAGES else "")
    for one in tries:
        try:
            return codecs.lookup(one).name if one else None
        except (LookupError, ValueError):
            continue
    return None


class _Texts:
    """In which encoding the texts of a table are: what their bytes show goes before what the file states."""

    def __init__(self, table: AttributeTable, stated: str | None, named: str | None) -> None:
        self.stated = stated
        self.encoding = named or stated or "utf-8"
        self.fault: FileFault | None = None
        self._width = {column.name: column.width for column in table.columns}
        cells = [cell for column in table.columns if column.kind == "C" and table.has_high_bytes(column)
                 for cell in table.cells(column)]  # fmt: skip
        cells = [cell for cell in cells if not cell.isascii()] + [c.name for c in table.columns if not c.name.isascii()]
        if cells and named is None:
            self._judge(cells)

    def decoded(self, raw: bytes) -> str:
        """A text; what is cut in the middle of a letter ends before it."""
        try:
            return raw.decode(self.encoding)
        except UnicodeDecodeError as error:
            if error.end == len(raw) and error.start >= len(raw) - 3:
                return raw[: error.start].decode(self.encoding, "replace")
            return raw.decode(self.encoding, "replace")
        except LookupError:
            return raw.decode(_FALLBACK, "replace")

    def _judge(self, cells: Sequence[bytes]) -> None:
        statement = f"the file says {self.stated}" if self.stated else "the file does not say in which encoding it is"
        if all(map(_is_utf8, cells)):
            if self.stated != "utf-8":
                self.encoding = "utf-8"
                message = f"Texts are UTF-8, though {statement}." if self.stated else f"Texts are UTF-8; {statement}."
                message += " Read as UTF-8; a .cpg file with UTF-8 beside the .shp file tells all programs."
                self.fault = FileFault("file-encoding", message, before=self.stated or "no encoding", after="UTF-8")
            return
        shown = next(cell for cell in cells if not _is_utf8(cell)).strip(b" \0")[:40]
        if self.stated not in {None, "utf-8"} and all(_decodes(cell, str(self.stated)) for cell in cells):
            return
        self.encoding = _FALLBACK
        what = (
            f"Texts are not {'UTF-8' if self.stated in {None, 'utf-8'} else self.stated}, and {statement}; "
            f"in Windows-1252 one would be “{shown.decode(_FALLBACK, 'replace')}”"
        )
        message = f"{what}. Say what it is by --encoding, mostly --encoding cp1252, and look at the accents."
        self.fault = FileFault("file-encoding", message, what=what)


def _is_utf8(cell: bytes) -> bool:
    try:
        cell.decode()
    except UnicodeDecodeError as error:
        # a letter that the end of the column cuts in two
        return error.reason == "unexpected end of data"
    return True


def _decodes(cell: bytes, encoding: str) -> bool:
    try:
        cell.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _decode(layer: VectorLayer, texts: _Texts) -> None:
    """The columns, which were read byte by byte, in the encoding that they are in."""
    columns: dict[str, Sequence[object]] = {}
    for name, values in layer.columns.items():
        key = texts.decoded(name.encode(_BYTEWISE, "replace"))
        columns[key] = [
            texts.decoded(value.encode(_BYTEWISE, "replace")) if isinstance(value, str) else value for value in values
        ]
    layer.columns = columns
    layer.encoding = texts.encoding
    if texts.fault is not None:
        layer.faults.append(texts.fault)


def _look_at_parts(parts: _Parts, table: AttributeTable | None, layer: VectorLayer) -> None:
    name = parts.path.name
    shapes = len(layer)
    if ".shx" not in parts.files:
        message = f"{name} has no .shx file beside it; the index was made again from the shapes."
        layer.faults.append(FileFault("file-incomplete", message, before="no .shx", after="made again"))
    size = parts.path.stat().st_size
    with parts.path.open("rb") as stream:
        (words,) = struct.unpack(">i", stream.read(28)[24:28])
    if words * 2 > size:
        message = f"{name} ends after {size:,} of {words * 2:,} bytes; copy or download it again."
        layer.faults.append(FileFault("file-incomplete", message))
    if table is None:
        message = f"{name} has no .dbf file beside it, so that there are shapes and no fields; copy all parts."
        layer.faults.append(FileFault("file-incomplete", message))
    elif len(table.records) < table.stated_rows or table.stated_rows < shapes:
        rows, features = len(table.records), max(shapes, table.stated_rows)
        message = f"The .dbf file holds {rows:,} rows for {features:,} features; copy all parts again."
        layer.faults.append(FileFault("file-incomplete", message))
