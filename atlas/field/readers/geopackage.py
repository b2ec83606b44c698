"""GeoPackages: an edited copy of a store, a store with its history, the layer of a QField project, any other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.errors import ShapelyError

from atlas.errors import InputError
from atlas.field.change import Change, ChangeError
from atlas.field.readers import positions
from atlas.field.readers.fault import RowFaultError
from atlas.field.readers.inline import as_inline
from atlas.field.readers.input_source import Source
from atlas.field.readers.photos import photo
from atlas.field.readers.read_options import ReadOptions
from atlas.field.readers.record_rows import SOUNDS, Rows
from atlas.field.readers.sounds import is_sound, sound
from atlas.field.row import BASE, FieldRow, Media, Rejected
from atlas.foreign_sqlite import ForeignDatabase, foreign_database
from atlas.geojson.shapely_geometries import plain_member
from atlas.geojson.strict import JsonFaultError, parse

_REMEDY = "export or copy it again"
_ENVELOPES = (0, 32, 48, 48, 64)
# a number that no table of envelopes has
_NO_HEADER = 0b1110
_WAL_MODE = b"\x02\x02"
_UNKNOWN_SYSTEMS = (0, -1)
_MOST_PHOTOS = 10_000
# what the tables of the atlas' own form have
_FORM = frozenset({"category", "position_basis", "consent"})
_ATLAS_COLUMN = "same_as"
_CHANGE = ("change_id", "record_id", "field", "value", "parents", "author", "device", "claimed_at")


class NoNotesError(InputError):
    """A whole GeoPackage that does not say which of its tables holds notes, such as a base map."""


@dataclass(frozen=True, slots=True)
class _Layer:
    """A table of features."""

    name: str
    geometry: str | None
    system: str | None
    columns: tuple[str, ...]


def read_geopackage(source: Source, options: ReadOptions) -> Iterator[FieldRow | Rejected]:
    """Records of the tables that hold some; a store gives its history.

    Raises
    ------
    InputError
        It is not a GeoPackage, is damaged, or does not say which of its tables holds the records.
    """
    if source.opener is None and source.head()[18:20] == _WAL_MODE and not _log(source).exists():
        options.notify(f"{source.name}: if it was copied while a program had it open, copy {_log(source).name} as well")
    with _opened(source) as database:
        # what is there as a view is refused where it is asked for
        tables = database.tables | database.others
        if "gpkg_contents" not in tables:
            msg = f"{source.name} is a database and no GeoPackage; export it as GeoPackage"
            raise InputError(msg)
        if {"atlas_store", "changes"} <= tables and options.layer is None:
            yield from _history(source, database, options)
            return
        chosen = _chosen(source, options, list(_layers(database)))
        options.unused.tables += _others(database, chosen)
        for layer in chosen:
            yield from _Table(source, options, database, layer).records()


def _log(source: Source) -> Path:
    """Where a database that is open keeps what is not yet in its file."""
    return source.path.with_name(f"{source.path.name}-wal")


@contextmanager
def _opened(source: Source) -> Iterator[ForeignDatabase]:
    data = source.path if source.opener is None else source.whole()
    with foreign_database(data, name=source.name, remedy=_REMEDY) as database:
        yield database


def _others(database: ForeignDatabase, chosen: list[_Layer]) -> list[str]:
    """The tables of features and attributes that are not read, but those that a program writes for itself."""
    named = [str(name) for name, kind in database.rows("gpkg_contents", ("table_name", "data_type")) if kind != "tiles"]
    used = {layer.name for layer in chosen} | {"layer_styles", "qgis_projects"}
    return [name for name in named if name not in used]


def _layers(database: ForeignDatabase) -> Iterator[_Layer]:
    columns = ("table_name", "column_name", "srs_id")
    shapes = {}
    if "gpkg_geometry_columns" in database.tables:
        shapes = {name: (column, srs) for name, column, srs in database.rows("gpkg_geometry_columns", columns)}
    described = database.rows("gpkg_spatial_ref_sys", ("srs_id", "organization", "organization_coordsys_id"))
    systems = {srs: f"{organization}:{code}" for srs, organization, code in described}
    for name, kind in list(database.rows("gpkg_contents", ("table_name", "data_type"))):
        if kind not in {"features", "attributes"} or name not in database.tables | database.others:
            continue
        # of a view nobody looks into, it is only said that it is there
        held = database.columns(name) if name in database.tables else ()
        column, srs = shapes.get(name, (None, None))
        system = None if srs in _UNKNOWN_SYSTEMS else systems.get(srs)
        if kind == "features" or not held or BASE in held or set(held) >= _FORM:
            yield _Layer(name, column, system, held)


def _chosen(source: Source, options: ReadOptions, layers: list[_Layer]) -> list[_Layer]:
    """The tables with records: the one that was named, those of the atlas' forms, or the only one."""
    if options.layer is not None:
        chosen = [layer for layer in layers if layer.name == options.layer]
    else:
        chosen = [layer for layer in layers if BASE in layer.columns]
        chosen = chosen or [layer for layer in layers if set(layer.columns) >= _FORM]
        chosen = chosen or (layers if len(layers) == 1 else [])
    if not chosen:
        names = ", ".join(repr(layer.name) for layer in layers[:20]) or "none"
        msg = f"{source.name} does not say which table holds the notes; say it with --layer. Its tables: {names}"
        raise NoNotesError(msg)
    return chosen


class _Table:
    """One table of features."""

    def __init__(self, source: Source, options: ReadOptions, database: ForeignDatabase, layer: _Layer) -> None:
        self._source = source
        self._options = options
        self._database = database
        self._layer = layer
        self._rows = Rows(source, options)
        system = layer.system or options.crs
        if layer.geometry and system is None:
            msg = (
                f"{source.name}: the table {layer.name!r} is in no coordinate system; "
                "save it with one, or say it with atlas field import --crs"
            )
            raise InputError(msg)
        self._move = positions.mover(system, where=f"{source.name}, table {layer.name!r}") if system else None

    def records(self) -> Iterator[FieldRow | Rejected]:
        rows = self._database.rows(self._layer.name, self._layer.columns)
        for number, values in enumerate(rows, start=1):
            row = dict(zip(self._layer.columns, values, strict=True))
            yield self._record(row, f"{self._layer.name} {row.get('fid') or number}")
        self._rows.remarks.notify(self._source, self._options)

    def _record(self, row: dict[str, Any], where: str) -> FieldRow | Rejected:
        raw = json.dumps({n: v for n, v in row.items() if not isinstance(v, bytes)}, ensure_ascii=False, default=str)
        try:
            shape = self._shape(row.pop(self._layer.geometry or "", None), where)
            row.pop("fid", None)
            row = _of_store(row) if BASE in row else row
        except (RowFaultError, ChangeError) as fault:
            return Rejected(where, str(fault), raw)
        kept = {name: as_inline(value) if isinstance(value, bytes) else value for name, value in row.items()}
        self._rows.remarks.columns |= dict.fromkeys(name for name, value in kept.items() if isinstance(value, bytes))
        kept = {name: value for name, value in kept.items() if not isinstance(value, bytes)}
        unplaced = self._layer.geometry is not None and shape is None
        return self._rows.record(kept, where, raw=raw, geometry=shape, unplaced=unplaced)

    def _shape(self, blob: object, where: str) -> positions.Geometry | None:
        if not isinstance(blob, bytes):
            return None
        try:
            flags = blob[3] if blob.startswith(b"GP") else _NO_HEADER
            if flags >> 4 & 1:
                return None
            shape, mended = _of_wkb(blob[8 + _ENVELOPES[flags >> 1 & 7] :])
        except (IndexError, ValueError, ShapelyError) as error:
            msg = f"its geometry cannot be read ({error}); place it again"
            raise RowFaultError(msg) from error
        if mended:
            self._rows.remarks.closed.append(where)
        return None if shape.is_empty else positions.geometry(positions.moved(plain_member(shape), self._move))


def _of_wkb(data: bytes) -> tuple[Any, bool]:
    """A shape without heights, and whether a ring of it had to be closed."""
    try:
        return shapely.force_2d(shapely.from_wkb(data)), False
    except ShapelyError:
        return shapely.force_2d(shapely.from_wkb(data, on_invalid="fix")), True


def _of_store(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a store's table of annotations in the names and types of a record."""
    made = {name: value for name, value in row.items() if name not in {"extra", "photos", "deleted", _ATLAS_COLUMN}}
    made |= _json("extra", row.get("extra"), dict) or {}
    photos = row.get("photos")
    if "photos" in row:
        listed = photos and str(photos).lstrip().startswith("[")
        made["photos"] = (_json("photos", photos, list) if listed else photos) or None
    if row.get("deleted") == 1:
        made["deleted"] = True
    return made


def _json(column: str, words: Any, kind: type) -> Any:  # noqa: ANN401 - any JSON
    """What a column of a store says; nothing where it is empty."""
    if words is None or words == "":
        return None
    try:
        stated = parse(words) if isinstance(words, str) else words
    except JsonFaultError as fault:
        msg = f"its column {column} {fault}; {fault.remedy or 'empty it, or restore the table'}"
        raise RowFaultError(msg) from None
    if isinstance(stated, kind):
        return stated
    msg = f"its column {column} holds {words!r:.60}, which no store of the atlas writes; empty it, or restore the table"
    raise RowFaultError(msg)


def _history(source: Source, database: ForeignDatabase, options: ReadOptions) -> Iterator[FieldRow | Rejected]:
    """Every record of a store with all of its changes, as a merge would take them."""
    photos = _photos(source, database, options)
    rows = database.rows("changes", _CHANGE, order="record_id")
    held: list[Change] = []
    for row in rows:
        try:
            change = _change(row)
        except (ChangeError, ValueError, TypeError) as error:
            yield Rejected(f"change {row[0]}", f"it is not a change: {error}; {_REMEDY}", str(row))
            continue
        if held and held[0].record_id != change.record_id:
            yield _with_history(held, photos)
            held = []
        held.append(change)
    if held:
        yield _with_history(held, photos)


def _change(row: tuple[Any, ...]) -> Change:
    stated = dict(zip(_CHANGE, row, strict=True))
    parents = stated["parents"]
    known = parse(parents) if parents.startswith("[") else parents.split()
    return Change.from_json({**stated, "value": parse(stated["value"]), "parents": known})


def _with_history(changes: list[Change], photos: Mapping[str, Media]) -> FieldRow:
    lists = (change.value for change in changes if change.field in {"photos", SOUNDS})
    names = [name for listed in lists if isinstance(listed, list) for name in listed if isinstance(name, str)]
    media = tuple(photos[name] for name in dict.fromkeys(names) if name in photos)
    return FieldRow(f"record {changes[0].record_id}", changes[0].record_id, changes=tuple(changes), media=media)


def _photos(source: Source, database: ForeignDatabase, options: ReadOptions) -> dict[str, Media]:
    """The photos of a store; one that an older atlas took in may have had more in it than its picture."""
    if "media" not in database.tables:
        return {}
    photos = dict[str, Media]()
    for name, data in database.rows("media", ("name", "data"), limit=_MOST_PHOTOS):
        try:
            make = sound if is_sound(str(name)) else photo
            photos[name] = make(str(name), data if isinstance(data, bytes) else b"")
        except RowFaultError as fault:
            options.notify(f"{source.name}: the photo {name!r:.80} {fault.reason}; its name is kept")
    return photos
