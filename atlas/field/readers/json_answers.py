"""Answers as JSON, as ODK Central (OData), KoboToolbox, Epicollect5 and iNaturalist give them to programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from atlas.errors import InputError
from atlas.field.readers.answers import Child, answered
from atlas.field.readers.cell_values import text
from atlas.field.readers.charset import find_encoding
from atlas.field.readers.fault import RowFaultError
from atlas.field.readers.input_source import Source
from atlas.field.readers.read_options import ReadOptions
from atlas.field.readers.record_rows import Rows
from atlas.field.readers.submission import answer_columns
from atlas.field.row import FieldRow, Rejected
from atlas.geojson.strict import JsonFaultError
from atlas.geojson.tolerant import parse_lenient, repeated_in

LISTS = ("results", "value", "entries", "data", "observations", "records")
_NEXT = ("next", "@odata.nextLink")
_LINK = "@odata.navigationLink"
_DEEPEST = 12
# what OData calls otherwise than the server's tables
_HEADERS = {
    "__id": "KEY",
    "__system-submissionDate": "SubmissionDate",
    "__system-submitterName": "SubmitterName",
    "__system-deviceId": "DeviceID",
    "__system-edits": "Edits",
}
_NUMBERS = 2
_BESIDE = frozenset({"_attachments", "_geolocation"})
_MACHINE = frozenset({"_attachments", "_geolocation", "_tags", "_notes", "_validation_status"})


def read_json_answers(source: Source, options: ReadOptions) -> Iterator[FieldRow | Rejected]:
    """A record an object, with those of its repeats, under the same ids and names as in a server's tables.

    Raises
    ------
    InputError
        It is not JSON, or holds no list of objects.
    """
    try:
        document = parse_lenient(source.whole().decode(find_encoding(source, options.encoding)).removeprefix("\ufeff"))
    except JsonFaultError as fault:
        msg = f"{source.name} {fault}; export it again"
        raise InputError(msg) from None
    except RecursionError:
        msg = f"{source.name} is nested too deeply to hold notes; export it again"
        raise InputError(msg) from None
    # Epicollect5 has the address of its next page among others
    heads = [document, document.get("links")] if isinstance(document, Mapping) else []
    if any(head.get(name) for head in heads if isinstance(head, Mapping) for name in _NEXT):
        options.notify(f"{source.name}: the server has more answers than this file; export the next page as well")
    listed = _list(document)
    if listed is None:
        msg = f"{source.name} is JSON and holds no list of answers; export it as GeoJSON or CSV"
        raise InputError(msg)
    form, plain = (Rows(source, options, form=form) for form in (True, False))
    for number, one in enumerate(listed, start=1):
        yield from _records(one, f"object {number}", form, plain)
    for rows in (form, plain):
        rows.remarks.notify(source, options)


def _list(document: Any) -> list[Any] | None:  # noqa: ANN401 - any JSON
    if isinstance(document, list):
        return document
    if not isinstance(document, Mapping):
        return None
    inner = next((document[name] for name in LISTS if isinstance(document.get(name), list | Mapping)), None)
    return _list(inner) if inner is not None else None


def _records(one: Any, where: str, form: Rows, plain: Rows) -> Iterator[FieldRow | Rejected]:  # noqa: ANN401 - any JSON
    raw = json.dumps(one, ensure_ascii=False, default=str)
    try:
        _refuse_odd(one)
        of_server = any(name in one for name in ("__id", "_uuid", "_submission_time"))
        row = dict(_columns(one, "-" if "__id" in one else "/"))
        children = list(_children(one, where, "-" if "__id" in one else "/"))
    except RowFaultError as fault:
        yield Rejected(where, fault.reason, raw[:20_000])
        return
    rows = form if of_server else plain
    stated = [words for each in (row, *(child.row for child in children)) for words in each.values()]
    row |= dict(_beside(one, stated, placed=form.columns(tuple(row)).placed))
    rows.remarks.columns |= dict.fromkeys(name for name in one if name.endswith(_LINK))
    rows.remarks.columns |= dict.fromkeys(name for name in _MACHINE - _BESIDE if one.get(name))
    yield from answered(rows, row, children, where, raw=raw)


def _beside(one: Mapping[str, Any], stated: Iterable[object], *, placed: bool) -> Iterator[tuple[str, str]]:
    """What KoboToolbox lists beside the answers and no answer says: files, and where the submission is."""
    files = one.get("_attachments")
    named = {_plain(part) for words in stated for part in str(words).split("|")}
    names = [_file(item) for item in files] if isinstance(files, list) else []
    if left := [name for name in dict.fromkeys(names) if name and _plain(name) not in named]:
        yield "attachments", "|".join(left)
    at = one.get("_geolocation")
    if not placed and isinstance(at, list) and len(at) == _NUMBERS and all(words := [text(part) or "" for part in at]):
        yield "geopoint", " ".join(words)


def _file(item: object) -> str:
    name = item.get("filename") if isinstance(item, Mapping) else None
    return name.rpartition("/")[2] if isinstance(name, str) else ""


def _plain(name: str) -> str:
    """A name as the server changes it: blanks become lines, and folders go."""
    return name.strip().rpartition("/")[2].replace(" ", "_")


def _refuse_odd(one: Any) -> None:  # noqa: ANN401 - any JSON
    if not isinstance(one, Mapping):
        msg = "it is no object with names and values"
        raise RowFaultError(msg)
    if twice := repeated_in(one):
        msg = f"it says two things: {twice}; take out one of the two"
        raise RowFaultError(msg)


def _columns(one: Mapping[str, Any], mark: str, group: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """The answers outside of repeats, by the header that a server's table has for them."""
    if depth > _DEEPEST:
        msg = f"objects stand in each other more than {_DEEPEST} times; flatten it"
        raise RowFaultError(msg)
    for name, value in one.items():
        header = f"{group}{name}"
        if header in _MACHINE or name.endswith(_LINK) or value is None:
            continue
        if _is_point(value):
            yield from _position(header, value)
        elif isinstance(value, Mapping):
            yield from _columns(value, mark, f"{header}{mark}", depth + 1)
        elif isinstance(value, list):
            if value and not any(isinstance(item, Mapping | list) for item in value):
                yield header, "|".join(words for item in value if (words := text(item)))
        elif words := text(value):
            yield from answer_columns(_HEADERS.get(header, header), words)


def _children(one: Mapping[str, Any], where: str, mark: str, group: str = "") -> Iterator[Child]:
    for name, value in one.items():
        header = f"{group}{name}"
        if header in _MACHINE:
            continue
        if isinstance(value, Mapping) and not _is_point(value):
            yield from _children(value, where, mark, f"{header}{mark}")
        elif isinstance(value, list):
            for number, item in enumerate(value, start=1):
                if isinstance(item, Mapping):
                    row = {n.removeprefix(f"{header}/"): words for n, words in _columns(item, mark)}
                    yield Child(header, f"{where}, {name} {number}", None, row)
                    yield from _children(item, where, mark)


def _is_point(value: Any) -> bool:  # noqa: ANN401 - any JSON
    return isinstance(value, Mapping) and value.get("type") == "Point" and isinstance(value.get("coordinates"), list)


def _position(header: str, point: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A position of OData, as the columns that the server's table has of it."""
    properties = point.get("properties")
    accuracy = properties.get("accuracy") if isinstance(properties, Mapping) else None
    parts = dict(zip(("Longitude", "Latitude", "Altitude"), point["coordinates"], strict=False))
    for name, value in {**parts, "Accuracy": accuracy}.items():
        if words := text(value):
            yield f"{header}-{name}", words
