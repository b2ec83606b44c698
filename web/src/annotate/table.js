// the records as a table beside the map, for whoever thinks in columns; rows out of sight are only space

import { all, byId, el } from "../dom.js";
import * as i18n from "../i18n.js";
import { t } from "../i18n.js";
import * as view from "../map.js";
import * as notebook from "./notebook.js";
import * as words from "./words.js";

const ROW = 44;
const SPARE = 8;
const COLUMNS = [
  "category",
  "observed_at",
  "note",
  "place",
  "coordinateUncertaintyInMeters",
  "sensitivity",
  "confidence",
  "consent",
  "status",
];
const dock = byId("dock");
const scroller = byId("table-scroller");
const body = el("tbody", {});
const head = el("thead", {});
const table = el("table", { id: "table" }, head, body);
scroller.append(table);
/** @type {FieldRecord[]} */
let records = [];
/** @type {(id: string) => void} */
let onOpen = () => {};
let drawn = "";

/** @param {string} name @param {Values} values */
const cell = (name, values) =>
  name === "place"
    ? words.place(values)
    : name === "note"
      ? words.firstLine(values.note)
      : words.value(name, values[name]);
const columns = () => COLUMNS.filter((name) => name === "place" || words.field(name));
/** @param {FieldRecord} record @param {number} at */
const row = (record, at) => {
  const { values } = notebook.state(record);
  return el(
    "tr",
    { "aria-rowindex": at + 2 },
    ...columns().map((name, column) =>
      column === 0
        ? el(
            "th",
            { scope: "row" },
            el(
              "button",
              { type: "button", onclick: () => onOpen(record.id) },
              el("bdi", {}, cell(name, values) || t("note.unstated")),
            ),
          )
        : el("td", {}, el("bdi", {}, cell(name, values))),
    ),
  );
};
/** @param {number} rows */
const space = (rows) => {
  const filler = el("tr", { class: "space", "aria-hidden": "true" }, el("td", { colspan: columns().length }));
  /** @type {HTMLElement} */ (filler.firstChild).style.height = `${rows * ROW}px`;
  return filler;
};
const draw = (force = false) => {
  if (dock.hidden) {
    body.replaceChildren();
    return;
  }
  const from = Math.max(0, Math.floor(scroller.scrollTop / ROW) - SPARE);
  const to = Math.min(records.length, Math.ceil((scroller.scrollTop + scroller.clientHeight) / ROW) + SPARE);
  if (!force && drawn === `${from} ${to}`) return;
  drawn = `${from} ${to}`;
  const focused = body.contains(document.activeElement)
    ? document.activeElement?.closest("tr")?.getAttribute("aria-rowindex")
    : null;
  table.setAttribute("aria-rowcount", String(records.length + 1));
  table.setAttribute("aria-label", t("note.table"));
  body.replaceChildren(
    ...(from > 0 ? [space(from)] : []),
    ...records.slice(from, to).map((record, at) => row(record, from + at)),
    ...(to < records.length ? [space(records.length - to)] : []),
  );
  if (focused) all(`[aria-rowindex="${focused}"] button`, body)[0]?.focus({ preventScroll: true });
};
const speak = () => {
  head.replaceChildren(
    el(
      "tr",
      { "aria-rowindex": 1 },
      ...columns().map((name) => el("th", { scope: "col" }, name === "place" ? t("note.where") : words.title(name))),
    ),
  );
  draw(true);
};
/** @param {boolean} wanted */
export const toggle = (wanted) => {
  dock.hidden = !wanted;
  byId("app").classList.toggle("has-table", wanted);
  byId("show-table").setAttribute("aria-pressed", String(wanted));
  view.map.invalidateSize({ animate: false });
  draw(true);
};
scroller.addEventListener("scroll", () => draw());
byId("show-table").addEventListener("click", () => toggle(Boolean(dock.hidden)));
byId("close-table").addEventListener("click", () => {
  toggle(false);
  byId("show-table").focus();
});
i18n.onChange(speak);
/** @param {FieldRecord[]} matches */
export const show = (matches) => {
  records = matches;
  draw(true);
};
/** @param {(id: string) => void} listener */
const whenOpened = (listener) => {
  onOpen = listener;
};

export { whenOpened as onOpen };
