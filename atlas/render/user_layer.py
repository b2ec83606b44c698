"""A user's own map in the atlas' style: shapes and chosen fields of its layers over the atlas' base map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from atlas.admission.user_features import UserFeature, UserLayer
from atlas.cartography.archive.archived_layer import ArchivedPoints
from atlas.cartography.assembly import Assembled, DrawnLayer
from atlas.cartography.fields import name_like
from atlas.cartography.world import Country, land_credit
from atlas.geojson.meridian_features import turned_features
from atlas.geojson.shapely_geometries import geometry_member, shape_of
from atlas.geojson.written import written
from atlas.geometry.units import METRES_PER_DEGREE_OF_LATITUDE
from atlas.published import publishable
from atlas.render.build_context import BuildContext
from atlas.render.cloud_blocks import cloud_blocks
from atlas.render.contract import USER_LAYER
from atlas.render.map_texts import map_texts
from atlas.render.over_atlas import OverAtlas
from atlas.render.page_texts import LANGUAGES, Catalogue
from atlas.render.views import VIEWS, View

UNDER = ("basemap", "municipalities", "border")
ROW = "#"
LONGEST = 2000
SAFE_INTEGER = 2**53
TOLERANCE_M = 9.0
# beyond this many positions a browser is slow; shapes get coarser until they fit
MOST_POSITIONS = 400_000
COARSEST_M = 5_000.0
STEP = 3


@dataclass(frozen=True)
class ComposedLayer:
    """A layer of the map as the pages know layers; of its file only the chosen fields go on."""

    drawn: DrawnLayer
    tolerance_m: float = TOLERANCE_M

    @property
    def title_field(self) -> str:
        """What names a feature: a chosen field that sounds like a name, else the first, else the row."""
        return name_like(self.drawn.fields) or next(iter(self.drawn.fields), ROW)

    @property
    def view(self) -> View:
        """How the layer is shown."""
        facts = tuple(name for name in self.drawn.fields if name != self.title_field)
        return View(self.drawn.name, USER_LAYER, (self.title_field,), facts, tolerance_m=self.tolerance_m)

    @cached_property
    def cloud(self) -> Mapping[str, Any]:
        """The blocks of a cloud of points; nothing where the layer is none."""
        return cloud_blocks(self.drawn)

    @property
    def archive(self) -> Mapping[str, Any]:
        """The block of points in an archive beside the page; nothing where the layer has none."""
        points = self.archived
        return {} if points is None else {"archive": {"layer": self.drawn.name, **points.about}}

    @property
    def archived(self) -> ArchivedPoints | None:
        """Its points, where they are in an archive beside the page."""
        return self.drawn.cloud if isinstance(self.drawn.cloud, ArchivedPoints) else None

    @property
    def shapes(self) -> Sequence[Any]:
        """Shapely geometries in degrees, in the order of drawing."""
        return [feature.shape for feature in self.drawn.portrayal.features]

    @cached_property
    def record(self) -> Mapping[str, Any]:
        """What the registry would say of the layer, made up of what the file says."""
        placed = [shape for shape in self.shapes if shape is not None]
        box = [round(float(value), 6) for value in shapely.total_bounds(placed)] if placed else None
        if self.drawn.cloud is not None:
            box = None if self.drawn.cloud.bbox is None else list(self.drawn.cloud.bbox)
        described = [{"name": name, "type": self._type(name), "title": _both(name)} for name in self.drawn.fields]
        row = {"name": ROW, "type": "integer", "title": {"en": "row", "es": "fila"}}
        return {
            "title": {language: self.drawn.title.get(language, self.drawn.file.name) for language in LANGUAGES},
            "description": _both(self.drawn.file.name),
            "fields": described if self.drawn.fields else [row],
            "bbox": box,
            "sensitivity": "open",
            "sha256": "",
        }

    def _type(self, name: str) -> str:
        held = [feature.properties.get(name) for feature in self.drawn.portrayal.features]
        values = [value for value in held if value is not None]
        numbers = bool(values) and all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)
        return "number" if numbers else "string"

    @cached_property
    def features(self) -> Sequence[Mapping[str, Any]]:
        """The features, each kind of shape of a row apart."""
        return [self._feature(number, feature) for number, feature in enumerate(self.drawn.portrayal.features)]

    def _feature(self, number: int, feature: UserFeature) -> Mapping[str, Any]:
        chosen = {name: _plain(feature.properties.get(name)) for name in self.drawn.fields} or {ROW: feature.row}
        # the shape itself is at hand, and a long list of numbers would only be made to be read again
        geometry = None if feature.shape is None else {"type": feature.shape.geom_type}
        return {"type": "Feature", "id": f"{number + 1}", "geometry": geometry, "properties": chosen}


@dataclass(frozen=True)
class WithUserLayer(OverAtlas):
    """A release with the layers of a user's own map on top."""

    assembled: Assembled
    composed: Mapping[str, ComposedLayer]
    world: tuple[Country, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The layers under it, and the map's own."""
        # the shapes of a layer that is drawn in another style need not be there twice
        origins = {layer.drawn.origin for layer in self.composed.values()} - {"border"}
        under = [name for name in self.base.names if name in (*UNDER, *self.assembled.native) and name not in origins]
        return (*under, *self.composed)

    def record(self, name: str) -> Mapping[str, Any]:
        """The registry's record of a layer, or one made up of what a file says."""
        if name not in self.composed:
            record = self.base.record(name)
            return _with_world(record) if name == "basemap" and self.world else record
        layer = self.composed[name]
        origin = self.base.record(layer.drawn.origin) if layer.drawn.origin else {}
        credit = ("attribution", "attribution_es", "licence", "licence_es")
        return {**layer.record, **{key: origin[key] for key in credit if key in origin}}

    def features(self, name: str) -> Sequence[Mapping[str, Any]]:
        """The features of a layer."""
        if name in self.composed:
            return self.composed[name].features
        under = turned_features(self.base.features(name), self.assembled.frame_start)
        # far from the region the ground goes on, coarser
        return [*under, *map(_ground, self.world)] if name == "basemap" and self.world else under


def _with_world(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record of the base map with the land of the world beneath it."""
    return {**record, **{key: f"{record[key]}; {text}" for key, text in land_credit().items() if record.get(key)}}


def _ground(country: Country) -> Mapping[str, Any]:
    properties = {"kind": "land_world", "sensitivity": "open"}
    return {"type": "Feature", "id": country.key, "geometry": geometry_member(country.shape), "properties": properties}


def _both(text: str) -> Mapping[str, str]:
    return {"en": text, "es": text}


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can say
    """A value that a browser can show as it is written: text, a truth or a number, and not without end.

    A number that a browser would write in another way goes as its text, ``{"number": TEXT}``.
    """
    if value is None or isinstance(value, bool):
        return value
    text = written(value)
    if len(text) > LONGEST:
        return f"{text[:LONGEST]}…"
    if isinstance(value, int | float):
        return value if _alike(value, text) else {"number": text}
    return text


def _alike(value: float, text: str) -> bool:
    """Whether JavaScript writes a number as this text: it does what Python does but for exponents and a bare ``.0``."""
    if isinstance(value, int):
        return abs(value) < SAFE_INTEGER
    return repr(value) == text and "e" not in text and not text.endswith(".0")


def fitted(file: DrawnLayer | UserLayer) -> float:
    """How far shapes may move when they are drawn, in metres, so that a browser can carry their positions.

    Only the distance is found here, on a trial; shapes that share an edge are thinned together when they are packed.
    """
    features = file.features if isinstance(file, UserLayer) else file.portrayal.features
    trial = np.array([feature.shape for feature in features], dtype=object)
    tolerance = TOLERANCE_M
    while shapely.get_num_coordinates(trial).sum() > MOST_POSITIONS and tolerance < COARSEST_M:
        tolerance *= STEP
        trial = shapely.simplify(trial, tolerance / METRES_PER_DEGREE_OF_LATITUDE, preserve_topology=False)
    return tolerance


class UserLayerContext(BuildContext):
    """An edition of the atlas' ground and the layers of one map."""

    release: WithUserLayer

    @cached_property
    def views(self) -> tuple[View, ...]:
        """The layers under it, and the map's own."""
        under = (view for view in VIEWS if view.name in self.release.names)
        return (*under, *(layer.view for layer in self.release.composed.values()))

    @cached_property
    def shapes(self) -> Mapping[str, Sequence[Any]]:
        """Shapely geometries by layer; those of a file as they were read."""
        under = {name: [shape_of(feature["geometry"]) for feature in self.features[name]] for name in self._under}
        return {**under, **{name: layer.shapes for name, layer in self.release.composed.items()}}

    @cached_property
    def features(self) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Features by layer."""
        read = {name: self.release.features(name) for name in self._under}
        for name, features in read.items():
            publishable.refuse(name, features)
        return {**read, **{name: layer.features for name, layer in self.release.composed.items()}}

    @property
    def _under(self) -> tuple[str, ...]:
        return tuple(name for name in self.release.names if name not in self.release.composed)

    def catalogues(self, page: str, names: Sequence[str] | None = None) -> Mapping[str, Catalogue]:
        """Texts by language, with those of the map: its title, its lead, its legends and notes."""
        texts = super().catalogues(page, names)
        return {language: {**given, **map_texts(self.release, given, language)} for language, given in texts.items()}
