"""The columns of a KML or GPX file without those that GDAL has for every such file, under their own names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from atlas.vector.file_format import FileFormat

# columns that GDAL makes of every placemark, with what they hold where the file says nothing
_KML_DEFAULTS: Mapping[str, Sequence[Any]] = {
    "timestamp": (None,),
    "begin": (None,),
    "end": (None,),
    "altitudeMode": (None, "", "clampToGround", "absolute", "relativeToGround"),
    "tessellate": (None, -1, 0, 1),
    "extrude": (None, -1, 0),
    "visibility": (None, -1, 1),
    "drawOrder": (None,),
    "icon": (None, ""),
    "snippet": (None, ""),
    "description": (None, ""),
    "Description": (None, ""),
    "id": (None, ""),
    "Name": (None, ""),
    "name": (None, ""),
}


def placemark_columns(form: FileFormat, columns: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """The columns in which the file says something."""
    return _plain_names({key: held for key, held in columns.items() if not _is_empty_by_default(form, key, held)})


def _plain_names(columns: dict[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """A placemark's own names for its fields, of which GDAL renames those that are the element's as well."""
    plain: dict[str, Sequence[Any]] = {}
    for key, held in columns.items():
        label = key in {"Name", "name"} and any(
            other != key and all(a in {None, b} for a, b in zip(held, values, strict=True))
            for other, values in columns.items()
        )
        if not label:
            bare = key.removesuffix("2")
            plain[bare if bare.lower() in {"id", "name", "description"} and bare not in plain else key] = held
    return plain


def _is_empty_by_default(form: FileFormat, column: str, values: Sequence[Any]) -> bool:
    """Whether a column, which the format has of every feature, holds nothing that the file says."""
    usual = (None,) if form is FileFormat.GPX else _KML_DEFAULTS.get(column)
    return usual is not None and all(value in usual for value in values)
