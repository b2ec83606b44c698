import assert from "node:assert/strict";
import { test } from "node:test";
import { read } from "../src/annotate/pairs.js";
import { vectors } from "./vectors.js";

// the words of a page come from a block in it
globalThis.document = { getElementById: () => ({ textContent: "{}" }) };
const { parse } = await import("../src/annotate/coordinates.js");

for (const { text, lat, lon } of vectors("vectors/coordinates.json").cases) {
  test(`reads as the import does: ${text || "nothing"}`, () => {
    const parsed = read(text);
    if (lat === null) assert.ok(parsed.fault, JSON.stringify(parsed));
    else assert.deepEqual([parsed.lat, parsed.lon], [lat, lon], parsed.fault);
  });
}

const SHEET = { west: -94, south: 13, east: -87, north: 19 };

test("what a map of the region can tell apart is refused with the reason", () => {
  assert.equal(parse("-92.15, 14.68", SHEET).fault, "swapped");
  assert.equal(parse("14.68, 92.15", SHEET).fault, "west");
  assert.equal(parse("14.68, -92.15", SHEET).outside, false);
  assert.equal(parse("48.85, 2.35", SHEET).outside, true);
});

test("how fine a place is written says how far off it may be", () => {
  assert.equal(parse("14.68, -92.15", SHEET).metres, 788);
  assert.equal(parse("14°40'48\"N 92°09'00\"W", SHEET).metres, 22);
});
