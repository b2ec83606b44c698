// the curve of lengths over rulers, with the published figures where they fall on it

import { lines } from "./border-line.js";
import { main } from "./border-sides.js";
import { byId, svg } from "./dom.js";
import { number, t } from "./i18n.js";
import { curve, opening, published, range, STOPS, tenths } from "./ruler-curve.js";
import { colour } from "./theme.js";

const W = 320,
  H = 232,
  LEFT = 38,
  RIGHT = 10,
  BOTTOM = 38;
// room above the curve for the numbers of published figures
/** @param {number[]} marks */
const above = (marks) => (marks.length ? 40 : 14);
/** @param {number} ruler */
const x = (ruler) =>
  LEFT + (Math.log(ruler / STOPS[0]) / Math.log(STOPS[STOPS.length - 1] / STOPS[0])) * (W - LEFT - RIGHT);
/** @param {string} text @param {number} at @param {number} y @param {Attributes} [more] */
const write = (text, at, y, more = {}) =>
  svg(
    "text",
    {
      x: at,
      y,
      "font-size": 10.5,
      fill: colour("ink"),
      stroke: colour("paper"),
      "stroke-width": 3,
      "paint-order": "stroke",
      "stroke-linejoin": "round",
      ...more,
    },
    text,
  );
/** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 @param {Attributes} [more] */
const stroke = (x1, y1, x2, y2, more = {}) =>
  svg("line", { x1, y1, x2, y2, stroke: colour("rule"), "stroke-width": 1, ...more });

/** @param {number[]} values @param {number} most @param {number} top @returns {RulerScale} */
const scaleOf = (values, most, top) => {
  const step = [10, 20, 50, 100].find((wanted) => (most - Math.min(...values)) / wanted <= 6) ?? 200;
  const [floor, ceiling] = [Math.floor(Math.min(...values) / step) * step, Math.ceil(most / step) * step];
  return { step, floor, ceiling, y: (km) => top + ((ceiling - km) / (ceiling - floor)) * (H - top - BOTTOM) };
};

/** @param {RulerScale} scale */
const grid = ({ step, floor, ceiling, y }) => {
  const nodes = [];
  for (let km = floor; km <= ceiling; km += step)
    nodes.push(
      stroke(LEFT, y(km), W - RIGHT, y(km)),
      write(number(km), LEFT - 5, y(km) + 3.5, { "text-anchor": "end", fill: colour("quiet") }),
    );
  for (const ruler of [100, 1000, 10000, 100000]) {
    nodes.push(
      stroke(x(ruler), y(floor), x(ruler), y(floor) + 4, { stroke: colour("quiet") }),
      write(opening(ruler), x(ruler), H - BOTTOM + 16, {
        "text-anchor": ruler === 100000 ? "end" : "middle",
        fill: colour("quiet"),
      }),
    );
  }
  nodes.push(
    write(t("border.chart.x"), (LEFT + W - RIGHT) / 2, H - 5, { "text-anchor": "middle", fill: colour("quiet") }),
  );
  return nodes;
};

// figures near the top of the curve lie close together: their numbers fan out above it
/** @param {number[]} marks @param {(km: number) => number} y */
const signs = (marks, y) => {
  const top = above(marks);
  const placed = marks.map((km) => ({ km, range: range(main.code, km) }));
  /** @param {RulerFigure} one */
  const middle = (one) => (one.range ? x(Math.sqrt(one.range[0] * one.range[1])) : LEFT);
  const fan = placed.filter(({ km }) => km > 900).sort((a, b) => middle(a) - middle(b) || b.km - a.km);
  /** @param {RulerFigure} one */
  const wide = (one) => number(one.km).length * 6 + 7;
  /** @type {number[]} */
  const places = [];
  fan.forEach((one, index) => {
    places.push(
      Math.max(
        middle(one) - (one.range ? 4 : -2),
        index ? places[index - 1] + (wide(fan[index - 1]) + wide(one)) / 2 : LEFT - 14,
      ),
    );
  });
  const ink = colour("straight-border");
  /** @param {RulerFigure} one */
  const dot = (one) =>
    one.range
      ? [
          stroke(x(one.range[0]), y(one.km), x(one.range[1]), y(one.km), { stroke: ink, "stroke-width": 2.5 }),
          svg("circle", { cx: middle(one), cy: y(one.km), r: 3.2, fill: ink }),
        ]
      : [
          svg("circle", {
            cx: middle(one),
            cy: y(one.km),
            r: 2.8,
            fill: colour("paper"),
            stroke: ink,
            "stroke-width": 1.5,
          }),
        ];
  return placed.flatMap((one) => {
    const index = fan.indexOf(one);
    const label =
      index >= 0
        ? [
            stroke(middle(one), y(one.km) - 3, places[index], top - 16, { stroke: ink, "stroke-width": 0.7 }),
            write(number(one.km), places[index], top - 19, {
              "text-anchor": "middle",
              fill: ink,
              "font-weight": 600,
            }),
          ]
        : [
            write(number(one.km), x(one.range?.[1] ?? STOPS[0]) + 6, y(one.km) + (near(one, placed) ? -8 : 2), {
              fill: ink,
              "font-weight": 600,
            }),
          ];
    return [...label, ...dot(one)];
  });
};
/** @param {RulerFigure} one @param {RulerFigure[]} others */
const near = (one, others) => others.some((other) => other.km < one.km && one.km - other.km < 8);

// the chart of a part, with the ruler that is chosen
/** @param {string} name @param {number} stop */
export const chart = (name, stop) => {
  const values = curve(name);
  const marks = published(name);
  const top = above(marks);
  const scale = scaleOf(values, Math.max(lines[name].length, ...marks), top);
  const { y } = scale;
  const path = STOPS.map(
    (ruler, index) => `${index ? "L" : "M"}${x(ruler).toFixed(1)} ${y(values[index]).toFixed(1)}`,
  ).join("");
  const here = x(STOPS[stop]);
  const drawing = svg(
    "svg",
    {
      viewBox: `0 0 ${W} ${H}`,
      role: "img",
      "aria-label": t("border.chart.label", { part: t(`border.part.${name}`) }),
    },
    ...grid(scale),
    stroke(LEFT, y(lines[name].length), W - RIGHT, y(lines[name].length), {
      stroke: colour("river-border"),
      "stroke-dasharray": "5 3",
    }),
    write(t("border.chart.line", { length: tenths(lines[name].length) }), W - RIGHT, y(lines[name].length) - 4, {
      "text-anchor": "end",
      fill: colour("river-border"),
      "font-weight": 600,
    }),
    svg("path", { d: path, fill: "none", stroke: colour("ink"), "stroke-width": 1.6, "stroke-linejoin": "round" }),
    ...signs(marks, y),
    stroke(here, top, here, H - BOTTOM, { stroke: colour("focus"), "stroke-width": 1.4 }),
    svg("circle", {
      cx: here,
      cy: y(values[stop]),
      r: 4.5,
      fill: colour("focus"),
      stroke: colour("paper"),
      "stroke-width": 1.5,
    }),
  );
  byId("ruler-chart").replaceChildren(drawing);
  byId("ruler-caption").textContent = t("border.chart.caption", { part: t(`border.part.${name}`) });
};
