// what a person does to records, each act with its way back: undoing adds changes, it takes none away

import * as changes from "./changes.js";
import * as notebook from "./notebook.js";
import * as sync from "./sync.js";

const MOST = 200;
/** @type {((can: { undo: boolean, redo: boolean }) => void)[]} */
const listeners = [];
/** @type {Act[]} */
let done = [];
/** @type {Act[]} */
let undone = [];

const tell = () => {
  for (const listener of listeners) listener({ undo: done.length > 0, redo: undone.length > 0 });
};
/** @param {string} id @param {string} field */
export const headsOf = (id, field) => notebook.heads(notebook.get(id), field).map(({ change_id }) => change_id);
// a deletion names everything that was seen, so that an edit made meanwhile comes to light
/** @type {(id: string) => string[]} */
export const headsOfAll = (id) => [...(notebook.get(id)?.fields.keys() ?? [])].flatMap((field) => headsOf(id, field));
/** @param {Step} step */
const asChange = ({ id, field, value, parents }) =>
  sync.change(
    id,
    field,
    value,
    parents ?? (field === "deleted" && value === true && notebook.get(id) ? headsOfAll(id) : headsOf(id, field)),
  );

/** @param {Step[]} steps */
const run = (steps) => sync.commit(steps.map(asChange));
/** @param {Step[]} forward @param {Step[]} back */
const act = (forward, back) => {
  const kept = run(forward);
  done = [...done.slice(1 - MOST), { forward: forward.map(({ parents: _parents, ...step }) => step), back }];
  undone = [];
  tell();
  return kept;
};
export const undo = () => {
  const last = done.pop();
  if (!last) return null;
  run(last.back);
  undone.push(last);
  tell();
  return last;
};
export const redo = () => {
  const next = undone.pop();
  if (!next) return null;
  run(next.forward);
  done.push(next);
  tell();
  return next;
};

// values that the form was opened with, and what became of them; only what differs is said
/** @param {string} id @param {Values} values */
export const create = (id, values) => {
  const stated = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  const made = run(stated.map(([field, value]) => ({ id, field, value, parents: [] })));
  done = [
    ...done.slice(1 - MOST),
    { forward: [{ id, field: "deleted", value: false }], back: [{ id, field: "deleted", value: true }] },
  ];
  undone = [];
  tell();
  return made;
};
/** @type {(id: string, before: Values, after: Values, base: { [field: string]: string[] }, settled?: string[]) => Promise<boolean | undefined>} */
export const edit = (id, before, after, base, settled = []) => {
  const fields = Object.keys(after).filter(
    (field) => settled.includes(field) || !changes.same(before[field], after[field]),
  );
  if (!fields.length) return Promise.resolve(true);
  return act(
    fields.map((field) => ({ id, field, value: after[field] ?? null, parents: base[field] ?? [] })),
    fields.map((field) => ({ id, field, value: before[field] ?? null })),
  );
};
/** @param {string[]} ids */
export const remove = (ids) =>
  act(
    ids.map((id) => ({ id, field: "deleted", value: true })),
    ids.map((id) => ({ id, field: "deleted", value: false })),
  );

export const forget = () => {
  done = [];
  undone = [];
  tell();
};
/** @param {(can: { undo: boolean, redo: boolean }) => void} listener */
export const onChange = (listener) => listeners.push(listener);
