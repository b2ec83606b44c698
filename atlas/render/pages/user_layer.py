"""A page of a user's own map over the atlas' base map; made on demand, never part of ``maps/``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely

from atlas.admission.published_atlas import PublishedAtlas
from atlas.cartography.assembly import Assembled, DrawnLayer, assemble
from atlas.cartography.composition import Composition, Extent
from atlas.cartography.world import Country, countries, home, reaches_beyond
from atlas.geometry.antimeridian_steps import WHOLE
from atlas.render.contract import USER_LAYER
from atlas.render.label_positions import placements
from atlas.render.map_texts import portrayals, stated
from atlas.render.pages.map_page import MapPage
from atlas.render.tiles import Tiles
from atlas.render.user_layer import TOLERANCE_M, UNDER, ComposedLayer, UserLayerContext, WithUserLayer, fitted

if TYPE_CHECKING:
    from atlas.cartography.point_cloud import Share

# land around data on both sides of 180°
AROUND_DEG = 25.0
# without most of the polar ice, which Mercator's drawing makes endless
WORLD = (-180.0, -58.0, 180.0, 83.7)


def edition_of(
    composition: Composition,
    *,
    release: PublishedAtlas,
    tiles: Tiles | None,
    share: Share | None = None,
    folder: Path | None = None,
) -> UserLayerContext:
    """The layers of a map read, let through, and made ready for drawing; ``share`` hears how much has been read.

    Where the page is one of a folder, many points are written as an archive into ``folder``.
    """
    assembled = assemble(composition, release, share=share or (lambda _done: None), folder=folder)
    composed = {layer.name: ComposedLayer(layer, fitted(layer)) for layer in assembled.drawn}
    edition = UserLayerContext(WithUserLayer(release, assembled, composed, _ground(assembled)), tiles)
    for layer in composed.values():
        layer.drawn.file.notes.update(_page_notes(layer.drawn, layer.tolerance_m, assembled.frame_start))
    return edition


def _ground(assembled: Assembled) -> tuple[Country, ...]:
    """The countries of the world under data that lie beyond the region; none where they don't."""
    data = assembled.data_extent
    if not (reaches_beyond(data) or reaches_beyond(assembled.composition.extent)):
        return ()
    west, south, east, north = WORLD if assembled.frame_start is None else _around(assembled)
    # of the polar ice only what has data on it
    return countries((west, south if data is None else min(south, data[1] - 1), east, north))


def _around(assembled: Assembled) -> Extent:
    """The world around data on both sides of 180°, no farther than from the start of their frame to its end."""
    start = assembled.frame_start or 0.0
    shown = [one for one in (assembled.extent, assembled.data_extent, _home_in(start)) if one is not None]
    west, east = min(one[0] for one in shown) - AROUND_DEG, max(one[2] for one in shown) + AROUND_DEG
    return max(west, start), WORLD[1], min(east, start + WHOLE), WORLD[3]


def _home_in(start: float) -> Extent:
    west, south, east, north = home()
    turn = WHOLE if west < start else 0.0
    return west + turn, south, east + turn, north


def _world_names(world: Sequence[Country]) -> list[dict[str, Any]]:
    """Names of countries, the larger from a wider view on."""
    return [
        {"kind": "country", "key": one.key, "at": list(one.at), "from": _least_zoom(one.area), "to": 9}
        for one in world
        if one.name["en"]
    ]


def _least_zoom(area: float) -> float:
    return 1.0 if area > 150 else 2.5 if area > 25 else 4.0 if area > 3 else 5.0  # noqa: PLR2004 - square degrees


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
        blocks |= {**layer.cloud, **layer.archive}
    page = MapPage(
        USER_LAYER,
        layers=(*UNDER, *native, *release.composed),
        shown=("border", *native, *release.composed),
        home=next(iter(release.composed), "border"),
        frame=None if home is None else lambda _edition: home,
        styles=("own.css", *(("points.css",) if blocks else ())),
        tools=True,
        script="archive" if "archive" in blocks else "points" if blocks else "",
        served="archive" in blocks,
        layout="own.html.j2",
        data=lambda _edition: {
            "portrayals": portrayals(release),
            **blocks,
            **({"places": [*placements(edition), *_world_names(release.world)]} if release.world else {}),
        },
        content=lambda _edition: {
            "notes": notes,
            "archive": _reads(edition) if "archive" in blocks else "",
            **stated(release),
        },
    )
    return page.render(edition)


def _reads(edition: UserLayerContext) -> str:
    """Which sentence says what a page with an archive reads of the network: the points alone, or tiles too."""
    return "besides" if edition.tiles else "alone"


def _page_notes(layer: DrawnLayer, tolerance: float, start: float | None) -> Mapping[str, Any]:
    """What a reader has to know besides what the file's reader noted."""
    notes: dict[str, Any] = {}
    columns = layer.file.columns if layer.cloud is None else layer.cloud.names
    if left := len(set(columns) - set(layer.fields)):
        notes["fields"] = left
    if outside := _outside(layer, start):
        notes["outside"] = outside
    if tolerance > TOLERANCE_M:
        notes["coarse"] = round(tolerance)
    return notes


def _outside(layer: DrawnLayer, start: float | None) -> int:
    if layer.cloud is not None:
        return layer.cloud.outside
    placed = [feature.shape for feature in layer.portrayal.features if feature.shape is not None]
    region = shapely.box(*(home() if start is None else _home_in(start)))
    return int((~shapely.intersects(placed, region)).sum()) if placed else 0
