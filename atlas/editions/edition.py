"""One edition of a layer, as arrays: shapes in degrees, codes, names and ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.errors import InputError, UsageError

_CODE_NAMES = (
    "cvegeo", "code", "codigo", "código", "clave", "cve_mun", "cod_mun", "pcode", "adm2_pcode", "adm1_pcode",
    "adm3_pcode", "shapeid", "geoid", "gid", "iso", "iso_code", "id", "key", "fid",
)  # fmt: skip
_NAME_NAMES = (
    "name", "nombre", "nomgeo", "nom_mun", "municipio", "municipality", "adm2_es", "adm2_en", "adm1_es", "adm1_en",
    "shapename", "nom_ent", "title",
)  # fmt: skip

# the type of a geometry, and its coordinates as JSON
GeometryText = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a layer.

    Attributes
    ----------
    title
        How messages and files call it.
    shapes
        Geometries in degrees (longitude, latitude); None where a feature has no place.
    properties
        What each feature says.
    identifiers
        The member ``id`` of each feature as text, None where there is none.
    codes, names
        What each feature is known by, as text without spaces around it; None where it has none. All None where the
        edition has no such field.
    code_field, name_field
        The fields that these come from.
    texts
        The shapes as the file has them, where that is at hand; none at all where it is no GeoJSON.
    """

    title: str
    shapes: NDArray[np.object_]
    properties: Sequence[Mapping[str, Any]]
    identifiers: Sequence[str | None]
    codes: Sequence[str | None]
    names: Sequence[str | None]
    code_field: str | None
    name_field: str | None
    texts: Sequence[GeometryText | None] = ()

    def __len__(self) -> int:
        """How many features there are."""
        return len(self.shapes)

    @property
    def dimension(self) -> int:
        """0 for points, 1 for lines, 2 for areas; -1 where nothing has a place.

        Raises
        ------
        InputError
            It holds several of these.
        """
        kinds = sorted({int(kind) for kind in shapely.get_dimensions(self.shapes) if kind >= 0})
        if len(kinds) > 1:
            words = " and ".join(("points", "lines", "areas")[kind] for kind in kinds)
            msg = f"{self.title} holds {words}; two editions are compared one kind at a time, so give a file of each"
            raise InputError(msg)
        return kinds[0] if kinds else -1


@dataclass(frozen=True, slots=True)
class Features:
    """What was read of a file, before it is known which fields are codes and names.

    ``remarks`` say what is wrong with a file of another format than GeoJSON and was taken all the same.
    """

    title: str
    shapes: NDArray[np.object_]
    properties: Sequence[Mapping[str, Any]]
    identifiers: Sequence[str | None]
    texts: Sequence[GeometryText | None] = ()
    remarks: Sequence[str] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all properties, in the order in which they first appear."""
        return tuple(dict.fromkeys(name for row in self.properties for name in row))


def paired_editions(
    old: Features, new: Features, *, key: str | None = None, name: str | None = None
) -> tuple[Edition, Edition]:
    """Two editions, with the fields that tell their features apart.

    Parameters
    ----------
    old, new
        What was read.
    key, name
        The field of codes and that of names, as ``FIELD`` or, where they differ, ``OLD=NEW``. If not given, a field
        that both have, that is called like one, and that in the case of codes is different for each feature.

    Raises
    ------
    UsageError
        An edition has no such field.
    InputError
        A code stands for two features of one edition.
    """
    codes = _named(old, new, key) if key else _code_field(old, new)
    names = _named(old, new, name) if name else _name_field(old, new)
    return _edition(old, codes[0], names[0]), _edition(new, codes[1], names[1])


def title_fields(features: Features) -> list[str]:
    """The fields of one file by which a person knows a feature: that of its code and that of its name."""
    fields = [field for field in (_code_field(features, features)[0], _name_field(features, features)[0]) if field]
    return list(dict.fromkeys(fields))


def _edition(features: Features, code: str | None, name: str | None) -> Edition:
    codes = [_text(row.get(code)) if code else None for row in features.properties]
    names = [_text(row.get(name)) if name else None for row in features.properties]
    _refuse_repeated(features, code, codes)
    return Edition(
        features.title, features.shapes, features.properties, features.identifiers, codes, names, code, name,
        features.texts,
    )  # fmt: skip


def _refuse_repeated(features: Features, code: str | None, codes: Sequence[str | None]) -> None:
    rows: dict[str, int] = {}
    for row, value in enumerate(codes, start=1):
        if value is None:
            continue
        if value in rows:
            msg = (
                f"{features.title}: features {rows[value]} and {row} have one code ({code} = {value!r}); "
                "correct one, or name another field by --key"
            )
            raise InputError(msg)
        rows[value] = row


def _text(value: Any) -> str | None:  # noqa: ANN401 - whatever JSON may hold
    """A code or name as text: whole numbers without a point; None for what says nothing."""
    if value is None or isinstance(value, bool | dict | list):
        return None
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else repr(value) if value == value else None  # noqa: PLR0124 - NaN
    return " ".join(str(value).split()) or None


def _named(old: Features, new: Features, stated: str) -> tuple[str, str]:
    both = (stated, stated)
    if stated not in old.columns or stated not in new.columns:
        left, mark, right = stated.partition("=")
        both = (left, right if mark else left)
    for features, field in zip((old, new), both, strict=True):
        if len(features.properties) and field not in features.columns:
            near = get_close_matches(field, features.columns, n=3, cutoff=0.4) or list(features.columns[:8])
            held = f"it has {', '.join(near)}" if near else "it has none"
            msg = f"{features.title} has no field {field!r}; {held}"
            raise UsageError(msg)
    return both


def _code_field(old: Features, new: Features) -> tuple[str | None, str | None]:
    """The field of codes that both have: called like one, and different for each feature in both."""
    shared = _shared_columns(old, new)
    fit = [field for field in shared if _distinct(old, field) and _distinct(new, field)]
    called = [field for word in _CODE_NAMES for field in fit if field.lower() == word]
    called += [field for field in fit if field not in called and field.lower().endswith(("code", "_id", "cve", "cod"))]
    return (called[0], called[0]) if called else (None, None)


def _name_field(old: Features, new: Features) -> tuple[str | None, str | None]:
    shared = _shared_columns(old, new)
    called = [field for word in _NAME_NAMES for field in shared if field.lower() == word]
    called += [field for field in shared if field not in called and "name" in field.lower()]
    return (called[0], called[0]) if called else (None, None)


def _shared_columns(old: Features, new: Features) -> list[str]:
    """The fields of both; an edition without features has no fields to be wrong about."""
    if not old.properties or not new.properties:
        return [*old.columns, *new.columns]
    return [field for field in old.columns if field in new.columns]


def _distinct(features: Features, field: str) -> bool:
    values = [_text(row.get(field)) for row in features.properties]
    return None not in values and len(set(values)) == len(values)
