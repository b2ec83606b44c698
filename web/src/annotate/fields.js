// one control for each field of the form's schema

import { el } from "../dom.js";
import { t } from "../i18n.js";
import { isMoment } from "./dates.js";
import * as marks from "./marks.js";
import { metres } from "./metres.js";
import * as words from "./words.js";

const FEW = 12;
// what these ask is plain, and the room is needed for the answers
const PLAIN = new Set(["category"]);
/** @param {FormField} field */
const hintOf = ({ name }) => (PLAIN.has(name) ? "" : words.description(name));

/** @param {FormField} field @param {Child[]} control @param {{ legend?: boolean, required?: boolean }} [options] */
const pieces = (field, control, { legend = false, required = field.required } = {}) => {
  const id = `field-${field.name}`;
  const head = [words.title(field.name), required ? el("span", { class: "required" }, ` ${t("note.required")}`) : null];
  const hint = hintOf(field);
  const about = hint ? el("p", { class: "hint", id: `${id}-hint` }, hint) : null;
  const fault = el("p", { class: "fault", id: `${id}-fault`, hidden: true });
  const box = legend
    ? el(
        "fieldset",
        { class: "field", "data-field": field.name, "aria-describedby": hint ? `${id}-hint` : null },
        el("legend", {}, ...head),
        about,
        ...control,
        fault,
      )
    : el(
        "div",
        { class: "field", "data-field": field.name },
        el("label", { for: id }, ...head),
        about,
        ...control,
        fault,
      );
  return box;
};
/** @param {FormField} field */
const described = (field) => `${hintOf(field) ? `field-${field.name}-hint ` : ""}field-${field.name}-fault`;

/** @type {Control} */
const choice = (field, value, change) => {
  /** @type {(string | null)[]} */
  const options = field.values.map(([code]) => code);
  // a word that the form does not know came with a file: it stays until somebody chooses another
  if (value !== null && value !== undefined && !options.includes(value)) options.push(value);
  if (!field.required) options.push(null);
  if (options.length > FEW) return select(field, value, change, options);
  const chips = options.map((code, at) => {
    const id = `field-${field.name}-${at}`;
    const input = el("input", {
      type: "radio",
      name: `field-${field.name}`,
      id,
      value: code ?? "",
      onchange: () => change(code),
      required: field.required,
    });
    input.checked = (value ?? null) === code;
    return el(
      "span",
      { class: "choice" },
      input,
      el(
        "label",
        { for: id },
        field.name === "category" && code ? marks.picture(code) : null,
        el("span", {}, words.label(field.name, code)),
      ),
    );
  });
  return pieces(field, [el("div", { class: `choices${field.name === "category" ? " two" : ""}` }, ...chips)], {
    legend: true,
  });
};
/** @param {FormField} field @param {any} value @param {(value: any) => void} change @param {(string | null)[]} options */
const select = (field, value, change, options) => {
  /** @type {HTMLSelectElement} */
  const input = el(
    "select",
    {
      id: `field-${field.name}`,
      required: field.required,
      "aria-describedby": described(field),
      onchange: () => change(input.value || null),
    },
    field.required ? el("option", { value: "" }, t("note.choose")) : null,
    ...options.map((code) => el("option", { value: code ?? "" }, words.label(field.name, code))),
  );
  input.value = value ?? "";
  return pieces(field, [input]);
};
/** @type {Control} */
const text = (field, value, change) => {
  const many = field.control === "multiline";
  /** @type {HTMLTextAreaElement | HTMLInputElement} */
  const input = el(many ? "textarea" : "input", {
    id: `field-${field.name}`,
    rows: many ? 5 : null,
    maxlength: field.limits.maxLength ?? 2000,
    required: field.required,
    "aria-describedby": described(field),
    autocomplete: "off",
    oninput: () => change(input.value === "" ? null : input.value),
  });
  input.value = value ?? "";
  return pieces(field, [input]);
};
/** @type {Control} */
const number = (field, value, change) => {
  const read = () => {
    change(input.value.trim() === "" ? null : (metres(input.value) ?? input.value));
  };
  const input = el("input", {
    id: `field-${field.name}`,
    inputmode: "decimal",
    autocomplete: "off",
    required: field.required,
    "aria-describedby": described(field),
    oninput: read,
  });
  input.value = value ?? "";
  return pieces(field, [input]);
};
/** @type {Control} */
const truth = (field, value, change) => {
  /** @type {HTMLInputElement} */
  const input = el("input", { type: "checkbox", id: `field-${field.name}`, onchange: () => change(input.checked) });
  input.checked = value === true;
  return el(
    "div",
    { class: "field check", "data-field": field.name },
    input,
    el("label", { for: input.id }, words.title(field.name)),
  );
};

// a day, and a time where it is known; whatever else ISO 8601 allows stays text
/** @type {Control} */
const datetime = (field, value, change) => {
  const match = value
    ? /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::\d{2}(?:[.,]\d+)?)?)?$/.exec(value)
    : [null, "", ""];
  if (!match) return text(field, value, change);
  const id = `field-${field.name}`;
  const read = () => change(day.value ? day.value + (time.value ? `T${time.value}` : "") : null);
  /** @type {HTMLInputElement} */
  const day = el("input", {
    type: "date",
    id,
    required: field.required,
    "aria-describedby": described(field),
    max: "9999-12-31",
    oninput: read,
  });
  /** @type {HTMLInputElement} */
  const time = el("input", { type: "time", id: `${id}-time`, "aria-label": t("note.time"), oninput: read });
  day.value = match[1] ?? "";
  time.value = match[2] ?? "";
  return pieces(field, [el("div", { class: "moment" }, day, time)]);
};

/** @type {{ [control: string]: Control }} */
const CONTROLS = { choice, multiline: text, text, number, datetime, boolean: truth };
/** @type {Control} */
export const make = (field, value, change) =>
  (
    CONTROLS[field.control] ??
    (field.types.includes("boolean") ? truth : field.types.includes("number") ? number : text)
  )(field, value, change);

// why a value cannot be saved: a text, or nothing
/** @param {FormField} field @param {any} value */
export const fault = (field, value) => {
  const empty = value === null || value === undefined || value === "";
  if (empty) return field.required ? t("note.fault.required", { field: words.title(field.name) }) : null;
  if (field.types.includes("number") && !field.types.includes("string")) {
    if (typeof value !== "number") return t("note.fault.number");
    const { exclusiveMinimum: low = -Infinity, minimum = -Infinity, maximum: high = Infinity } = field.limits;
    return value > low && value >= minimum && value <= high ? null : t("note.fault.range");
  }
  if (field.name === "observed_at") return isMoment(value) ? null : t("note.fault.date");
  return field.pattern && typeof value === "string" && !new RegExp(field.pattern, "u").test(value)
    ? t("note.fault.pattern")
    : null;
};
