// the map as a drawing: paths and texts in pixels, for small maps on the page and for files that a reader saves
import { here } from "./border-sides.js";
import { home, layers, map as view } from "./map.js";
import { base, marks, styles } from "./signs.js";
import * as theme from "./theme.js";

const GROUND = ["land_world", "land_neighbours", here.land, "water", "river", "state", "neighbour_border"];
const DRAWN = { a: 0, l: 1, p: 2 };

/** @typedef {{ width: number, height: number, place: (at: LatLon) => number[], share: number }} Frame */

// the whole first view in so many pixels
/** @param {number} width @param {number} height @returns {Frame} */
export const map = (width, height) => {
  const project = (/** @type {L.LatLngExpression} */ at) => L.CRS.EPSG3857.latLngToPoint(L.latLng(at), 0);
  const [from, to] = [project(home.getNorthWest()), project(home.getSouthEast())];
  const scale = Math.min(width / Math.max(to.x - from.x, 1e-6), height / Math.max(to.y - from.y, 1e-6)) * 0.94;
  const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  return {
    width,
    height,
    place: (at) => {
      const point = project(at);
      return [(point.x - x) * scale + width / 2, (point.y - y) * scale + height / 2];
    },
    share: Math.min(1, Math.max(0.35, width / 600)),
  };
};
// what the reader looks at now
/** @returns {Frame} */
export const current = () => {
  const { x, y } = view.getSize();
  return {
    width: x,
    height: y,
    place: (at) => {
      const point = view.latLngToContainerPoint(at);
      return [point.x, point.y];
    },
    share: 1,
  };
};

/** @param {number} value */
const short = (value) => Math.round(value * 10) / 10;
/** @param {Frame} frame @param {LatLon[]} line @param {boolean} closed */
const run = ({ place, width, height }, line, closed) => {
  let d = "";
  let [lastX, lastY] = [Infinity, Infinity];
  let [west, east, north, south] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [number, at] of line.entries()) {
    const [x, y] = place(at).map(short);
    [west, east, north, south] = [Math.min(west, x), Math.max(east, x), Math.min(north, y), Math.max(south, y)];
    if (Math.abs(x - lastX) + Math.abs(y - lastY) < 0.7 && number < line.length - 1) continue;
    d += `${d ? "L" : "M"}${x} ${y}`;
    [lastX, lastY] = [x, y];
  }
  // what lies outside of the drawing makes a file no better
  if (east < -50 || west > width + 50 || south < -50 || north > height + 50) return "";
  return d && closed ? `${d}Z` : d;
};
/** @param {Frame} frame @param {Shape} shape @param {number} radius */
const path = (frame, shape, radius) => {
  if (shape.kind === "l") return shape.positions.map((line) => run(frame, line, false)).join("");
  if (shape.kind === "a")
    return shape.positions
      .flat()
      .map((ring) => run(frame, ring, true))
      .join("");
  return shape.positions
    .map((at) => {
      const [x, y] = frame.place(at).map(short);
      if (x < -50 || y < -50 || x > frame.width + 50 || y > frame.height + 50) return "";
      return `M${short(x - radius)} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0Z`;
    })
    .join("");
};
/** @param {string} d @param {Look} look @param {number} share @returns {Mark} */
const mark = (d, look, share) => ({
  d,
  fill: look.fill ? (look.fillColor ?? look.color) : null,
  fillOpacity: look.fillOpacity ?? 1,
  stroke: look.stroke === false ? null : look.color,
  width: (look.weight ?? 1) * share,
  dash: look.dashArray,
  opacity: look.opacity ?? 1,
  hatch: look.lined ?? 0,
});

/** @param {Frame} frame @returns {Mark[]} */
const ground = (frame) => {
  const features = layers.find(({ name }) => name === "basemap")?.features ?? [];
  const drawn = frame.share < 1 ? GROUND.filter((kind) => kind !== "river" && kind !== "state") : GROUND;
  return drawn.flatMap((kind) => {
    const d = features
      .filter(({ values, shape }) => values.kind === kind && shape)
      .map(({ shape }) => path(frame, /** @type {Shape} */ (shape), 1))
      .join("");
    return d ? [mark(d, /** @type {Look} */ (base[kind]()), frame.share)] : [];
  });
};
/** @param {Frame} frame @param {Look} look @param {Shape} shape @returns {Mark[]} */
const drawn = (frame, look, shape) => {
  const radius = short((look.radius ?? 6) * frame.share);
  const d = path(frame, shape, radius);
  if (!d) return [];
  const sign = look.mark && frame.share === 1 && shape.kind === "p" ? marks[look.mark] : null;
  const spots = sign && shape.kind === "p" ? shape.positions.map((at) => frame.place(at)) : [];
  return [
    mark(d, look, frame.share),
    ...spots.map(([x, y]) => ({
      d: sign ?? "",
      x: short(x),
      y: short(y),
      fill: look.ink,
      fillOpacity: 1,
      stroke: null,
    })),
  ];
};

/** @param {Frame} frame @param {{ shows: (layer: Layer, feature: Feature) => boolean }} options @returns {Drawing} */
export const scene = (frame, { shows }) => {
  const { width, height } = frame;
  const sea = { d: `M0 0h${width}v${height}H0Z`, fill: theme.colour("sea"), fillOpacity: 1, stroke: null };
  /** @type {[number, number, Feature, Layer][]} */
  const placed = layers
    .filter((layer) => layer.group !== "base" && layer.shown)
    .flatMap((layer, above) =>
      layer.features
        .filter((feature) => feature.shape && (layer.group === "own" ? shows(layer, feature) : !feature.hidden))
        .map(
          (feature) =>
            /** @type {[number, number, Feature, Layer]} */ ([
              DRAWN[feature.shape?.kind ?? "a"],
              layer.group === "own" ? 100 + above : above,
              feature,
              layer,
            ]),
        ),
    );
  placed.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const signed = placed.flatMap(([, , feature, { name }]) =>
    drawn(frame, styles[name]([feature]), /** @type {Shape} */ (feature.shape)),
  );
  return { width, height, marks: [sea, ...ground(frame), ...signed] };
};
