// what a record is called on this page: labels of the form's schema in the reader's language, dates, places

import { locales } from "../border-sides.js";
import * as i18n from "../i18n.js";
import { language, number, t } from "../i18n.js";
import * as coordinates from "./coordinates.js";
import { field, label } from "./form.js";
import * as places from "./places.js";

export { description, field, form, label, title } from "./form.js";

/** @param {string | null | undefined} text */
export const when = (text) => {
  const match = /^(\d{4}-\d{2}(?:-\d{2})?)(?:[T ](\d{2}:\d{2}))?/.exec(text ?? "");
  return match ? [i18n.date(match[1]), match[2]].filter(Boolean).join(", ") : (text ?? "");
};
/** @type {Map<string, Intl.DateTimeFormat>} */
const days = new Map();
/** @param {string | null | undefined} text */
export const short = (text) => {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}))?/.exec(text ?? "");
  if (!match) return when(text);
  const format =
    days.get(language) ??
    new Intl.DateTimeFormat({ en: "en-GB", es: locales.es }[language] ?? language, {
      day: "numeric",
      month: "short",
      year: "numeric",
      timeZone: "UTC",
    });
  days.set(language, format);
  return [format.format(new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])))), match[4]]
    .filter(Boolean)
    .join(", ");
};
/** @param {string} name */
export const reach = (name) => {
  const reach = places.reach(name);
  return reach
    ? t("note.reach.named", {
        reach: name,
        from: number(reach.values.chainage_from_km),
        to: number(reach.values.chainage_to_km),
      })
    : name;
};
/** @type {(values: Values) => string} */
export const place = ({ geometry, reach: stretch }) => {
  if (stretch) return reach(stretch);
  if (geometry?.type === "Point") return coordinates.format(geometry.coordinates);
  return geometry ? t("note.shape", { kind: geometry.type }) : t("note.nowhere");
};
// rounded up: nothing is more exact in words than it is
/** @param {number} metres */
export const radius = (metres) =>
  metres < 1000 ? `${number(metres)} m` : `${number(Math.ceil(metres / 100) / 10)} km`;
/** @param {unknown} text */
export const firstLine = (text) =>
  String(text ?? "")
    .trim()
    .split("\n")[0]
    .slice(0, 160);
/** @type {(name: string, found: any) => string} */
export const value = (name, given) => {
  if (given === null || given === undefined || given === "") return "";
  if (name === "observed_at") return when(given);
  if (name === "geometry") return place({ geometry: given });
  if (name === "deleted") return t(given ? "ui.yes" : "ui.no");
  if (Array.isArray(given)) return given.join(", ");
  if (typeof given === "object") return JSON.stringify(given);
  const unit = field(name)?.unit;
  if (typeof given === "number" && unit) return `${given} ${unit}`;
  return field(name)?.values.length ? label(name, given) : String(given);
};
