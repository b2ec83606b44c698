import assert from "node:assert/strict";
import { test } from "node:test";
import { angle, read } from "../src/annotate/pairs.js";
import { vectors } from "./vectors.js";

// the words of a page come from a block in it
globalThis.document = { getElementById: () => ({ textContent: "{}" }) };
const { parse } = await import("../src/annotate/coordinates.js");

for (const { text, lat, lon, metres } of vectors("vectors/coordinates.json").cases) {
  test(`reads as the import does: ${text || "nothing"}`, () => {
    const given = read(text);
    if (lat === null) assert.ok(given.fault, JSON.stringify(given));
    else assert.deepEqual([given.lat, given.lon, given.metres], [lat, lon, metres], given.fault);
  });
}

for (const { text, axis, degrees } of vectors("vectors/angles.json").cases) {
  test(`reads the angle as the import does: ${axis} ${text || "nothing"}`, () => {
    const given = angle(text, axis);
    if (degrees === null) assert.ok(given.fault, JSON.stringify(given));
    else assert.equal(given, degrees);
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
  assert.equal(parse("15P 580000 1620000", SHEET).metres, 1);
  assert.equal(parse("15PWS 80 20", SHEET).metres, 708);
  assert.equal(parse("geo:14.68,-92.15;u=35", SHEET).metres, 35);
});

test("each way of going wrong has its own words", () => {
  const why = {
    "https://maps.app.goo.gl/abc": "link",
    "580000 1620000": "zone",
    "15S 580000 1620000": "zone",
    "15PWS800": "square",
    "N 14.68 W 92.15 E": "spare",
    "14.68 up 92.15": "word",
  };
  for (const [text, fault] of Object.entries(why)) assert.equal(read(text).fault, fault, text);
});
