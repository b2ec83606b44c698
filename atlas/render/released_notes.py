"""Field notes that a project has released, as a layer of the whole atlas; raw ones never come here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import shapely

from atlas.geojson.meridian_features import turned_features
from atlas.geojson.shapely_geometries import shape_of
from atlas.render.build_context import BuildContext
from atlas.render.fieldform import form_data
from atlas.render.over_atlas import OverAtlas
from atlas.render.views import VIEWS, View

RELEASED = "released"
VIEW = View(
    RELEASED,
    "field",
    ("group", "category"),
    (
        "reports_at_least",
        "period",
        "remainder",
        "place",
        "level",
        "near",
        "year",
        "month",
        "dataGeneralizations",
        "informationWithheld",
        "note",
        "note_reviewed",
    ),
)
_TITLE = {"en": "Field notes (released)", "es": "Notas de campo (publicadas)"}
_ABOUT = {
    "en": "Notes from the field, counted: on how many different days at least something of a kind was noted somewhere"
    " in a place, which is never narrower than ten kilometres. White is not nothing: a place without a number has fewer"
    " days than a step, or none, or nobody was there. Open notes are points.",
    "es": "Notas de campo, contadas: en cuántos días distintos por lo menos se anotó algo de una clase en alguna parte"
    " de un lugar, que nunca es más angosto que diez kilómetros. Blanco no quiere decir que no haya nada: un lugar"
    " sin número tiene menos días que un escalón, o ninguno, o nadie estuvo ahí. Las notas abiertas son puntos.",
}
_TITLES = {
    "group": {"en": "what was noted", "es": "qué se anotó"},
    "reports_at_least": {"en": "how often", "es": "con qué frecuencia"},
    "period": {"en": "period", "es": "periodo"},
    "remainder": {
        "en": "together, in places that show nothing by themselves",
        "es": "en conjunto, en lugares que solos no muestran nada",
    },
    "place": {"en": "place of the map of boxes", "es": "lugar del mapa de casillas"},
    "level": {"en": "level", "es": "nivel"},
    "near": {"en": "municipalities", "es": "municipios"},
    "year": {"en": "year", "es": "año"},
    "month": {"en": "month", "es": "mes"},
    "dataGeneralizations": {"en": "how it was generalised", "es": "cómo se generalizó"},
    "informationWithheld": {"en": "what was withheld", "es": "qué se retuvo"},
    "note_reviewed": {"en": "words reviewed", "es": "texto revisado"},
    "coordinateUncertaintyInMeters": {"en": "position uncertainty", "es": "incertidumbre de la posición"},
}
_VALUES: dict[str, dict[str, dict[str, str]]] = {
    "group": {
        "crossings": {"en": "crossings", "es": "cruces"},
        "help": {"en": "shelter and service", "es": "refugio y servicio"},
        "harm": {"en": "incidents and hazards", "es": "incidentes y peligros"},
        "control": {"en": "checkpoints", "es": "puestos de control"},
        "other": {"en": "infrastructure and other observations", "es": "infraestructura y otras observaciones"},
        "all_else": {"en": "all but crossings", "es": "todo menos cruces"},
    },
    "level": {
        "box": {"en": "box", "es": "casilla"},
        "zone": {"en": "zone", "es": "zona"},
        "section": {"en": "section", "es": "sección"},
        "part": {"en": "part", "es": "parte"},
        "position": {"en": "position", "es": "posición"},
    },
}
_AT_LEAST = {"en": "noted on at least {} days", "es": "anotado en al menos {} días"}
_FLAGS = frozenset({"note_reviewed", "remainder"})


@dataclass(frozen=True)
class WithReleased(OverAtlas):
    """A release with the layer of its released notes on top."""

    records: Sequence[Mapping[str, Any]]

    @property
    def names(self) -> tuple[str, ...]:
        """Those of the atlas, and the notes."""
        return (*self.base.names, RELEASED)

    @property
    def released(self) -> Sequence[Mapping[str, Any]]:
        """The notes."""
        return self.records

    def record(self, name: str) -> Mapping[str, Any]:
        """The registry's record of a layer, or one of the notes."""
        return self._record if name == RELEASED else self.base.record(name)

    def features(self, name: str) -> Sequence[Mapping[str, Any]]:
        """The features of a layer; of a note, the fields that a page shows."""
        return self._features if name == RELEASED else self.base.features(name)

    @cached_property
    def _features(self) -> Sequence[Mapping[str, Any]]:
        start = None if self.border is None else self.border.frame_start
        return [
            {
                "type": "Feature",
                "id": str(record.get("id", number)),
                "geometry": record.get("geometry"),
                "properties": {name: _shown(name, record["properties"].get(name)) for name in VIEW.fields},
            }
            for number, record in enumerate(turned_features(self.records, start))
        ]

    @cached_property
    def _record(self) -> Mapping[str, Any]:
        shapes = [shape for feature in self._features if (shape := shape_of(feature["geometry"])) is not None]
        box = [round(float(value), 6) for value in shapely.total_bounds(shapes)] if shapes else None
        return {"title": _TITLE, "description": _ABOUT, "fields": self._fields(), "bbox": box, "sensitivity": "open"}

    def _fields(self) -> list[dict[str, Any]]:
        form = {field["name"]: field for field in form_data(self.annotation)["fields"]}
        return [
            {
                "name": name,
                "type": "boolean" if name in _FLAGS else "string",
                "title": form[name]["titles"] if name in form else _TITLES.get(name, {"en": name, "es": name}),
                "values": self._values(name, form),
            }
            for name in VIEW.fields
            # a column that no note fills says nothing, and the policy may not know it
            if any(feature["properties"][name] is not None for feature in self._features)
        ]

    def _values(self, name: str, form: Mapping[str, Any]) -> Mapping[str, Mapping[str, str]] | None:
        """The words for the values of a field in both languages."""
        if name == "reports_at_least":
            numbers = {feature["properties"][name] for feature in self._features} - {None}
            return {each: {lang: words.format(each) for lang, words in _AT_LEAST.items()} for each in sorted(numbers)}
        if name in form:
            return {code: titles for code, titles in form[name]["values"]}  # noqa: C416 - pairs of a list
        return _VALUES.get(name)


def _shown(name: str, value: object) -> object:
    """A value as a page has it: a number of days is one of the words that are translated."""
    return str(value) if name == "reports_at_least" and value is not None else value


class NotedContext(BuildContext):
    """An edition of the atlas with its released notes."""

    @property
    def views(self) -> tuple[View, ...]:
        """Those of the atlas, and the notes on top."""
        return (*(view for view in VIEWS if view.name in self.release.names), VIEW)


def noted(edition: BuildContext) -> BuildContext:
    """The edition with its released notes, or the same where there are none."""
    records = edition.release.released
    return NotedContext(WithReleased(edition.release, records), edition.tiles) if records else edition
