"""Reads exact field records of any make; what is wrong is said by number, never by content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from atlas.check.command_verdicts import Command, StreamVerdicts, admit_document
from atlas.check.member_rules import is_in_degrees
from atlas.errors import InputError
from atlas.geojson.document import read_document_file
from atlas.geojson.geometries import TYPES
from atlas.geojson.strict import JsonFaultError, parse
from atlas.release.restricted import Feature, Restricted

MOST_BYTES = 1_500_000_000
# of a smaller one all can be in memory at once
_WHOLE_BYTES = 64_000_000
_EVERY = 20_000
_NO_TEXTS = {
    b"PAR1": "Parquet",
    b"fgb": "FlatGeobuf",
    b"PK\x03\x04": "a zip, or a workbook",
    b"\x1f\x8b": "packed by gzip",
    b"SQLite format 3\x00": "a database and no GeoPackage of field notes",
}
_MAGIC_SIZE = max(map(len, _NO_TEXTS))
_REMEDY = "choose a GeoJSON file of field records"
_EXPORT_AGAIN = f"{_REMEDY}, or export it again"


def read_records(paths: Path | Sequence[Path], *, on_note: Callable[[str], None] | None = None) -> Restricted:
    """Field records from one GeoJSON file or several; ``on_note`` is told what is wrong and taken all the same.

    Raises
    ------
    InputError
        A file is missing, too large, not UTF-8, not GeoJSON, not in degrees, or has a member twice.
    """
    return Restricted(each_record([paths] if isinstance(paths, Path) else paths, on_note=on_note))


def each_record(
    paths: Iterable[Path],
    *,
    on_note: Callable[[str], None] | None = None,
    on_share: Callable[[float], None] | None = None,
) -> Iterator[Feature]:
    """The same, one after the other for the gate alone: what it doesn't keep takes no memory.

    Whoever goes through them has to go to the end: some faults are known only there.

    Parameters
    ----------
    on_share
        Called with how much of a file has been read, from 0 to 1.

    Raises
    ------
    InputError
        As in `read_records`.
    """
    for path in paths:
        yield from _features(path, on_note or _silent, on_share or _silent)


def _features(path: Path, on_note: Callable[[str], None], on_share: Callable[[float], None]) -> Iterator[Feature]:
    size = path.stat().st_size if path.is_file() else 0
    if path.is_dir() or size > MOST_BYTES:
        what = "is a folder" if path.is_dir() else f"is larger than {MOST_BYTES / 1e9:g} GB; split it"
        msg = f"{path} {what}; {_REMEDY}"
        raise InputError(msg)
    _refuse_tables(path)
    if size > _WHOLE_BYTES:
        yield from _streamed(path, size, on_note, on_share)
    else:
        yield from _whole(path, on_note)


def _refuse_tables(path: Path) -> None:
    """Refuse by its first bytes what is no text at all."""
    if not path.is_file():
        return
    with path.open("rb") as stream:
        head = stream.read(_MAGIC_SIZE)
    what = next((name for magic, name in _NO_TEXTS.items() if head.startswith(magic)), None)
    if what is not None:
        msg = (
            f"{path} is {what}; records are released from GeoJSON or a GeoPackage of field notes. Export it as GeoJSON"
        )
        raise InputError(msg)


def _whole(path: Path, on_note: Callable[[str], None]) -> Iterator[Feature]:
    read = read_document_file(path, remedy=_EXPORT_AGAIN)
    document = read.value
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "Feature":
        members: Any = [document]
    elif kind in TYPES:
        members = [{"type": "Feature", "geometry": document, "properties": {}}]
    else:
        members = document.get("features") if kind == "FeatureCollection" else None
    if not isinstance(members, list):
        raise _no_geojson(path)
    _refuse_other_crs(path, document)
    _refuse_others(path, [number for number, one in enumerate(members, start=1) if not _is_feature(one)], len(members))
    for note in admit_document(read, str(path), Command.RELEASE):
        on_note(note)
    yield from members


def _streamed(
    path: Path, size: int, on_note: Callable[[str], None], on_share: Callable[[float], None]
) -> Iterator[Feature]:
    """The features of a large file, of which there is never more than a few in memory."""
    wrong: list[int] = []
    number = 0
    try:
        with path.open("rb") as stream:
            verdicts = StreamVerdicts(stream, str(path), Command.RELEASE, twins=True)
            for number, item in enumerate(verdicts.items(), start=1):
                # what is no plain line is read again as strictly as a small file
                value: Any = item.value if item.plain else _strict(path, number, item.text)
                if _is_feature(value):
                    yield value
                else:
                    wrong.append(number)
                if number % _EVERY == 0:
                    on_share(stream.tell() / size)
    except OSError as error:
        msg = f"{path} cannot be read ({error.strerror}); {_EXPORT_AGAIN}"
        raise InputError(msg) from None
    members = verdicts.members
    if not verdicts.is_whole:
        # it says best where the text stops being JSON
        read_document_file(path, remedy=_EXPORT_AGAIN)
    elif not verdicts.is_sequence:
        if not number and not verdicts.is_collection:
            yield from _whole(path, on_note)
            return
        if members.get("type") != "FeatureCollection":
            raise _no_geojson(path)
        _refuse_other_crs(path, members)
    _refuse_others(path, wrong, number)
    verdicts.refuse()
    for note in verdicts.notes():
        on_note(note)


def _strict(path: Path, number: int, text: str) -> Any:  # noqa: ANN401 - straight from the parser
    try:
        return parse(text)
    except JsonFaultError as fault:
        msg = f"{path}: feature {number} {fault}; {fault.remedy or 'correct it, or leave it out'}"
        raise InputError(msg) from None


def _no_geojson(path: Path) -> InputError:
    msg = f"{path} is not GeoJSON: expected a FeatureCollection with a list of features; {_REMEDY}"
    return InputError(msg)


def _refuse_others(path: Path, wrong: Sequence[int], count: int) -> None:
    """Refuse a file in which something stands among the features that is none."""
    if wrong:
        shown = ", ".join(str(number) for number in wrong[:10]) + (" …" if len(wrong) > 10 else "")  # noqa: PLR2004 - a line
        msg = f"{path}: of {count} features, {len(wrong)} are not GeoJSON features (number {shown}); correct them"
        raise InputError(msg)


def _silent(_: object) -> None:
    """Nobody listens."""


def _is_feature(feature: object) -> bool:
    return (
        isinstance(feature, dict)
        and feature.get("type") == "Feature"
        and isinstance(feature.get("properties"), dict | None)
        and isinstance(feature.get("geometry"), dict | None)
    )


def _refuse_other_crs(path: Path, document: Mapping[str, Any]) -> None:
    """Refuse a file that says it is in metres; a position in an unknown system would be placed wrongly."""
    if not is_in_degrees(document):
        msg = (
            f"{path} says that it is in another coordinate system than degrees (member 'crs'); export it in degrees, "
            "for instance with `ogr2ogr -t_srs EPSG:4326 OUT.geojson IN.geojson`"
        )
        raise InputError(msg)
