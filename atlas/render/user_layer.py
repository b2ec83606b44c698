"""A user's own file in the atlas' style: its shapes and chosen fields over the atlas' base map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from atlas.admission.user_features import UserFeature, UserLayer
from atlas.errors import UsageError
from atlas.evidence import Evidence
from atlas.geojson.shapely_geometries import shape_of
from atlas.geojson.written import written
from atlas.geometry.units import METRES_PER_DEGREE_OF_LATITUDE
from atlas.published import publishable
from atlas.render.build_context import BuildContext
from atlas.render.contract import USER_LAYER, Publishable
from atlas.render.page_texts import Catalogue
from atlas.render.views import VIEWS, View

UNDER = ("basemap", "municipalities", "border")
ROW = "#"
NAME_LIKE = ("name", "nombre", "title", "titulo", "título", "label", "etiqueta", "nom", "nomgeo", "nom_mun", "nom_ent")
LONGEST = 2000
SAFE_INTEGER = 2**53
TOLERANCE_M = 9.0
# beyond this many positions a browser is slow; shapes get coarser until they fit
MOST_POSITIONS = 400_000
COARSEST_M = 5_000.0
STEP = 3


@dataclass(frozen=True)
class WithUserLayer:
    """A release with the layer of a user's file on top; of that file only the chosen fields go on."""

    base: Publishable
    file: UserLayer
    fields: tuple[str, ...]
    tolerance_m: float = TOLERANCE_M

    @property
    def names(self) -> tuple[str, ...]:
        """The layers under it, and the file's own."""
        return (*(name for name in self.base.names if name in UNDER), USER_LAYER)

    @property
    def sources(self) -> Mapping[str, Mapping[str, Any]]:
        """Those of the atlas."""
        return self.base.sources

    @property
    def inputs(self) -> Mapping[str, Mapping[str, Any]]:
        """Those of the atlas."""
        return self.base.inputs

    @property
    def evidence(self) -> Evidence:
        """That of the atlas."""
        return self.base.evidence

    @property
    def annotation(self) -> Mapping[str, Any]:
        """That of the atlas."""
        return self.base.annotation

    @property
    def title_field(self) -> str:
        """What names a feature: a chosen field that sounds like a name, else the first, else the row."""
        return _name_like(self.fields) or next(iter(self.fields), ROW)

    @property
    def view(self) -> View:
        """How the layer is shown."""
        facts = tuple(name for name in self.fields if name != self.title_field)
        return View(USER_LAYER, USER_LAYER, (self.title_field,), facts, tolerance_m=self.tolerance_m)

    @property
    def released(self) -> Sequence[Mapping[str, Any]]:
        """None: the page shows something else."""
        return ()

    def hashes(self) -> Mapping[str, str]:
        """Those of the atlas, on which the base map stands."""
        return self.base.hashes()

    def record(self, name: str) -> Mapping[str, Any]:
        """The registry's record of a layer, or one made up of what the file says."""
        return self._record if name == USER_LAYER else self.base.record(name)

    @cached_property
    def _record(self) -> Mapping[str, Any]:
        placed = [feature.shape for feature in self.file.features if feature.shape is not None]
        box = [round(float(value), 6) for value in shapely.total_bounds(placed)] if placed else None
        described = [{"name": name, "type": self._type(name), "title": _both(name)} for name in self.fields]
        row = {"name": ROW, "type": "integer", "title": {"en": "row", "es": "fila"}}
        return {
            "title": _both(self.file.name),
            "description": _both(self.file.name),
            "fields": described if self.fields else [row],
            "bbox": box,
            "sensitivity": "open",
            "sha256": "",
        }

    def _type(self, name: str) -> str:
        values = [
            feature.properties[name] for feature in self.file.features if feature.properties.get(name) is not None
        ]
        numbers = bool(values) and all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)
        return "number" if numbers else "string"

    def features(self, name: str) -> Sequence[Mapping[str, Any]]:
        """The features of a layer; of the file, each kind of shape of a row apart."""
        return self._features if name == USER_LAYER else self.base.features(name)

    @cached_property
    def _features(self) -> Sequence[Mapping[str, Any]]:
        return [self._feature(number, feature) for number, feature in enumerate(self.file.features)]

    def _feature(self, number: int, feature: UserFeature) -> Mapping[str, Any]:
        chosen = {name: _plain(feature.properties.get(name)) for name in self.fields} or {ROW: feature.row}
        # the shape itself is at hand, and a long list of numbers would only be made to be read again
        geometry = None if feature.shape is None else {"type": feature.shape.geom_type}
        return {"type": "Feature", "id": f"{number + 1}", "geometry": geometry, "properties": chosen}


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


def _name_like(columns: Sequence[str]) -> str | None:
    low = {column.lower(): column for column in reversed(columns)}
    return next((low[name] for name in NAME_LIKE if name in low), None)


def chosen_fields(file: UserLayer, fields: Sequence[str] | None) -> tuple[str, ...]:
    """The fields that may reach a page: those asked for, else one that sounds like a name.

    Raises
    ------
    UsageError
        The file has no such field.
    """
    if fields is None:
        title_field = _name_like(file.columns)
        return (title_field,) if title_field else ()
    wanted = tuple(dict.fromkeys(fields))
    # a file without features has no fields to be wrong about
    missing = [name for name in wanted if file.features and name not in file.columns]
    if missing:
        near = get_close_matches(missing[0], file.columns, n=3, cutoff=0.4) or list(file.columns[:8])
        msg = f"{file.name} has no field {missing[0]!r}; " + (f"it has {', '.join(near)}" if near else "it has none")
        raise UsageError(msg)
    return wanted


def fitted(file: UserLayer) -> float:
    """How far shapes may move when they are drawn, in metres, so that a browser can carry their positions.

    Only the distance is found here, on a trial; shapes that share an edge are thinned together when they are packed.
    """
    trial = np.array([feature.shape for feature in file.features], dtype=object)
    tolerance = TOLERANCE_M
    while shapely.get_num_coordinates(trial).sum() > MOST_POSITIONS and tolerance < COARSEST_M:
        tolerance *= STEP
        trial = shapely.simplify(trial, tolerance / METRES_PER_DEGREE_OF_LATITUDE, preserve_topology=False)
    return tolerance


class UserLayerContext(BuildContext):
    """An edition of the atlas' ground and one file."""

    release: WithUserLayer

    @cached_property
    def views(self) -> tuple[View, ...]:
        """The layers under it, and the file's own."""
        return (*(view for view in VIEWS if view.name in self.release.names), self.release.view)

    @cached_property
    def shapes(self) -> Mapping[str, Sequence[Any]]:
        """Shapely geometries by layer; those of the file as they were read."""
        under = {name: [shape_of(feature["geometry"]) for feature in self.features[name]] for name in self._under}
        return {**under, USER_LAYER: [feature.shape for feature in self.release.file.features]}

    @cached_property
    def features(self) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Features by layer."""
        read = {name: self.release.features(name) for name in self._under}
        for name, features in read.items():
            publishable.refuse(name, features)
        return {**read, USER_LAYER: self.release.features(USER_LAYER)}

    @property
    def _under(self) -> tuple[str, ...]:
        return tuple(name for name in self.release.names if name != USER_LAYER)

    def catalogues(self, page: str, names: Sequence[str] | None = None) -> Mapping[str, Catalogue]:
        """Texts by language, with the file's name as the title of the page."""
        texts = super().catalogues(page, names)
        name = self.release.file.name
        return {
            language: {
                **texts_of_language,
                "page.own.title": name,
                "layer.own.description": texts_of_language["page.own.lead"],
            }
            for language, texts_of_language in texts.items()
        }
