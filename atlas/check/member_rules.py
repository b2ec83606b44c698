"""Rules of RFC 7946 on the members of features and of the outermost object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from atlas.check.bbox_rules import box_of
from atlas.check.geometry_rules import Geometries
from atlas.check.messages import kind_of
from atlas.check.model import Findings
from atlas.geojson.geometries import TYPES
from atlas.geojson.model import Item, JsonPath, crs_name
from atlas.geojson.path import shown
from atlas.geojson.tolerant import Twice, keys_twice

_DEGREES = (
    "CRS84",
    *(f"EPSG{between}{code}" for code in (4326, 4269, 6365) for between in (":", "::", "/0/")),
)


@dataclass(frozen=True, slots=True)
class _Owner:
    """A kind of object, its members, and those that belong to other kinds."""

    name: str
    known: frozenset[str]
    forbidden: tuple[str, ...]


_IN_FEATURE = _Owner(
    "a feature",
    frozenset({"type", "id", "geometry", "properties", "bbox", "crs"}),
    ("coordinates", "geometries", "features"),
)
_IN_COLLECTION = _Owner(
    "a FeatureCollection",
    frozenset({"type", "features", "bbox", "crs"}),
    ("coordinates", "geometries", "geometry", "properties"),
)


def look_at_feature(item: Item, findings: Findings, geometries: Geometries) -> None:
    """Hold an element of ``features``, or a file that is one feature, against the RFC."""
    value = item.value
    if not isinstance(value, dict):
        message = f"Element of features is {kind_of(value)}, not an object: remove it."
        findings.add("feature-type", item, message)
        return
    if value.get("type") != "Feature":
        findings.add("feature-type", item, _type_message(value), path=("type",) if "type" in value else ())
        return
    for key in keys_twice(value):
        message = f"The key {shown(key)} stands twice in one feature: remove one of them."
        findings.add("key-twice", item, message, path=(key,))
    _keys(item, value, findings)
    feature_id = value.get("id", "")
    if isinstance(feature_id, bool) or not isinstance(feature_id, str | int | float):
        findings.add("id-type", item, f"The id is {kind_of(feature_id)}: make it text, or leave it out.", path=("id",))
    box_of(item, value, findings)
    if value.get("geometry", ...) is None:
        message = "The feature has no place: that is allowed, and it stays off every map."
        findings.add("geometry-null", item, message, path=("geometry",))
    elif "geometry" in value:
        geometries.take(item, value["geometry"], ("geometry",))


def _keys(item: Item, value: Mapping[str, object], findings: Findings) -> None:
    for key in ("geometry", "properties"):
        if key not in value:
            findings.add("feature-members", item, f'The feature has no {key}: add "{key}": null.')
    if not isinstance(value.get("properties"), dict | None):
        message = f"Properties are {kind_of(value['properties'])}: make them an object or null."
        findings.add("properties-type", item, message, path=("properties",))
    _others(item, value, findings, _IN_FEATURE)
    if "crs" in value:
        message = "A crs inside a feature is read by nobody: remove it, after making sure that this is WGS 84."
        findings.add("crs-nested", item, message, path=("crs",))


def _others(item: Item, value: Mapping[str, object], findings: Findings, owner: _Owner) -> None:
    if value.keys() <= owner.known:
        return
    for key in (key for key in value if key not in owner.known):
        if key in owner.forbidden:
            message = f"The member {shown(key)} must not stand in {owner.name} (RFC 7946, 7.1): remove it."
            findings.add("member-forbidden", item, message, path=(key,))
        else:
            message = f"Most programs drop the member {shown(key)} of {owner.name}: put what matters into properties."
            findings.add("member-foreign", item, message, path=(key,))


def _type_message(value: Mapping[str, object]) -> str:
    kind = value.get("type")
    if kind in TYPES:
        return f"A bare {kind} among the features: wrap it into a Feature with properties."
    if "attributes" in value:
        return "This is Esri JSON, not GeoJSON: ask the server for f=geojson, or convert it."
    if not isinstance(kind, str):
        return 'The element has no type: a feature has "type": "Feature".'
    return f'The type {shown(kind)} should be "Feature".'


def look_at_root(item: Item, findings: Findings, geometries: Geometries, *, has_features: bool) -> bool:
    """Hold the outermost value against the RFC; True where it is itself a feature or a geometry."""
    value = item.value
    kind = value.get("type") if isinstance(value, dict) else None
    if isinstance(value, dict) and kind in {"Feature", *TYPES} and not has_features:
        crs_of_root(item, value, findings)
        bare = _without_crs(value)
        if kind == "Feature":
            look_at_feature(Item(None, item.line, bare, members=item.members), findings, geometries)
            return True
        geometries.take(Item(None, item.line, value, members=item.members), bare, ())
        return True
    if isinstance(value, dict) and kind == "FeatureCollection":
        _collection(item, value, findings, has_features=has_features)
    else:
        path: JsonPath = ("type",) if isinstance(value, dict) and "type" in value else ()
        findings.add("root-type", item, _root_message(value, has_features=has_features), path=path)
    return False


def _without_crs(value: dict[str, object]) -> dict[str, object]:
    """An outermost object without its crs, and with every other member as often as it stands."""
    if type(value) is Twice:
        return Twice([(key, member) for key, member in value.pairs if key != "crs"])
    return {key: member for key, member in value.items() if key != "crs"}


def _collection(item: Item, value: Mapping[str, object], findings: Findings, *, has_features: bool) -> None:
    if not has_features:
        findings.add("features-missing", item, "The FeatureCollection has no array features: add one, even if empty.")
    _others(item, value, findings, _IN_COLLECTION)
    crs_of_root(item, value, findings)
    box_of(item, value, findings)


def crs_of_root(item: Item, value: Mapping[str, object], findings: Findings) -> None:
    """What to do about a member ``crs`` of the outermost object."""
    if "crs" not in value:
        return
    name = crs_name(value["crs"])
    if name is None:
        message = "The member crs names nothing: remove it, after making sure that the file is WGS 84."
    elif _names_degrees(name):
        message = f"The member crs ({shown(name)}) says what GeoJSON is anyway, longitude and latitude: remove it."
    else:
        message = f"The member crs ({shown(name)}) is ignored by readers: reproject to WGS 84, then remove it."
    findings.add("crs-member", item, message, path=("crs",))


def is_in_degrees(root: object) -> bool:
    """Whether an outermost object names no coordinate system, or degrees."""
    crs = root.get("crs") if isinstance(root, dict) else None
    name = crs_name(crs)
    return crs is None or (name is not None and _names_degrees(name))


def _names_degrees(name: str) -> bool:
    return name.strip().upper().endswith(_DEGREES)


def _root_message(value: object, *, has_features: bool) -> str:
    if not isinstance(value, dict):
        return f"The outermost value is {kind_of(value)}: GeoJSON is an object, such as a FeatureCollection."
    kind = value.get("type")
    if kind == "Topology":
        return "This is TopoJSON: convert it to GeoJSON first, for example with mapshaper."
    if "geometryType" in value or "spatialReference" in value:
        return "This is Esri JSON: ask the server for f=geojson, or convert it."
    if has_features:
        return 'The outermost object has features, but its type is not "FeatureCollection".'
    if not isinstance(kind, str):
        return "The outermost object has no type: this is JSON, but not GeoJSON."
    return f"{shown(kind)} is no GeoJSON type: expected FeatureCollection, Feature or a geometry."
