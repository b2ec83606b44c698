"""A page of a user's own file over the atlas' base map; made on demand, never part of ``maps/``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import shapely

from atlas.admission.published_atlas import PublishedAtlas
from atlas.admission.user_features import UserLayer
from atlas.admission.user_layers import open_user_layer
from atlas.render.build_context import BuildContext
from atlas.render.contract import USER_LAYER
from atlas.render.extent import of_kind
from atlas.render.pages.map_page import MapPage
from atlas.render.tiles import Tiles
from atlas.render.user_layer import TOLERANCE_M, UNDER, UserLayerContext, WithUserLayer, chosen_fields, fitted


def edition_of(
    source: object,
    *,
    release: PublishedAtlas,
    fields: tuple[str, ...] | None,
    tiles: Tiles | None,
    sensitivity_field: str | None = None,
) -> UserLayerContext:
    """The file or object read, let through, and made ready for drawing."""
    file = open_user_layer(source, release, sensitivity_field=sensitivity_field)
    chosen = chosen_fields(file, fields)
    tolerance = fitted(file)
    edition = UserLayerContext(WithUserLayer(release, file, chosen, tolerance), tiles)
    file.notes.update(_page_notes(edition, file, chosen, tolerance))
    return edition


def render(edition: UserLayerContext) -> str:
    """The page as text."""
    notes = {key: value if isinstance(value, str) else int(value) for key, value in edition.release.file.notes.items()}
    page = MapPage(
        USER_LAYER,
        layers=(*UNDER, USER_LAYER),
        shown=("border", USER_LAYER),
        home=USER_LAYER,
        tools=True,
        layout="own.html.j2",
        content=lambda _edition: {"notes": notes},
    )
    return page.render(edition)


def _page_notes(edition: BuildContext, file: UserLayer, chosen: tuple[str, ...], tolerance: float) -> Mapping[str, Any]:
    """What a reader has to know besides what the file's reader noted."""
    notes: dict[str, Any] = {}
    if left := len(file.columns) - len(chosen):
        notes["fields"] = left
    if outside := _outside(edition, file):
        notes["outside"] = outside
    if tolerance > TOLERANCE_M:
        notes["coarse"] = round(tolerance)
    return notes


def _outside(edition: BuildContext, file: UserLayer) -> int:
    land = [shape for kind in ("land_mexico", "land_neighbours") for shape in of_kind(edition, kind) if shape]
    placed = [feature.shape for feature in file.features if feature.shape is not None]
    if not land or not placed:
        return 0
    sheet = shapely.box(*shapely.total_bounds(land))
    return int((~shapely.intersects(placed, sheet)).sum())
