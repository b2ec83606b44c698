// the municipalities as small drawings: an inset of those that the map is too small for, and one of each figure on paper
import * as choropleth from "./choropleth.js";
import { svg } from "./dom.js";
import { areas } from "./positions.js";

// units of a drawing across its longer side; half of one is below what a small drawing shows
const SIZE = 400;
const LEAST = 0.8;

/** @typedef {[west: number, south: number, east: number, north: number]} Box */
/** @param {Box} box longitude and latitude in degrees */
export const sheetOf = ([west, south, east, north]) => {
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = SIZE / Math.max((east - west) * squeeze, north - south);
  return {
    width: (east - west) * squeeze * scale,
    height: (north - south) * scale,
    /** @param {LatLon} place @returns {[number, number]} */
    at: ([lat, lon]) => [(lon - west) * squeeze * scale, (north - lat) * scale],
  };
};
/** @typedef {ReturnType<typeof sheetOf>} Sheet */

/** @param {Sheet} sheet @param {LatLon[]} line */
const run = (sheet, line) => {
  let [x, y] = [Infinity, Infinity];
  let d = "";
  for (const place of line) {
    const [to, down] = sheet.at(place);
    if (Math.abs(to - x) < LEAST && Math.abs(down - y) < LEAST) continue;
    [x, y] = [to, down];
    d += `${d ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
  }
  return d;
};
/** @param {Sheet} sheet @param {Feature} feature */
export const outline = (sheet, feature) =>
  areas(feature)
    .flat()
    .map((ring) => `${run(sheet, ring)}z`)
    .join("");

/** @param {Sheet} sheet @param {Feature[]} border */
export const line = (sheet, border) =>
  svg("path", {
    class: "small-line",
    d: border
      .flatMap(({ shape }) => (shape?.kind === "l" ? shape.positions : []))
      .map((part) => run(sheet, part))
      .join(""),
  });

/** @param {string} name of the figure @param {Feature} feature */
export const classOf = (name, feature) => {
  const number = choropleth.figures[name].classes[choropleth.method()].of[choropleth.index(feature)] ?? null;
  return number === null ? "class-none" : `class-${number + 1}`;
};
