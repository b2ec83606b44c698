// the timeline: kinds to choose, an event named in the address stands open, dates in the reader's language
import * as address from "./address.js";
import { pageData } from "./data.js";
import { all, byId } from "./dom.js";
import * as frame from "./frame.js";
import * as i18n from "./i18n.js";
import { date, number, t } from "./i18n.js";
import * as tablesCsv from "./tables-csv.js";
import * as theme from "./theme.js";

const at = (id) => byId(id);
const events = all(".event");
const lanes = all(".lane");
const boxes = all("#kinds input");
const tables = pageData("tables");

// ── kinds ────────────────────────────────────────────────────────────────
const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
const filter = () => {
  const kinds = new Set(chosen());
  for (const lane of lanes) lane.hidden = kinds.size > 0 && !kinds.has(lane.dataset.lane);
  const shown = events.filter((event) => !event.closest(".lane").hidden).length;
  at("status").textContent = t("timeline.status", { shown: number(shown), count: number(events.length) });
  at("reset").disabled = kinds.size === 0;
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
const remember = (event) => {
  const id = event.id.slice("event-".length);
  if (event.open) address.set({ event: id });
  else if (address.get("event") === id) address.set({ event: null });
  leads();
};
const leads = () => {
  for (const link of all("a[data-event]")) {
    const state = new URLSearchParams({ event: link.dataset.event, lang: i18n.language });
    if (address.get("theme")) state.set("theme", address.get("theme"));
    link.hash = state.toString();
  }
};

// ── together ─────────────────────────────────────────────────────────────
const restore = () => {
  const kinds = new Set((address.get("kind") ?? "").split(","));
  const event = named();
  // what the address names is shown, whatever kinds it asks for
  for (const box of boxes) box.checked = kinds.has(box.value) && !(event && !kinds.has(event.dataset.kind));
  filter();
  open();
};
const speak = () => {
  for (const node of all("[data-date]")) node.textContent = date(node.dataset.date);
  leads();
  filter();
};
for (const box of boxes) box.addEventListener("change", choose);
for (const event of events)
  event.querySelector("summary").addEventListener("click", () => window.setTimeout(() => remember(event)));
at("reset").addEventListener("click", () => {
  for (const box of boxes) box.checked = false;
  choose();
  boxes[0].focus();
});
for (const button of all("[data-save]")) {
  button.hidden = false;
  button.addEventListener("click", () => tablesCsv.save(button.dataset.save, tables[button.dataset.save]));
}
// paper can't be opened
let closed = [];
window.addEventListener("beforeprint", () => {
  closed = events.filter((event) => !event.open);
  for (const event of closed) event.open = true;
});
window.addEventListener("afterprint", () => {
  for (const event of closed) event.open = false;
});
at("kinds").hidden = false;
address.onChange(restore);
i18n.onChange(speak);
theme.onChange(leads);
frame.start();
restore();
