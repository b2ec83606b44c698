// what a record is called on this page: labels of the form's schema in the reader's language, dates, places

import { pageData } from "../data.js";
import * as i18n from "../i18n.js";
import { language, number, t } from "../i18n.js";
import * as coordinates from "./coordinates.js";
import * as places from "./places.js";

export const form = pageData("form");
const byName = new Map(form.fields.map((field) => [field.name, field]));

const said = (texts, otherwise) => texts?.[i18n.language] ?? texts?.en ?? Object.values(texts ?? {})[0] ?? otherwise;
export const title = (name) => said(byName.get(name)?.titles, name);
export const description = (name) => said(byName.get(name)?.descriptions, "");
export const label = (name, code) =>
  code === null || code === undefined || code === ""
    ? t("note.unstated")
    : said(byName.get(name)?.values.find(([value]) => value === code)?.[1], String(code));

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
  const found = places.reach(name);
  return found
    ? t("note.reach.named", {
        reach: name,
        from: number(found.values.chainage_from_km),
        to: number(found.values.chainage_to_km),
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
export const value = (name, found) => {
  if (found === null || found === undefined || found === "") return "";
  if (name === "observed_at") return when(found);
  if (name === "geometry") return place({ geometry: found });
  if (name === "deleted") return t(found ? "ui.yes" : "ui.no");
  if (Array.isArray(found)) return found.join(", ");
  if (typeof found === "object") return JSON.stringify(found);
  if (typeof found === "number" && byName.get(name)?.unit) return `${found} ${byName.get(name).unit}`;
  return byName.get(name)?.values.length ? label(name, found) : String(found);
};
export const field = (name) => byName.get(name);
