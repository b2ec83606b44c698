// one note in the form: kept as a draft at every keystroke, said as changes when it is saved

import { all, byId, el } from "../dom.js";
import * as i18n from "../i18n.js";
import { t } from "../i18n.js";
import * as attached from "./attached.js";
import { blank } from "./blank.js";
import * as changes from "./changes.js";
import * as closing from "./closing.js";
import * as commands from "./commands.js";
import { ask } from "./dialog.js";
import * as fields from "./fields.js";
import { holdDraft } from "./locks.js";
import * as notebook from "./notebook.js";
import * as sync from "./sync.js";
import { conflict, past } from "./versions.js";
import * as where from "./where.js";
import * as words from "./words.js";

const APART = new Set(["position_basis", "reach", "coordinateUncertaintyInMeters", "photos", "geometry"]);
// what has an answer already, or can wait until there is time
const MORE = new Set(["observed_at", "confidence", "sensitivity", "consent"]);
const holder = byId("editor");
/** @type {((record: string | null) => void)[]} */
const listeners = [];
/** @type {Draft | null} */
export let draft = null;
/** @type {ReturnType<typeof where.make> | null} */
let place = null;
/** @type {ReturnType<typeof closing.make> | null} */
let end = null;
/** @type {(() => void) | null} */
let release = null;
// drafts of records that are saved in memory and wait for room on the disk
const stale = new Set();

// ── drafts ───────────────────────────────────────────────────────────────
const changed = () => {
  if (!draft) return;
  draft.touched = true;
  draft.typed_at = Date.now();
  sync.keepDraft(draft.id, { ...draft, values: { ...draft.values } });
  status();
};
const status = () => {
  const line = byId("editor-status");
  if (line)
    line.textContent =
      sync.state.kind === "none" || sync.state.trouble
        ? t("note.draft.unkept")
        : draft?.touched
          ? t("note.draft.kept")
          : "";
};
/** @param {Draft} fresh */
const begin = async (fresh) => {
  if (draft) await leave();
  const free = await holdDraft(fresh.id);
  // another window has it open
  if (!free) return false;
  release = free;
  draft = fresh;
  open();
  return true;
};
/** @param {Values} [values] */
export const create = (values = {}) =>
  begin({
    id: crypto.randomUUID(),
    record: crypto.randomUUID(),
    fresh: true,
    values: { ...blank(), ...values },
    before: {},
    base: {},
    settled: [],
    typed: "",
  });
/** @param {string} id */
export const edit = (id) => {
  const record = notebook.get(id);
  if (!record) return Promise.resolve(false);
  const { values } = notebook.state(record);
  const all = Object.fromEntries(
    [...new Set([...words.form.fields.map(({ name }) => name), "geometry", ...Object.keys(values)])].map((name) => [
      name,
      values[name] ?? null,
    ]),
  );
  const base = Object.fromEntries(Object.keys(all).map((name) => [name, commands.headsOf(id, name)]));
  return begin({
    id: crypto.randomUUID(),
    record: id,
    fresh: false,
    values: all,
    before: structuredClone(all),
    base,
    settled: [],
    typed: "",
  });
};
/** @param {Draft} kept */
export const resume = (kept) => begin({ ...kept, touched: true });

// what was typed stays a draft, unless nothing was
export const leave = async ({ drop = false } = {}) => {
  if (!draft) return;
  const { id, touched } = draft;
  place?.close();
  draft = place = null;
  holder.hidden = true;
  holder.replaceChildren();
  if (drop || !touched) await sync.keepDraft(id, null);
  release?.();
  release = null;
  for (const listener of listeners) listener(null);
};

// ── saving ───────────────────────────────────────────────────────────────
/** @param {Draft} note */
const check = (note) => {
  const faults = words.form.fields
    .filter((field) => field.control !== "none" && !["photos", "reach"].includes(field.control))
    .flatMap((field) => {
      const [box] = all(`[data-field="${field.name}"]`, holder);
      if (!box) return [];
      const fault = fields.fault(field, note.values[field.name]);
      for (const line of all(".fault", box)) {
        line.textContent = fault ?? "";
        line.hidden = !fault;
      }
      for (const input of all("input, select, textarea", box))
        input.setAttribute("aria-invalid", String(Boolean(fault)));
      return fault ? [box] : [];
    });
  if (!place?.check()) faults.push(...all(".where", holder));
  const [first] = faults.sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
  byId("editor-faults").textContent = faults.length ? t("note.faults", { count: faults.length }) : "";
  if (first) {
    for (const fold of all("details.more", holder))
      if (faults.some((fault) => fold.contains(fault))) fold.setAttribute("open", "");
    first.scrollIntoView({ block: "center" });
    (all("input, select, textarea, button", first)[0] ?? first).focus({ preventScroll: true });
  }
  return !faults.length;
};
const save = async () => {
  if (!draft || !check(draft)) return;
  const { record, fresh, values, before, base, settled } = draft;
  const clean = changes.wellFormed(values);
  const kept = fresh ? commands.create(record, clean) : commands.edit(record, before, clean, base, settled);
  // the changes are in memory and under way; the draft goes only when they are on the disk
  const { id } = draft;
  const done = await kept;
  if (!done) stale.add(id);
  await leave({ drop: done });
  for (const listener of listeners) listener(record);
};
const remove = async () => {
  const sure = await ask({
    title: t("note.delete.title"),
    body: [el("p", {}, t("note.delete.body"))],
    buttons: [
      { label: t("note.cancel"), value: null },
      { label: t("note.delete"), value: true, class: "big danger", main: true, id: "delete-yes" },
    ],
  });
  if (!sure || !draft) return;
  // the act comes before the wait for the disk, so that an undo meanwhile undoes this and nothing older
  commands.remove([draft.record]);
  await leave({ drop: true });
};
const discard = async () => {
  if (draft?.touched) {
    const sure = await ask({
      title: t("note.discard.title"),
      body: [el("p", {}, t("note.discard.body"))],
      buttons: [
        { label: t("note.discard.back"), value: null },
        { label: t("note.discard"), value: true, class: "big danger", main: true, id: "discard-yes" },
      ],
    });
    if (!sure || !draft) return;
  }
  await leave({ drop: true });
};

// ── the form ─────────────────────────────────────────────────────────────
/** @param {string} name @param {any} value */
const settle = (name, value) => {
  if (!draft) return;
  draft.values[name] = value;
  draft.base[name] =
    name === "deleted" && value ? commands.headsOfAll(draft.record) : commands.headsOf(draft.record, name);
  draft.settled = [...new Set([...draft.settled, name])];
  changed();
  draw();
};
/** @param {Draft} note @param {FormField} field */
const control = ({ values }, field) =>
  fields.make(field, values[field.name], (value) => {
    values[field.name] = value;
    changed();
    if (field.name === "consent") end?.draw();
  });
/** @param {Draft} note @param {boolean} later */
const controls = (note, later) =>
  words.form.fields
    .filter(({ control, name }) => control !== "none" && !APART.has(name) && MORE.has(name) === later)
    .map((field) => control(note, field));
/** @param {string} consent */
const saveWith = (consent) => {
  if (!draft) return;
  draft.values.consent = consent;
  for (const input of /** @type {HTMLInputElement[]} */ (all("input[name=field-consent]", holder)))
    input.checked = input.value === consent;
  changed();
  end?.draw();
  save();
};

const draw = () => {
  if (!draft) return;
  const note = draft;
  const focused = document.activeElement?.id;
  place?.close();
  const record = note.fresh ? null : notebook.get(note.record);
  const torn = record ? notebook.state(record).conflicts : {};
  place = where.make(note, changed);
  end = closing.make(note, saveWith);
  const more = Boolean(all("details.more[open]", holder).length);
  holder.replaceChildren(
    el(
      "div",
      { class: "editor-head" },
      el("h2", { id: "editor-title", tabindex: "-1" }, t(note.fresh ? "note.new" : "note.edit")),
      el("p", { class: "quiet", id: "editor-status", role: "status" }),
    ),
    ...Object.entries(torn).map(([name, sides]) => conflict(note, name, sides, settle)),
    el(
      "form",
      {
        id: "note-form",
        novalidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          save();
        },
      },
      place.section,
      ...controls(note, false),
      words.field("photos") ? attached.make(note, changed) : null,
      el(
        "details",
        { class: "more", open: more },
        el("summary", {}, t("note.more")),
        el("p", { class: "hint" }, t("note.required.means")),
        ...place.how,
        ...controls(note, true),
      ),
      el("p", { class: "fault", id: "editor-faults", role: "alert" }),
      end.holder,
      el(
        "div",
        { class: "editor-buttons" },
        el("button", { type: "button", class: "big", id: "later", onclick: () => leave() }, t("note.later")),
        el("button", { type: "button", class: "big quietly", id: "discard", onclick: discard }, t("note.discard")),
        note.fresh
          ? ""
          : el("button", { type: "button", class: "big danger", id: "delete", onclick: remove }, t("note.delete")),
      ),
    ),
    ...(record ? [past(record)] : []),
  );
  place.draw();
  status();
  if (focused) byId(focused)?.focus();
};
const open = () => {
  holder.hidden = false;
  draw();
  for (const listener of listeners) listener(draft?.record ?? null);
  byId("panel-body").scrollTop = 0;
  byId("editor-title").focus({ preventScroll: true });
};
i18n.onChange(() => {
  draw();
});
sync.onChange(({ unkept }) => {
  if (draft) status();
  if (!unkept)
    for (const id of stale) {
      stale.delete(id);
      sync.keepDraft(id, null);
    }
});

/** @param {(record: string | null) => void} listener */
export const onChange = (listener) => listeners.push(listener);
export const record = () => draft?.record ?? null;
// asks where the note is; whoever answers nothing has begun no note
export const locate = () => {
  place?.locate(() => {
    if (draft && !draft.touched) leave({ drop: true });
  });
};
