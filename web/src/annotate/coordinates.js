// a typed position: read, held against the map of the region, and written out again
import { number, t } from "../i18n.js";
import { fault, read } from "./pairs.js";

const METRES_PER_DEGREE = 111320;

/**
 * @param {{ lat: number, lon: number }} given
 * @param {Box} sheet
 */
const within = ({ lat, lon }, sheet) =>
  lon >= sheet.west && lon <= sheet.east && lat >= sheet.south && lat <= sheet.north;
// near misses that a map of this region can tell: axes swapped, the minus forgotten
/**
 * @param {{ lat: number, lon: number }} position
 * @param {Box} sheet
 */
const suspect = (position, sheet) => {
  const { lat, lon } = position;
  if (within(position, sheet)) return null;
  if (within({ lat: lon, lon: lat }, sheet)) return fault("swapped");
  if (within({ lat, lon: -lon }, sheet)) return fault("west");
  if (within({ lat: lon, lon: -lat }, sheet)) return fault("swapped");
  return null;
};

// a place that this map can hold, and whether it lies on the sheet
/**
 * @param {string} text
 * @param {Box} sheet
 */
export const parse = (text, sheet) => {
  const typed = read(text);
  if ("fault" in typed) return typed;
  const { step, lat, lon } = typed;
  const place = { lat, lon };
  const metres = typed.metres ?? Math.max(1, Math.ceil(step * METRES_PER_DEGREE * Math.SQRT1_2));
  return suspect(place, sheet) ?? { ...place, outside: !within(place, sheet), metres };
};

/** @param {Position} given */
export const format = ([lon, lat]) => {
  /**
   * @param {number} value
   * @param {string} positive
   * @param {string} negative
   */
  const degrees = (value, positive, negative) =>
    `${number(Math.abs(value), { minimumFractionDigits: 5, maximumFractionDigits: 5 })}° ${t(value < 0 ? negative : positive)}`;
  return `${degrees(lat, "note.north", "note.south")}, ${degrees(lon, "note.east", "note.west")}`;
};
