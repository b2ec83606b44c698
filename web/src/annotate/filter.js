// which records are shown, and in which order

import { byId, el } from "../dom.js";
import * as i18n from "../i18n.js";
import { t } from "../i18n.js";
import * as form from "./form.js";
import * as notebook from "./notebook.js";

/** @type {(() => void)[]} */
const listeners = [];
/** @type {{ [name: string]: string }} */
const chosen = { text: "", category: "", sensitivity: "", more: "", order: "recent" };
const MORE = ["", "conflict", "photos", "noplace", "reach"];
const ORDERS = ["recent", "date", "category"];

/** @param {string} text */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
/** @param {FieldRecord} record */
const haystack = (record) => {
  const state = notebook.state(record);
  const { values } = state;
  state.words ??= plain(
    [record.id, values.note, form.label("category", values.category), values.category, values.reach, values.observed_at]
      .filter(Boolean)
      .join(" "),
  );
  return state.words;
};
/** @type {{ [name: string]: (state: RecordState) => boolean }} */
const extra = {
  conflict: (state) => state.torn,
  photos: ({ values }) => (values.photos ?? []).length > 0,
  noplace: ({ values }) => !values.geometry && !values.reach,
  reach: ({ values }) => Boolean(values.reach),
};
/** @type {{ [name: string]: (a: FieldRecord, b: FieldRecord) => number }} */
const sorts = {
  recent: (a, b) => b.arrived - a.arrived,
  date: (a, b) =>
    compare(notebook.state(b).values.observed_at, notebook.state(a).values.observed_at) || b.arrived - a.arrived,
  category: (a, b) =>
    compare(notebook.state(a).values.category, notebook.state(b).values.category) || b.arrived - a.arrived,
};
/** @param {unknown} a @param {unknown} b */
const compare = (a, b) => {
  const [one, other] = [String(a ?? ""), String(b ?? "")];
  return one < other ? -1 : Number(one > other);
};

export const apply = () => {
  const wanted = plain(chosen.text.trim()).split(/\s+/).filter(Boolean);
  const living = notebook.living();
  const matches = living
    .filter((record) => {
      const state = notebook.state(record);
      if (chosen.category && state.values.category !== chosen.category) return false;
      if (chosen.sensitivity && state.values.sensitivity !== chosen.sensitivity) return false;
      if (chosen.more && !extra[chosen.more](state)) return false;
      return !wanted.length || wanted.every((word) => haystack(record).includes(word));
    })
    .sort(sorts[chosen.order]);
  return {
    matches,
    all: living.length,
    filtered: Boolean(wanted.length || chosen.category || chosen.sensitivity || chosen.more),
  };
};

const holder = byId("filter");
const tell = () => {
  for (const listener of listeners) listener();
};
/** @param {string} name @param {string} value */
const set = (name, value) => {
  chosen[name] = value;
  tell();
};
/** @param {string} name @param {string} label @param {string[][]} options */
const select = (name, label, options) => {
  /** @type {HTMLSelectElement} */
  const input = el(
    "select",
    { id: `filter-${name}`, onchange: () => set(name, input.value) },
    ...options.map(([value, text]) => el("option", { value }, text)),
  );
  input.value = chosen[name];
  return el("div", { class: "field" }, el("label", { for: input.id }, label), input);
};
/** @param {string} name */
const codes = (name) => [
  ["", t("note.filter.all")],
  ...(form.field(name)?.values ?? []).map(([code]) => [code, form.label(name, code)]),
];
export const draw = () => {
  /** @type {HTMLInputElement} */
  const text = el("input", {
    type: "search",
    id: "filter-text",
    autocomplete: "off",
    oninput: () => set("text", text.value),
  });
  text.value = chosen.text;
  holder.replaceChildren(
    el("div", { class: "field" }, el("label", { for: "filter-text" }, t("note.filter.text")), text),
    select("category", form.title("category"), codes("category")),
    select("sensitivity", form.title("sensitivity"), codes("sensitivity")),
    select(
      "more",
      t("note.filter.more"),
      MORE.map((code) => [code, t(code ? `note.filter.more.${code}` : "note.filter.all")]),
    ),
    select(
      "order",
      t("note.filter.order"),
      ORDERS.map((code) => [code, t(`note.filter.order.${code}`)]),
    ),
    el("button", { type: "button", id: "filter-clear", onclick: clear }, t("note.filter.clear")),
  );
};
export const clear = () => {
  Object.assign(chosen, { text: "", category: "", sensitivity: "", more: "" });
  draw();
  tell();
};
i18n.onChange(() => {
  for (const record of notebook.all()) if (record.state) record.state.words = undefined;
  draw();
  tell();
});
/** @param {() => void} listener */
export const onChange = (listener) => listeners.push(listener);
