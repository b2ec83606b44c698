"""Reads exact field records of any make; what is wrong is said by number, never by content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from atlas.check.command_verdicts import Command, admit_document
from atlas.check.member_rules import is_in_degrees
from atlas.errors import InputError
from atlas.geojson.document import read_document_file
from atlas.geojson.geometries import TYPES
from atlas.release.restricted import Feature, Restricted

MOST_BYTES = 1_500_000_000
_REMEDY = "choose a GeoJSON file of field records"


def read_records(paths: Path | Sequence[Path], *, on_note: Callable[[str], None] | None = None) -> Restricted:
    """Field records from one GeoJSON file or several; ``on_note`` is told what is wrong and taken all the same.

    Raises
    ------
    InputError
        A file is missing, too large, not UTF-8, not GeoJSON, not in degrees, or has a member twice.
    """
    files = [paths] if isinstance(paths, Path) else list(paths)
    return Restricted(feature for path in files for feature in _features(path, on_note))


def restricted(features: Iterable[Feature]) -> Restricted:
    """Field records that are in memory already, such as those of a store."""
    return Restricted(features)


def _features(path: Path, on_note: Callable[[str], None] | None) -> list[dict[str, Any]]:
    if path.is_dir() or (path.is_file() and path.stat().st_size > MOST_BYTES):
        what = "is a folder" if path.is_dir() else f"is larger than {MOST_BYTES / 1e9:g} GB; split it"
        msg = f"{path} {what}; {_REMEDY}"
        raise InputError(msg)
    read = read_document_file(path, remedy=f"{_REMEDY}, or export it again")
    document = read.value
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "Feature":
        members: Any = [document]
    elif kind in TYPES:
        members = [{"type": "Feature", "geometry": document, "properties": {}}]
    else:
        members = document.get("features") if kind == "FeatureCollection" else None
    if not isinstance(members, list):
        msg = f"{path} is not GeoJSON: expected a FeatureCollection with a list of features; {_REMEDY}"
        raise InputError(msg)
    _refuse_other_crs(path, document)
    wrong = [number for number, feature in enumerate(members, start=1) if not _is_feature(feature)]
    if wrong:
        shown = ", ".join(str(number) for number in wrong[:10]) + (" …" if len(wrong) > 10 else "")  # noqa: PLR2004 - a line
        msg = (
            f"{path}: of {len(members)} features, {len(wrong)} are not GeoJSON features (number {shown}); correct them"
        )
        raise InputError(msg)
    notify = on_note or _silent
    for note in admit_document(read, str(path), Command.RELEASE):
        notify(note)
    return members


def _silent(note: str) -> None:
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
