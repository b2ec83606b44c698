// what waits for a person: conflicts first, then what looks alike, then what nobody has decided
import { all, byId, el } from "../dom.js";
import { number, t } from "../i18n.js";
import * as shown from "./shown.js";

const MOST = 300;
const TYPED_MS = 300;
const holder = byId("queue");
/** @type {HTMLSelectElement} */
const which = byId("which");
/** @type {HTMLInputElement} */
const find = byId("find");
/** @type {{ [kind: string]: (row: DeskRow) => boolean }} */
const KINDS = {
  waiting: (row) => row.conflicts.length > 0 || row.paired || row.status === "pending",
  conflicts: (row) => row.conflicts.length > 0,
  alike: (row) => row.paired,
  pending: (row) => row.status === "pending",
  all: () => true,
};
/** @type {DeskRow[]} */
let rows = [];
/** @type {{ [kind: string]: number }} of the whole store, of which a large one is not sent as a whole */
let counts = {};
/** @type {string | null} */
let chosen = null;
/** @type {(id: string) => void} */
let onOpen = () => {};

export const matching = () => rows.filter(KINDS[which.value] ?? KINDS.waiting);
/** @param {DeskRow} row */
const why = (row) =>
  [
    row.conflicts.length ? t("desk.conflict.over", { fields: row.conflicts.map(shown.title).join(", ") }) : null,
    row.paired ? t("desk.alike") : null,
    t(`desk.status.${row.status}`),
  ]
    .filter(Boolean)
    .join(" · ");
const draw = () => {
  const matches = matching();
  const value = which.value || "waiting";
  which.replaceChildren(
    ...Object.keys(KINDS).map((kind) =>
      el("option", { value: kind }, t(`desk.which.${kind}`, { count: number(counts[kind] ?? 0) })),
    ),
  );
  which.value = value;
  const nothing = byId("nothing");
  nothing.hidden = matches.length > 0;
  nothing.textContent = t(find.value.trim() ? "desk.notfound" : "desk.nothing");
  const left = (counts[value] ?? 0) - Math.min(matches.length, MOST);
  byId("queue-more").textContent = left > 0 ? t("desk.more", { count: number(left) }) : "";
  holder.replaceChildren(
    ...matches.slice(0, MOST).map((row) =>
      el(
        "li",
        { class: row.conflicts.length ? "torn" : null },
        el(
          "button",
          {
            type: "button",
            "data-id": row.id,
            "aria-current": row.id === chosen ? "true" : null,
            onclick: () => onOpen(row.id),
          },
          el("strong", {}, el("bdi", {}, row.category ? shown.value("category", row.category) : t("desk.empty"))),
          el("bdi", { class: "row-note" }, (row.note ?? "").split("\n")[0].slice(0, 120)),
          el(
            "span",
            { class: "row-foot quiet" },
            [row.observed_at?.slice(0, 10), why(row)].filter(Boolean).join(" · "),
          ),
        ),
      ),
    ),
  );
};
/** @param {DeskRow[]} next @param {{ [kind: string]: number }} all */
export const show = (next, all) => {
  rows = next;
  counts = all;
  draw();
};
/** @param {string | null} id */
export const choose = (id) => {
  chosen = id;
  for (const button of all("button", holder)) {
    if (button.dataset.id === id) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
  all(`button[data-id="${CSS.escape(id ?? "")}"]`, holder)[0]?.scrollIntoView({ block: "nearest" });
};
// the next one, or the one before; at an end it stays
/** @param {number} step */
export const go = (step) => {
  const matches = matching();
  const at = matches.findIndex(({ id }) => id === chosen);
  const next = matches[Math.max(0, Math.min(matches.length - 1, at + step))];
  if (next && next.id !== chosen) onOpen(next.id);
};
/** @type {() => void} */
let onWanted = () => {};
/** @type {ReturnType<typeof setTimeout> | undefined} */
let typing;
which.addEventListener("change", () => {
  draw();
  // of a large store only a part is here
  if (rows.length < (counts.all ?? 0)) onWanted();
});
find.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(onWanted, TYPED_MS);
});
// what the desk is asked for: the part of the queue that stands first, and words that records have to have
export const wanted = () => ({ which: which.value || "waiting", find: find.value.trim() });
/** @param {() => void} listener */
const whenWanted = (listener) => {
  onWanted = listener;
};
/** @param {(id: string) => void} listener */
const whenOpened = (listener) => {
  onOpen = listener;
};

export { draw, whenOpened as onOpen, whenWanted as onWanted };
