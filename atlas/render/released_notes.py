"""Field notes that a project has released, as a layer of the whole atlas; raw ones never come here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import shapely

from atlas.evidence import Evidence
from atlas.render.build_context import BuildContext
from atlas.render.contract import Publishable
from atlas.render.fieldform import form_data
from atlas.render.shapely_geometries import shape_of
from atlas.render.views import VIEWS, View

RELEASED = "released"
VIEW = View(
    RELEASED,
    "field",
    ("category",),
    (
        "year",
        "month",
        "municipality_name",
        "reaches",
        "dataGeneralizations",
        "informationWithheld",
        "note",
        "note_reviewed",
    ),
)
_TITLE = {"en": "Field notes (released)", "es": "Notas de campo (publicadas)"}
_ABOUT = {
    "en": "Notes from the field that passed the release gate: a place stands for several notes and is never finer than"
    " ten kilometres, unless a note is open.",
    "es": "Notas de campo que pasaron la revisión de publicación: un lugar representa varias notas y nunca es más fino"
    " que diez kilómetros, salvo que la nota sea abierta.",
}
_TITLES = {
    "year": {"en": "year", "es": "año"},
    "month": {"en": "month", "es": "mes"},
    "municipality_name": {"en": "municipality", "es": "municipio"},
    "reaches": {"en": "stretches of the border", "es": "tramos de la frontera"},
    "dataGeneralizations": {"en": "how it was generalised", "es": "cómo se generalizó"},
    "informationWithheld": {"en": "what was withheld", "es": "qué se retuvo"},
    "note_reviewed": {"en": "words reviewed", "es": "texto revisado"},
    "coordinateUncertaintyInMeters": {"en": "position uncertainty", "es": "incertidumbre de la posición"},
}


@dataclass(frozen=True)
class WithReleased:
    """A release with the layer of its released notes on top."""

    base: Publishable
    records: Sequence[Mapping[str, Any]]

    @property
    def names(self) -> tuple[str, ...]:
        """Those of the atlas, and the notes."""
        return (*self.base.names, RELEASED)

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
    def released(self) -> Sequence[Mapping[str, Any]]:
        """The notes."""
        return self.records

    def hashes(self) -> Mapping[str, str]:
        """Those of the atlas."""
        return self.base.hashes()

    def record(self, name: str) -> Mapping[str, Any]:
        """The registry's record of a layer, or one of the notes."""
        return self._record if name == RELEASED else self.base.record(name)

    def features(self, name: str) -> Sequence[Mapping[str, Any]]:
        """The features of a layer; of a note, the fields that a page shows."""
        return self._features if name == RELEASED else self.base.features(name)

    @cached_property
    def _features(self) -> Sequence[Mapping[str, Any]]:
        return [
            {
                "type": "Feature",
                "id": str(record.get("id", number)),
                "geometry": record.get("geometry"),
                "properties": {name: record["properties"].get(name) for name in VIEW.fields},
            }
            for number, record in enumerate(self.records)
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
                "type": "boolean" if name == "note_reviewed" else "string",
                "title": form[name]["titles"] if name in form else _TITLES.get(name, {"en": name, "es": name}),
                "values": {code: titles for code, titles in form[name]["values"]} if name in form else None,  # noqa: C416 - pairs of a list
            }
            for name in VIEW.fields
            # a column that no note fills says nothing, and the policy may not know it
            if name in VIEW.title or any(feature["properties"][name] is not None for feature in self._features)
        ]


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
