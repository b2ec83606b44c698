import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./page.js";
import { vectors } from "./vectors.js";

const field = (name, types, values = []) => ({ name, types, titles: { en: name }, descriptions: {}, values });
open({
  form: {
    fields: [
      field("category", ["string"], [["shelter", { en: "Shelter" }]]),
      field("sensitivity", ["string"]),
      field("coordinateUncertaintyInMeters", ["number", "null"]),
    ],
  },
});
const features = await import("../src/annotate/features.js");
const filter = await import("../src/annotate/filter.js");
const notebook = await import("../src/annotate/notebook.js");
const { make } = await import("../src/annotate/changes.js");

for (const { text, axis, degrees } of vectors("vectors/angles.json").cases) {
  test(`a cell of a table has the angle that the import reads: ${axis} ${text || "nothing"}`, () => {
    const row = axis === "y" ? { latitude: text, longitude: "-92.15" } : { latitude: "14.68", longitude: text };
    const made = features.ofRow({ id: "1", note: "x", ...row });
    const read = made && features.changesOf(made, "t.csv").made?.find((change) => change.field === "geometry");
    const at = read?.value.coordinates[axis === "y" ? 1 : 0] ?? null;
    // half a position is none, and neither is one that lies the other way round
    assert.equal(at, degrees);
  });
}

test("a place keeps all digits that a table gives it", () => {
  const { geometry } = features.ofRow({ id: "1", latitude: "14.123456789012", longitude: "-92,5" });
  assert.deepEqual(geometry.coordinates, [-92.5, 14.123456789012]);
});

test("an uncertainty that is none puts its row aside, and 0 says nothing", () => {
  const of = (text) => features.ofRow({ id: "1", note: "x", coordinateUncertaintyInMeters: text });
  for (const text of ["0x10", "1e3", "Infinity", "-5", "good", "> 5", "1,234.5"])
    assert.equal(of(text).fault, "number");
  assert.equal(of("12,5").properties.coordinateUncertaintyInMeters, 12.5);
  assert.equal(of("about 5 m").properties.coordinateUncertaintyInMeters, 5);
  for (const text of ["0", "NaN"]) assert.ok(!("coordinateUncertaintyInMeters" in of(text).properties));
  for (const text of ["", " "]) assert.equal(of(text).properties.coordinateUncertaintyInMeters, null);
});

test("notes are filtered by words, class and what they lack, and sorted", () => {
  const say = (record_id, values) => {
    for (const [name, value] of Object.entries(values)) notebook.add(make({ record_id, field: name, value }));
  };
  say("a", { note: "Río Suchiate", category: "shelter", observed_at: "2026-01-02", sensitivity: "open" });
  say("b", { note: "puente", observed_at: "2026-03-01", reach: "R001", sensitivity: "restricted" });
  say("c", { note: "gone", deleted: true });
  const ids = () => filter.apply().matches.map(({ id }) => id);
  assert.deepEqual(ids(), ["b", "a"]);
  assert.equal(filter.apply().all, 2);
  assert.equal(filter.apply().filtered, false);
});
