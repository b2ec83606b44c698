// a user's own layers: classes with colours, circles with areas, or one colour that no layer of the atlas has
import { pageData } from "./data.js";
import { el, svg } from "./dom.js";
import * as hatches from "./hatches.js";
import { number, t } from "./i18n.js";
import { legend } from "./legend.js";
import { layers } from "./map-base.js";
import { points } from "./positions.js";
import { base, marks, styles } from "./signs.js";
import * as theme from "./theme.js";
import * as variants from "./variants.js";

// radius of the largest circle, and of a point that has no size, in pixels
const LARGEST = 24;
const POINT = 6;
// pixels of the widest line, and of the thinnest
const WIDEST = 12;
const THINNEST = 0.8;
// pixels between the edge of a circle and the middle of the nearer end of its name
export const BESIDE = 4;
// the layer whose points are too many to be features
const many = (pageData("cloud") ?? pageData("archive"))?.layer;
const ink = () => theme.colour("focus");
/** @type {{ [kind: string]: () => Look }} */
const plain = {
  p: () => ({
    stroke: true,
    fill: true,
    color: theme.colour("paper"),
    weight: 1.5,
    opacity: 1,
    fillColor: ink(),
    fillOpacity: 0.9,
    radius: POINT,
    mark: "none",
    ink: ink(),
  }),
  l: () => ({ stroke: true, fill: false, color: ink(), weight: 3, opacity: 0.95, lineCap: "round", lineJoin: "round" }),
  a: () => ({
    stroke: true,
    fill: true,
    color: ink(),
    weight: 1.4,
    opacity: 0.95,
    fillColor: ink(),
    fillOpacity: 0.18,
    lineJoin: "round",
  }),
};
/** @param {string} kind */
const plainLook = (kind) => plain[kind]();

// black or white, whichever is told from a colour
/** @param {string} colour */
const against = (colour) => {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return red * 0.299 + green * 0.587 + blue * 0.114 > 140 ? "#1f1f1f" : "#ffffff";
};

/** @type {{ [kind: string]: (given: PortrayedClass, opacity: number) => Look }} */
const classed = {
  p: ([colour, mark, , empty]) => ({
    ...plain.p(),
    color: theme.colour("ink"),
    weight: 1,
    fillColor: empty ? theme.colour("paper") : colour,
    fillOpacity: empty ? 0.4 : 0.95,
    dashArray: empty ? "2 2" : null,
    mark,
    ink: against(colour),
  }),
  l: ([colour, , , empty]) => ({
    ...plain.l(),
    color: empty ? theme.colour("quiet") : colour,
    weight: empty ? 2 : 4,
    dashArray: empty ? "3 4" : null,
  }),
  a: ([colour, , , empty], opacity) => ({
    ...plain.a(),
    color: theme.colour(empty ? "quiet" : "ink"),
    weight: 0.8,
    opacity: 0.7,
    fillColor: empty ? theme.colour("paper") : colour,
    fillOpacity: empty ? 0.25 : opacity,
    dashArray: empty ? "3 3" : null,
  }),
};

/** @param {Look} look @param {number | null | undefined} share @returns {Look} */
const circle = (look, share) => {
  const none = share === null || share === undefined;
  return {
    ...look,
    radius: none || share === 0 ? 2.5 : Math.max(0.8, share * LARGEST),
    sized: true,
    mark: "none",
    color: theme.colour("ink"),
    weight: 0.9,
    fillOpacity: none || share === 0 ? 0 : 0.72,
    dashArray: none ? "2 2" : null,
  };
};

/** @param {Portrayal} made @param {Feature} feature @returns {Look} */
const lookOf = (made, feature) => {
  const index = Number(feature.id) - 1;
  const kind = feature.shape?.kind ?? "a";
  const look = made.classes.length ? classed[kind](made.classes[made.of[index]], made.opacity) : plainLook(kind);
  if (made.hatch && kind === "a" && made.classes.length) {
    look.lined = hatchOf(made, made.of[index]);
    look.over = look.lined ? hatches.pattern(look.lined) : null;
  }
  if (made.widths.length && kind === "l") return { ...look, ...line(made.widths[index]) };
  return made.sizes.length && kind === "p" ? circle(look, made.shares[index]) : look;
};
/** @param {Portrayal} made @param {number} index */
const hatchOf = (made, index) => (made.classes[index][3] ? 0 : index + 1);
/** @param {number | null} share */
const line = (share) => ({
  weight: Math.max(THINNEST, (share ?? 0) * WIDEST),
  dashArray: share === null ? "2 4" : null,
});
/** @param {Feature} feature @returns {Look} */
export const userLook = (feature) => styles[feature.layer]([feature]);

// ── legend ───────────────────────────────────────────────────────────────
/** @param {number} width @param {number} height @param {SVGElement[]} parts */
const box = (width, height, ...parts) =>
  svg(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      "aria-hidden": "true",
      focusable: "false",
      class: "swatch",
    },
    ...parts,
  );
/** @param {Look} look */
const filled = (look) => ({
  fill: look.fillColor,
  "fill-opacity": look.fillOpacity,
  stroke: look.color,
  "stroke-width": look.weight,
  "stroke-dasharray": look.dashArray ?? "none",
});
/** @type {{ [kind: string]: (look: Look) => SVGElement[] }} */
const swatches = {
  p: (look) => [
    svg("circle", { cx: 17, cy: 9, r: POINT, ...filled(look) }),
    ...(look.mark && marks[look.mark]
      ? [svg("path", { d: marks[look.mark], transform: "translate(17 9)", fill: look.ink })]
      : []),
  ],
  l: (look) => [
    svg("line", {
      x1: 3,
      y1: 9,
      x2: 31,
      y2: 9,
      stroke: look.color,
      "stroke-width": look.weight,
      "stroke-dasharray": look.dashArray ?? "none",
    }),
  ],
  a: (look) => [svg("rect", { x: 3, y: 1.5, width: 28, height: 15, ...filled(look) })],
};
/** @param {string} key */
const head = (key) => el("li", { class: "legend-head" }, el("bdi", {}, t(key)));
/** @param {Layer} layer @param {Portrayal} made @param {string} kind @param {number} index */
const classRow = (layer, made, kind, index) => () => {
  const { name } = layer;
  const [colour, mark, all, empty] = made.classes[index];
  // how many there are of those that are shown now
  const count =
    name === many ? all : layer.features.filter((one) => !one.hidden && made.of[Number(one.id) - 1] === index).length;
  // circles have their size as a sign and no room for a mark
  /** @type {PortrayedClass} */
  const entry = [colour, made.sizes.length || name === many ? "none" : mark, count, empty];
  return el(
    "li",
    {},
    box(34, 18, ...swatches[kind](classed[kind](entry, made.opacity)), ...hatching(made, kind, index)),
    el(
      "span",
      { class: "as-written" },
      el("bdi", {}, t(`map.${name}.class.${index}`)),
      el("span", { class: "quiet" }, ` (${number(count)})`),
    ),
  );
};
/** @param {string} name @param {Portrayal} made @param {number} index */
const sizeRow = (name, made, index) => () => {
  const radius = Math.max(0.8, made.sizes[index] * LARGEST);
  const look = { ...circle(plain.p(), made.sizes[index]), ...(made.classes.length ? { fillOpacity: 0 } : {}) };
  return el(
    "li",
    { class: "legend-size" },
    box(
      2 * LARGEST + 2,
      2 * radius + 2,
      svg("circle", { cx: LARGEST + 1, cy: radius + 1, r: radius, ...filled(look) }),
    ),
    el("span", {}, t(`map.${name}.size.${index}`)),
  );
};

/** @param {Portrayal} made @param {string} kind @param {number} index */
const hatching = (made, kind, index) =>
  made.hatch && kind === "a" && hatchOf(made, index) ? [hatches.swatch(hatchOf(made, index), 3, 1.5, 28, 15)] : [];
/** @param {string} name @param {Portrayal} made @param {number} index */
const widthRow = (name, made, index) => () =>
  el(
    "li",
    {},
    box(34, 18, ...swatches.l({ ...plain.l(), ...line(made.widthSteps[index]) })),
    el("span", {}, t(`map.${name}.width.${index}`)),
  );

/** @param {Layer} layer @param {Portrayal} made @returns {LegendRow[]} */
const rows = (layer, made) => {
  const { name, features } = layer;
  const kinds = new Set(features.map((feature) => feature.shape?.kind));
  const [kind] = /** @type {("a" | "l" | "p")[]} */ (["a", "l", "p"])
    .filter((one) => kinds.has(one))
    .concat(name === many ? "p" : "a");
  return [
    ...(made.sizes.length ? [() => head(`map.${name}.size`)] : []),
    ...made.sizes.map((_, index) => sizeRow(name, made, index)),
    ...(made.widthSteps.length ? [() => head(`map.${name}.width`)] : []),
    ...made.widthSteps.map((_, index) => widthRow(name, made, index)),
    ...(made.classes.length ? [() => head(`map.${name}.head`)] : []),
    ...made.classes.map((_, index) => classRow(layer, made, kind, index)),
  ];
};

// land far from the region, with the limits of countries, which have no lines of their own
base.land_world = () => ({ ...base.land_neighbours() });

/** @type {{ [name: string]: Portrayal }} */
export const given = pageData("portrayals") ?? {};
for (const layer of layers.filter(({ group }) => group === "own")) {
  const made = Object.hasOwn(given, layer.name) ? given[layer.name] : null;
  const styled = made && (made.classes.length || made.sizes.length || made.widths.length) ? made : null;
  styles[layer.name] = ([feature]) => (styled ? lookOf(styled, feature) : plainLook(feature.shape?.kind ?? "a"));
  legend[layer.name] = styled
    ? rows(layer, styled)
    : ["p", "l", "a"].map((kind) => [`legend.own.${kind}`, layer.name, {}, kind]);
}

// beyond these no name of the map would be left
const MOST_CLEARED = 3000;
/** @param {Feature} feature */
const radiusOf = (feature) => userLook(feature).radius ?? POINT;
variants.map.obstacles = () => {
  const placed = layers
    .filter((layer) => layer.group === "own" && layer.shown)
    .flatMap(({ features }) => features.filter(({ hidden, shape }) => !hidden && shape?.kind === "p"));
  if (placed.length > MOST_CLEARED) return [];
  return placed.flatMap((feature) => points(feature).map((at) => ({ at, radius: radiusOf(feature) })));
};

// points on one spot look like one: a number says how many they are
variants.map.relabel.push((labels, byName) => [
  ...labels,
  ...[...byName.values()].filter((layer) => layer.group === "own" && layer.shown).flatMap(crowded),
]);
/** @param {Layer} layer @returns {MapName[]} */
const crowded = (layer) => {
  /** @type {Map<string, { at: LatLon, count: number, radius: number }>} */
  const spots = new Map();
  for (const feature of layer.features) {
    const { hidden, shape } = feature;
    if (hidden || shape?.kind !== "p" || shape.positions.length > 1) continue;
    const [at] = shape.positions;
    const spot = spots.get(at.join()) ?? { at, count: 0, radius: 0 };
    spot.count += 1;
    spot.radius = Math.max(spot.radius, radiusOf(feature));
    spots.set(at.join(), spot);
  }
  return [...spots.values()]
    .filter(({ count }) => count > 1)
    .map(({ at, count, radius }) => ({
      kind: "count",
      text: number(count),
      at,
      from: 0,
      weight: 300 + count,
      clear: radius + BESIDE,
    }));
};
