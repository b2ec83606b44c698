"""GeoJSON: field records of any make, exports of the page with their history, exports of form servers."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from atlas.check.command_verdicts import Command, notes_on
from atlas.check.number_rules import UNHELD, number_fault
from atlas.errors import InputError
from atlas.field.change import Change, ChangeError
from atlas.field.readers import dates, positions
from atlas.field.readers.comapeo import beside_comapeo, is_mapeo, named_category
from atlas.field.readers.copies import CLOSED
from atlas.field.readers.fault import RowFaultError
from atlas.field.readers.features import MOST_RAW, PAGE_FORMAT, TAKE_OUT, FeatureFile
from atlas.field.readers.input_source import Source
from atlas.field.readers.read_options import DateOrder, ReadOptions
from atlas.field.readers.record_rows import Rows
from atlas.field.readers.saved_places import is_saved_place, saved_place
from atlas.field.row import FieldRow, Rejected
from atlas.geojson.model import DEEPEST, crs_name
from atlas.geojson.nesting import is_deep
from atlas.geojson.tolerant import repeated_in, text_of

_KNOWN_VERSIONS = (1,)
# KoboToolbox writes the answers' machine columns into the properties
_FORM_MARKS = ("_uuid", "meta/rootUuid", "meta/instanceID", "__id")


def read_geojson(source: Source, options: ReadOptions) -> Iterator[FieldRow | Rejected]:
    """A record a feature.

    Raises
    ------
    InputError
        It is not GeoJSON, is cut off, or in a coordinate system that is not known.
    """
    collection = _Collection(source, options, FeatureFile(source, options))
    _report_faults(source, options)
    yield from collection.records()


def read_sequence(source: Source, options: ReadOptions) -> Iterator[FieldRow | Rejected]:
    """A record a line of a GeoJSON text sequence (RFC 8142), with or without its record separators.

    Raises
    ------
    InputError
        Its encoding cannot be told.
    """
    _report_faults(source, options)
    yield from _Collection(source, options, FeatureFile(source, options, sequence=True)).records()


def _report_faults(source: Source, options: ReadOptions) -> None:
    """Say what is wrong with the file as a whole or with rows that come in all the same."""
    with source.open() as stream:
        for note in notes_on(stream, source.name, Command.IMPORT, spoken=_SPOKEN):
            options.notify(note)


# what the readers say themselves, of every format
_SPOKEN = frozenset({"encoding-not-utf8", "encoding-utf16", "ring-open"})


class _Collection:
    """The features of one file, and what the file says about all of them."""

    def __init__(self, source: Source, options: ReadOptions, file: FeatureFile) -> None:
        stated = file.members.get("atlas")
        self._stated: Mapping[str, Any] = stated if isinstance(stated, Mapping) else {}
        version = self._stated.get("version")
        if self._stated.get("format") == PAGE_FORMAT and version not in _KNOWN_VERSIONS:
            msg = f"{source.name} is an export of the page of version {version!r}, newer than this atlas; update it"
            raise InputError(msg)
        carried = _carried(self._stated.get("media"))
        beside = source.media
        self._source = replace(source, media=lambda name: carried.get(name) or beside(name))
        self._options = options
        self._file = file
        self._move = _stated_move(source, file.members.get("crs"))
        if self._move is not None:
            options.notify(f"{source.name}: positions were brought to degrees from the system that its crs names")

    def records(self) -> Iterator[FieldRow | Rejected]:
        plain, form = (Rows(self._source, self._options, order=self._order, form=form) for form in (False, True))
        for where, feature in self._file.features():
            yield feature if isinstance(feature, Rejected) else self._record(feature, where, plain, form)
        for rows in (plain, form):
            rows.remarks.notify(self._source, self._options)

    def _order(self) -> DateOrder | None:
        """What all dates of the file decide; it is gone through once more for that."""
        rows = Rows(self._source, self._options)
        return dates.order_in(_date_texts(self._file, rows))

    def _record(self, feature: Any, where: str, plain: Rows, form: Rows) -> FieldRow | Rejected:  # noqa: ANN401 - any JSON
        raw = partial(text_of, feature)
        try:
            _refuse_repeated(feature)
            _refuse_odd(feature)
            properties, geometry = _parts(feature)
            geometry = positions.moved(geometry, self._move)
            if is_saved_place(properties):
                properties, geometry = saved_place(properties, geometry)
            changes = tuple(Change.from_json(change) for change in _changes(feature))
        except (RowFaultError, ChangeError) as fault:
            return Rejected(where, str(fault), raw()[:MOST_RAW])
        except RecursionError:
            return Rejected(where, "it is nested too deeply to be a note; flatten it", raw()[:MOST_RAW])
        if changes and properties.get("sensitivity") == CLOSED and all(c.field != "sensitivity" for c in changes):
            # the store shows this where nobody said anything
            properties = {name: value for name, value in properties.items() if name != "sensitivity"}
        for observation in (feature.get("$comapeo"), properties if is_mapeo(properties) else None):
            if isinstance(observation, Mapping):
                properties = {**beside_comapeo(observation), **properties}
        properties = {**named_category(properties), **properties}
        rows = form if any(mark in properties for mark in _FORM_MARKS) else plain
        given = feature.get("id") if rows is plain and feature.get("id") is not None else properties.get("id")
        made = rows.record(
            properties,
            where,
            raw=raw,
            geometry=geometry,
            record_id=given if rows is plain else None,
            exact=bool(changes),
            unplaced="geometry" in feature and geometry is None,
        )
        if isinstance(made, Rejected):
            return made
        author, device = made.author or self._text("author"), made.device or self._text("device")
        return replace(made, changes=changes, author=author, device=device)

    def _text(self, name: str) -> str | None:
        words = self._stated.get(name)
        return words if isinstance(words, str) and words.strip() else None


def _parts(feature: Any) -> tuple[dict[str, Any], Any]:  # noqa: ANN401 - any JSON
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        msg = "it is not a Feature; a record is an object with type, geometry and properties"
        raise RowFaultError(msg)
    properties = feature.get("properties")
    if properties is not None and not isinstance(properties, dict):
        msg = "its properties are not an object; write {} when there are none"
        raise RowFaultError(msg)
    return properties or {}, feature.get("geometry")


def _refuse_repeated(feature: Any) -> None:  # noqa: ANN401 - any JSON
    if twice := repeated_in(feature):
        msg = f"it says two things: {twice}; {TAKE_OUT}"
        raise RowFaultError(msg)


def _refuse_odd(feature: Any) -> None:  # noqa: ANN401 - any JSON
    """Refuse what no program holds, wherever it stands in a feature: the id says which record it is."""
    if is_deep(feature):
        msg = f"objects and lists stand in each other more than {DEEPEST} times; flatten it"
        raise RowFaultError(msg)
    given = feature.get("id") if isinstance(feature, dict) else None
    if isinstance(given, int | float) and number_fault(given) in UNHELD:
        msg = "its id is no number that programs hold; give it one of text, or none"
        raise RowFaultError(msg)


def _changes(history_member: Mapping[str, Any]) -> list[Any]:
    stated = history_member.get("atlas")
    changes = (stated.get("changes") or []) if isinstance(stated, Mapping) else []
    if not isinstance(changes, list):
        msg = "its history is not a list of changes; export it again"
        raise RowFaultError(msg)
    return changes


def _carried(feature: Any) -> dict[str, bytes]:  # noqa: ANN401 - any JSON
    """Photos inside of an export, by name; one that cannot be decoded is missing, and is said to be."""
    carried = {}
    for one in feature if isinstance(feature, list) else ():
        if isinstance(one, Mapping) and isinstance(one.get("name"), str) and isinstance(one.get("data"), str):
            data = one["data"].partition("base64,")[2] or one["data"]
            try:
                carried[one["name"]] = base64.b64decode(data, validate=True)
            except (binascii.Error, ValueError):
                continue
    return carried


def _stated_move(source: Source, crs: Any) -> positions.Move | None:  # noqa: ANN401 - any JSON
    if crs is None:
        return None
    name = crs_name(crs)
    if name is None:
        msg = f"{source.name} has a member 'crs' without a name; export it in degrees (EPSG:4326)"
        raise InputError(msg)
    return positions.mover(name, where=source.name)


def _date_texts(file: FeatureFile, rows: Rows) -> Iterator[str]:
    for _, feature in file.features():
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if isinstance(properties, dict):
            for name in rows.columns(tuple(properties)).roles.get("observed_at", ()):
                if isinstance(properties[name], str):
                    yield properties[name]
