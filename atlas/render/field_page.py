"""A team's own page of field notes: its layers under the notes, its form, in one file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from atlas.admission.published_atlas import PublishedAtlas
from atlas.admission.user_features import UserLayer
from atlas.admission.user_layers import open_user_layer
from atlas.cartography.fields import chosen_fields
from atlas.errors import InputError
from atlas.garbage import without_collector
from atlas.geojson.collection import read_json
from atlas.geojson.written import written
from atlas.geometry.units import METRES_PER_DEGREE_OF_LATITUDE
from atlas.render.build_context import BuildContext
from atlas.render.over_atlas import OverAtlas
from atlas.render.pages.annotate import map_page
from atlas.render.user_layer import fitted

DECIMALS = 6
LONGEST_NAME = 200


@dataclass(frozen=True)
class WithForm(OverAtlas):
    """A release whose field notes have another form."""

    form: Mapping[str, Any]

    @property
    def annotation(self) -> Mapping[str, Any]:
        """The team's own."""
        return self.form


def render_field_page(
    release: PublishedAtlas,
    *,
    layers: Sequence[object] = (),
    form: Path | None = None,
    sensitivity_field: str | None = None,
) -> bytes:
    """The page of field notes by itself, to give to a team.

    Parameters
    ----------
    release
        The atlas' layers, for the ground under the notes.
    layers
        GeoJSON files (or GeoDataFrames, or dictionaries) that the team wants to see under its notes, in degrees or in
        any system that they name; their shapes and one field that sounds like a name go into the page.
    form
        A JSON Schema of the notes, made from ``geodata/schema/annotation.json``; that one if not given.
    sensitivity_field
        As in `open_user_layer`, for each of the layers.

    Returns
    -------
    bytes
        The page as a file.

    Raises
    ------
    InputError
        A file cannot be used; the message says where and what to do.
    PolicyError
        A feature is neither open nor shown to be released.
    """
    return field_page_text(release, layers=layers, form=form, sensitivity_field=sensitivity_field).encode()


def field_page_text(
    release: PublishedAtlas,
    *,
    layers: Sequence[object] = (),
    form: Path | None = None,
    sensitivity_field: str | None = None,
    site: bool = False,
) -> str:
    """The page of `render_field_page` as text; with ``site`` that of a folder to install from."""
    with without_collector():
        opened = [open_user_layer(layer, release, sensitivity_field=sensitivity_field) for layer in layers]
        reference = [_reference(layer) for layer in opened]
        base = release if form is None else WithForm(release, _schema(form))
        return map_page(reference, home=False, site=site).render(BuildContext(base))


def _schema(path: Path) -> Mapping[str, Any]:
    schema = read_json(path)
    if not isinstance(schema, dict):
        msg = f"{path} is not a JSON Schema of field notes; start from geodata/schema/annotation.json"
        raise InputError(msg)
    return schema


def _reference(file: UserLayer) -> dict[str, Any]:
    """A layer as the browser draws it: a name and a geometry a feature."""
    return {"name": Path(file.name).stem, "features": list(_features(file))}


def _features(file: UserLayer) -> Iterator[list[Any]]:
    (name,) = chosen_fields(file, None) or (None,)
    shapes = np.array([feature.shape for feature in file.features], dtype=object)
    drawn = shapely.simplify(shapes, fitted(file) / METRES_PER_DEGREE_OF_LATITUDE)
    for feature, shape in zip(file.features, drawn, strict=True):
        if shape is not None and not shape.is_empty:
            label = feature.properties.get(name) if name else None
            yield [None if label is None else _cut(written(label)), shapely.geometry.mapping(_rounded(shape))]


def _cut(label: str) -> str:
    return label if len(label) <= LONGEST_NAME else f"{label[:LONGEST_NAME]}…"


def _rounded(shape: Any) -> Any:  # noqa: ANN401 - any shapely geometry
    return shapely.transform(shapely.force_2d(shape), lambda positions: np.round(positions, DECIMALS))
