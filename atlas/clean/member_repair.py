"""Repairs of members: of features, of geometries, and of the outermost object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from atlas.clean.file_session import FileSession, inner
from atlas.clean.malformed import is_empty, shortened, straightened
from atlas.clean.model import Coordinates, Feature
from atlas.clean.reading import coordinates_of
from atlas.clean.recheck import Note
from atlas.clean.writing import as_lists
from atlas.geojson.geometries import DEPTHS, TYPES
from atlas.geojson.tolerant import Twice, Word, keys_twice

_HEIGHT = 3

Repair = Callable[[FileSession, Feature | None, Any, Note], None]


def _key_twice(session: FileSession, feature: Feature | None, value: Any, note: Note) -> None:  # noqa: ANN401 - JSON
    holder = inner(value, note.path[:-1])
    if not isinstance(holder, Twice):
        return
    for key in keys_twice(holder):
        values = [repr(one) for name, one in holder.pairs if name == key]
        if len(set(values)) > 1:
            return
    plain = dict(holder)
    session.change(feature, note.rule, f"{note.path[-1]} twice", "once", path=note.path)
    if len(note.path) > 1:
        inner(value, note.path[:-2])[note.path[-2]] = plain
    elif feature is not None:
        feature.value = plain


def _not_a_number(session: FileSession, feature: Feature | None, value: Any, note: Note) -> None:  # noqa: ANN401 - JSON
    number = inner(value, note.path)
    # of infinity null would keep nothing
    if isinstance(number, Word) and number != number and note.path[0] != "geometry":  # noqa: PLR0124 - only NaN is that
        _put(value, note, None)
        session.change(feature, note.rule, "NaN", None, path=note.path)


def _feature_type(session: FileSession, feature: Feature | None, value: Any, note: Note) -> None:  # noqa: ANN401 - JSON
    if feature is None or not isinstance(value, dict):
        return
    kind = value.get("type")
    if isinstance(kind, str) and kind in TYPES:
        feature.value = {"type": "Feature", "geometry": value, "properties": None}
        session.change(feature, note.rule, f"a bare {kind}", "a Feature")
    elif {"geometry", "properties"} <= value.keys() and (kind is None or str(kind).strip().lower() == "feature"):
        value["type"] = "Feature"
        session.change(feature, note.rule, kind, "Feature", path=("type",))


def _feature_members(session: FileSession, feature: Feature | None, value: Any, note: Note) -> None:  # noqa: ANN401 - JSON
    for key in ("geometry", "properties"):
        if feature is not None and key not in value:
            value[key] = None
            session.change(feature, note.rule, "no member", None, path=(key,))


def _id_type(session: FileSession, feature: Feature | None, value: Any, note: Note) -> None:  # noqa: ANN401 - JSON
    if feature is not None and "id" in value and value["id"] is None:
        del value["id"]
        session.change(feature, note.rule, None, "no id", path=("id",))


def _geometry_type(session: FileSession, feature: Feature | None, value: Any, note: Note) -> None:  # noqa: ANN401 - JSON
    geometry = inner(value, note.path)
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    meant = next((one for one in TYPES if isinstance(kind, str) and one.lower() == kind.strip().lower()), None)
    if meant is None or meant == kind:
        return
    geometry["type"] = meant
    if isinstance(geometry.get("coordinates"), list):
        geometry["coordinates"] = coordinates_of(meant, geometry["coordinates"]) or geometry["coordinates"]
    session.change(feature, note.rule, kind, meant, path=(*note.path, "type"))


def _coordinates(session: FileSession, feature: Feature | None, value: Any, note: Note) -> None:  # noqa: ANN401 - JSON
    """Whatever is wrong with the form of coordinates is mended in one go."""
    at = note.path[: note.path.index("coordinates")] if "coordinates" in note.path else note.path
    geometry = inner(value, at)
    kind, held = geometry.get("type"), geometry.get("coordinates")
    if kind not in DEPTHS or not isinstance(held, list):
        if kind == "GeometryCollection" and geometry.get("geometries") == []:
            _nothing(session, feature, value, note, at)
        return
    if is_empty(kind, held):
        _nothing(session, feature, value, note, at)
        return
    straight, done = straightened(kind, held)
    if straight is not None:
        geometry["coordinates"] = straight
        session.change(feature, note.rule, held, done, path=(*at, "coordinates"))


def _further(session: FileSession, feature: Feature | None, value: Any, note: Note) -> None:  # noqa: ANN401 - JSON
    """Numbers that only some positions have, or that come after a height, are left out for who says so."""
    at = note.path[: note.path.index("coordinates")]
    geometry = inner(value, at)
    kind, held = geometry.get("type"), geometry.get("coordinates")
    if kind not in DEPTHS or note.rule not in session.options.repair:
        return
    lists = as_lists(kind, held) if isinstance(held, Coordinates) else held
    cut, done = shortened(kind, lists, _HEIGHT if note.rule == "position-extra" else None)
    if done and (made := coordinates_of(kind, cut)):
        geometry["coordinates"] = made
        session.change(feature, note.rule, held, done, path=(*at, "coordinates"))


def _nothing(session: FileSession, feature: Feature | None, value: Any, note: Note, at: tuple[str | int, ...]) -> None:  # noqa: ANN401 - JSON
    """An empty geometry becomes null; in a collection it goes."""
    if not at:
        return
    before = inner(value, at)
    holder = inner(value, at[:-1])
    if isinstance(holder, list):
        del holder[int(at[-1])]
    else:
        holder[at[-1]] = None
    session.change(feature, note.rule, before, None, path=at)


def _nested(session: FileSession, feature: Feature | None, value: Any, note: Note) -> None:  # noqa: ANN401 - JSON
    """The collection's geometries take its place; only a member of its own would be lost."""
    inner_value, holder = inner(value, note.path), inner(value, note.path[:-1])
    if (
        isinstance(holder, list)
        and isinstance(inner_value, dict)
        and set(inner_value) <= {"type", "geometries", "bbox"}
    ):
        at = int(note.path[-1])
        holder[at : at + 1] = inner_value["geometries"]
        session.change(
            feature, note.rule, "a collection inside", f"{len(inner_value['geometries'])} geometries", path=note.path
        )


def _forbidden(session: FileSession, feature: Feature | None, value: Any, note: Note) -> None:  # noqa: ANN401 - JSON
    """A member that repeats what stands in its place, or says nothing."""
    holder = inner(value, note.path[:-1])
    key = str(note.path[-1])
    member = holder[key]
    geometry = holder.get("geometry")
    same = False
    if key == "coordinates" and isinstance(geometry, dict) and isinstance(geometry.get("coordinates"), Coordinates):
        same = member == as_lists(geometry["type"], geometry["coordinates"])
    if same or member is None or member in ({}, []):
        del holder[key]
        session.change(feature, note.rule, member, "left out", path=note.path)


def _put(value: Any, note: Note, new: object) -> None:  # noqa: ANN401 - JSON
    inner(value, note.path[:-1])[note.path[-1]] = new


REPAIRS: Mapping[str, Repair] = MappingProxyType(
    {
        "key-twice": _key_twice,
        "number-nan": _not_a_number,
        "feature-type": _feature_type,
        "feature-members": _feature_members,
        "id-type": _id_type,
        "geometry-type": _geometry_type,
        "geometry-empty": _coordinates,
        "position-form": _coordinates,
        "position-extra": _further,
        "position-mixed": _further,
        "collection-nested": _nested,
        "member-forbidden": _forbidden,
    }
)
