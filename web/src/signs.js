// how each layer looks: one place for the map and for its legend
import { svg } from "./dom.js";
import * as theme from "./theme.js";
import { colour } from "./theme.js";

const hatches = new Map();

// diagonal lines as a canvas pattern, so that a hatched band is told apart without colour
/** @param {string} ink */
export const hatch = (ink) => {
  if (hatches.has(ink)) return hatches.get(ink);
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const pen = tile.getContext("2d");
  pen.strokeStyle = ink;
  pen.lineWidth = 2.4;
  for (const shift of [-8, 0, 8]) {
    pen.moveTo(shift, 8);
    pen.lineTo(shift + 8, 0);
  }
  pen.stroke();
  const pattern = pen.createPattern(tile, "repeat");
  hatches.set(ink, pattern);
  return pattern;
};

// whatever one style sets, every other takes back: a filter may give a path another sign
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

const border = {
  river: () => stroke(colour("river-border"), 3),
  parallel: () => stroke(colour("straight-border"), 3),
  meridian: () => stroke(colour("straight-border"), 3, { dashArray: "8 5", lineCap: "butt" }),
  straight: () => stroke(colour("straight-border"), 3, { dashArray: "3 4", lineCap: "butt" }),
};
const posts = {
  fixed: () => stroke(colour("post"), 7),
  mobile: () => stroke(colour("post"), 7, { dashArray: "5 6", lineCap: "butt" }),
  unknown: () => stroke(colour("post"), 7, { hollow: colour("paper") }),
};
const informal = (vehicular) =>
  stroke(colour("informal"), 9, { opacity: 0.5, lineCap: "butt", hatch: vehicular ? colour("informal-ink") : null });
const formalStretch = () => stroke(colour("formal"), 7, { opacity: 0.38, lineCap: "butt" });
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
const rails = (status) =>
  stroke(colour("rail"), 1.6, {
    ties: colour("rail"),
    lineCap: "butt",
    dashArray: status === "under_construction" ? "7 5" : null,
  });
const stop = () => ({ ...disc("none"), radius: 2.6, weight: 1.1, color: colour("rail"), fillColor: colour("paper") });
/** @param {string} ink */
const place = (ink) => area(ink, 0.14, { weight: 1.2, dashArray: "2 3" });

// what stands is filled; what was planned, begun or given up is an outline without a ground
const hollow = { planned: "8 5", unknown: "8 4 2 4", closed: "1 5" };
const facility = ({ kind, status }) =>
  hollow[status]
    ? area(colour("facility"), 0.001, { dashArray: hollow[status], weight: 1.8 })
    : area(colour("facility"), 0.16, kind === "naval" ? { dashArray: "2 4" } : {});

// what stands inside a disc, around its middle; the map and the legend draw the same path
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
/** @type {{ [layer: string]: (features: any[]) => { [option: string]: any } }} */
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
  facilities: (group) => facility((group.find(({ values }) => values.status === "built") ?? group[0]).values),
};

export const base = {
  land_mexico: () => ({
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

// legend: which rows a layer has; a text key, or a coded field and value whose label the registry gives
export const legend = {
  municipalities: [["legend.municipality", "municipalities", {}, "a"]],
  border: ["river", "parallel", "meridian", "straight"].map((nature) => [
    ["nature", nature],
    "border",
    { nature },
    "l",
  ]),
  border_reaches: [["legend.reach", "border_reaches", { reach: "R000" }, "l"]],
  crossings_formal: [
    ["legend.formal.vehicular", "crossings_formal", { vehicular: "true" }, "p"],
    ["legend.formal.other", "crossings_formal", { vehicular: "false" }, "p"],
    ["legend.formal.rail", "crossings_formal", { kind: "rail" }, "p"],
    ["legend.formal.halo", "crossings_formal", {}, "halo"],
    ["legend.formal.stretch", "crossings_formal", {}, "l"],
  ],
  crossings_informal: [
    ["legend.informal.other", "crossings_informal", { vehicular: "false" }, "l"],
    ["legend.informal.vehicular", "crossings_informal", { vehicular: "true" }, "l"],
  ],
  crossings_vehicular: [
    ["legend.vehicular.formal", "crossings_vehicular", { vehicular: "true", formality: "formal" }, "p"],
    ["legend.vehicular.informal", "crossings_vehicular", { vehicular: "true", formality: "informal" }, "l"],
  ],
  crossings_reported: [["legend.reported", "crossings_reported", {}, "lozenge"]],
  corridor: [["legend.corridor", "corridor", {}, "l"]],
  checkpoints: [
    ...["fixed", "mobile", "unknown"].map((fixity) => [["fixity", fixity], "checkpoints", { fixity }, "l"]),
    ["legend.checkpoint.place", "checkpoints", {}, "a"],
  ],
  containment: [
    ["legend.containment.area", "containment", {}, "a"],
    ["legend.containment.line", "containment", {}, "l"],
  ],
  released: [
    ["legend.released.place", "released", {}, "a"],
    ["legend.released.stretch", "released", {}, "l"],
    ["legend.released.open", "released", {}, "p"],
  ],
  neighbour_regions: [["legend.region", "neighbour_regions", {}, "a"]],
  railways: [
    ["legend.railway.service", "railways", { status: "in_service" }, "l"],
    ["legend.railway.works", "railways", { status: "under_construction" }, "l"],
    ["legend.railway.station", "railways", { part: "station" }, "p"],
  ],
  programmes: [["legend.programme", "programmes", {}, "a"]],
  facilities: [
    ["legend.facility.built", "facilities", { kind: "caitf", status: "built" }, "a"],
    ["legend.facility.naval", "facilities", { kind: "naval", status: "built" }, "a"],
    ...["planned", "unknown", "closed"].map((status) => [["status", status], "facilities", { status }, "a"]),
  ],
};

export const swatch = (layer, values, kind) => {
  const shape = { lozenge: "l", halo: "p" }[kind] ?? kind;
  const style = styles[layer]([{ values, shape: { kind: shape } }]);
  const box = svg("svg", {
    viewBox: "0 0 34 18",
    width: 34,
    height: 18,
    "aria-hidden": "true",
    focusable: "false",
    class: "swatch",
  });
  if (kind === "p") box.append(...discSwatch(style));
  else if (kind === "halo")
    box.append(
      svg("circle", {
        cx: 17,
        cy: 9,
        r: 8,
        fill: colour("formal"),
        "fill-opacity": 0.12,
        stroke: colour("formal"),
        "stroke-opacity": 0.6,
      }),
      svg("circle", { cx: 17, cy: 9, r: 2.5, fill: colour("formal") }),
    );
  else if (kind === "a")
    box.append(
      svg("rect", {
        x: 4,
        y: 2,
        width: 26,
        height: 14,
        rx: 2,
        fill: style.fillColor,
        "fill-opacity": style.fillOpacity,
        stroke: style.color,
        "stroke-width": style.weight,
        "stroke-dasharray": style.dashArray ?? "none",
      }),
    );
  else if (kind === "lozenge")
    box.append(
      svg("rect", {
        x: 3,
        y: 2,
        width: 28,
        height: 14,
        rx: 7,
        fill: colour("paper"),
        stroke: colour("reported"),
        "stroke-width": 1.5,
      }),
      svg(
        "text",
        { x: 17, y: 13, "text-anchor": "middle", "font-size": 10, "font-weight": 600, fill: colour("ink") },
        "12",
      ),
    );
  else box.append(...lineSwatch(style));
  return box;
};

const lineSwatch = (style) => {
  const line = (more) =>
    svg("line", {
      x1: 5,
      y1: 9,
      x2: 29,
      y2: 9,
      stroke: style.color,
      "stroke-width": style.weight,
      "stroke-opacity": style.opacity,
      "stroke-linecap": style.lineCap,
      "stroke-dasharray": style.dashArray ?? "none",
      ...more,
    });
  const lines = [line({})];
  if (style.ties)
    for (const x of [7, 13, 19, 25])
      lines.push(svg("line", { x1: x, y1: 5, x2: x, y2: 13, stroke: style.ties, "stroke-width": 1.2 }));
  if (style.hollow) lines.push(line({ stroke: style.hollow, "stroke-width": style.weight - 3 }));
  if (style.hatch)
    for (const x of [6, 12, 18, 24])
      lines.push(svg("line", { x1: x, y1: 13.5, x2: x + 5, y2: 4.5, stroke: style.hatch, "stroke-width": 1.8 }));
  return lines;
};

const discSwatch = (style) => {
  /** @type {SVGElement[]} */
  const parts = [
    svg("circle", { cx: 17, cy: 9, r: style.radius, fill: style.fillColor, stroke: style.color, "stroke-width": 1.5 }),
  ];
  if (marks[style.mark])
    parts.push(svg("path", { d: marks[style.mark], transform: "translate(17 9)", fill: style.ink }));
  return parts;
};

theme.onChange(() => hatches.clear());
