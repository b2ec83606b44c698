import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./page.js";

open({ texts: { en: { "layer.places.title": "Places" }, es: {} } });
const { entry, listed, matching, plain } = await import("../src/search-index.js");

const places = {
  name: "places",
  group: "line",
  title: ["name"],
  facts: [],
  fields: [
    ["name", "string", null],
    ["code", "string", null],
  ],
};
const base = { ...places, name: "basemap", group: "base" };
const feature = (id, name, more = {}) => ({ id, layer: "", values: { name, ...more }, shape: null, name });
const INDEX = [
  entry(places, feature("f1", "Othón P. Blanco", { code: "23004" })),
  entry(places, feature("f2", "Tapachula")),
  entry(places, feature("f3", "Puente Talismán")),
  entry(base, feature("s1", "Tapachula Centro", { kind: "settlement", population: 200 })),
  entry(base, feature("s2", "Tapachula Norte", { kind: "settlement", population: 9000 })),
];
const ids = (text) => matching(INDEX, text).map(({ feature: { id } }) => id);

test("accents, case and signs do not count", () => {
  assert.equal(plain("  Río-Hondo (Ñ) "), "rio hondo n");
  assert.deepEqual(ids("othon"), ["f1"]);
  assert.deepEqual(ids("TALISMÁN"), ["f3"]);
});

test("the whole name comes first, then its beginning; larger settlements before smaller ones", () =>
  assert.deepEqual(ids("tapachula"), ["f2", "s2", "s1"]));

test("a code and an id are known, all words must fit, and nothing finds nothing", () => {
  assert.deepEqual(ids("23004"), ["f1"]);
  assert.deepEqual(ids("f3"), ["f3"]);
  assert.deepEqual(ids("puente talis"), ["f3"]);
  assert.deepEqual(ids("puente norte"), []);
  assert.deepEqual(ids(" .;- "), []);
});

test("what a filter hides is not found", () => {
  INDEX[1].feature.hidden = true;
  assert.deepEqual(ids("tapachula"), ["s2", "s1"]);
  INDEX[1].feature.hidden = false;
});

test("of the base map only settlements are listed", () => {
  assert.ok(listed(base, feature("s", "x", { kind: "settlement" })));
  assert.ok(!listed(base, feature("r", "x", { kind: "river" })));
  assert.ok(listed(places, feature("p", "x")));
});
