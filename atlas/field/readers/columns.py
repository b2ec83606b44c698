"""Which column of a table holds what: by its header in English or Spanish, with or without the groups of a form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from atlas.field.readers.values import key
from atlas.field.readers.words import Words, machine_columns

_AXES = {
    "lat": ("latitude", "latitud", "lat"),
    "lon": ("longitude", "longitud", "lon", "lng", "long"),
    "accuracy": ("accuracy", "precision"),
    "altitude": ("altitude", "altitud"),
}
# what a form calls the place of the observation, where it asks for more than one position
_MEANT = ("", "position", "place", "geopoint", "point", "location", "gps", "lugar", "posicion", "ubicacion", "punto")
_GROUPS = re.compile(r"[/.:]|-(?=[^-]+\Z)")
# several columns may speak of these; their values are put together, for all others the best column is taken
_TOGETHER = ("note", "photos")
_POSITION = ("lat", "lon", "accuracy", "altitude")


@dataclass(frozen=True, slots=True)
class Columns:
    """Headers by what they hold, best first, and those that are kept under their own names."""

    roles: Mapping[str, tuple[str, ...]]
    others: tuple[str, ...]

    @property
    def placed(self) -> bool:
        """Whether some column can hold a position or a reach."""
        return ("lat" in self.roles and "lon" in self.roles) or any(r in self.roles for r in ("pair", "wkt", "reach"))


def columns(headers: Iterable[str], words: Words, *, form: bool = False) -> Columns:
    """Find out what the columns of a table hold.

    Parameters
    ----------
    headers
        The first row.
    words
        What fields and columns are called.
    form
        Whether a form server wrote the table, with columns of its own.
    """
    found: dict[str, list[tuple[int, str]]] = {}
    axes: dict[str, dict[str, str]] = {}
    others: list[str] = []
    for header in dict.fromkeys(headers):
        rank, role = _role(header, words, form=form)
        group, axis = _axis(header)
        if axis and (role is None or role in _POSITION):
            axes.setdefault(group, {}).setdefault(axis, header)
        elif role is not None:
            found.setdefault(role, []).append((rank, header))
        elif not (form and _machine(header)):
            others.append(header)
    roles = {role: [header for _, header in sorted(ranked, key=lambda pair: pair[0])] for role, ranked in found.items()}
    for role in set(roles) - set(_TOGETHER):
        others += roles[role][1:]
        del roles[role][1:]
    _place(roles, axes, others)
    return Columns({role: tuple(names) for role, names in roles.items()}, tuple(others))


def _role(header: str, words: Words, *, form: bool) -> tuple[int, str | None]:
    """What a header means, and how far it had to be taken apart for that."""
    whole = key(header)
    if form and header.startswith("_"):
        return 0, {"_uuid": "id", "_submitted_by": "author", "_submission_time": "claimed_at"}.get(header)
    role = words.role(whole)
    if role in words.fields and whole == key(str(role)):
        return 0, role
    if form and header in {"KEY", "DeviceID", "SubmitterName"}:
        return 0, {"KEY": "key", "DeviceID": "device"}.get(header, "author")
    if role is not None and not (form and _machine(header)):
        return 1, role
    last = key(_GROUPS.split(header)[-1])
    return (2, words.role(last)) if last != whole else (2, None)


def _machine(header: str) -> bool:
    return header in machine_columns() or _GROUPS.split(header)[-1] in machine_columns()


def _axis(header: str) -> tuple[str, str | None]:
    """The question that a column of a position belongs to, and which of its numbers it holds."""
    whole = key(header)
    for axis, names in _AXES.items():
        for name in names:
            if whole == name:
                return "", axis
            if whole.endswith(f"_{name}"):
                return whole.removesuffix(f"_{name}"), axis
    return whole, None


def _place(roles: dict[str, list[str]], axes: Mapping[str, Mapping[str, str]], others: list[str]) -> None:
    """Give the numbers of one position their roles; those of further positions keep their own names."""
    whole = [group for group, parts in axes.items() if "lat" in parts and "lon" in parts]
    ranks = {
        group: _MEANT.index(last) if (last := group.rpartition("_")[2]) in _MEANT else len(_MEANT) for group in whole
    }
    chosen = min(whole, key=lambda group: ranks[group], default=None)
    for group, parts in axes.items():
        # a lone accuracy speaks of whatever position there is
        taken = group == chosen or (chosen in {None, ""} and not group)
        for axis, header in parts.items():
            if taken and axis in {"lat", "lon", "accuracy"}:
                roles.setdefault(axis, []).insert(0, header)
            elif not (taken and axis == "altitude"):
                others.append(header)
