// values, people and times as the desk shows them
import * as coordinates from "../annotate/coordinates.js";
import * as form from "../annotate/form.js";
import { el } from "../dom.js";
import { t } from "../i18n.js";

// what stands elsewhere on the page, or says nothing to a person
const APART = new Set(["status", "decision", "edited", "deleted", "source_id"]);

/** @param {string} name @param {Stated} value */
export const value = (name, value) => {
  if (value === null || value === undefined || value === "") return t("desk.empty");
  if (name === "geometry")
    return value.type === "Point" ? coordinates.format(value.coordinates) : t("note.shape", { kind: value.type });
  if (typeof value === "boolean") return t(value ? "ui.yes" : "ui.no");
  if (Array.isArray(value)) return value.map(String).join(", ");
  if (typeof value === "object") return JSON.stringify(value);
  return form.field(name)?.values.length ? form.label(name, value) : String(value);
};
/** @param {string} name */
export const title = (name) => (name === "geometry" ? t("desk.place") : form.title(name));
/** @param {Values} values */
export const names = (values) =>
  Object.keys(values).filter((name) => !APART.has(name) && !name.startsWith("different_from:"));
/** @param {{ author: string | null, claimed_at?: string | null }} given */
export const who = ({ author, claimed_at: at }) =>
  [author ?? t("desk.nobody"), at ? at.slice(0, 16).replace("T", " ") : null].filter(Boolean).join(" · ");
/** @param {string} name @param {Stated} given */
export const pair = (name, given) => [el("dt", {}, title(name)), el("dd", {}, el("bdi", {}, value(name, given)))];
/** @param {Values} values */
export const list = (values) =>
  el("dl", { class: "fields" }, ...names(values).flatMap((name) => pair(name, values[name])));
