// the page of field notes: everything put together
import * as address from "../address.js";
import { byId, el } from "../dom.js";
import * as i18n from "../i18n.js";
import { number, t } from "../i18n.js";
import { map } from "../map.js";
import * as theme from "../theme.js";
import * as changes from "./changes.js";
import * as commands from "./commands.js";
import * as dots from "./dots.js";
import * as editor from "./editor.js";
import * as exporter from "./exporter.js";
import * as filter from "./filter.js";
import * as importer from "./importer.js";
import * as list from "./list.js";
import * as notebook from "./notebook.js";
import * as places from "./places.js";
import * as protect from "./protect.js";
import * as sync from "./sync.js";
import * as table from "./table.js";
import * as words from "./words.js";

const app = byId("app");
const panel = byId("panel");
const home = byId("home");
const announced = byId("said");

// ── the sheet on a phone ─────────────────────────────────────────────────
const openSheet = () => {
  panel.classList.add("open");
  byId("handle").setAttribute("aria-expanded", "true");
};

// ── showing ──────────────────────────────────────────────────────────────
let asked = 0;
const refresh = () => {
  cancelAnimationFrame(asked);
  asked = requestAnimationFrame(() => {
    const { matches, all, filtered } = filter.apply();
    list.show(matches);
    table.show(matches);
    dots.show(matches);
    byId("counted").textContent = filtered
      ? t("note.found", { matches: number(matches.length), all: number(all) })
      : t("note.count", { count: number(all) });
    byId("empty").hidden = all > 0;
    byId("handle-count").textContent = sync.state.kind === "locked" ? "" : ` (${number(all)})`;
  });
};
const arrange = () => {
  const { kind } = sync.state;
  const busy = kind === "locked" || kind === "starting";
  app.dataset.kept = kind;
  home.hidden = busy || editor.draft !== null;
  byId("actions").hidden = busy || editor.draft !== null;
  app.classList.toggle("is-editing", editor.draft !== null);
  app.classList.toggle("is-locked", kind === "locked");
  if (busy) table.toggle(false);
  if (kind === "locked") openSheet();
  map.invalidateSize({ animate: false });
  list.draw();
};

// ── unfinished notes ─────────────────────────────────────────────────────
const unfinished = byId("unfinished");
const showDrafts = async () => {
  const orphans = (await sync.orphans().catch(() => [])).filter(({ id }) => id !== editor.draft?.id);
  unfinished.replaceChildren(
    ...orphans.map((draft) =>
      el(
        "li",
        { class: "unfinished" },
        el(
          "span",
          { class: "row-text" },
          el("strong", {}, t("note.unfinished")),
          el(
            "bdi",
            { class: "row-note" },
            words.firstLine(draft.values?.note) || words.label("category", draft.values?.category),
          ),
        ),
        el(
          "button",
          { type: "button", class: "big", onclick: () => editor.resume(draft).then(showDrafts) },
          t("note.continue"),
        ),
        el(
          "button",
          { type: "button", class: "big quietly", onclick: () => sync.keepDraft(draft.id, null).then(showDrafts) },
          t("note.discard"),
        ),
      ),
    ),
  );
  return orphans;
};
// what was being typed when the page went is there again
const resume = async () => {
  if (sync.state.kind !== "plain" && sync.state.kind !== "sealed") return;
  const [draft] = await showDrafts();
  if (draft && !editor.draft) {
    await editor.resume(draft);
    openSheet();
    await showDrafts();
  }
};

/** @param {Values} [values] what is known of it already */
const add = async (values) => {
  openSheet();
  await editor.create(values);
  // the first thing to say of a note is where
  if (!values) editor.locate();
};
/** @param {string} id */
const openRecord = async (id) => {
  openSheet();
  const record = notebook.get(id);
  if (!record) return;
  const { values } = notebook.state(record);
  const bounds = dots.boundsOf(values);
  if (!(await editor.edit(id))) return;
  if (bounds && !map.getBounds().contains(bounds))
    map.fitBounds(bounds, { maxZoom: Math.max(map.getZoom(), 12), padding: [60, 60], animate: false });
};
/** @param {string} key @param {Act | null} act */
const tellAct = (key, act) => {
  announced.textContent = act ? t(key) : "";
};
const undo = () => tellAct("note.undone", commands.undo());
const redo = () => tellAct("note.redone", commands.redo());
byId("add").addEventListener("click", () => add());
/** @type {HTMLButtonElement} */
const undoButton = byId("undo");
/** @type {HTMLButtonElement} */
const redoButton = byId("redo");
undoButton.addEventListener("click", undo);
redoButton.addEventListener("click", redo);
commands.onChange((can) => {
  undoButton.disabled = !can.undo;
  redoButton.disabled = !can.redo;
});
document.addEventListener("keydown", (event) => {
  if (
    !(event.ctrlKey || event.metaKey) ||
    event.altKey ||
    editor.draft ||
    /** @type {Element} */ (event.target).closest("input, textarea, select, dialog")
  )
    return;
  const key = event.key.toLowerCase();
  if (key !== "z" && key !== "y") return;
  event.preventDefault();
  if (key === "y" || event.shiftKey) redo();
  else undo();
});
places.onTap((latlng) => {
  const id = editor.draft ? null : dots.at(latlng);
  if (id) openRecord(id);
  return Boolean(id);
});
places.onHold((position, metres) => {
  if (sync.state.kind === "locked" || sync.state.kind === "starting" || editor.draft) return;
  add({
    position_basis: "map",
    geometry: { type: "Point", coordinates: position },
    coordinateUncertaintyInMeters: metres,
  });
});
list.onOpen(openRecord);
table.onOpen(openRecord);

// ── in and out ───────────────────────────────────────────────────────────
byId("export").addEventListener("click", () => exporter.open());
/** @type {HTMLInputElement} */
const file = byId("import");
file.addEventListener("change", async () => {
  const files = [...(file.files ?? [])];
  file.value = "";
  await importer.importFiles(files, byId("import-status"));
});
/** @type {HTMLInputElement} */
const author = byId("author");
author.addEventListener("change", () => sync.set({ author: changes.printable(author.value) }));

// ── sunlight ─────────────────────────────────────────────────────────────
const sun = byId("sun");
const showSun = () => {
  const on = address.get("sun") === "1";
  document.documentElement.toggleAttribute("data-sun", on);
  sun.setAttribute("aria-pressed", String(on));
  theme.show();
};
sun.addEventListener("click", () => {
  address.set({ sun: address.get("sun") === "1" ? null : "1" });
  showSun();
});
window.addEventListener("hashchange", showSun);

/** @type {string | null} */
let opened = null;
// what had the focus went with the form: the next key starts at the note, or where the next one begins
const settle = () => {
  const id = opened;
  opened = null;
  if (document.activeElement !== document.body || id === null || list.focus(id)) return;
  byId("add").focus({ preventScroll: true });
};
editor.onChange((record) => {
  dots.choose(editor.draft ? record : null);
  arrange();
  if (editor.draft) opened = record;
  if (!editor.draft) {
    showDrafts();
    refresh();
    settle();
    if (record) announced.textContent = t("note.saved");
  }
});
sync.onLeave(() => editor.leave());
let before = "starting";
sync.onChange(({ kind }) => {
  author.value = document.activeElement === author ? author.value : (sync.state.author ?? "");
  if (kind === before) return;
  // locked or erased: nothing of the notes stays in the document or in what can be undone
  if (kind === "locked" || kind === "starting") {
    commands.forget();
    filter.clear();
    unfinished.replaceChildren();
    announced.textContent = "";
    if (editor.draft) editor.leave();
  }
  const isOpen = before === "starting" || before === "locked";
  before = kind;
  arrange();
  if (isOpen) resume();
});
notebook.onChange(refresh);
filter.onChange(refresh);
i18n.onChange(() => {
  arrange();
  refresh();
  showDrafts();
});

filter.draw();
protect.draw();
arrange();
showSun();
sync.start();
