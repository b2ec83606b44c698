// what a record is called on this page: labels of the form's schema in the reader's language, dates, places

import { pageData } from "../data.js";
import * as i18n from "../i18n.js";
import { language, number, t } from "../i18n.js";
import * as coordinates from "./coordinates.js";
import * as places from "./places.js";

export const form = pageData("form");
const byName = new Map(form.fields.map((field) => [field.name, field]));

const inLanguage = (texts, otherwise) =>
  texts?.[i18n.language] ?? texts?.en ?? Object.values(texts ?? {})[0] ?? otherwise;
export const title = (name) => inLanguage(byName.get(name)?.titles, name);
export const description = (name) => inLanguage(byName.get(name)?.descriptions, "");
export const label = (name, code) =>
  code === null || code === undefined || code === ""
    ? t("note.unstated")
    : inLanguage(byName.get(name)?.values.find(([value]) => value === code)?.[1], String(code));

export const when = (text) => {
  const match = /^(\d{4}-\d{2}(?:-\d{2})?)(?:[T ](\d{2}:\d{2}))?/.exec(text ?? "");
  return match ? [i18n.date(match[1]), match[2]].filter(Boolean).join(", ") : (text ?? "");
};
const days = new Map();
export const short = (text) => {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}))?/.exec(text ?? "");
  if (!match) return when(text);
  if (!days.has(language))
    days.set(
      language,
      new Intl.DateTimeFormat(language === "es" ? "es-MX" : "en-GB", {
        day: "numeric",
        month: "short",
        year: "numeric",
        timeZone: "UTC",
      }),
    );
  return [
    days.get(language).format(new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])))),
    match[4],
  ]
    .filter(Boolean)
    .join(", ");
};
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
/** @param {{ [field: string]: any }} values */
export const place = ({ geometry, reach: stretch }) => {
  if (stretch) return reach(stretch);
  if (geometry?.type === "Point") return coordinates.format(geometry.coordinates);
  return geometry ? t("note.shape", { kind: geometry.type }) : t("note.nowhere");
};
export const firstLine = (text) =>
  String(text ?? "")
    .trim()
    .split("\n")[0]
    .slice(0, 160);
export const value = (name, given) => {
  if (given === null || given === undefined || given === "") return "";
  if (name === "observed_at") return when(given);
  if (name === "geometry") return place({ geometry: given });
  if (name === "deleted") return t(given ? "ui.yes" : "ui.no");
  if (Array.isArray(given)) return given.join(", ");
  if (typeof given === "object") return JSON.stringify(given);
  if (typeof given === "number" && byName.get(name)?.unit) return `${given} ${byName.get(name).unit}`;
  return byName.get(name)?.values.length ? label(name, given) : String(given);
};
export const field = (name) => byName.get(name);
