import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./page.js";

open({
  form: {
    fields: [
      { name: "note", titles: { en: "Note" }, values: [] },
      { name: "decision", titles: { en: "Decision" }, values: [] },
    ],
  },
});
const shown = await import("../src/desk/shown.js");

const DECISION = { decided: { note: "one" }, decided_by: "Luz", decided_on: "2026-05-04", reason: "asked both" };
const side = (value) => ({ change_id: value, field: "note", value, author: null });

test("a decision is words and not JSON", () => {
  assert.equal(shown.value("decision", DECISION), "Luz · Note = one · asked both");
  assert.equal(shown.value("edited", { edited_by: "Ana", fields: ["note"], reason: "" }), "Ana · Note");
});

test("whoever was slower sees the conflict that they looked at, and what became of it", () => {
  const before = { values: { note: "one", category: "other" }, conflicts: { note: [side("one"), side("two")] } };
  const now = { values: { note: "one", category: "other", decision: DECISION }, conflicts: {} };
  assert.deepEqual(shown.differences(before, now), [
    ["Note", "one / two", "one"],
    ["Decision", "desk.empty", "Luz · Note = one · asked both"],
  ]);
  assert.deepEqual(shown.differences(before, before), []);
});
