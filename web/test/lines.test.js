import assert from "node:assert/strict";
import { test } from "node:test";
import { measuredLine } from "../src/measured.js";

// latitude before longitude, as Leaflet has them: two degrees of a meridian
const line = measuredLine([
  [14, -92],
  [15, -92],
  [16, -92],
]);

test("a degree of latitude is about 110.6 km there", () => assert.ok(Math.abs(line.length - 221.3) < 0.1, line.length));

test("a chainage and its place find each other", () => {
  for (const km of [0, 12.5, 110, 180, line.length]) assert.ok(Math.abs(line.nearest(line.at(km)).km - km) < 1e-6);
});

test("a place beside the line is as far off as it is", () => {
  const { km, metres } = line.nearest([15, -91.99]);
  assert.ok(Math.abs(km - line.length / 2) < 0.5);
  assert.ok(Math.abs(metres - 1075) < 10, metres);
});

test("dividers walk the whole line, and rest at its end", () => {
  const places = [];
  const { steps, rest, length } = line.walk(50000, places);
  assert.equal(steps, 4);
  assert.ok(Math.abs(steps * 50 + rest / 1000 - length) < 1e-9 && Math.abs(length - line.length) < 0.01);
  assert.deepEqual([places[0], places.at(-1)], [line.positions[0], line.positions[2]]);
});
