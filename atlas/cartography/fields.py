"""Which fields of a file may reach a map: those that its maker chose, else one that sounds like a name."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from atlas.admission.user_features import UserLayer
from atlas.cartography.composition import EVERY_FIELD
from atlas.errors import UsageError

NAME_LIKE = ("name", "nombre", "title", "titulo", "título", "label", "etiqueta", "nom", "nomgeo", "nom_mun", "nom_ent")
_NAMED = 8


def name_like(columns: Sequence[str]) -> str | None:
    """The field that sounds like a name, the likeliest first."""
    low = {column.lower(): column for column in reversed(columns)}
    return next((low[name] for name in NAME_LIKE if name in low), None)


def chosen_fields(file: UserLayer, fields: Sequence[str] | None) -> tuple[str, ...]:
    """The fields that may reach a page: those asked for, all for ``*``, else one that sounds like a name.

    Raises
    ------
    UsageError
        The file has no such field.
    """
    if fields is None:
        title_field = name_like(file.columns)
        return (title_field,) if title_field else ()
    wanted = tuple(dict.fromkeys(fields))
    if wanted == (EVERY_FIELD,) and EVERY_FIELD not in file.columns:
        return file.columns
    # a file without features has no fields to be wrong about
    missing = [name for name in wanted if file.features and name not in file.columns]
    if missing:
        near = get_close_matches(missing[0], file.columns, n=1, cutoff=0.6)
        hint = f"did you mean {near[0]!r}? It has " if near else "it has "
        msg = f"{file.name} has no field {missing[0]!r}; {hint}{_named(file.columns)}"
        if any("," in name for name in file.columns):
            msg += ". A name with a comma goes into quotes: '\"a,b\",c'"
        raise UsageError(msg)
    return wanted


def _named(columns: Sequence[str]) -> str:
    more = f" and {len(columns) - _NAMED} more" if len(columns) > _NAMED else ""
    return f"{', '.join(columns[:_NAMED])}{more}" if columns else "none"
