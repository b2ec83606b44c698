"""Which column of a table holds what: by its header in English or Spanish, with or without the groups of a form."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from atlas.field.readers.cell_values import key
from atlas.field.readers.vocabulary import Words, machine_columns

_AXES = {
    "lat": ("latitude", "latitud", "lat"),
    "lon": ("longitude", "longitud", "lon", "lng", "long"),
    "accuracy": ("accuracy", "precision", "acc"),
    "altitude": ("altitude", "altitud"),
}
# what a form calls the place of the observation, where it asks for more than one position
_MEANT = ("", "position", "place", "geopoint", "point", "location", "gps", "lugar", "posicion", "ubicacion", "punto")
# what ODK Central knows of a submission; the phone's own time comes before the server's
_CENTRAL = {
    "KEY": (0, "key"),
    "end": (0, "claimed_at"),
    "DeviceID": (1, "device"),
    "SubmitterName": (1, "author"),
    "SubmissionDate": (2, "claimed_at"),
}
_GROUPS = re.compile(r"[/.:]|-(?=[^-]+\Z)")
# how a name that stands twice in a header is told from the first
_NUMBERED = re.compile(r" \(\d+\)\Z")
# Epicollect5 writes the number of the question before its name, and the part of a position before both
_EPICOLLECT = re.compile(r"(lat|long|accuracy)_(?=\d{1,4}_\w)")
_EPICOLLECT_AXES = {"lat": "lat", "long": "lon", "accuracy": "accuracy"}
_QUESTION = re.compile(r"\d{1,4}_(?=\D)")
# CoMapeo numbers its attachments, as others do
_ATTACHED = re.compile(
    r"(?:attachments?|adjuntos?|photos?|fotos?|pictures?|images?|imagen|audios?|sounds?)(?:_?\d{1,3})?\Z"
)
# several columns may speak of these: texts are put together, or the first that is not blank is taken
TOGETHER = ("id", "note", "photos", "author", "device", "claimed_at", "device_time", "pair", "sensitivity")
# by these a form server's rows find each other and their versions
EDITS = ("Edits", "__system/edits", "__system.edits")
USED_BESIDE = frozenset({*EDITS, "_id", "KEY", "PARENT_KEY", "_index", "_parent_index", "_parent_table_name", "__id"})
# UTM in columns of their own, which say a place together or not at all
GRID = ("zone", "easting", "northing")
OF_PLACE = ("pair", "wkt", "reach", "accuracy", *GRID)
_POSITION = ("lat", "lon", "accuracy", "altitude")
# fields with a vocabulary
WORDED = ("category", "confidence", "consent", "position_basis", "sensitivity")
# lists of places that somebody saved have nothing but a link for a place
_LINKS = ("google_maps_url", "maps_url", "map_url", "map_link", "url", "link", "enlace")


@dataclass(frozen=True, slots=True)
class Columns:
    """Headers by what they hold, best first, and those that are kept under their own names.

    Attributes
    ----------
    positions
        Headers of the ``lat``, ``lon``, ``accuracy`` and ``altitude`` of each position that a row may have.
    ignored
        Headers that nothing uses: heights, and what a server writes for itself.
    blank
        By the headers that are filled in a row, the fields that it leaves empty, as far as they were asked for.
    of_words
        Headers of fields with a vocabulary.
    worded
        By the words of a row in these, what they say, as far as it was asked for.
    of_place
        All headers that say where something is.
    beside
        Those of them that may say a place that is not taken.
    """

    roles: Mapping[str, tuple[str, ...]]
    positions: tuple[Mapping[str, str], ...]
    others: tuple[str, ...]
    ignored: tuple[str, ...] = ()
    of_words: tuple[str, ...] = ()
    of_place: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    blank: dict[frozenset[str], frozenset[str]] = field(default_factory=dict, compare=False, repr=False)
    worded: dict[tuple[Any, ...], tuple[tuple[str, str], ...]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def placed(self) -> bool:
        """Whether some column can hold a position or a reach."""
        return bool(self.positions) or any(role in self.roles for role in ("pair", "wkt", "reach", "easting"))


def columns(headers: Sequence[str], words: Words, *, form: bool = False) -> Columns:
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
    columns_by_role: dict[str, list[tuple[int, str]]] = {}
    axes: dict[str, dict[str, str]] = {}
    others: list[str] = []
    for header in dict.fromkeys(headers):
        rank, role = _role(header, words, form=form)
        group, axis = _axis(header)
        if axis and (role is None or role in _POSITION):
            axes.setdefault(group, {}).setdefault(axis, header)
        elif role is not None:
            columns_by_role.setdefault(role, []).append((rank, header))
        elif not (form and _machine(header)):
            others.append(header)
    roles = {
        role: [header for _, header in sorted(ranked, key=lambda pair: pair[0])]
        for role, ranked in columns_by_role.items()
    }
    for role in set(roles) - set(TOGETHER):
        others += roles[role][1:]
        del roles[role][1:]
    if not roles.keys() >= set(GRID):
        others += [header for role in GRID for header in roles.pop(role, [])]
    known = [header for parts in axes.values() for axis, header in parts.items() if axis == "accuracy"]
    positions = _positions(roles, axes, others, [one for one in known if words.role(key(one)) == "accuracy"])
    if not positions and not roles.keys() & {*OF_PLACE} and roles.keys() & {"name", "note"}:
        links = sorted((one for one in others if key(one) in _LINKS), key=lambda one: _LINKS.index(key(one)))[:1]
        roles |= {"pair": links} if links else {}
        others = [one for one in others if one not in links]
    numbers = [header for parts in positions for axis, header in parts.items() if axis != "altitude"]
    used = {*others, *numbers, *USED_BESIDE, *(name for names in roles.values() for name in names)}
    ignored = tuple(header for header in dict.fromkeys(headers) if header not in used)
    listed = {role: tuple(names) for role, names in roles.items()}
    return Columns(
        roles=listed,
        positions=positions,
        others=tuple(others),
        ignored=ignored,
        of_words=_of_roles(listed, WORDED),
        of_place=(*(header for parts in positions for header in parts.values()), *_of_roles(listed, OF_PLACE)),
        beside=(*numbers, *_of_roles(listed, ("pair", "wkt", *GRID))),
    )


def _of_roles(roles: Mapping[str, Sequence[str]], names: Sequence[str]) -> tuple[str, ...]:
    return tuple(header for name in names for header in roles.get(name, ()))


def _role(header: str, words: Words, *, form: bool) -> tuple[int, str | None]:
    """What a header means, and how far it had to be taken apart for that."""
    whole = key(header)
    if form and header.startswith("_"):
        return 1, {"_uuid": "id", "_submitted_by": "author", "_submission_time": "claimed_at"}.get(header)
    role = words.role(whole)
    if role in words.fields and whole == key(str(role)):
        return 0, role
    if form and header in _CENTRAL:
        return _CENTRAL[header]
    return (
        (1, role) if role is not None and not (form and _machine(header)) else _role_of_part(header, words, form=form)
    )


def _role_of_part(header: str, words: Words, *, form: bool) -> tuple[int, str | None]:
    """What the last part of a header means, without its groups or the number of a question."""
    whole = key(header)
    if _ATTACHED.match(whole):
        return 2, "photos"
    last = _QUESTION.sub("", key(_GROUPS.split(header)[-1]))
    if form and last == "start":
        # when the form was opened, by the phone's clock
        return 2, "device_time"
    if last != whole and (meant := words.role(last)):
        return 2, meant
    # the class of a record counts in every column of that name, others are kept by their numbers
    again = words.role(key(_NUMBERED.sub("", header)))
    return 3, "sensitivity" if again == "sensitivity" else None


def _machine(header: str) -> bool:
    return header in machine_columns() or _GROUPS.split(header)[-1] in machine_columns()


def _axis(header: str) -> tuple[str, str | None]:
    """The question that a column of a position belongs to, and which of its numbers it holds."""
    whole = key(header)
    if match := _EPICOLLECT.match(whole):
        return whole[match.end() :], _EPICOLLECT_AXES[match[1]]
    for axis, names in _AXES.items():
        for name in names:
            if whole == name:
                return "", axis
            if whole.endswith(f"_{name}"):
                return whole.removesuffix(f"_{name}"), axis
    return whole, None


def _positions(
    roles: dict[str, list[str]], axes: Mapping[str, Mapping[str, str]], others: list[str], known: Collection[str]
) -> tuple[Mapping[str, str], ...]:
    """The positions that a row may have, that of the observation first; numbers that belong to none are kept.

    ``known`` are headers that mean an accuracy by themselves.
    """
    alone: list[str] = []
    ranked: list[tuple[int, Mapping[str, str]]] = []
    for group, parts in axes.items():
        if "lat" in parts and "lon" in parts:
            last = group.rpartition("_")[2]
            ranked.append((_MEANT.index(last) if last in _MEANT else len(_MEANT), parts))
        elif not group and set(parts) <= {"accuracy", "altitude"}:
            # a lone accuracy speaks of whatever position there is
            alone += [header for axis, header in parts.items() if axis == "accuracy"]
        else:
            alone += [header for header in parts.values() if header in known]
            others += [header for header in parts.values() if header not in known]
    if alone:
        # the public one is that of the position which a program shows, and the larger one
        roles["accuracy"] = sorted(alone, key=lambda header: not key(header).startswith("public"))
    named: dict[str, str] = {axis: roles.pop(axis)[0] for axis in ("lat", "lon") if axis in roles}
    if len(named) == 2:  # noqa: PLR2004 - latitude and longitude
        ranked.append((len(_MEANT), named))
    else:
        others += named.values()
    return tuple(parts for _, parts in sorted(ranked, key=lambda pair: pair[0]))
