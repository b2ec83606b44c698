// how each layer looks, for the map and for its legend
import { here } from "./border-sides.js";
import * as theme from "./theme.js";
import { colour } from "./theme.js";

/** @type {Map<string, CanvasPattern>} */
const hatches = new Map();

// diagonal lines as a canvas pattern, so that a hatched band is told apart without colour
/** @param {string} ink */
export const hatch = (ink) => {
  const known = hatches.get(ink);
  if (known) return known;
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const pen = /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"));
  pen.strokeStyle = ink;
  pen.lineWidth = 2.4;
  for (const shift of [-8, 0, 8]) {
    pen.moveTo(shift, 8);
    pen.lineTo(shift + 8, 0);
  }
  pen.stroke();
  const pattern = /** @type {CanvasPattern} */ (pen.createPattern(tile, "repeat"));
  hatches.set(ink, pattern);
  return pattern;
};

// whatever one style sets, every other takes back: a filter may give a path another sign
/** @type {(ink: string, weight: number, more?: Look) => Look} */
const stroke = (ink, weight, more = {}) => ({
  stroke: true,
  fill: false,
  color: ink,
  weight,
  opacity: 1,
  lineCap: "round",
  lineJoin: "round",
  dashArray: null,
  hollow: null,
  hatch: null,
  ties: null,
  ...more,
});
/** @type {(ink: string, fillOpacity: number, more?: Look) => Look} */
const area = (ink, fillOpacity, more = {}) => ({
  stroke: true,
  fill: true,
  color: ink,
  weight: 1.4,
  opacity: 0.9,
  fillColor: ink,
  fillOpacity,
  lineJoin: "round",
  ...more,
});

/** @type {{ [nature: string]: () => Look }} */
const border = {
  river: () => stroke(colour("river-border"), 3),
  parallel: () => stroke(colour("straight-border"), 3),
  meridian: () => stroke(colour("straight-border"), 3, { dashArray: "8 5", lineCap: "butt" }),
  straight: () => stroke(colour("straight-border"), 3, { dashArray: "3 4", lineCap: "butt" }),
  disputed: () => stroke(colour("ink"), 3, { dashArray: "10 5", lineCap: "butt" }),
};
/** @type {{ [fixity: string]: () => Look }} */
const posts = {
  fixed: () => stroke(colour("post"), 7),
  mobile: () => stroke(colour("post"), 7, { dashArray: "5 6", lineCap: "butt" }),
  unknown: () => stroke(colour("post"), 7, { hollow: colour("paper") }),
};
/** @param {boolean} vehicular */
const informal = (vehicular) =>
  stroke(colour("informal"), 9, { opacity: 0.5, lineCap: "butt", hatch: vehicular ? colour("informal-ink") : null });
const formalStretch = () => stroke(colour("formal"), 7, { opacity: 0.38, lineCap: "butt" });
/** @type {(mark: string) => Look} */
const disc = (mark) => ({
  stroke: true,
  fill: true,
  color: colour("paper"),
  weight: 1.5,
  opacity: 1,
  fillColor: colour("formal"),
  fillOpacity: 1,
  radius: 6.5,
  mark,
  ink: colour("paper"),
});
// ties across a line, as on printed maps; a section that is being built has gaps in its line
/** @param {string} status */
const rails = (status) =>
  stroke(colour("rail"), 1.6, {
    ties: colour("rail"),
    lineCap: "butt",
    dashArray: status === "under_construction" ? "7 5" : null,
  });
/** @type {() => Look} */
const stop = () => ({ ...disc("none"), radius: 2.6, weight: 1.1, color: colour("rail"), fillColor: colour("paper") });
/** @param {string} ink */
const place = (ink) => area(ink, 0.14, { weight: 1.2, dashArray: "2 3" });

// what stands is filled; what was planned, begun or given up is an outline without a ground
/** @type {{ [status: string]: string }} */
const hollow = { planned: "8 5", unknown: "8 4 2 4", closed: "1 5" };
/** @type {(values: Values) => Look} */
const facility = ({ kind, status }) =>
  hollow[status]
    ? area(colour("facility"), 0.001, { dashArray: hollow[status], weight: 1.8 })
    : area(colour("facility"), 0.16, kind === "naval" ? { dashArray: "2 4" } : {});

// what stands inside a disc, around its middle; the map and the legend draw the same path
/** @type {{ [mark: string]: string }} */
export const marks = {
  square: "M-2.4-2.4h4.8v4.8h-4.8z",
  bar: "M-4.4-1h8.8v2h-8.8z",
  diamond: "M0-3.9 3.9 0 0 3.9-3.9 0z",
  hull: "M-4.2-1.2h8.4a4.2 4.2 0 0 1-8.4 0z",
};

/** @param {Feature} feature */
const isPoint = (feature) => feature.shape?.kind === "p";
/** @param {Feature} feature */
const isArea = (feature) => feature.shape?.kind === "a";
/** @param {Feature} feature */
const mark = (feature) =>
  feature.values.kind === "rail" || feature.values.way === "rail"
    ? "bar"
    : feature.values.vehicular === "true"
      ? "square"
      : "none";

// layer → style of a feature; a group of features with one shape counts as vehicular, or fixed, when one of them is
/** @type {{ [layer: string]: (features: Feature[]) => Look }} */
export const styles = {
  municipalities: () =>
    area(colour("municipality"), 0.0, { color: colour("municipality-edge"), weight: 1, fillOpacity: 0.001 }),
  border: ([feature]) => (border[feature.values.nature] ?? border.straight)(),
  border_reaches: ([feature]) =>
    stroke(colour("reach"), 6, { opacity: Number(feature.values.reach?.slice(1)) % 2 ? 0.25 : 0.6, lineCap: "butt" }),
  crossings_formal: ([feature]) =>
    isPoint(feature) ? disc(mark(feature)) : isArea(feature) ? place(colour("formal")) : formalStretch(),
  crossings_informal: (group) => informal(group.some((feature) => feature.values.vehicular === "true")),
  crossings_vehicular: ([feature]) =>
    isPoint(feature) ? disc(mark(feature)) : feature.values.formality === "formal" ? formalStretch() : informal(true),
  crossings_reported: () => stroke(colour("reported"), 10, { opacity: 0.22, lineCap: "butt" }),
  corridor: () => stroke(colour("corridor"), 2),
  checkpoints: (group) =>
    isArea(group[0])
      ? place(colour("post"))
      : posts[
          ["fixed", "mobile"].find((fixity) => group.some((feature) => feature.values.fixity === fixity)) ?? "unknown"
        ](),
  containment: ([feature]) =>
    isArea(feature)
      ? area(colour("belt"), 0.12, { dashArray: "6 4" })
      : stroke(colour("belt"), 2, { dashArray: "6 4", lineCap: "butt" }),
  released: ([feature]) =>
    isPoint(feature)
      ? { ...disc("diamond"), fillColor: colour("reported") }
      : isArea(feature)
        ? place(colour("reported"))
        : stroke(colour("reported"), 8, { opacity: 0.55, lineCap: "butt" }),
  neighbour_regions: () => area(colour("municipality"), 0.001, { color: colour("state-edge"), weight: 1, opacity: 1 }),
  railways: ([feature]) => (isPoint(feature) ? stop() : rails(feature.values.status)),
  programmes: () => area(colour("programme"), 0.14, { weight: 1.2 }),
  facilities: (group) =>
    isPoint(group[0])
      ? { ...disc("square"), fillColor: colour("facility") }
      : facility((group.find(({ values }) => values.status === "built") ?? group[0]).values),
};

/** @type {{ [kind: string]: () => Look }} */
export const base = {
  // by the word that its project has for it
  [here.land]: () => base.land_here(),
  land_here: () => ({
    stroke: true,
    color: colour("coast"),
    weight: 0.8,
    fill: true,
    fillColor: colour("land"),
    fillOpacity: 1,
  }),
  land_neighbours: () => ({
    stroke: true,
    color: colour("coast"),
    weight: 0.8,
    fill: true,
    fillColor: colour("land-beyond"),
    fillOpacity: 1,
  }),
  water: () => ({
    stroke: true,
    color: colour("coast"),
    weight: 0.5,
    fill: true,
    fillColor: colour("sea"),
    fillOpacity: 1,
  }),
  river: () => stroke(colour("river"), 1, { opacity: 0.9 }),
  state: () => ({ stroke: true, fill: false, color: colour("state-edge"), weight: 1 }),
  neighbour_border: () => stroke(colour("state-edge"), 1.4, { dashArray: "6 3 1 3", lineCap: "butt" }),
};

theme.onChange(() => hatches.clear());
