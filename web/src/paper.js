// on paper: the same view in the size of a sheet, drawn at once, because printing waits for no frame
import { home, map } from "./map.js";
import { margins } from "./picture.js";
import * as variants from "./variants.js";

const stage = /** @type {HTMLElement} */ (map.getContainer().parentElement);
// points of a canvas in a CSS pixel, for browsers that print a canvas as it is
const SHARP = 3;
/** @type {[L.LatLng, number] | null} */
let before = null;
let onPaper = false;

// Chromium repeats a canvas' strokes on the sheet, and there an eraser reaches through to whatever lies below:
// on paper a canvas is never cleared, it is made new
const { _clear, _redraw } = L.Canvas.prototype;
L.Canvas.include({
  _redraw() {
    if (onPaper) this._redrawBounds = null;
    _redraw.call(this);
  },
  _clear() {
    if (!onPaper) {
      _clear.call(this);
      return;
    }
    const { min } = this._bounds;
    const size = this._bounds.getSize();
    // another size empties a canvas and takes its transformation away, where the same size would only clear it
    this._container.width = 0;
    this._container.width = size.x * SHARP;
    this._container.height = size.y * SHARP;
    this._ctx.scale(SHARP, SHARP);
    this._ctx.translate(-min.x, -min.y);
  },
});
const draw = () =>
  map.eachLayer((pen) => {
    if (!(pen instanceof L.Canvas)) return;
    L.Util.cancelAnimFrame(pen._redrawRequest);
    pen._update();
  });

// an open card would be cut off at the edge of the map
const EDGE = 12;
const showCard = () => {
  const card = stage.querySelector(".leaflet-popup")?.getBoundingClientRect();
  if (!card) return;
  const sheet = map.getContainer().getBoundingClientRect();
  /** @param {"left" | "top"} first @param {"right" | "bottom"} last */
  const by = (first, last) =>
    Math.min(0, card[first] - sheet[first] - EDGE) || Math.max(0, card[last] - sheet[last] + EDGE);
  map.panBy([by("left", "right"), by("top", "bottom")], { animate: false });
};

window.addEventListener("beforeprint", () => {
  before = [map.getCenter(), map.getZoom()];
  // who looks at the whole wants the whole; who went somewhere wants what was in sight
  const whole = map.getBounds().contains(home) && map._getBoundsCenterZoom(home, margins).zoom === map.getZoom();
  const bounds = whole ? home : map.getBounds();
  variants.map.printing = onPaper = true;
  stage.classList.add("paper");
  map.invalidateSize({ animate: false, pan: false });
  map.fitBounds(bounds, { animate: false });
  showCard();
  draw();
});
window.addEventListener("afterprint", () => {
  onPaper = false;
  stage.classList.remove("paper");
  map.invalidateSize({ animate: false, pan: false });
  if (before) map.setView(...before, { animate: false });
  variants.map.printing = false;
});
