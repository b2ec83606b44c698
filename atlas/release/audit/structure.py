"""Judges features by what they are: class, shape, size, fields, times; and texts by the patterns in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.geometry.geodesy import length_km
from atlas.layers.schema import layer_specs
from atlas.release.audit.contact import Match, coordinates
from atlas.release.audit.finding import Finding, masked
from atlas.release.audit.limits import Limits
from atlas.release.audit.seen import POINTS, Collection, Seen
from atlas.release.box_place import MapPlace
from atlas.release.policy import PUBLISHED, Sensitivity
from atlas.release.terms import CROSSINGS

LAYER_DECIMALS = 6
_PARTS = re.compile(r"_(?:points|lines|areas|unplaced)$")
_FINER_THAN_MONTH = re.compile(
    r"(?<!\d)(?:19|20)\d\d-[01]\d-[0-3]\d(?!\d)|(?<!\d)[0-3]?\d/[0-3]?\d/(?:19|20)\d\d(?!\d)"
)
_METRES_PER_DEGREE = 111_195.0
# columns that formats bring along
_TECHNICAL = frozenset({"id", "fid", "ogc_fid", "name", "description", "Name", "bbox"})
_ALMOST = 0.99
_ID_SHOWN = 4


@dataclass(frozen=True, slots=True)
class _Told:
    """Whether a text gives a day, and the coordinates in it."""

    day: bool
    pairs: tuple[Match, ...]


@dataclass(frozen=True)
class Judge:
    """Judges what stands in one file."""

    limits: Limits
    file: str
    # the shape is kept, so that no other object gets its number
    _known: dict[tuple[str, int], tuple[bool, object]] = field(default_factory=dict)
    _digits: dict[int, tuple[int, object]] = field(default_factory=dict)
    _texts: dict[str, _Told | None] = field(default_factory=dict)

    def collection(self, found: Collection, trail: str) -> Iterator[tuple[str, Finding]]:
        """Faults of a list of features, each with the kind by which it is counted."""
        layer = layer_of(found)
        if found.repeated:
            yield "", self._fault("repeated", trail, found.where, found.repeated)
        for name in sorted(self._undeclared(found, layer)):
            where = next((seen.where for seen in found.features if name in seen.properties), found.where)
            yield name, self._fault("field", trail, where, f"the field {shown_name(name)} is not declared")
        for seen in found.features:
            for rule, what in self._feature(seen, found, layer):
                yield "", self._fault(rule, trail, seen.where, what)

    def _undeclared(self, found: Collection, layer: str | None) -> set[str]:
        fields = found.fields - _TECHNICAL
        if layer is not None:
            return fields - {spec.name for spec in layer_specs()[layer].fields}
        declared = [self.limits.fields]
        # what cites sources may be a layer of the atlas under another name
        if "source_ids" in fields:
            declared += [frozenset(spec.name for spec in layer.fields) for layer in layer_specs().values()]
        return min((fields - known for known in declared), key=len)

    def _feature(self, seen: Seen, found: Collection, layer: str | None) -> Iterator[tuple[str, str]]:
        stated = seen.properties.get("sensitivity", found.sensitivity)
        if stated is None or (isinstance(stated, str) and not stated.strip()):
            yield "unclassified", f"{_named(seen)} states no sensitivity"
        elif not isinstance(stated, str) or stated not in PUBLISHED:
            yield "not-published-class", f"{_named(seen)} is {shown_name(stated)}, which is never published"
        if not seen.is_readable:
            yield "unread", f"{_named(seen)} has a shape that cannot be read"
        if seen.kind is not None:
            yield from self._shape(seen, stated, layer)
        if layer is None:
            yield from self._record(seen)

    def _shape(self, seen: Seen, stated: object, layer: str | None) -> Iterator[tuple[str, str]]:
        informal = is_informal(seen, layer)
        is_point = seen.kind in POINTS
        if is_point and (informal or stated == Sensitivity.GENERALISED):
            yield "point", f"{_named(seen)} is {'an informal crossing' if informal else 'generalised'} with a point"
        elif stated == Sensitivity.GENERALISED or informal:
            yield from self._place(seen, layer)
        elif is_point and layer is None and stated == Sensitivity.OPEN and not self._may_be_open(seen):
            yield "point", f"{_named(seen)} has a point, and the policy opens no such category"
        allowed = self.limits.decimals if is_point and layer is None else LAYER_DECIMALS
        if (digits := self._digits_of(seen)) > allowed:
            yield "decimals", f"{_named(seen)} has coordinates of {digits} decimals; {allowed} are allowed"

    def _digits_of(self, seen: Seen) -> int:
        if not isinstance(seen.shape, Mapping):
            return seen.digits
        if id(seen.shape) not in self._digits:
            self._digits[id(seen.shape)] = (seen.digits, seen.shape)
        return self._digits[id(seen.shape)][0]

    def _may_be_open(self, seen: Seen) -> bool:
        # a file of something else has no categories for the policy to open
        return "category" not in seen.properties or self.limits.is_open(seen.properties)

    def _place(self, seen: Seen, layer: str | None) -> Iterator[tuple[str, str]]:
        """A generalised feature stands at a place of the policy, or at one that is as coarse."""
        places, ident = self.limits.places, seen.properties.get("place")
        # a release of before there were boxes says no level, and its places are judged by their size
        if layer is None and ident is not None and places is not None and "level" in seen.properties:
            place = places.place(ident) if isinstance(ident, str) else None
            if place is None:
                yield "unknown-place", f"{_named(seen)} is at {shown_name(ident)}, which is no public place"
                return
            if place.size_m < self.limits.floor_m * _ALMOST:
                yield "too-fine", f"{_named(seen)}: its place is {place.size_m:,.0f} m across"
            if isinstance(seen.shape, Mapping) and not self._recognised(place, seen.shape):
                yield "unknown-place", f"{_named(seen)}: its shape is not that of the place {ident}"
            yield from self._steps(seen)
            return
        size = _size_m(seen)
        if size is not None and size < self.limits.floor_m * _ALMOST:
            yield "too-fine", f"{_named(seen)}: {size:,.0f} m across; the floor is {self.limits.floor_m:,.0f} m"

    def _steps(self, seen: Seen) -> Iterator[tuple[str, str]]:
        """A number of a class is a multiple of k."""
        number, k = seen.properties.get("reports_at_least"), self.limits.k
        if type(number) is not int or number < k or number % k:
            yield "k", f"{_named(seen)} shows {shown_name(number)}; numbers are told in steps of {k}"

    def _recognised(self, place: MapPlace, shape: Mapping[str, object]) -> bool:
        key = (place.ident, id(shape))
        if key not in self._known:
            self._known[key] = (place.geometry == shape, shape)
        return self._known[key][0]

    def _record(self, seen: Seen) -> Iterator[tuple[str, str]]:
        known = self._texts
        telling = [
            (name, told)
            for name, value in seen.properties.items()
            if isinstance(value, str) and (told := known[value] if value in known else self._told(value)) is not None
        ]
        for name in (name for name, told in telling if told.day):
            yield "time", f"{_named(seen)}: {shown_name(name)} gives a day"
        for name in ("note", "photos"):
            if seen.properties.get(name) and not self.limits.policy.allows(name):
                yield "note", f"{_named(seen)} has {name}, and the policy lists none"
            elif seen.properties.get(name) and seen.properties.get(f"{name}_reviewed") is not True:
                yield "note", f"{_named(seen)} has {name} that nobody has reviewed"
        for name, match in ((name, match) for name, told in telling for match in told.pairs):
            yield match.rule, f"{_named(seen)}: {shown_name(name)} holds coordinates, {masked(match.text)}"

    def _told(self, value: str) -> _Told | None:
        """What a text tells, if anything; most texts stand in many features."""
        # shorter than any coordinates
        pairs = tuple(coordinates(value)) if len(value) > 5 else ()  # noqa: PLR2004 - as above
        told = _Told(_FINER_THAN_MONTH.search(value) is not None, pairs)
        self._texts[value] = told if told.day or told.pairs else None
        return self._texts[value]

    def _fault(self, rule: str, trail: str, where: str, what: str) -> Finding:
        return Finding(rule, self.file, f"{trail} > {where}" if trail else where, what)


def shown_name(value: object) -> str:
    """A name out of a file, in quotes and short."""
    text = repr(value)
    return text if len(text) < 40 else f"{text[:30]}…"  # noqa: PLR2004 - a line


def _named(seen: Seen) -> str:
    """A feature by the beginning of its id, which may be a secret itself."""
    text = "" if seen.ident is None else str(seen.ident)
    return f"feature {text[:_ID_SHOWN]!r}{'…' if len(text) > _ID_SHOWN else ''}" if text else "a feature"


def layer_of(found: Collection) -> str | None:
    """The layer of the atlas that a list is, by its name and its fields."""
    name = _PARTS.sub("", found.layer or "")
    if name not in layer_specs():
        return None
    declared = {spec.name for spec in layer_specs()[name].fields}
    # a file of that name with other fields is another file
    return name if len(found.fields & declared) * 2 > len(found.fields - _TECHNICAL) else None


def is_informal(seen: Seen, layer: str | None) -> bool:
    """Whether a feature is an informal crossing, or may be one."""
    if layer == "crossings_informal" or seen.properties.get("category") in CROSSINGS:
        return True
    if layer == "crossings_vehicular" or "formality" in seen.properties:
        return seen.properties.get("formality") != "formal"
    return False


def _size_m(seen: Seen) -> float | None:
    shape = seen.geometry
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
    return float(shapely.minimum_bounding_radius(shape)) * 2 * _METRES_PER_DEGREE
