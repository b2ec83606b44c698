"""A user's own map on paper: the layout adapts to a height, classes and circles are those of the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import shapely
from matplotlib.axes import Axes

from atlas.cartography.assembly import Assembled
from atlas.cartography.composition import in_language
from atlas.cartography.map_frame import shifted_extent
from atlas.errors import UsageError
from atlas.figure.basemap import draw_base
from atlas.figure.blocks import Beside, Block, Paragraph, Stack
from atlas.figure.composed_layers import draw_composed, draw_native, largest_mm, legends, near
from atlas.figure.composed_names import credits_of_world, draw_world, name_features
from atlas.figure.draw import DESIGN_MM, MARGIN, Laid, SheetOptions, draw_sheet, head
from atlas.figure.extents import map_extent
from atlas.figure.figure_texts import load_words
from atlas.figure.foot import foot
from atlas.figure.frame import Extent, MapFrame, shape_of
from atlas.figure.paper import INCH_MM, QUIET, Box, Type
from atlas.figure.plan import Desk, MapPlan, around, map_block, mapped_region
from atlas.figure.small_maps import column_counts, small_maps
from atlas.geojson.meridian_features import turned_features
from atlas.geometry.antimeridian_steps import HALF, WHOLE
from atlas.published import PublishedLayers

# what is printed on one page of a journal
MOST_MM = 225.0
HEIGHTS_MM = (40.0, 1000.0)
LEAST_MAP_MM = 25.0
BESIDE_MM = 130.0
ASPECTS = (0.35, 1.35)
# degrees
SMALLEST = 0.1
PAD = 0.06
POLE = 84.0
# share of the map that a corner takes, and the scale bar: width, height
CORNER = 0.25
BAR = (0.4, 0.1)
# of the sheet's height, for small maps
MAPS_SHARE = 0.7
STATED = ("credit", "licence")


def draw_composition(release: PublishedLayers, assembled: Assembled, path: Path, options: SheetOptions) -> Path:
    """Draw a map of a user's own as a figure.

    Raises
    ------
    UsageError
        There is no such ending, language, size or resolution, or the map does not fit the height.
    OutputError
        The file cannot be written.
    """
    most = options.most_mm or MOST_MM
    if not HEIGHTS_MM[0] <= most <= HEIGHTS_MM[1]:
        msg = f"a figure cannot be at most {most:g} mm high; choose from {HEIGHTS_MM[0]:g} to {HEIGHTS_MM[1]:g} mm"
        raise UsageError(msg)
    return draw_sheet(release, path, options, lambda desk: laid_out(desk, assembled, options))


def draw_into(axes: Axes, release: PublishedLayers, assembled: Assembled, *, lang: str = "en") -> None:
    """Draw the map alone into axes of somebody's own, at their size on paper."""
    size = axes.get_window_extent()
    wide, high = (length / axes.figure.dpi * INCH_MM for length in (size.width, size.height))
    desk = Desk(release, load_words(lang, of_project=release.border is not None), Type.fitting(wide))
    desk.take("basemap", "border", *assembled.native)
    _turned(desk, assembled)
    frame = MapFrame(axes, _of_aspect(_shown(desk, assembled), high / wide), Box(0, 0, wide, high))
    axes.set(xlim=(0, wide), ylim=(0, high), autoscale_on=False)
    draw_base(frame, around(desk.features("basemap"), frame.extent), mapped_region(desk, frame.extent))
    _under(frame, desk, assembled)
    name_features(frame, assembled=assembled, kind=desk.type, language=lang)


def laid_out(desk: Desk, assembled: Assembled, options: SheetOptions) -> Laid:
    """The sheet: title, map with its legends, and the foot, no higher than it may be."""
    origins = [layer.origin for layer in assembled.drawn if layer.origin]
    desk.take("basemap", "border", *assembled.native, *origins)
    _turned(desk, assembled)
    words, composition = desk.words, assembled.composition
    title = composition.text("title", words.language) or ", ".join(
        [layer.file.name for layer in assembled.drawn] or [words.layer(name) for name in assembled.native]
    )
    lead = composition.text("lead", words.language) or ""
    layout = min(options.width_mm, DESIGN_MM)
    # beyond this width everything is enlarged, the height with it
    most = (options.most_mm or MOST_MM) * layout / options.width_mm
    notes = [note[words.language] for layer in assembled.drawn for note in layer.portrayal.notes]

    shown = _with_room_for_bar(assembled, _shown(desk, assembled))
    north, bar = _corners(assembled, shown)
    steps = list(dict.fromkeys(step for layer in assembled.drawn for step in layer.portrayal.steps))

    def end(extent: Extent) -> Sequence[Block]:
        stated = [*_stated(desk, assembled), *notes, *credits_of_world(extent, assembled, words.language)]
        return [
            *(Paragraph(t, desk.type.small, colour=QUIET, after=0.5) for t in stated),
            *foot(_within(desk, extent), (), (), conic=extent.fits_cone, projected=True),
        ]

    def body(extent: Extent) -> Block:
        if len(steps) > 1:
            return _small(desk, assembled, extent, steps, (layout - 2 * MARGIN, most * MAPS_SHARE))

        under, names = (partial(paint, desk=desk, assembled=assembled) for paint in (_under, _names))
        return map_block(desk, MapPlan(extent, bar, north, under, names, 16))

    def at(extent: Extent) -> tuple[Laid, float]:
        picture = Beside(body(extent), Stack(legends(desk, assembled)), column_width=46.0)
        laid = Laid([picture], lambda: end(extent), title, lead)
        tall = Stack([*head(desk, laid, titled=options.titled), picture, *laid.foot()]).height(layout - 2 * MARGIN)
        return laid, tall + 2 * MARGIN

    return _fitting(at, shown, layout, most, options)


def _small(desk: Desk, assembled: Assembled, extent: Extent, steps: Sequence[str], room: tuple[float, float]) -> Block:
    """A map for each time, as large as the room (width, height in millimetres) allows."""

    def under(frame: MapFrame, step: str) -> None:
        _under(frame, desk, assembled, step)

    made = [small_maps(desk, extent, steps, under, columns=columns) for columns in column_counts(len(steps), room[0])]
    return next((block for block in made if block.height(room[0]) <= room[1]), made[-1])


def _fitting(
    at: Callable[[Extent], tuple[Laid, float]], shown: Extent, layout: float, most: float, options: SheetOptions
) -> Laid:
    """The sheet at the extent, or at a wider one that makes it no higher than it may be."""
    # beside the map stands its legend where the sheet is wide
    wide = layout - 2 * MARGIN - (50.0 if layout - 2 * MARGIN >= BESIDE_MM else 0.0)
    for _ in range(12):
        laid, tall = at(shown)
        if tall <= most:
            return laid
        aspect = shown.aspect - (tall - most + 0.3) / wide
        if aspect * wide < LEAST_MAP_MM:
            break
        shown = _of_aspect(shown, aspect)
    msg = (
        f"the map with its legend and its texts is {tall * options.width_mm / layout:.0f} mm high and cannot be made "
        f"to fit {options.most_mm or MOST_MM:g} mm; allow more by --max-height-mm, leave the title out by --no-title, "
        "or make it wider by --width-mm"
    )
    raise UsageError(msg)


def _stated(desk: Desk, assembled: Assembled) -> list[str]:
    """Credit, licence and sources, and in one sentence what is not stated."""
    words, composition = desk.words, assembled.composition
    given = [(key, composition.text(key, words.language)) for key in STATED]
    lines = [words(f"own.{key}", text=text) for key, text in given if text]
    if composition.sources:
        listed = "; ".join(in_language(source, words.language) for source in composition.sources)
        lines.append(words("own.sources", text=listed))
    missing = [key for key in ("title", *STATED) if key not in composition.texts]
    missing += [] if composition.sources else ["sources"]
    if missing:
        lines.append(words("own.missing", what=words.listed([words(f"own.missing.{key}") for key in missing])))
    return lines


def _shown(desk: Desk, assembled: Assembled) -> Extent:
    """What the map shows: the extent that was asked for, or the layers with a margin, never too flat or too steep."""
    stated = assembled.composition.extent
    if stated:
        west, south, east, north = shifted_extent(stated, assembled.frame_start)
        return _clamped(west, south, east, north, across=east > HALF)
    if assembled.extent is None or not assembled.drawn:
        return map_extent(desk)
    west, south, east, north = assembled.extent
    span = max(east - west, north - south, SMALLEST)
    pad = PAD * span + SMALLEST * 0.2
    made = _clamped(west - pad, south - pad, east + pad, north + pad, across=east > HALF)
    low, high = ASPECTS
    return made if low <= made.aspect <= high else _of_aspect(made, min(max(made.aspect, low), high))


def _of_aspect(shown: Extent, aspect: float) -> Extent:
    """The extent made wider, or higher, so that it has this height by width."""
    across = shown.east > HALF
    for _ in range(8):
        factor = shown.aspect / aspect
        if abs(factor - 1) < 1e-3:  # noqa: PLR2004 - a tenth of a percent
            break
        wide, high = shown.east - shown.west, shown.north - shown.south
        if factor > 1:
            more = wide * (factor - 1) / 2
            shown = _clamped(shown.west - more, shown.south, shown.east + more, shown.north, across=across)
        else:
            more = high * (1 / factor - 1) / 2
            shown = _clamped(shown.west, shown.south - more, shown.east, shown.north + more, across=across)
    return shown


def _clamped(west: float, south: float, east: float, north: float, *, across: bool) -> Extent:
    """An extent within the globe; what lies across 180° goes on beyond it."""
    return Extent(max(west, -HALF), max(south, -POLE), min(east, west + WHOLE if across else HALF), min(north, POLE))


def _turned(desk: Desk, assembled: Assembled) -> None:
    """The layers of the atlas that were taken, in the frame of data on both sides of 180°."""
    for name, features in desk.used.items():
        desk.used[name] = turned_features(features, assembled.frame_start)


def _within(desk: Desk, extent: Extent) -> Desk:
    """The desk with the layers of which something lies on the map: whose shapes are not drawn is not named for them."""
    window = shapely.box(extent.west, extent.south, extent.east, extent.north)
    used = {
        name: shown
        for name, features in desk.used.items()
        if (shown := [feature for feature in features if window.intersects(shape_of(feature))])
    }
    return replace(desk, used=used)


def _under(frame: MapFrame, desk: Desk, assembled: Assembled, step: str | None = None) -> None:
    draw_world(frame, assembled)
    for name in ("border", *(name for name in assembled.native if name != "border")):
        for feature in desk.features(name):
            draw_native(frame, name, near(frame, feature))
    for layer in assembled.drawn:
        draw_composed(frame, layer.portrayal, largest=largest_mm(desk.type), step=step)


def _names(frame: MapFrame, desk: Desk, assembled: Assembled) -> None:
    """Names of features; those of countries, states and towns, which follow, stand on one side of the line."""
    name_features(frame, assembled=assembled, kind=desk.type, language=desk.words.language)
    for feature in desk.features("border"):
        frame.keep_clear(frame.laid(near(frame, feature)))


def _with_room_for_bar(assembled: Assembled, shown: Extent) -> Extent:
    """The extent, with more of the south where the scale bar would lie on points wherever it stands."""
    wide, high = (shown.east - shown.west) * BAR[0], (shown.north - shown.south) * BAR[1]
    points = [f.shape for layer in assembled.drawn for f in layer.portrayal.features if f.shape and not f.shape.length]
    strips = [
        shapely.box(left, shown.south, left + wide, shown.south + high) for left in (shown.west, shown.east - wide)
    ]
    if assembled.composition.extent or not all(shapely.intersects(strip, points).any() for strip in strips):
        return shown
    return replace(shown, south=max(shown.south - high, -POLE))


def _corners(assembled: Assembled, shown: Extent) -> tuple[str, str]:
    """Where arrow and scale bar cover least of the data: a corner above or below, and one below."""
    shapes = [f.shape for layer in assembled.drawn for f in layer.portrayal.features if f.shape is not None]
    tree = shapely.STRtree(shapes)
    wide, high = (shown.east - shown.west) * CORNER, (shown.north - shown.south) * CORNER
    west, south = {"w": shown.west, "e": shown.east - wide}, {"s": shown.south, "n": shown.north - high}

    def covered(corner: str) -> int:
        left, low = west[corner[1]], south[corner[0]]
        return len(tree.query(shapely.box(left, low, left + wide, low + high), predicate="intersects"))

    bar = min(("se", "sw"), key=covered)
    return min((corner for corner in ("ne", "nw", "se", "sw") if corner != bar), key=covered), bar
