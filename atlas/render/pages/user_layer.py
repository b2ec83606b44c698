"""A page of a user's own map over the atlas' base map; made on demand, never part of ``maps/``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import shapely

from atlas.admission.published_atlas import PublishedAtlas
from atlas.cartography.assembly import DrawnLayer, assemble
from atlas.cartography.composition import Composition
from atlas.cartography.point_cloud import Share
from atlas.render.build_context import BuildContext
from atlas.render.contract import USER_LAYER
from atlas.render.extent import LAND, of_kind
from atlas.render.map_texts import portrayals, stated
from atlas.render.pages.map_page import MapPage
from atlas.render.tiles import Tiles
from atlas.render.user_layer import TOLERANCE_M, UNDER, ComposedLayer, UserLayerContext, WithUserLayer, fitted


def edition_of(
    composition: Composition, *, release: PublishedAtlas, tiles: Tiles | None, share: Share | None = None
) -> UserLayerContext:
    """The layers of a map read, let through, and made ready for drawing; ``share`` hears how much has been read."""
    assembled = assemble(composition, release, share=share or (lambda _done: None))
    composed = {layer.name: ComposedLayer(layer, fitted(layer)) for layer in assembled.drawn}
    edition = UserLayerContext(WithUserLayer(release, assembled, composed), tiles)
    for layer in composed.values():
        layer.drawn.file.notes.update(_page_notes(edition, layer.drawn, layer.tolerance_m))
    return edition


def render(edition: UserLayerContext) -> str:
    """The page as text."""
    release = edition.release
    notes: dict[str, Any] = {}
    for layer in release.composed.values():
        for key, value in layer.drawn.file.notes.items():
            # of several files the numbers of one kind are added up
            notes[key] = value if isinstance(value, str) else int(value) + int(notes.get(key, 0))
    home = release.assembled.extent
    native = release.assembled.native
    blocks: dict[str, Any] = {}
    for layer in release.composed.values():
        blocks |= layer.cloud
    page = MapPage(
        USER_LAYER,
        layers=(*UNDER, *native, *release.composed),
        shown=("border", *native, *release.composed),
        home=next(iter(release.composed), "border"),
        frame=None if home is None else lambda _edition: home,
        styles=("own.css", *(("points.css",) if blocks else ())),
        tools=True,
        script="points" if blocks else "",
        layout="own.html.j2",
        data=lambda _edition: {"portrayals": portrayals(release), **blocks},
        content=lambda _edition: {"notes": notes, **stated(release)},
    )
    return page.render(edition)


def _page_notes(edition: BuildContext, layer: DrawnLayer, tolerance: float) -> Mapping[str, Any]:
    """What a reader has to know besides what the file's reader noted."""
    notes: dict[str, Any] = {}
    columns = layer.file.columns if layer.cloud is None else layer.cloud.names
    if left := len(set(columns) - set(layer.fields)):
        notes["fields"] = left
    if outside := _outside(edition, layer):
        notes["outside"] = outside
    if tolerance > TOLERANCE_M:
        notes["coarse"] = round(tolerance)
    return notes


def _outside(edition: BuildContext, layer: DrawnLayer) -> int:
    land = [shape for kind in LAND for shape in of_kind(edition, kind) if shape]
    placed = [feature.shape for feature in layer.portrayal.features if feature.shape is not None]
    if not land or not (placed or layer.cloud):
        return 0
    if layer.cloud is not None:
        west, south, east, north = shapely.total_bounds(land)
        lon, lat = layer.cloud.positions.T
        return int(((lon < west) | (lon > east) | (lat < south) | (lat > north)).sum())
    sheet = shapely.box(*shapely.total_bounds(land))
    return int((~shapely.intersects(placed, sheet)).sum())
