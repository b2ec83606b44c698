// the records one below the other; only those in sight are in the document

import { all, byId, el } from "../dom.js";
import * as custody from "../handover/custody.js";
import { t } from "../i18n.js";
import * as marks from "./marks.js";
import * as notebook from "./notebook.js";
import * as words from "./words.js";

const ROW = 76;
const SPARE = 6;
const holder = byId("list");
const scroller = byId("panel-body");
/** @type {FieldRecord[]} */
let records = [];
/** @type {(id: string) => void} */
let onOpen = () => {};
let current = 0;
let drawn = [-1, -1];

/** @param {FieldRecord} record @param {RecordState} state */
const badges = (record, state) =>
  [
    state.torn ? t("note.badge.conflict") : null,
    t(`hand.badge.${custody.stateOf(record)}`),
    (state.values.photos ?? []).length ? t("note.badge.photos", { count: state.values.photos.length }) : null,
    state.values.status === "accepted" || state.values.status === "rejected"
      ? words.label("status", state.values.status)
      : null,
  ].filter(Boolean);
/** @param {FieldRecord} record @param {number} at */
const row = (record, at) => {
  const state = notebook.state(record);
  const { values } = state;
  const button = el(
    "button",
    {
      type: "button",
      tabindex: at === current ? "0" : "-1",
      "data-at": at,
      onclick: () => {
        current = at;
        onOpen(record.id);
      },
    },
    marks.picture(values.category, 30),
    el(
      "span",
      { class: "row-text" },
      el(
        "span",
        { class: "row-head" },
        el("strong", {}, el("bdi", {}, words.label("category", values.category))),
        el("span", { class: "quiet" }, words.short(values.observed_at)),
      ),
      el("bdi", { class: "row-note" }, words.firstLine(values.note) || t("note.nonote")),
      el(
        "span",
        { class: "row-foot quiet" },
        // a line that is too long is cut at its end: what a person has to act on comes first
        [
          ...badges(record, state),
          words.label("sensitivity", values.sensitivity).split(":")[0],
          words.place(values),
        ].join(" · "),
      ),
    ),
  );
  const item = el(
    "li",
    { "aria-setsize": records.length, "aria-posinset": at + 1, class: state.torn ? "torn" : null },
    button,
  );
  item.style.top = `${at * ROW}px`;
  return item;
};

const draw = (force = false) => {
  // what is out of sight is not in the document either: locked notes leave no words behind
  if (holder.offsetParent === null) {
    drawn = [-1, -1];
    holder.replaceChildren();
    return;
  }
  const above = scroller.getBoundingClientRect().top - holder.getBoundingClientRect().top;
  const from = Math.max(0, Math.min(records.length - 1, Math.floor(above / ROW) - SPARE));
  const to = Math.min(records.length, Math.max(0, Math.ceil((above + scroller.clientHeight) / ROW) + SPARE));
  if (!force && from === drawn[0] && to === drawn[1]) return;
  drawn = [from, to];
  const focused = holder.contains(document.activeElement)
    ? Number(/** @type {HTMLElement} */ (document.activeElement).dataset.at)
    : null;
  const wanted = new Set(Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i));
  // there is always one that Tab finds, and the focused one is never taken away
  for (const one of [current, focused]) if (one !== null && one < records.length) wanted.add(one);
  holder.replaceChildren(
    ...[...wanted]
      .sort((a, b) => a - b)
      .filter((at) => records[at])
      .map((at) => row(records[at], at)),
  );
  if (focused !== null) focusOn(focused);
};
/** @param {number} at */
const focusOn = (at) => all(`[data-at="${at}"]`, holder)[0]?.focus({ preventScroll: true });
/** @param {FieldRecord[]} matches */
export const show = (matches) => {
  records = matches;
  current = Math.min(current, Math.max(0, records.length - 1));
  holder.style.height = `${records.length * ROW}px`;
  draw(true);
};
/** @param {number} at */
const go = (at) => {
  current = Math.min(records.length - 1, Math.max(0, at));
  const top =
    holder.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop + current * ROW;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top + ROW > scroller.scrollTop + scroller.clientHeight)
    scroller.scrollTop = top + ROW - scroller.clientHeight;
  draw(true);
  focusOn(current);
};
// false where the note is not in the list
/** @param {string} id */
export const focus = (id) => {
  const at = records.findIndex((record) => record.id === id);
  if (at < 0) return false;
  go(at);
  return holder.contains(document.activeElement);
};
/** @type {{ [key: string]: number }} */
const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity };
holder.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  if (step === undefined || !records.length) return;
  event.preventDefault();
  go(Number(/** @type {HTMLElement} */ (event.target).dataset.at) + step);
});
scroller.addEventListener("scroll", () => draw());
window.addEventListener("resize", () => draw(true));
new ResizeObserver(() => draw()).observe(scroller);
const redraw = () => draw(true);
/** @param {(id: string) => void} listener */
const whenOpened = (listener) => {
  onOpen = listener;
};

export { redraw as draw, whenOpened as onOpen };
