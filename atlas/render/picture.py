"""The first view of a map as a still drawing in the page: seen before a script has run, and where none runs at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.border_project import land_kinds
from atlas.render.build_context import BuildContext
from atlas.render.extent import Box, of_kind, sheet_bounds
from atlas.render.thumbnail import Stroke, role_of

# degrees: three quarters of a pixel where the whole border fills a window of 1280 × 800
TOLERANCE_DEG = 0.0036
# units of the drawing per degree of longitude; a tenth of that pixel is two of them
PER_DEGREE = 1000
MARGIN = 0.03
EDGE = 85.0511287
GROUND = ("land_world", "land_neighbours", *land_kinds(), "water", "river", "state", "neighbour_border")
# layers whose signs never change, bottom to top, and the field that tells their signs apart
LAYERS: Mapping[str, str | None] = {
    "neighbour_regions": None,
    "municipalities": None,
    "crossings_informal": None,
    "crossings_formal": None,
    "border": "nature",
    "corridor": None,
    "checkpoints": "fixity",
}
# areas that only their edges show: the edge between two neighbours is drawn once
OUTLINED = frozenset({"neighbour_regions", "municipalities"})
# of these the outer edge is coast or border, which the ground draws
INNER = frozenset({"neighbour_regions"})
# of posts on one stretch the best known is on top, as on the map
LAST = ("mobile", "fixed")


@dataclass(frozen=True, slots=True)
class Picture:
    """Paths by layer, bottom to top, in a view box of Mercator degrees times ``PER_DEGREE``, south down."""

    view: str
    sheet: str
    layers: Sequence[tuple[str, Sequence[Stroke]]]


def picture(edition: BuildContext, bounds: Box, shown: Sequence[str]) -> Picture:
    """The ground, and those of the layers that can stand in a still drawing.

    Parameters
    ----------
    bounds
        What the map shows first: west, south, east, north in degrees.
    shown
        Names of the layers that are visible when the page opens.
    """
    west, south, east, north = bounds
    (x, top), (right, bottom) = _project(np.array([[west, north], [east, south]])).tolist()
    margin = round(MARGIN * max(right - x, bottom - top))
    view = f"{x - margin} {top - margin} {right - x + 2 * margin} {bottom - top + 2 * margin}"
    wanted = [name for name in LAYERS if name in shown and name in edition.features]
    drawn = [(name, _layer(edition, name)) for name in wanted]
    # signs of points lie on every line
    signs = [
        (name, [Stroke("t-dot-edge", dots), Stroke(f"t-dot {role_of(name)}", dots)])
        for name, (_, dots) in drawn
        if dots
    ]
    layers = [("basemap", _ground(edition)), *((name, strokes) for name, (strokes, _) in drawn), *signs]
    return Picture(view, _sheet(edition), layers)


def _sheet(edition: BuildContext) -> str:
    west, south, east, north = sheet_bounds(edition)
    (x, top), (right, bottom) = _project(np.array([[west, north], [east, south]])).tolist()
    return f"M{x} {top}H{right}V{bottom}H{x}z"


@lru_cache(maxsize=1)
def _ground(edition: BuildContext) -> Sequence[Stroke]:
    drawn = [(kind, _path(of_kind(edition, kind, thinned=False))) for kind in GROUND]
    return [Stroke(role_of(kind), d) for kind, d in drawn if d]


@lru_cache(maxsize=len(LAYERS))
def _layer(edition: BuildContext, name: str) -> tuple[Sequence[Stroke], str]:
    """Areas, then lines, and the points apart; a stretch that several features share once for each of their signs."""
    signs = LAYERS[name]
    groups: dict[str, list[Any]] = {}
    for feature, shape in zip(edition.features[name], edition.shapes[name], strict=True):
        if shape is not None:
            sign = f"{name}_{feature['properties'].get(signs)}" if signs else name
            groups.setdefault(sign, []).append(shape)
    if name in OUTLINED:
        groups = {sign: _edges(shapes, inner=name in INNER) for sign, shapes in groups.items()}
    ordered = sorted(groups.items(), key=lambda group: (group[0].endswith(LAST), group[0]))
    areas = [Stroke(f"{role_of(sign)} t-area", _path(_of_type(shapes, "Polygon"))) for sign, shapes in ordered]
    lines = [Stroke(role_of(sign), _path(_of_type(shapes, "LineString"))) for sign, shapes in ordered]
    dots = "".join(_dots(shape) for _, shapes in ordered for shape in _of_type(shapes, "Point"))
    return [stroke for stroke in (*areas, *lines) if stroke.d], dots


def _edges(areas: Sequence[Any], *, inner: bool) -> list[Any]:
    """The edges of areas as lines, each once; only those between two areas where ``inner`` is true."""
    edges = shapely.union_all(shapely.boundary(np.array(areas, dtype=object)))
    if inner:
        edges = shapely.difference(edges, shapely.boundary(shapely.union_all(areas)))
    return list(shapely.get_parts(shapely.line_merge(edges)))


def _of_type(shapes: Iterable[Any], kind: str) -> list[Any]:
    """Each different shape once."""
    return list({shape.wkb: shape for shape in shapes if shape.geom_type.endswith(kind)}.values())


def _dots(shape: Any) -> str:  # noqa: ANN401 - a point or several
    """Strokes without length: they keep their size whatever the view."""
    return "".join(f"M{x} {y}h0" for x, y in _project(shapely.get_coordinates(shape)).tolist())


def _path(shapes: Sequence[Any]) -> str:
    placed = [shape for shape in shapes if shape is not None and not shape.is_empty]
    if not placed:
        return ""
    thinned = shapely.simplify(np.array(placed, dtype=object), TOLERANCE_DEG, preserve_topology=False)
    parts = shapely.get_parts(shapely.get_parts(thinned))
    return "".join(_subpath(line) for part in parts for line in _lines(part))


def _lines(part: Any) -> Iterator[Any]:  # noqa: ANN401 - any shapely geometry
    if part.is_empty:
        return
    if part.geom_type == "Polygon":
        yield from shapely.get_rings(part)
    elif part.geom_type == "LineString":
        yield part


def _subpath(line: Any) -> str:  # noqa: ANN401 - a line or a ring
    """A path in whole units, each step from the one before; steps that round to nothing are left out."""
    places = _project(shapely.get_coordinates(line))
    steps = np.diff(places, axis=0)
    steps = steps[(steps != 0).any(axis=1)]
    if not len(steps):
        return ""
    body = " ".join(f"{x} {y}" for x, y in steps.tolist())
    return f"M{places[0, 0]} {places[0, 1]}l{body}{'z' if line.is_ring else ''}".replace(" -", "-")


def _project(positions: NDArray[np.float64]) -> NDArray[np.int64]:
    """Longitude and latitude in degrees as whole units of Mercator's drawing, as Leaflet has it."""
    # the poles lie at no end of a Mercator map
    latitude = np.radians(np.clip(positions[:, 1], -EDGE, EDGE))
    north = np.degrees(np.log(np.tan(np.pi / 4 + latitude / 2)))
    return np.round(np.column_stack([positions[:, 0], -north]) * PER_DEGREE).astype(np.int64)
