// values, people and times as the desk shows them
import * as coordinates from "../annotate/coordinates.js";
import * as form from "../annotate/form.js";
import { el } from "../dom.js";
import { t } from "../i18n.js";

// what stands elsewhere on the page, or says nothing to a person
const APART = new Set(["status", "decision", "edited", "deleted", "source_id"]);

/** @param {string} name */
export const title = (name) => (name === "geometry" ? t("desk.place") : form.title(name));
// what a decision set, and the fields that an edit touched
/** @param {Stated} decision @returns {string} */
export const decided = (decision) =>
  decision.decided
    ? Object.entries(decision.decided)
        .map(([name, given]) => `${title(name)} = ${value(name, given)}`)
        .join("; ")
    : (decision.fields ?? []).map(title).join(", ");
/** @param {Stated} decision @returns {string | null} */
export const decider = (decision) => decision.decided_by ?? decision.edited_by ?? null;
/** @param {string} name @param {Stated} value @returns {string} */
export const value = (name, value) => {
  if (value === null || value === undefined || value === "") return t("desk.empty");
  if (name === "geometry")
    return value.type === "Point" ? coordinates.format(value.coordinates) : t("note.shape", { kind: value.type });
  if (typeof value === "boolean") return t(value ? "ui.yes" : "ui.no");
  if (Array.isArray(value)) return value.map(String).join(", ");
  if (typeof value === "object")
    return decider(value) === null
      ? JSON.stringify(value)
      : [decider(value), decided(value), value.reason].filter(Boolean).join(" · ");
  return form.field(name)?.values.length ? form.label(name, value) : String(value);
};
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

// what a field says in a record: one value, or all sides of its conflict
/** @param {DeskRecord | null} record @param {string} name */
const sides = (record, name) =>
  record?.conflicts[name]?.map((side) => value(side.field, side.value)).join(" / ") ??
  value(name, record?.values[name]);
// what became different between two looks at a record: the field, what it said, and what it says now
/** @param {DeskRecord} before @param {DeskRecord | null} now @returns {[string, string, string][]} */
export const differences = (before, now) =>
  Object.keys({ ...before.values, ...now?.values, ...before.conflicts, ...now?.conflicts })
    .filter(
      (name) =>
        JSON.stringify([before.values[name], before.conflicts[name]]) !==
        JSON.stringify([now?.values[name], now?.conflicts[name]]),
    )
    .map((name) => [title(name), sides(before, name), sides(now, name)]);
