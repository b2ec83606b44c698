// the pieces of a straightened drawing: text, bars, rules and signs at kilometres of the line
import { svg } from "./dom.js";
import { number } from "./i18n.js";
import { colour } from "./theme.js";

export const ROW = 18,
  LANE = 15,
  LABEL = 12,
  COUNT = 16,
  GAP = 5,
  RIGHT = 16,
  TOP = 24;

const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
// pixels that a text takes, with a little to spare: fonts differ
export const wide = (text = "", size = 10.5, weight = 400) => {
  pen.font = `${weight} ${size}px system-ui, sans-serif`;
  return pen.measureText(text).width * 1.04 + 1;
};
/** @param {number} value */
export const round = (value) => Math.round(value * 10) / 10;
/** @param {string} text @param {number} at @param {number} y @param {Attributes} [more] */
export const write = (text, at, y, more = {}) =>
  svg("text", { x: round(at), y: round(y), "font-size": 10.5, fill: colour("ink"), ...more }, text);
/** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 @param {Attributes} [more] */
export const rule = (x1, y1, x2, y2, more = {}) =>
  svg("line", {
    x1: round(x1),
    y1: round(y1),
    x2: round(x2),
    y2: round(y2),
    stroke: colour("quiet"),
    "stroke-width": 0.8,
    ...more,
  });
/** @param {StripItem<unknown>} item @returns {Attributes} */
export const speaking = (item) => (item.lang ? { lang: item.lang } : {});
/** @param {StripItem<unknown>} item @param {number} at @param {number} y */
export const sign = (item, at, y) => {
  if (item.sign === "tick") return [rule(at, y - 6, at, y + 4, { stroke: item.ink, "stroke-width": 1.6 })];
  /** @type {SVGElement[]} */
  const parts = [
    svg("circle", { cx: round(at), cy: y, r: 5, fill: item.ink, stroke: colour("paper"), "stroke-width": 1 }),
  ];
  if (item.sign === "square")
    parts.push(svg("rect", { x: round(at - 2), y: y - 2, width: 4, height: 4, fill: colour("paper") }));
  if (item.sign === "bar")
    parts.push(svg("rect", { x: round(at - 3.4), y: y - 0.9, width: 6.8, height: 1.8, fill: colour("paper") }));
  return parts;
};

// what stands at kilometres: `scale` is what the drawing has now, and changes with its width
/** @param {StripScale} scale */
export const pieces = (scale) => {
  /** @param {number} km */
  const x = (km) => scale.left + km * scale.perKm;
  /** @param {number} from @param {number} to @param {number} y @param {number} tall @param {Attributes} more */
  const bar = (from, to, y, tall, more) =>
    svg("rect", {
      x: round(x(from)),
      y: round(y),
      width: Math.max(1.5, round((to - from) * scale.perKm)),
      height: tall,
      ...more,
    });
  /** @param {number} from @param {number} to @param {number} y @param {number} tall @param {string} ink */
  const hatched = (from, to, y, tall, ink) => {
    const parts = [];
    for (let at = x(from) + 2; at + tall * 0.6 < x(to); at += 7)
      parts.push(rule(at, y + tall, at + tall * 0.6, y, { stroke: ink, "stroke-width": 1.4 }));
    return parts;
  };
  // an interval as on the map; the clear ground behind it is what a pointer finds and what a ring goes around
  /** @param {StripItem<unknown>} item @param {number} from @param {number} to @param {number} y */
  const pill = (item, from, to, y) => {
    const long = Math.max(7, (to - from) * scale.perKm);
    const start = x((from + to) / 2) - long / 2;
    /** @param {number} tall @param {Attributes} more */
    const body = (tall, more) =>
      svg("rect", { x: round(start), y: y + 6 - tall / 2, width: round(long), height: tall, rx: tall / 2, ...more });
    /** @type {{ [look: string]: () => SVGElement }} */
    const looks = {
      solid: () => body(7, { fill: item.ink }),
      hollow: () => body(5.4, { fill: colour("paper"), stroke: item.ink, "stroke-width": 1.6 }),
      dashed: () =>
        rule(start, y + 6, start + long, y + 6, { stroke: item.ink, "stroke-width": 7, "stroke-dasharray": "5 6" }),
    };
    return svg("g", {}, body(LANE - 3, { class: "strip-ground", "fill-opacity": 0 }), looks[item.pill ?? "hollow"]());
  };
  const end = () => x(scale.length) + RIGHT;
  return { x, bar, hatched, pill, end };
};

// kilometres along the top
/** @param {StripScale} scale */
export const axis = (scale) => {
  const { x } = pieces(scale);
  /** @type {SVGElement[]} */
  const nodes = [];
  for (let at = 0; at <= scale.length; at += 10) {
    const tall = at % 100 === 0 ? 8 : at % 50 === 0 ? 6 : 3;
    nodes.push(rule(x(at), TOP - 4 - tall, x(at), TOP - 4, { stroke: colour("ink") }));
    const room = scale.perKm * 50 > 34 || scale.length < 100 ? 50 : 100;
    if (at % room === 0 && x(at) < x(scale.length) - 28)
      nodes.push(write(number(at), x(at), 10, { "text-anchor": at ? "middle" : "start", "font-size": 10 }));
  }
  nodes.push(rule(x(0), TOP - 4, x(scale.length), TOP - 4, { stroke: colour("ink") }));
  nodes.push(
    write(number(Math.round(scale.length)), x(scale.length) + RIGHT - 2, 10, {
      "text-anchor": "end",
      "font-size": 10,
      "font-weight": 600,
    }),
  );
  return nodes;
};
