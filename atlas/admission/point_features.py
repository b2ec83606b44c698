"""Points of a GeoJSON file of any size, feature by feature: their positions and the values of chosen fields."""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from atlas.admission.point_door import PointDoor
from atlas.admission.stated_system import check_range, stated_crs, to_degrees
from atlas.check.command_verdicts import Command, StreamVerdicts
from atlas.errors import InputError
from atlas.geojson.geometries import coordinates_in
from atlas.geojson.model import Item
from atlas.geojson.strict import JsonFaultError, parse
from atlas.geometry.geodesy import Positions
from atlas.vector.source import geojson_in

_EVERY = 20_000

Share = Callable[[float], None]


class NotOnlyPointsError(Exception):
    """A file holds other shapes than points; ``str`` says which and where."""


@dataclass(slots=True)
class PointFeatures:
    """What was read: positions in degrees (longitude, latitude), and the values of each field, one a position.

    Attributes
    ----------
    names
        Names of all properties in the order in which they first appear.
    notes
        What was done to the file, by the keys of `atlas.admission.user_features.UserLayer`.
    """

    positions: Positions
    columns: Mapping[str, list[Any]]
    names: tuple[str, ...]
    notes: dict[str, int | str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


def read_point_features(path: Path, wanted: Collection[str] | None, door: PointDoor, share: Share) -> PointFeatures:
    """Read a file of points.

    Parameters
    ----------
    path
        A GeoJSON file, which may be packed in a zip.
    wanted
        Fields whose values are kept; all if not given.
    door
        What each feature is held against.
    share
        Called with how much has been read, from 0 to 1.

    Raises
    ------
    InputError
        It cannot be used; the message says where and what to do.
    PolicyError
        A feature must not be shown.
    NotOnlyPointsError
        A feature has another shape.
    """
    with geojson_in(path) as plain, Path(plain or path).open("rb") as stream:
        size = max(1, os.fstat(stream.fileno()).st_size)
        return _Reading(os.fspath(path), wanted, door).of(stream, lambda: share(stream.tell() / size))


class _Reading:
    """One pass over a file."""

    def __init__(self, name: str, wanted: Collection[str] | None, door: PointDoor) -> None:
        self._name, self._wanted, self._door = name, wanted, door
        self._xy = array("d")
        self._columns: dict[str, list[Any]] = {one: [] for one in wanted or ()}
        self._names: dict[str, None] = {}
        self._rows = self._flat = self._placeless = 0

    def of(self, stream: BinaryIO, tell: Callable[[], None]) -> PointFeatures:
        verdicts = StreamVerdicts(stream, self._name, Command.MAP)
        for number, item in enumerate(verdicts.items(), start=1):
            self._take(number, item)
            if number % _EVERY == 0:
                tell()
        verdicts.refuse()
        members = verdicts.members
        self._door.close(members)
        positions = np.frombuffer(self._xy, float).reshape(-1, 2) if self._xy else np.empty((0, 2))
        notes: dict[str, int | str] = {}
        stated = stated_crs(self._name, members)
        if stated is not None and len(positions):
            positions = to_degrees(self._name, positions, stated)
            notes["reprojected"] = str(stated.name)
        else:
            check_range(self._name, positions, stated)
        counts = {"flat": self._flat, "noplace": self._placeless}
        notes |= {key: count for key, count in counts.items() if count}
        return PointFeatures(positions, self._columns, tuple(self._names), notes, verdicts.notes())

    def _take(self, number: int, item: Item) -> None:
        # what is no plain line is read again as strictly as any file of a page: no member twice, no word for a number
        value = item.value if item.plain else self._strict(number, item.text)
        if not isinstance(value, dict) or value.get("type") != "Feature":
            msg = f"{self._name}: feature {number} is not a Feature; correct it or leave it out"
            raise InputError(msg)
        self._door.feature(number, value)
        properties = value.get("properties") or {}
        if not isinstance(properties, dict):
            msg = f"{self._name}: the properties of feature {number} are not an object; correct them"
            raise InputError(msg)
        for name in properties.keys() - self._names.keys():
            self._names[name] = None
            if self._wanted is None:
                self._columns[name] = [None] * self._rows
        places = self._places(number, value.get("geometry"))
        if not places:
            self._placeless += 1
            return
        exact = properties
        if item.plain and any(type(one) is float and repr(one) not in item.text for one in properties.values()):
            # the digits of the file, where Python would write others
            exact = parse(item.text, as_written=True)["properties"]
        for x, y in places:
            self._xy.extend((x, y))
            self._rows += 1
            for name, column in self._columns.items():
                column.append(exact.get(name))

    def _strict(self, number: int, text: str) -> Any:  # noqa: ANN401 - straight from the parser
        try:
            return parse(text, as_written=True)
        except JsonFaultError as fault:
            msg = f"{self._name}: feature {number} {fault}; {fault.remedy or 'correct it, or leave it out'}"
            raise InputError(msg) from None

    def _places(self, number: int, geometry: Any) -> list[tuple[float, float]]:  # noqa: ANN401 - straight from the parser
        if geometry is None:
            return []
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        if kind not in {"Point", "MultiPoint"}:
            msg = f"feature {number} is a {kind!r}"
            raise NotOnlyPointsError(msg)
        positions = coordinates_in(geometry)
        try:
            positions = [positions] if kind == "Point" and positions else positions
            self._flat += bool(positions) and len(positions[0]) > 2  # noqa: PLR2004 - longitude and latitude
            return [(float(one[0]), float(one[1])) for one in positions]
        except (TypeError, ValueError, LookupError):
            msg = f"{self._name}: feature {number} has a position that is not two numbers; correct it"
            raise InputError(msg) from None
