"""Names that a user gives the features of a layer: on no point, on no line, on no other name."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from atlas.admission.published_atlas import PublishedAtlas
from atlas.cartography.composition import Composition, MapLayer, Style
from atlas.render import render_composition

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Opener = Callable[..., Any]
# names, and circles or lines with what they lie on, in pixels of the map
COVERED = """() => {
  const { map, layers, paths } = Atlas.view;
  const frame = map.getContainer().getBoundingClientRect();
  const boxes = [...document.querySelectorAll(".name")].map((name) => {
    const words = document.createRange();
    words.selectNodeContents(name);
    const { left, top, right, bottom } = words.getBoundingClientRect();
    const box = [left - frame.left, top - frame.top + 2, right - frame.left, bottom - frame.top - 2];
    return { text: name.textContent, given: name.matches(".name-feature"), box };
  });
  const covered = [];
  const { features, name } = layers.find(({ group }) => group === "own");
  for (const feature of features) {
    const { radius } = paths.get(name).find((path) => path.features?.includes(feature)).options;
    const { kind, positions } = feature.shape;
    const at = positions.flat(kind === "l" ? 1 : 0).map((one) => map.latLngToContainerPoint(one));
    for (const { text, given, box: [left, top, right, bottom] } of boxes) {
      if (kind === "p")
        for (const { x, y } of at)
          if (Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom)) < radius)
            covered.push([text, "on", feature.name]);
      if (kind === "l" && given)
        for (let i = 1; i < at.length; i += 1)
          if (L.LineUtil.clipSegment(at[i - 1], at[i], L.bounds([left, top], [right, bottom])))
            covered.push([text, "on", feature.name]);
    }
  }
  return { given: boxes.filter(({ given }) => given).length, covered };
}"""


def _page(release: PublishedAtlas, folder: Path, features: list[dict[str, Any]], style: Style) -> Path:
    document = {"type": "FeatureCollection", "features": features}
    html, _ = render_composition(Composition((MapLayer(document, style),)), release=release)
    (folder / "own.html").write_bytes(html)
    return folder / "own.html"


def _feature(kind: str, coordinates: object, **values: object) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": values}


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("sized", [None, "people"])
def test_no_name_lies_on_a_point(
    release: PublishedAtlas, tmp_path: Path, opener: Opener, size: str, sized: str | None
) -> None:
    chance = random.Random(4)  # noqa: S311 - places on a map
    points = [
        _feature(
            "Point",
            [chance.uniform(-92.2, -88.4), chance.uniform(14.6, 18.4)],
            name=f"Campamento {n}" + " de la cooperativa" * (n % 3),
            people=chance.randint(1, 900),
        )
        for n in range(60)
    ]
    # three on one spot have their number beside them
    points += [_feature("Point", [-90.5, 16.5], name="", people=400)] * 3
    opened = opener(_page(release, tmp_path, points, Style(size=sized, label="name")), size=size, state="lang=en")
    laid = opened.page.evaluate(COVERED)
    assert laid["covered"] == []
    assert laid["given"] >= (12 if size == "desktop" else 2)
    assert opened.console == []


def test_no_name_lies_on_a_line_where_there_is_room(release: PublishedAtlas, tmp_path: Path, opener: Opener) -> None:
    lines = [
        _feature("LineString", [[-92, 15], [-91, 15.05], [-90, 15]], name="level", wide=3),
        _feature("LineString", [[-91.5, 16], [-91.2, 17], [-90.9, 16]], name="steep", wide=9),
        _feature("LineString", [[-91, 17.8], [-88.5, 16]], name="of two positions", wide=6),
        _feature("LineString", [[-90.2, 15.4], [-89.9, 17.2]], name="across it", wide=1),
    ]
    opened = opener(_page(release, tmp_path, lines, Style(width="wide", label="name")), state="lang=en")
    assert opened.page.evaluate(COVERED) == {"given": 4, "covered": []}


def test_names_of_any_script_stand_in_one_line(release: PublishedAtlas, tmp_path: Path, opener: Opener) -> None:
    texts = ["a\x07b", "two\nlines", "مخيم الحدود!", "\u202edesrever", "i" * 58 + "😀" * 3, "\x07"]
    points = [_feature("Point", [-92 + n * 0.6, 15 + n * 0.6], name=text) for n, text in enumerate(texts)]
    opened = opener(_page(release, tmp_path, points, Style(label="name")), state="lang=en")
    drawn = opened.page.locator(".name-feature")
    assert set(drawn.all_text_contents()) == {"a b", "two lines", "مخيم الحدود!", "desrever", "i" * 58 + "😀…"}
    assert set(drawn.evaluate_all("(all) => all.map((one) => getComputedStyle(one).unicodeBidi)")) == {"plaintext"}
