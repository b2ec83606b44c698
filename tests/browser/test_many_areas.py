"""Thousands of areas: the map is dragged on while they are drawn, and turns draw what one drawing would."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from atlas.published import PublishedLayers
from atlas.render import render_layer

pytestmark = pytest.mark.browser

SIDE = 74
STEP = 0.04
# paints the whole at once, and answers with how many bytes differ from what the turns had painted
_COMPARED = """() => {
  const { pen } = Atlas.view;
  const pixels = () => {
    const { width, height } = pen._container;
    // a copy, because a canvas that is read often complains on the console
    const brush = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    brush.drawImage(pen._container, 0, 0);
    return brush.getImageData(0, 0, width, height).data;
  };
  const turned = pixels();
  pen._begun = false;
  pen._update();
  pen._begun = true;
  const whole = pixels();
  let other = 0, painted = 0;
  for (let i = 0; i < whole.length; i += 1) {
    other += Math.abs(whole[i] - turned[i]) > 2;
    painted += i % 4 === 3 && whole[i] > 0;
  }
  return { other, painted, sizes: whole.length - turned.length };
}"""
_DRAG = """async ([dx, dy]) => {
  const { pen, map } = Atlas.view;
  const frames = { turns: 0, blank: null };
  const { _turn } = pen;
  pen._turn = function turn(until) {
    frames.turns += 1;
    if (frames.turns === 2) {
      const brush = new OffscreenCanvas(9, 9).getContext("2d", { willReadFrequently: true });
      brush.drawImage(pen._container, pen._container.width / 2, pen._container.height / 2, 9, 9, 0, 0, 9, 9);
      frames.blank = !brush.getImageData(0, 0, 9, 9).data.some(Boolean);
    }
    return _turn.call(this, until);
  };
  const done = new Promise((resolve) => pen.once("turned", () => resolve()));
  map.panBy([dx, dy], { animate: false });
  await done;
  delete pen._turn;
  return frames;
}"""


@pytest.fixture(scope="module")
def many(release: PublishedLayers, tmp_path_factory: pytest.TempPathFactory) -> Path:
    def square(number: int) -> dict[str, Any]:
        west, south = -92.4 + STEP * (number % SIDE), 14.6 + STEP * (number // SIDE)
        east, north = west + STEP, south + STEP
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        return {"type": "Feature", "properties": {"name": f"square {number}"}, "geometry": geometry}

    folder = tmp_path_factory.mktemp("many")
    text = json.dumps({"type": "FeatureCollection", "features": [square(one) for one in range(SIDE * SIDE)]})
    (folder / "squares.geojson").write_text(text, encoding="utf-8")
    (folder / "squares.html").write_bytes(render_layer(folder / "squares.geojson", release=release)[0])
    return folder / "squares.html"


def test_areas_drawn_in_turns_are_those_drawn_at_once(many: Path, opener: Callable[..., Any]) -> None:
    opened = opener(many, state="lang=en&map=9/16.0/-91.0")
    page = opened.page
    page.evaluate("() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))")
    moved = page.evaluate(_DRAG, [150, -90])
    # more than one turn, and the picture from before stays on the screen until the last
    assert moved["turns"] > 1
    assert moved["blank"] is False
    compared = page.evaluate(_COMPARED)
    assert compared["sizes"] == 0
    assert compared["other"] == 0
    assert compared["painted"] > 10_000
    page.evaluate(
        """() => new Promise((resolve) => { Atlas.view.pen.once("turned", () => resolve());
          Atlas.view.map.setZoom(10, { animate: false }); })"""
    )
    assert page.evaluate(_COMPARED)["other"] == 0
    assert opened.console == []


def test_a_tap_meets_the_area_of_the_view_that_is_still_being_drawn(many: Path, opener: Callable[..., Any]) -> None:
    page = opener(many, state="lang=en&map=9/16.0/-91.0").page
    page.evaluate("() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))")
    wanted = SIDE * 37 + 36
    middle = [14.6 + STEP * 37.5, -92.4 + STEP * 36.5]
    named = page.evaluate(
        """([lat, lon]) => {
          const { map, pen } = Atlas.view;
          map.setView([lat + 0.05, lon - 0.05], 11, { animate: false });
          const waiting = Boolean(pen._job);
          const { x, y } = map.latLngToContainerPoint([lat, lon]);
          const { left, top } = map.getContainer().getBoundingClientRect();
          const at = { bubbles: true, clientX: left + x, clientY: top + y };
          for (const type of ["mousedown", "mouseup", "click"]) pen._container.dispatchEvent(new MouseEvent(type, at));
          return [waiting, document.querySelector(".card-popup h3")?.textContent];
        }""",
        middle,
    )
    assert named == [True, f"square {wanted}"]


def test_paper_and_a_filter_have_every_area_at_once(many: Path, opener: Callable[..., Any]) -> None:
    page = opener(many, state="lang=en&map=9/16.0/-91.0").page
    page.evaluate("() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))")
    # printing waits for no frame, even in the middle of a drawing
    jobs = page.evaluate(
        """() => {
          const { map, pen } = Atlas.view;
          map.setView([16.2, -90.8], 10, { animate: false });
          const before = Boolean(pen._job);
          dispatchEvent(new Event("beforeprint"));
          const after = Boolean(pen._job) || pen._stale;
          dispatchEvent(new Event("afterprint"));
          return [before, after];
        }"""
    )
    assert jobs == [True, False]
    assert page.evaluate(_COMPARED)["other"] == 0
    before = page.evaluate("() => Atlas.view.pen._count")
    page.evaluate(
        """() => new Promise((resolve) => { Atlas.view.pen.once("turned", () => resolve());
          Atlas.view.filter((layer, { id }) => layer.group === "own" && Number(id) <= 100); })"""
    )
    assert page.evaluate("() => Atlas.view.pen._count") == before - 100
    assert page.evaluate(_COMPARED)["other"] == 0
