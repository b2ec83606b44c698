// what draws on the map: canvas strokes and discs that Leaflet has no option for
import { afterDrawing, inPicture } from "./after-drawing.js";
import { map } from "./map-base.js";
import { pane } from "./panes.js";
import { area, line } from "./quick-paths.js";
import * as signs from "./signs.js";
import * as variants from "./variants.js";

pane(map, "ground", 200);
export const ground = L.canvas({ pane: "ground", padding: 0 });

// a hollow middle, a hatch over a band, ties across a line
const Pen = L.Canvas.extend({
  /** @param {CanvasRenderingContext2D} brush @param {{ options: Look }} path */
  _fillStroke(brush, path) {
    L.Canvas.prototype._fillStroke.call(this, brush, /** @type {any} */ (path));
    const { hollow, hatch, ties, over, weight = 0 } = path.options;
    if (over) {
      brush.fillStyle = over;
      brush.fill("evenodd");
    }
    if (!hollow && !hatch && !ties) return;
    brush.save();
    brush.globalAlpha = 1;
    if (ties) {
      brush.setLineDash([1.2, 9]);
      brush.lineWidth = weight + 5;
      brush.strokeStyle = ties;
    } else {
      brush.lineWidth = hollow ? weight - 3.5 : weight;
      brush.strokeStyle = hollow ?? signs.hatch(hatch ?? "");
    }
    brush.stroke();
    brush.restore();
  },
});
/** @type {L.Canvas} */
export const pen = new /** @type {any} */ (variants.map.pen(Pen))({ padding: 0, tolerance: 5 });
// around the view, so that a drag meets no empty paper; the first drawing is no larger than the view
inPicture(() => {
  ground.options.padding = 0.4;
});
afterDrawing(() => {
  pen.options.padding = 0.3;
  if (map.hasLayer(pen)) pen._update();
});

const Disc = L.CircleMarker.extend({
  _updatePath() {
    this._renderer._updateCircle(this);
    const shape = signs.marks[this.options.mark];
    const brush = this._renderer._ctx;
    if (!shape || !this._renderer._drawing || this._empty()) return;
    brush.save();
    brush.translate(this._point.x, this._point.y);
    brush.fillStyle = this.options.ink;
    brush.fill(new Path2D(shape));
    brush.restore();
  },
});

/** @param {Shape} shape @param {Look} options @returns {L.Path} */
export const draw = (shape, options) => {
  const look = /** @type {L.PolylineOptions} */ (options);
  if (shape.kind === "p") return new /** @type {any} */ (Disc)(shape.positions[0], options);
  return shape.kind === "l" ? line(shape.positions, look) : area(shape.positions, look);
};
