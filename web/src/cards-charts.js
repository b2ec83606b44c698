// small charts of figures by year: a bar for a figure, a dash for none printed, a hatch for a total that does not add up;
// where another document is counted the axis is broken
import { svg } from "./dom.js";
import { number } from "./i18n.js";

const WIDE = 260,
  HIGH = 140,
  LEFT = 52,
  RIGHT = 4,
  TOP = 12,
  BOTTOM = 20,
  BREAK = 14;
const plot = { width: WIDE - LEFT - RIGHT, height: HIGH - TOP - BOTTOM };

// 1, 2 or 5 and noughts, so that two to four lines fit under the greatest figure
/** @param {number} most */
const step = (most) => {
  const size = 10 ** Math.floor(Math.log10(Math.max(most, 1) / 2));
  return Math.max(1, [1, 2, 5, 10].map((times) => times * size).find((one) => most / one <= 4.5) ?? size * 10);
};

// where each year begins, and the parts of the axis between the breaks
/** @param {ChartPoint[]} points */
const layout = (points) => {
  const breaks = points.map(({ document }, index) => index > 0 && document !== points[index - 1].document);
  const width = (plot.width - BREAK * breaks.filter(Boolean).length) / points.length;
  /** @type {number[][]} */
  const parts = [];
  /** @type {number[]} */
  const lefts = [];
  points.forEach((_, index) => {
    const left = index === 0 ? LEFT : lefts[index - 1] + width + (breaks[index] ? BREAK : 0);
    lefts.push(left);
    if (index === 0 || breaks[index]) parts.push([left, left + width]);
    else parts[parts.length - 1][1] = left + width;
  });
  // years under the axis: the first of each part, the last, and every third that leaves them room
  /** @param {number} index */
  const first = (index) => index === 0 || breaks[index];
  /** @param {number} index */
  const named = (index) =>
    first(index) ||
    index === points.length - 1 ||
    (index % 3 === 0 && index < points.length - 3 && !breaks[index - 1] && !breaks[index + 1]);
  return { width, lefts, parts, named };
};

/** @param {number} most @param {number[][]} parts */
const grid = (most, parts) => {
  /** @type {SVGElement[]} */
  const lines = [];
  for (let value = 0; value <= most; value += step(most)) {
    const y = TOP + plot.height * (1 - value / most);
    lines.push(
      ...parts.map(([x1, x2]) => svg("line", { x1, x2, y1: y, y2: y, class: value ? "grid" : "base" })),
      svg("text", { x: LEFT - 5, y: y + 3.5, "text-anchor": "end", class: "axis" }, number(value)),
    );
  }
  return lines;
};

// two strokes across the base line
/** @param {number} x @param {number} y */
const broken = (x, y) => svg("path", { d: `M${x - 5} ${y + 5}l4 -10M${x + 1} ${y + 5}l4 -10`, class: "break" });

/** @param {string} id */
const hatch = (id) =>
  svg(
    "defs",
    {},
    svg(
      "pattern",
      { id, width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      svg("rect", { width: 5, height: 5, class: "hatch-ground" }),
      svg("line", { x1: 0, x2: 0, y1: 0, y2: 5, class: "hatch-line" }),
    ),
  );

// one bar with everything that belongs to its year
/** @param {ChartPoint} point @param {number} index @param {BarOptions} options */
const bar = ({ year, value, marked, caption }, index, { count, most, id, choose, width, lefts, named }) => {
  const left = lefts[index];
  const middle = left + width / 2;
  const base = TOP + plot.height;
  const group = svg("g", { class: marked ? "bar marked" : "bar", "data-year": year });
  group.append(
    svg("title", {}, caption),
    svg("rect", { x: left, y: TOP - 10, width, height: plot.height + 10, class: "column" }),
  );
  if (value === null)
    group.append(svg("text", { x: middle, y: base - 3, "text-anchor": "middle", class: "none" }, "–"));
  else {
    const height = (value / most) * plot.height;
    group.append(
      svg("rect", {
        x: left + width * 0.14,
        y: base - height,
        width: width * 0.72,
        height,
        class: "value",
        ...(marked ? { fill: `url(#${id})` } : {}),
      }),
    );
    if (value === 0) group.append(svg("text", { x: middle, y: base - 3, "text-anchor": "middle", class: "none" }, "0"));
    if (marked)
      group.append(svg("text", { x: middle, y: base - height - 1, "text-anchor": "middle", class: "star" }, "*"));
  }
  if (named(index)) {
    const last = index === count - 1;
    group.append(
      svg(
        "text",
        { x: last ? WIDE : middle, y: HIGH - 6, "text-anchor": last ? "end" : "middle", class: "axis" },
        String(year),
      ),
    );
  }
  group.addEventListener("click", () => choose(year));
  return group;
};

/** @param {ChartPoint[]} points @param {ChartOptions} options */
export const draw = (points, { most, id, label, choose }) => {
  const picture = svg("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": label, class: "chart" });
  const marked = points.some((point) => point.marked);
  const { width, lefts, parts, named } = layout(points);
  picture.append(
    ...(marked ? [hatch(id)] : []),
    ...grid(most, parts),
    ...points.map((point, index) => bar(point, index, { count: points.length, most, id, choose, width, lefts, named })),
    ...parts.slice(1).map(([left]) => broken(left - BREAK / 2, TOP + plot.height)),
  );
  return picture;
};

// the same signs for the legend
/** @param {string} kind */
export const swatch = (kind) => {
  const box = svg("svg", { viewBox: "0 0 22 18", width: 22, height: 18, "aria-hidden": "true", focusable: "false" });
  const group = svg("g", { class: kind === "marked" ? "bar marked" : "bar" });
  if (kind === "marked") box.append(hatch("hatch-key"));
  if (kind === "broken") box.append(broken(11, 9));
  else if (kind === "none" || kind === "zero")
    group.append(svg("text", { x: 11, y: 13, "text-anchor": "middle", class: "none" }, kind === "zero" ? "0" : "–"));
  else
    group.append(
      svg("rect", {
        x: 6,
        y: 2,
        width: 10,
        height: 14,
        class: "value",
        ...(kind === "marked" ? { fill: "url(#hatch-key)" } : {}),
      }),
    );
  box.append(group);
  return box;
};
