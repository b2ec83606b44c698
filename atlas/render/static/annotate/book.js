// all records, folded from their changes; what two people said at once stands side by side until somebody decides
"use strict";

Atlas.notes.book = (() => {
  const { same, canonical } = Atlas.notes.changes;
  const listeners = [];
  let records = new Map();
  let arrivals = 0;

  const blank = (id) => ({ id, arrived: arrivals += 1, fields: new Map(), known: new Set(), state: null });

  // true when the change is news
  const add = (change) => {
    let record = records.get(change.record_id);
    if (record?.known.has(change.change_id)) return false;
    if (!record) records.set(change.record_id, record = blank(change.record_id));
    record.known.add(change.change_id);
    if (!record.fields.has(change.field)) record.fields.set(change.field, { changes: [], replaced: new Set() });
    const field = record.fields.get(change.field);
    field.changes.push(change);
    for (const parent of change.parents) field.replaced.add(parent);
    record.state = null;
    return true;
  };

  // what nothing replaces; a file without history that says what the field once said is old, not another opinion
  const heads = (record, name) => {
    const field = record?.fields.get(name);
    if (!field) return [];
    if (field.changes.length === 1) return field.changes;
    const once = new Set(field.changes.filter(({ change_id }) => field.replaced.has(change_id)).map(({ value: said }) => canonical(said)));
    return field.changes.filter((change) => !field.replaced.has(change.change_id) && (change.parents.length || !once.has(canonical(change.value))))
      .sort((a, b) => (a.change_id < b.change_id ? -1 : 1));
  };
  const versions = (record, name) => heads(record, name).reduce((kept, head) => (kept.some((one) => same(one.value, head.value)) ? kept : [...kept, head]), []);

  // a deletion names every head that its author saw; one that neither it nor what came before it names was said without knowing of it
  const REVIEW = new Set(["deleted", "status", "decision", "same_as"]);
  const unseen = (record) => {
    const byId = new Map(history(record).map((change) => [change.change_id, change]));
    const own = new Set(record.fields.get("deleted").changes.map(({ change_id }) => change_id));
    const known = new Set(record.fields.get("deleted").changes.flatMap(({ parents }) => parents));
    if (![...known].some((id) => !own.has(id))) return false;
    for (const id of known) for (const parent of byId.get(id)?.parents ?? []) known.add(parent);
    const said = new Set([...known].map((id) => byId.get(id)).filter(Boolean).map((change) => `${change.field} ${canonical(change.value)}`));
    return [...record.fields.keys()].some((name) => !REVIEW.has(name) && !name.startsWith("different_from:")
      && heads(record, name).some((head) => !known.has(head.change_id) && !said.has(`${name} ${canonical(head.value)}`)));
  };

  // what is shown of a conflict until somebody decides: the careful choice where there is one
  const CLASSES = ["open", "generalised", "restricted", "withheld"];
  const careful = {
    sensitivity: (said) => CLASSES[Math.max(...said.map(({ value: one }) => (CLASSES.includes(one) ? CLASSES.indexOf(one) : 2)))],
    status: () => "pending", deleted: () => false,
  };

  // values by field, and which fields have more than one
  const state = (record) => {
    if (record.state) return record.state;
    const values = {}, conflicts = {};
    for (const name of record.fields.keys()) {
      const said = versions(record, name);
      if (said.length > 1) conflicts[name] = said;
      values[name] = said.length > 1 && careful[name] ? careful[name](said) : said[0]?.value ?? null;
    }
    // a record that one person deleted while another went on with it is there, and both are told
    if (values.deleted === true && unseen(record)) {
      conflicts.deleted = versions(record, "deleted");
      values.deleted = false;
    }
    record.state = { values, conflicts, torn: Object.keys(conflicts).length > 0 };
    return record.state;
  };

  const get = (id) => records.get(id);
  const value = (id, name) => { const record = get(id); return record ? state(record).values[name] ?? null : null; };
  const had = (record, name, wanted) => Boolean(record?.fields.get(name)?.changes.some((change) => same(change.value, wanted)));
  const all = () => [...records.values()];
  const living = () => all().filter((record) => state(record).values.deleted !== true);
  const history = (record) => [...record.fields.values()].flatMap((field) => field.changes);

  const tell = (ids) => { for (const listener of listeners) listener(ids); };
  const clear = () => { records = new Map(); arrivals = 0; tell(null); };
  return { add, heads, state, get, value, had, all, living, history, tell, clear, onChange: (listener) => listeners.push(listener) };
})();
