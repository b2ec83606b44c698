import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./page.js";

const FIGURE = { unit: "km", values: [3, null, 20, 3], classes: {} };
open({
  municipalities: { figures: { border_km: FIGURE }, states: ["Tabasco", "Chiapas", "Chiapas", "Campeche"], totals: [] },
});
const block = { id: "layer_municipalities", textContent: JSON.stringify({ ids: ["a", "b", "c", "d"] }) };
document.querySelectorAll = (selector) => (selector === "script.atlas-layer" ? [block] : []);
const { inOrder } = await import("../src/municipality-order.js");
const { file } = await import("../src/tables-csv.js");

const STATES = { a: "Tabasco", b: "Chiapas", c: "Chiapas", d: "Campeche" };
const FEATURES = [
  ["a", "Ñuble"],
  ["b", "Oxchuc"],
  ["c", "Álamo"],
  ["d", "Nube"],
].map(([id, name]) => ({ id, layer: "municipalities", values: { name }, shape: null, name }));
const order = (name, down) => inOrder(FEATURES, name, down, ({ id }) => STATES[id]).map(({ id }) => id);

test("names stand in the reader's alphabet", () => {
  document.documentElement.lang = "es";
  assert.deepEqual(order("name", false), ["c", "d", "a", "b"]);
  assert.deepEqual(order("name", true), ["b", "a", "d", "c"]);
});

test("figures stand by size, equal ones by name, and what is unknown at the small end", () => {
  assert.deepEqual(order("border_km", true), ["c", "d", "a", "b"]);
  assert.deepEqual(order("border_km", false), ["b", "d", "a", "c"]);
});

test("states stand in order, and within each the names", () =>
  assert.deepEqual(order("state", false), ["d", "c", "b", "a"]));

test("a table as CSV has quotation marks where its cells need them", () =>
  assert.equal(
    file({
      columns: ["a", "b"],
      rows: [
        ["1,5", 'say "x"'],
        ["two\nlines", "plain"],
      ],
    }),
    'a,b\n"1,5","say ""x"""\n"two\nlines",plain\n',
  ));
