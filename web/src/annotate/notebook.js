// all records, folded from their changes, and who is to know of a change
import { same } from "./changes.js";
import { addTo, blank, state } from "./fold.js";

export { heads, history, state } from "./fold.js";

/** @type {((ids: string[] | null) => void)[]} */
const listeners = [];
/** @type {Map<string, FieldRecord>} */
let records = new Map();
let arrivals = 0;

// true when the change is news
/** @param {Change} change */
export const add = (change) => {
  let record = records.get(change.record_id);
  if (!record) {
    arrivals += 1;
    record = blank(change.record_id, arrivals);
    records.set(change.record_id, record);
  }
  return addTo(record, change);
};

/** @param {string} id */
export const get = (id) => records.get(id);
/**
 * @param {string} id
 * @param {string} name
 */
export const value = (id, name) => {
  const record = get(id);
  return record ? (state(record).values[name] ?? null) : null;
};
/**
 * @param {FieldRecord | undefined} record
 * @param {string} name
 * @param {unknown} wanted
 */
export const had = (record, name, wanted) =>
  Boolean(record?.fields.get(name)?.changes.some((change) => same(change.value, wanted)));
export const all = () => [...records.values()];
export const living = () => all().filter((record) => state(record).values.deleted !== true);

/** @param {string[] | null} ids */
export const tell = (ids) => {
  for (const listener of listeners) listener(ids);
};
export const clear = () => {
  records = new Map();
  arrivals = 0;
  tell(null);
};
/** @param {(ids: string[] | null) => void} listener */
export const onChange = (listener) => listeners.push(listener);
