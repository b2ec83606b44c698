// the still picture, placed as the map will be: Leaflet's own rule for the first view, before Leaflet is there
import { all } from "./dom.js";
import * as reader from "./reader.js";

// the controls stand in the upper right, and must not hide the end of the line
/** @type {{ paddingTopLeft: LatLon, paddingBottomRight: LatLon }} */
export const margins = { paddingTopLeft: [14, 14], paddingBottomRight: [58, 14] };
export const zooms = { step: 0.25, least: 5.5, most: 14, wide: 20 };
export const slack = 0.15;
// a map lower than that, in pixels, is no map
const LEAST_HEIGHT = 240;

/** @param {string} text */
const numbers = (text) => text.split(",").map(Number);
/** @param {number} level */
const degree = (level) => (256 * 2 ** level) / 360;
// the poles lie at no end of this map
const EDGE = 85.0511287;
/** @param {number} lat */
const mercator = (lat) =>
  (Math.log(Math.tan(Math.PI / 4 + (Math.max(-EDGE, Math.min(EDGE, lat)) * Math.PI) / 360)) * 180) / Math.PI;
// west, south, east, north as left, top, right, bottom in pixels of zoom 0
/** @param {number[]} given */
const pixels = ([west, south, east, north]) =>
  [west, -mercator(north), east, -mercator(south)].map((value) => value * degree(0));

/**
 * @param {number[]} given
 * @param {number[]} other
 * @param {number} least
 */
const fitting = ([left, top, right, bottom], [width, height], least) => {
  const level = Math.log2(Math.min(width / (right - left), height / (bottom - top)));
  const step = zooms.step / 100;
  return Math.max(least, Math.min(zooms.most, Math.floor((Math.round(level / step) * step) / zooms.step) * zooms.step));
};
// by how much a view that leaves the sheet is moved back
/**
 * @param {number} low
 * @param {number} high
 */
const back = (low, high) =>
  low + high > 0 ? Math.round(low - high) / 2 : Math.max(0, Math.ceil(low)) - Math.max(0, Math.floor(high));

// the first view: all that the page speaks of, and where there is a choice no paper beyond the sheet
/**
 * @param {HTMLElement} holder
 * @param {number[]} size
 */
export const firstView = (holder, size) => {
  const sheet = numbers(holder.dataset.sheet ?? "");
  const [west, , east] = sheet;
  const wide = east - west > zooms.wide;
  const least = Math.min(7, Math.max(wide ? 0 : 5, fitting(pixels(sheet), size, wide ? 0 : zooms.least) - zooms.step));
  const [left, top, right, bottom] = pixels(numbers(holder.dataset.bounds ?? ""));
  const spare = [0, 1].map((axis) => margins.paddingTopLeft[axis] + margins.paddingBottomRight[axis]);
  const level = fitting([left, top, right, bottom], [size[0] - spare[0], size[1] - spare[1]], least);
  const ends = pixels(sheet).map((value) => value * 2 ** level);
  const middle = [0, 1].map((axis) => {
    const wanted =
      ([left + right, top + bottom][axis] * 2 ** level +
        margins.paddingBottomRight[axis] -
        margins.paddingTopLeft[axis]) /
      2;
    const [first, last] = [ends[axis] + size[axis] / 2, ends[axis + 2] - size[axis] / 2];
    return first > last ? (first + last) / 2 : Math.min(Math.max(wanted, first), last);
  });
  // by how much the map is wider and higher than the sheet
  const [tooWide, tooHigh] = [0, 1].map((axis) => size[axis] - ends[axis + 2] + ends[axis]);
  return { least, level, middle, tooWide, tooHigh };
};
/** @param {number[]} middle @param {number} level @returns {LatLon} */
export const degreesOf = ([x, y], level) => {
  const radians = (y / degree(level)) * (Math.PI / 180);
  return [(Math.atan(Math.sinh(-radians)) * 180) / Math.PI, x / degree(level)];
};

/**
 * @param {SVGElement} picture
 * @param {HTMLElement} holder
 * @param {URLSearchParams} asked
 * @param {number[]} size
 */
const place = (picture, holder, asked, size) => {
  const [west, south, east, north] = numbers(holder.dataset.sheet ?? "");
  const first = firstView(holder, size);
  let { level, middle } = first;
  const [zoom, lat, lon] = (asked.get("map") ?? "").split("/").map(Number);
  if (Math.abs(zoom) < 30 && Math.abs(lat) < 85 && Math.abs(lon) <= 360) {
    level = Math.max(first.least, Math.min(zooms.most, Math.round(zoom / zooms.step) * zooms.step));
    middle = [lon * degree(level), -mercator(lat) * degree(level)];
  }
  const wide = (east - west) * slack,
    high = (north - south) * slack;
  const ends = pixels([west - wide, south - high, east + wide, north + high]).map((value) => value * 2 ** level);
  const off = [0, 1].map((axis) =>
    back(ends[axis] - middle[axis] + size[axis] / 2, middle[axis] + size[axis] / 2 - ends[axis + 2]),
  );
  if (off.some((distance) => Math.abs(distance) > 1)) middle = middle.map((value, axis) => value + off[axis]);
  const unit = degree(level) / Number(picture.dataset.perDegree);
  picture.setAttribute(
    "viewBox",
    [...middle.map((value, axis) => (value - size[axis] / 2) / unit), ...size.map((value) => value / unit)].join(" "),
  );
};

// on a phone the panel takes the room that the sheet leaves empty
/** @param {HTMLElement} holder */
const fillSheet = (holder) => {
  const panel = document.getElementById("panel");
  if (!panel) return;
  const { style } = document.documentElement;
  if (getComputedStyle(panel).position !== "fixed") {
    const { tooWide } = firstView(holder, [holder.clientWidth, holder.clientHeight]);
    if (tooWide > 0) style.setProperty("--wider", `${Math.ceil(tooWide)}px`);
    return;
  }
  const closed = panel.offsetHeight;
  for (let turn = 0; turn < 3; turn += 1) {
    const over = firstView(holder, [holder.clientWidth, holder.clientHeight]).tooHigh;
    if (over <= 0 || holder.clientHeight - over < LEAST_HEIGHT) return;
    // a line cut in half is no beginning
    document.documentElement.classList.toggle("peeking", panel.offsetHeight + over > closed + 40);
    style.setProperty("--peek", `${Math.ceil(panel.offsetHeight + over)}px`);
    if (panel.offsetHeight === closed) return;
  }
};
export const show = () => {
  /** @type {SVGElement[]} */
  const [picture] = all(".picture");
  const [holder] = all(".atlas-map");
  const asked = reader.state();
  fillSheet(holder);
  const size = [holder.clientWidth, holder.clientHeight];
  // a view that somebody shared has layers and filters of its own
  const wanted = asked.get("layers")?.split(",");
  for (const layer of all("[data-layer]", picture)) {
    const name = /** @type {string} */ (layer.dataset.layer);
    if (name !== "basemap" && (asked.has("without") || (wanted && !wanted.includes(name)))) layer.remove();
  }
  if (size.every(Boolean)) place(picture, holder, asked, size);
};
// the map has its own layers already, and the ground not yet
export const keepGround = () => {
  for (const layer of all('.picture [data-layer]:not([data-layer="basemap"])')) layer.setAttribute("display", "none");
};
export const remove = () => all(".picture")[0].remove();
