"""The still picture of the first view: the atlas' own lines, small, and nothing that must not be drawn."""

from __future__ import annotations

import re
from collections.abc import Mapping

import html5lib
import numpy as np
import pytest
import shapely

from atlas.render.build_context import BuildContext
from atlas.render.extent import home_bounds
from atlas.render.picture import PER_DEGREE, TOLERANCE_DEG, _project, picture

pytestmark = pytest.mark.slow

MAPS = ("atlas", "border", "municipalities", "crossings", "checkpoints", "containment")
MOST_BYTES = 100_000
# simplified, rounded twice, and Mercator stretches a degree of latitude by less than a twelfth here
MOST_OFF_DEG = 1.1 * (TOLERANCE_DEG + 1 / PER_DEGREE)


def _paths(html: str) -> Mapping[str, list[str]]:
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    (still,) = [node for node in tree.findall(".//{*}svg") if node.get("class") == "picture"]
    return {
        group.get("data-layer"): [path.get("d") for path in group.findall("{*}path")] for group in still.findall("{*}g")
    }


def _line(d: str) -> shapely.MultiLineString:
    """A path of the picture in degrees of longitude and latitude."""
    lines = []
    for part in d.split("M")[1:]:
        numbers = np.array(re.findall(r"-?\d+", part), dtype=float).reshape(-1, 2)
        x, y = (np.cumsum(numbers, axis=0) / PER_DEGREE).T
        lines.append(np.column_stack([x, np.degrees(np.arctan(np.sinh(np.radians(-y))))]))
    return shapely.MultiLineString(lines)


@pytest.mark.parametrize("name", MAPS)
def test_every_map_has_a_small_picture_of_the_border_before_any_script(pages: Mapping[str, bytes], name: str) -> None:
    html = pages[f"{name}.html"].decode()
    assert sum(len(d) for paths in _paths(html).values() for d in paths) < MOST_BYTES
    body = html[html.index("<body>") :]
    assert body.index('data-layer="border"') < body.index("<script")


@pytest.mark.slow
def test_the_drawn_border_is_the_border(edition: BuildContext, pages: Mapping[str, bytes]) -> None:
    exact = shapely.union_all(np.array(edition.shapes["border"], dtype=object))
    drawn = shapely.union_all([_line(d) for d in _paths(pages["atlas.html"].decode())["border"]])
    assert shapely.hausdorff_distance(exact, drawn, densify=0.01) < MOST_OFF_DEG


def test_a_picture_has_only_layers_that_are_visible_at_first(edition: BuildContext) -> None:
    drawn = picture(edition, home_bounds(edition), ["border", "crossings_reported", "containment"])
    assert [name for name, _ in drawn.layers] == ["basemap", "border"]


def test_no_informal_crossing_is_a_point_of_a_picture(edition: BuildContext) -> None:
    drawn = picture(edition, home_bounds(edition), ["crossings_informal"])
    (strokes,) = [strokes for name, strokes in drawn.layers if name == "crossings_informal"]
    assert strokes
    assert not [stroke for stroke in strokes if "h0" in stroke.d or stroke.role.startswith("t-dot")]


def test_a_pole_stands_at_the_edge_of_the_drawing() -> None:
    poles = _project(np.array([[0.0, 90.0], [0.0, -90.0], [0.0, 85.0511287]]))
    assert poles[0].tolist() == poles[2].tolist() == [0, -180_000]
    assert poles[1].tolist() == [0, 180_000]
