// the timeline: kinds to choose, an event named in the address stands open, dates in the reader's language
import * as address from "./address.js";
import { pageData } from "./data.js";
import { all, byId } from "./dom.js";
import * as frame from "./frame.js";
import * as i18n from "./i18n.js";
import { date, number, t } from "./i18n.js";
import * as tablesCsv from "./tables-csv.js";
import * as theme from "./theme.js";

/** @type {HTMLDetailsElement[]} */
const events = all(".event");
const lanes = all(".lane");
/** @type {HTMLInputElement[]} */
const boxes = all("#kinds input");
/** @type {HTMLButtonElement} */
const reset = byId("reset");
const tables = pageData("tables");

// ── kinds ────────────────────────────────────────────────────────────────
const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
const filter = () => {
  const kinds = new Set(chosen());
  for (const lane of lanes) lane.hidden = kinds.size > 0 && !kinds.has(/** @type {string} */ (lane.dataset.lane));
  const shown = events.filter((event) => !event.closest(".lane[hidden]")).length;
  byId("status").textContent = t("timeline.status", { shown: number(shown), count: number(events.length) });
  reset.disabled = kinds.size === 0;
};
const choose = () => {
  address.set({ kind: chosen().join(",") || null });
  filter();
};

// ── one event ────────────────────────────────────────────────────────────
const named = () => events.find((event) => event.id === `event-${address.get("event")}`);
const open = () => {
  const event = named();
  for (const one of events) one.classList.toggle("asked", one === event);
  if (!event) return;
  event.open = true;
  event.scrollIntoView({ block: "center" });
};
// the last one opened is the one that the address leads to
/** @param {HTMLDetailsElement} event */
const remember = (event) => {
  const id = event.id.slice("event-".length);
  if (event.open) address.set({ event: id });
  else if (address.get("event") === id) address.set({ event: null });
  leads();
};
const leads = () => {
  for (const link of /** @type {HTMLAnchorElement[]} */ (all("a[data-event]"))) {
    const state = new URLSearchParams({ event: /** @type {string} */ (link.dataset.event), lang: i18n.language });
    const theme = address.get("theme");
    if (theme) state.set("theme", theme);
    link.hash = state.toString();
  }
};

// ── together ─────────────────────────────────────────────────────────────
const restore = () => {
  const kinds = new Set((address.get("kind") ?? "").split(","));
  const event = named();
  // what the address names is shown, whatever kinds it asks for
  for (const box of boxes)
    box.checked = kinds.has(box.value) && !(event && !kinds.has(/** @type {string} */ (event.dataset.kind)));
  filter();
  open();
};
const speak = () => {
  for (const node of all("[data-date]")) node.textContent = date(/** @type {string} */ (node.dataset.date));
  leads();
  filter();
};
for (const box of boxes) box.addEventListener("change", choose);
for (const event of events)
  event.querySelector("summary")?.addEventListener("click", () => window.setTimeout(() => remember(event)));
reset.addEventListener("click", () => {
  for (const box of boxes) box.checked = false;
  choose();
  boxes[0].focus();
});
for (const button of all("[data-save]")) {
  button.hidden = false;
  const name = /** @type {string} */ (button.dataset.save);
  button.addEventListener("click", () => tablesCsv.save(name, tables[name]));
}
// paper can't be opened
/** @type {HTMLDetailsElement[]} */
let closed = [];
window.addEventListener("beforeprint", () => {
  closed = events.filter((event) => !event.open);
  for (const event of closed) event.open = true;
});
window.addEventListener("afterprint", () => {
  for (const event of closed) event.open = false;
});
byId("kinds").hidden = false;
address.onChange(restore);
i18n.onChange(speak);
theme.onChange(leads);
frame.start();
restore();
