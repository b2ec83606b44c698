// hatches of classes: told apart in print without colour; the map, the legend and saved drawings have the same
import { svg } from "./dom.js";

export const TILE = 8;
export const INK = "#1f1f1f";
const RISING = "M-2 2l4-4M0 8l8-8M6 10l4-4";
const FALLING = "M6-2l4 4M0 0l8 8M-2 6l4 4";
const LEVEL = "M0 4h8";
const UPRIGHT = "M4 0v8";
// the denser the later, as the colours get darker
const TILES = [
  "M3.6 4h.8",
  LEVEL,
  RISING,
  FALLING,
  UPRIGHT,
  LEVEL + UPRIGHT,
  RISING + FALLING,
  RISING + LEVEL,
  RISING + FALLING + LEVEL,
];
/** @param {number} kind */
export const tile = (kind) => TILES[(kind - 1) % TILES.length];

/** @type {Map<number, CanvasPattern>} */
const patterns = new Map();
/** @param {number} kind */
export const pattern = (kind) => {
  const known = patterns.get(kind);
  if (known) return known;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = TILE;
  const brush = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  brush.strokeStyle = INK;
  brush.lineWidth = 0.9;
  brush.stroke(new Path2D(tile(kind)));
  const made = /** @type {CanvasPattern} */ (brush.createPattern(canvas, "repeat"));
  patterns.set(kind, made);
  return made;
};

/** @param {number} kind @param {number} x @param {number} y @param {number} width @param {number} height */
export const swatch = (kind, x, y, width, height) => {
  const parts = [];
  for (let left = 0; left < width; left += TILE)
    for (let top = 0; top < height; top += TILE)
      parts.push(
        svg("path", {
          d: tile(kind),
          transform: `translate(${left} ${top})`,
          fill: "none",
          stroke: INK,
          "stroke-width": 0.9,
        }),
      );
  return svg("svg", { x, y, width, height, viewBox: `0 0 ${width} ${height}` }, ...parts);
};
