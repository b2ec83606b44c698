import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonical, make } from "../src/annotate/changes.js";
import { addTo, blank, heads, history, state } from "../src/annotate/fold.js";
import { vectors } from "./vectors.js";

const folded = (changes, id = "r1") => {
  const record = blank(id);
  for (const change of changes) addTo(record, change);
  return record;
};
const shown = (record) => {
  const { values, conflicts } = state(record);
  const sides = Object.entries(conflicts).map(([name, heads]) => [
    name,
    name === "deleted" ? null : heads.map(({ value }) => canonical(value)).sort(),
  ]);
  return { values, conflicts: Object.fromEntries(sides) };
};

for (const { about, changes, records } of vectors("vectors/fold.json").cases) {
  test(`folds as the store does: ${about}`, () => {
    const ids = [...new Set(changes.map(({ record_id }) => record_id))];
    const of = (id) => changes.filter(({ record_id }) => record_id === id);
    assert.deepEqual(Object.fromEntries(ids.map((id) => [id, shown(folded(of(id), id))])), records);
  });
}

// histories of one record: each change knows some of the earlier ones, of any field
const edits = fc.array(
  fc.record({
    field: fc.constantFrom("note", "sensitivity", "deleted", "status", "geometry"),
    value: fc.constantFrom("a", "b", "open", "withheld", "accepted", true, false, null),
    knows: fc.array(fc.nat(8), { maxLength: 4 }),
    author: fc.constantFrom("u", "v"),
  }),
  { minLength: 1, maxLength: 9 },
);
const played = (list) =>
  list.reduce((made, { field, value, knows, author }) => {
    const parents = knows.filter((at) => at < made.length).map((at) => made[at].change_id);
    return [...made, make({ record_id: "r1", field, value, parents, author })];
  }, []);

test("merging is commutative, associative and idempotent", () => {
  fc.assert(
    fc.property(edits, fc.nat(), fc.nat(9), (list, turn, cut) => {
      const changes = played(list);
      const whole = shown(folded(changes));
      const turned = changes.map((_, at) => changes[(at * 7 + turn) % changes.length]);
      const mixed = [...changes].sort((a, b) => (a.change_id < b.change_id ? -1 : 1));
      assert.deepEqual(shown(folded([...mixed].reverse())), whole);
      assert.deepEqual(shown(folded([...changes.slice(cut), ...changes.slice(0, cut)])), whole);
      assert.deepEqual(shown(folded([...mixed, ...turned, ...changes])), whole);
    }),
    { seed: 13, numRuns: 300 },
  );
});

test("nothing is lost: a record holds each change once, and a state is told anew when one comes", () => {
  const first = make({ record_id: "r1", field: "note", value: "a" });
  const second = make({ record_id: "r1", field: "note", value: "b", parents: [first.change_id] });
  const record = folded([first]);
  assert.equal(state(record).values.note, "a");
  assert.equal(addTo(record, first), false);
  assert.equal(addTo(record, second), true);
  assert.equal(state(record).values.note, "b");
  assert.deepEqual(heads(record, "note"), [second]);
  assert.equal(history(record).length, 2);
});
