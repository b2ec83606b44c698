"""Judges features by what they are: class, shape, size, fields, times; and texts by the patterns in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.disclosure.finding import Finding, masked
from atlas.disclosure.limits import Limits
from atlas.disclosure.scanned_feature import POINTS, Collection, ScannedFeature
from atlas.disclosure.telling_texts import TellingTexts, TextFacts, telling_fields
from atlas.geojson.geometries import coordinates_in
from atlas.geometry.geodesy import length_km
from atlas.geometry.units import METRES_PER_DEGREE
from atlas.layers.schema import layer_specs
from atlas.published.sensitivity import PUBLISHED, Sensitivity
from atlas.release.box_place import MapPlace
from atlas.release.terms import CROSSINGS

LAYER_DECIMALS = 6
_PARTS = re.compile(r"_(?:points|lines|areas|unplaced)$")
_HALF_TURN = 180.0
# columns that formats bring along
_TECHNICAL = frozenset({"id", "fid", "ogc_fid", "name", "description", "Name", "bbox"})
_ALMOST = 0.99
_FREE = ("note", "photos")
_ID_SHOWN = 4


@dataclass(slots=True)
class _Alike:
    """Faults of a feature, and how many more are like it."""

    faults: list[tuple[str, str]]
    where: str
    count: int = 0


@dataclass(frozen=True)
class Judge:
    """Judges what stands in one file, or in a piece of one.

    Attributes
    ----------
    step
        The step of the trail that says which piece it is.
    undeclared
        Fields of the pieces before, which are not declared, and each of which is one fault of the file.
    """

    limits: Limits
    file: str
    step: str = ""
    undeclared: set[tuple[str, str, str]] = field(default_factory=set)
    # the shape is kept, so that no other object gets its number
    _known: dict[tuple[str, int], tuple[bool, object]] = field(default_factory=dict)
    _digits: dict[int, tuple[int, object]] = field(default_factory=dict)
    _texts: TellingTexts = field(default_factory=TellingTexts)

    def collection(self, collection: Collection, trail: str) -> Iterator[tuple[str, Finding]]:
        """Faults of a list of features, each with the kind by which it is counted."""
        layer = layer_of(collection)
        if collection.repeated:
            yield "", self._fault("repeated", trail, collection.where, collection.repeated)
        yield from self._field_faults(collection, layer, trail)
        telling = telling_fields(collection) if layer is None else frozenset()
        alike: dict[object, _Alike] = {}
        for feature in collection.features:
            kind = _kind_of_point(feature) if layer is None else None
            if kind is not None and (known := alike.get(kind)) is not None:
                known.count, known.where = known.count + 1 + feature.more, feature.where
                yield from self._alike_faults(feature, telling, alike, trail)
                continue
            faults = list(self._feature(feature, collection, layer, telling=telling if kind is None else frozenset()))
            for rule, what in faults:
                yield "", self._fault(rule, trail, feature.where, what)
            if kind is None and feature.more:
                alike[feature.where] = _Alike(faults, feature.where, feature.more)
            elif kind is not None:
                alike[kind] = _Alike(faults, feature.where, feature.more)
                yield from self._alike_faults(feature, telling, alike, trail)
        for known in (known for known in alike.values() if known.count):
            for rule, what in known.faults:
                yield "", replace(self._fault(rule, trail, known.where, f"{what}, and others"), count=known.count)

    def _alike_faults(
        self, feature: ScannedFeature, telling: frozenset[str], alike: dict[object, _Alike], trail: str
    ) -> Iterator[tuple[str, Finding]]:
        """What the texts of a feature tell: the first of each field, while the others are counted."""
        for name, facts in self._texts.of(feature, telling):
            # as often as `_text_faults` gives them
            for rule in (*(("time",) if facts.day else ()), *(match.rule for match in facts.pairs)):
                if (known := alike.get((rule, name))) is not None:
                    known.count, known.where = known.count + 1 + feature.more, feature.where
                    continue
                fault = next(one for one in _text_faults(feature, name, facts) if one[0] == rule)
                alike[rule, name] = _Alike([fault], feature.where, feature.more)
                yield "", self._fault(*fault[:1], trail, feature.where, fault[1])

    def _field_faults(self, collection: Collection, layer: str | None, trail: str) -> Iterator[tuple[str, Finding]]:
        place = trail.removeprefix(self.step), collection.where
        for name in sorted(self._undeclared(collection, layer)):
            if (self.step or collection.is_continued) and (*place, name) in self.undeclared:
                continue
            self.undeclared.add((*place, name))
            where = next(
                (scanned.where for scanned in collection.features if name in scanned.properties), collection.where
            )
            yield name, self._fault("field", trail, where, f"the field {shown_name(name)} is not declared")

    def _undeclared(self, collection: Collection, layer: str | None) -> set[str]:
        fields = collection.fields - _TECHNICAL
        if layer is not None:
            return fields - {spec.name for spec in layer_specs()[layer].fields}
        declared = [self.limits.fields]
        # what cites sources may be a layer of the atlas under another name
        if "source_ids" in fields:
            declared += [frozenset(spec.name for spec in layer.fields) for layer in layer_specs().values()]
        return min((fields - known for known in declared), key=len)

    def _feature(
        self, feature: ScannedFeature, collection: Collection, layer: str | None, *, telling: frozenset[str]
    ) -> Iterator[tuple[str, str]]:
        stated = feature.properties.get("sensitivity", collection.sensitivity)
        if stated is None or (isinstance(stated, str) and not stated.strip()):
            yield "unclassified", f"{_named(feature)} states no sensitivity"
        elif not isinstance(stated, str) or stated not in PUBLISHED:
            yield "not-published-class", f"{_named(feature)} is {shown_name(stated)}, which is never published"
        if not feature.is_readable:
            yield "unread", f"{_named(feature)} has a shape that cannot be read"
        if feature.kind is not None:
            yield from self._shape(feature, stated, layer)
        if layer is None:
            yield from self._record(feature, telling=telling)

    def _shape(self, feature: ScannedFeature, stated: object, layer: str | None) -> Iterator[tuple[str, str]]:
        informal = is_informal(feature, layer)
        is_point = feature.kind in POINTS
        if is_point and (informal or stated == Sensitivity.GENERALISED):
            yield "point", f"{_named(feature)} is {'an informal crossing' if informal else 'generalised'} with a point"
        elif stated == Sensitivity.GENERALISED or informal:
            yield from self._place(feature, layer)
        elif is_point and layer is None and stated == Sensitivity.OPEN and not self._may_be_open(feature):
            yield "point", f"{_named(feature)} has a point, and the policy opens no such category"
        allowed = self.limits.decimals if is_point and layer is None else LAYER_DECIMALS
        if (digits := self._digits_of(feature)) > allowed:
            yield "decimals", f"{_named(feature)} has coordinates of {digits} decimals; {allowed} are allowed"

    def _digits_of(self, feature: ScannedFeature) -> int:
        if not isinstance(feature.shape, Mapping):
            return feature.digits
        if id(feature.shape) not in self._digits:
            self._digits[id(feature.shape)] = (feature.digits, feature.shape)
        return self._digits[id(feature.shape)][0]

    def _may_be_open(self, feature: ScannedFeature) -> bool:
        # a file of something else has no categories for the policy to open
        return "category" not in feature.properties or self.limits.is_open(feature.properties)

    def _place(self, feature: ScannedFeature, layer: str | None) -> Iterator[tuple[str, str]]:
        """A generalised feature stands at a place of the policy, or at one that is as coarse."""
        places, place_id = self.limits.places, feature.properties.get("place")
        # a release of before there were boxes says no level, and its places are judged by their size
        if layer is None and place_id is not None and places is not None and "level" in feature.properties:
            place = places.place(place_id) if isinstance(place_id, str) else None
            if place is None:
                yield "unknown-place", f"{_named(feature)} is at {shown_name(place_id)}, which is no public place"
                return
            if place.size_m < self.limits.floor_m * _ALMOST:
                yield "too-fine", f"{_named(feature)}: its place is {place.size_m:,.0f} m across"
            if isinstance(feature.shape, Mapping) and not self._recognised(place, feature.shape):
                yield "unknown-place", f"{_named(feature)}: its shape is not that of the place {place_id}"
            yield from self._steps(feature)
            return
        size = _size_m(feature)
        if size is not None and size < self.limits.floor_m * _ALMOST:
            yield "too-fine", f"{_named(feature)}: {size:,.0f} m across; the floor is {self.limits.floor_m:,.0f} m"

    def _steps(self, feature: ScannedFeature) -> Iterator[tuple[str, str]]:
        """A number of a class is a multiple of k."""
        number, k = feature.properties.get("reports_at_least"), self.limits.k
        if type(number) is not int or number < k or number % k:
            yield "k", f"{_named(feature)} shows {shown_name(number)}; numbers are told in steps of {k}"

    def _recognised(self, place: MapPlace, shape: Mapping[str, object]) -> bool:
        key = (place.place_id, id(shape))
        if key not in self._known:
            self._known[key] = (place.geometry == shape, shape)
        return self._known[key][0]

    def _record(self, feature: ScannedFeature, *, telling: frozenset[str]) -> Iterator[tuple[str, str]]:
        for name, facts in self._texts.of(feature, telling):
            yield from _text_faults(feature, name, facts)
        for name in _FREE:
            if feature.properties.get(name) and not self.limits.policy.allows(name):
                yield "note", f"{_named(feature)} has {name}, and the policy lists none"
            elif feature.properties.get(name) and feature.properties.get(f"{name}_reviewed") is not True:
                yield "note", f"{_named(feature)} has {name} that nobody has reviewed"

    def _fault(self, rule: str, trail: str, where: str, what: str) -> Finding:
        return Finding(rule, self.file, f"{trail} > {where}" if trail else where, what)


def _kind_of_point(feature: ScannedFeature) -> object | None:
    """What the faults of a plain point depend on, so that they are found once for the many rows of a table."""
    shape, properties = feature.shape, feature.properties
    pair = coordinates_in(shape) if isinstance(shape, Mapping) and shape.get("type") == "Point" else None
    if not isinstance(pair, list) or len(pair) != 2 or type(pair[0]) is not float or type(pair[1]) is not float:  # noqa: PLR2004 - a pair
        return None
    free = tuple((bool(properties.get(name)), properties.get(f"{name}_reviewed") is True) for name in _FREE)
    words = properties.get("sensitivity"), properties.get("category"), properties.get("formality")
    x, y = pair
    if not all(word is None or type(word) is str for word in words) or not (
        -_HALF_TURN <= x <= _HALF_TURN and -_HALF_TURN <= y <= _HALF_TURN
    ):
        return None
    decimals = max(len(repr(x).partition(".")[2]), len(repr(y).partition(".")[2]))
    return words, decimals, free


def _text_faults(feature: ScannedFeature, name: str, facts: TextFacts) -> Iterator[tuple[str, str]]:
    if facts.day:
        yield "time", f"{_named(feature)}: {shown_name(name)} gives a day"
    for match in facts.pairs:
        yield match.rule, f"{_named(feature)}: {shown_name(name)} holds coordinates, {masked(match.text)}"


def shown_name(value: object) -> str:
    """A name out of a file, in quotes and short."""
    text = repr(value)
    return text if len(text) < 40 else f"{text[:30]}…"  # noqa: PLR2004 - a line


def _named(feature: ScannedFeature) -> str:
    """A feature by the beginning of its id, which may be a secret itself."""
    text = "" if feature.feature_id is None else str(feature.feature_id)
    return f"feature {text[:_ID_SHOWN]!r}{'…' if len(text) > _ID_SHOWN else ''}" if text else "a feature"


def layer_of(collection: Collection) -> str | None:
    """The layer of the atlas that a list is, by its name and its fields."""
    name = _PARTS.sub("", collection.layer or "")
    if name not in layer_specs():
        return None
    declared = {spec.name for spec in layer_specs()[name].fields}
    # a file of that name with other fields is another file
    return name if len(collection.fields & declared) * 2 > len(collection.fields - _TECHNICAL) else None


def is_informal(feature: ScannedFeature, layer: str | None) -> bool:
    """Whether a feature is an informal crossing, or may be one."""
    if layer == "crossings_informal" or feature.properties.get("category") in CROSSINGS:
        return True
    if layer == "crossings_vehicular" or "formality" in feature.properties:
        return feature.properties.get("formality") != "formal"
    return False


def _size_m(feature: ScannedFeature) -> float | None:
    shape = feature.geometry
    return None if shape is None or shape.is_empty or shape.geom_type in POINTS else size_of(shape)


def size_of(shape: BaseGeometry) -> float | None:
    """Length along lines, or across areas, in metres; none where it can't be measured, nothing at points."""
    if shape.geom_type in POINTS:
        return 0.0
    if shape.geom_type == "GeometryCollection":
        sizes = [size_of(part) or 0.0 for part in shapely.get_parts(shape)]
        return max(sizes, default=None)
    if shape.geom_type.endswith("LineString"):
        try:
            return length_km(shape) * 1000
        except (ValueError, TypeError, OverflowError):
            return None
    return float(shapely.minimum_bounding_radius(shape)) * 2 * METRES_PER_DEGREE
