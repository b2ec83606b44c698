// all records, folded from their changes, and who is to know of a change
import { same } from "./changes.js";
import { addTo, blank, state } from "./fold.js";

export { heads, history, state } from "./fold.js";

const listeners = [];
let records = new Map();
let arrivals = 0;

// true when the change is news
export const add = (change) => {
  let record = records.get(change.record_id);
  if (!record) {
    arrivals += 1;
    record = blank(change.record_id, arrivals);
    records.set(change.record_id, record);
  }
  return addTo(record, change);
};

export const get = (id) => records.get(id);
export const value = (id, name) => {
  const record = get(id);
  return record ? (state(record).values[name] ?? null) : null;
};
export const had = (record, name, wanted) =>
  Boolean(record?.fields.get(name)?.changes.some((change) => same(change.value, wanted)));
export const all = () => [...records.values()];
export const living = () => all().filter((record) => state(record).values.deleted !== true);

export const tell = (ids) => {
  for (const listener of listeners) listener(ids);
};
export const clear = () => {
  records = new Map();
  arrivals = 0;
  tell(null);
};
export const onChange = (listener) => listeners.push(listener);
