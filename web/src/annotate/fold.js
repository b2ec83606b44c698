// what a record says now, out of the set of its changes and nothing else, least of all clocks: whatever order they came in.
// What two people said at once stands side by side until somebody decides. The same rules as atlas/field/state.py; the
// histories in tests/vectors/fold.json hold both to the same answers.
import { canonical, same } from "./changes.js";

/**
 * @param {string} id
 * @param {number} [arrived]
 * @returns {FieldRecord}
 */
export const blank = (id, arrived = 0) => ({
  id,
  arrived,
  fields: new Map(),
  versions: [],
  known: new Set(),
  brought: null,
  state: null,
});

// true when the change is news
/**
 * @param {FieldRecord} record
 * @param {Change} change
 * @returns {boolean}
 */
export const addTo = (record, change) => {
  if (record.known.has(change.change_id)) return false;
  record.known.add(change.change_id);
  record.state = null;
  if (isOfVersion(change)) {
    record.versions.push(change);
    record.brought = null;
    return true;
  }
  const field = record.fields.get(change.field) ?? { changes: [], replaced: new Set() };
  record.fields.set(change.field, field);
  field.changes.push(change);
  for (const parent of change.parents) field.replaced.add(parent);
  return true;
};

/**
 * @param {FieldRecord} record
 * @returns {Change[]}
 */
export const history = (record) => [
  ...[...record.fields.values()].flatMap((field) => field.changes),
  ...record.versions,
];

// a later version of a form's submission has names of the earlier ones as parents; a change of its own says what each brought
const OF_VERSION = "submission:";
/** @param {Change} given */
const isOfVersion = ({ field, value: version }) =>
  field.startsWith(OF_VERSION) &&
  Array.isArray(version?.names) &&
  Object.keys(version).length === ("order" in version ? 3 : 2) &&
  version.changes !== null &&
  typeof version.changes === "object" &&
  !Array.isArray(version.changes) &&
  (!("order" in version) || (Array.isArray(version.order) && version.order.length === 2)) &&
  [...version.names, ...Object.values(version.changes), ...(version.order ?? [])].every(
    (one) => typeof one === "string",
  );
/**
 * by the id of a change what its version says of its place among the others; of several the latest
 * @param {FieldRecord} record
 * @returns {Map<string, string[]>}
 */
const orderBy = (record) => {
  const order = new Map();
  for (const { value: version } of record.versions)
    if (version.order?.[0])
      for (const id of /** @type {string[]} */ (Object.values(version.changes))) {
        const [kind, place] = order.get(id) ?? version.order;
        const later = kind === version.order[0] ? place < version.order[1] : kind < version.order[0];
        order.set(id, later ? version.order : [kind, place]);
      }
  return order;
};
/**
 * @param {FieldRecord} record
 * @returns {Map<string, Map<string, string[]>>}
 */
const broughtBy = (record) => {
  if (record.brought) return record.brought;
  const brought = new Map();
  for (const { value: version } of record.versions) {
    for (const [of, id] of Object.entries(version.changes)) {
      const names = brought.get(of) ?? new Map();
      brought.set(of, names);
      for (const one of version.names) names.set(one, [...(names.get(one) ?? []), id]);
    }
  }
  record.brought = brought;
  return brought;
};
// what a later version replaced, and what only repeats the version before it: that is no opinion of its own
/**
 * @param {FieldChanges} field
 * @param {Map<string, string[]>} brought
 * @param {Map<string, string[]>} order
 */
const versioned = (field, brought, order) => {
  const byId = new Map(field.changes.map((change) => [change.change_id, change]));
  const before = new Map(
    field.changes.map(({ change_id: id }) => {
      /** @type {Set<string>} */
      const earlier = new Set();
      const waiting = [id];
      for (const next of waiting) {
        const [kind, place] = order.get(next) ?? [];
        const before = kind ? [...order].filter(([, of]) => of[0] === kind && of[1] < place).map(([one]) => one) : [];
        const named = byId.get(next)?.parents.flatMap((parent) => brought.get(parent) ?? []) ?? [];
        for (const one of [...named, ...before]) {
          if (byId.has(one) && one !== id && !earlier.has(one)) {
            earlier.add(one);
            waiting.push(one);
          }
        }
      }
      return [id, earlier];
    }),
  );
  const replaced = new Set(field.replaced),
    repeated = new Set();
  for (const [id, earlier] of before) {
    const latest = [...earlier].filter((one) => ![...earlier].some((other) => before.get(other)?.has(one)));
    const repeats = latest.length > 0 && latest.every((one) => same(byId.get(one)?.value, byId.get(id)?.value));
    if (repeats) repeated.add(id);
    for (const one of earlier) if (!repeats || !latest.includes(one)) replaced.add(one);
  }
  for (const id of [...replaced]) for (const one of before.get(id) ?? []) replaced.add(one);
  return { replaced, repeated };
};

// what nothing replaces; a file without history that says what the field once said is old, not another opinion
/**
 * @param {FieldRecord | undefined} record
 * @param {string} name
 * @returns {Change[]}
 */
export const heads = (record, name) => {
  const field = record?.fields.get(name);
  if (!field) return [];
  if (field.changes.length === 1) return field.changes;
  const brought = record && broughtBy(record).get(name);
  const order = brought ? orderBy(record) : new Map();
  const { replaced, repeated } = brought
    ? versioned(field, brought, order)
    : { replaced: field.replaced, repeated: new Set() };
  const once = new Set(
    field.changes.filter(({ change_id }) => replaced.has(change_id)).map(({ value: content }) => canonical(content)),
  );
  const standing = field.changes.filter(
    (change) =>
      !replaced.has(change.change_id) &&
      !repeated.has(change.change_id) &&
      (change.parents.length || order.has(change.change_id) || !once.has(canonical(change.value))),
  );
  // versions that say to replace each other are all shown
  return (standing.length ? standing : [...field.changes]).sort((a, b) => (a.change_id < b.change_id ? -1 : 1));
};
/**
 * @param {FieldRecord} record
 * @param {string} name
 * @returns {Change[]}
 */
const versions = (record, name) =>
  heads(record, name).filter((head, at, all) => all.findIndex((one) => same(one.value, head.value)) === at);

// a deletion names every head that its author saw; one that neither it nor what came before it names was said without knowing of it
const REVIEW = new Set(["deleted", "status", "decision", "same_as"]);
/** @param {FieldRecord} record */
const unknownToDeleter = (record) => {
  const byId = new Map(history(record).map((change) => [change.change_id, change]));
  const deletions = record.fields.get("deleted")?.changes ?? [];
  const ids = new Set(deletions.map(({ change_id }) => change_id));
  const known = new Set(deletions.flatMap(({ parents }) => parents));
  if (![...known].some((id) => !ids.has(id))) return false;
  for (const id of known) for (const parent of byId.get(id)?.parents ?? []) known.add(parent);
  const shared = new Set(
    [...known].flatMap((id) => {
      const change = byId.get(id);
      return change ? [`${change.field} ${canonical(change.value)}`] : [];
    }),
  );
  return [...record.fields.keys()].some(
    (name) =>
      !REVIEW.has(name) &&
      !name.startsWith("different_from:") &&
      heads(record, name).some((head) => !known.has(head.change_id) && !shared.has(`${name} ${canonical(head.value)}`)),
  );
};

// what is shown of a conflict until somebody decides: the careful choice where there is one
const CLASSES = ["open", "generalised", "restricted", "withheld"];
/** @type {{ [field: string]: (sides: Change[]) => Json }} */
const careful = {
  sensitivity: (sides) =>
    CLASSES[Math.max(...sides.map(({ value: one }) => (CLASSES.includes(one) ? CLASSES.indexOf(one) : 2)))],
  status: () => "pending",
  deleted: () => false,
};

// values by field, and which fields have more than one
/**
 * @param {FieldRecord} record
 * @returns {RecordState}
 */
export const state = (record) => {
  if (record.state) return record.state;
  /** @type {RecordState["values"]} */
  const values = {};
  /** @type {RecordState["conflicts"]} */
  const conflicts = {};
  for (const name of record.fields.keys()) {
    const sides = versions(record, name);
    // who edited something and why is nothing to decide
    if (sides.length > 1 && name !== "edited") conflicts[name] = sides;
    values[name] = sides.length > 1 && careful[name] ? careful[name](sides) : (sides[0]?.value ?? null);
  }
  // a record that one person deleted while another went on with it is there, and both are told
  if (values.deleted === true && unknownToDeleter(record)) {
    conflicts.deleted = versions(record, "deleted");
    values.deleted = false;
  }
  record.state = { values, conflicts, torn: Object.keys(conflicts).length > 0 };
  return record.state;
};
