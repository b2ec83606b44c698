// how long the line is for dividers of each opening, and which openings give a published length

import { lines } from "./border-line.js";
import { main } from "./border-sides.js";
import { pageData } from "./data.js";
import { number, t } from "./i18n.js";

// preferred numbers, 40 to the decade, from 20 m to 100 km
const R40 = [
  100, 106, 112, 118, 125, 132, 140, 150, 160, 170, 180, 190, 200, 212, 224, 236, 250, 265, 280, 300, 315, 335, 355,
  375, 400, 425, 450, 475, 500, 530, 560, 600, 630, 670, 710, 750, 800, 850, 900, 950,
];
export const STOPS = [...[0.1, 1, 10, 100].flatMap((factor) => R40.map((value) => value * factor)), 100000]
  .map((metres) => Math.round(metres * 10) / 10)
  .filter((metres) => metres >= 20);
// rulers between the stops are tried every so many metres
const PROBE = 10;
const AROUND = 8;

/** @param {number} value */
export const tenths = (value) => number(value, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
/** @param {number} value */
export const opening = (value) =>
  value < 1000 ? `${number(value)} m` : `${number(value / 1000, { maximumFractionDigits: 2 })} km`;

/** @type {Map<string, number[]>} */
const curves = new Map();
/** @param {string} name */
export const curve = (name) => {
  const known = curves.get(name) ?? STOPS.map((ruler) => lines[name].walk(ruler).length);
  curves.set(name, known);
  return known;
};
// the shortest ruler that gives no more than a length, and the longest that gives no less: the curve is ragged
/** @type {Map<string, Span | null>} */
const ranges = new Map();
/** @type {(name: string, km: number) => Span | null} */
export const range = (name, km) => {
  const key = `${name} ${km}`;
  const known = ranges.get(key);
  if (known !== undefined) return known;
  const made = km > lines[name].length ? null : rulersOf(lines[name], curve(name), km);
  ranges.set(key, made);
  return made;
};
/** @type {(line: MeasuredLine, values: number[], km: number) => Span} */
const rulersOf = (line, values, km) => {
  const low = values.findIndex((value) => value <= km);
  const high = values.findLastIndex((value) => value >= km);
  const first = Math.max(20, Math.floor(STOPS[Math.max(0, Math.min(low, high) - AROUND)] / PROBE) * PROBE);
  const last = STOPS[Math.min(STOPS.length - 1, Math.max(low, high) + AROUND)];
  /** @type {Span[]} */
  const probes = [];
  for (let ruler = first; ruler <= last; ruler += PROBE) probes.push([ruler, line.walk(ruler).length]);
  const least = probes.find(([, length]) => length <= km)?.[0] ?? last;
  const most = probes.findLast(([, length]) => length >= km)?.[0] ?? first;
  return [Math.min(least, most), Math.max(least, most)];
};
// the published lengths of a part, of which there are some only of the border with the main neighbour
/** @param {string} name */
export const published = (name) => (name === main.code ? [...new Set(pageData("lengths").map(({ km }) => km))] : []);
/** @param {Span} given */
export const between = ([low, high]) =>
  t("border.lengths.between", { low: opening(rough(low)), high: opening(rough(high)) });
/** @param {number} value */
export const rough = (value) => Number(value.toPrecision(2));
