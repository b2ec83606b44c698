import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { combined, rated } from "../src/annotate/fixes.js";

const fix = (lat, lon, metres, at = 0) => ({ at, lat, lon, metres });

test("one measurement is itself", () => {
  assert.deepEqual(combined([fix(14.9, -92.2, 9)]), { ...fix(14.9, -92.2, 9), good: true, count: 1 });
});

test("no mean is more exact than its best measurement, and it holds all that it is made of", () => {
  const near = fc.record({
    at: fc.constant(0),
    lat: fc.double({ min: 14.9, max: 14.9003, noNaN: true }),
    lon: fc.double({ min: -92.2003, max: -92.2, noNaN: true }),
    metres: fc.integer({ min: 1, max: 60 }),
  });
  fc.assert(
    fc.property(fc.array(near, { minLength: 1, maxLength: 30 }), (fixes) => {
      const mean = combined(fixes);
      assert.ok(mean.metres >= Math.min(...fixes.map(({ metres }) => metres)));
      assert.ok(mean.count >= 1 && mean.count <= fixes.length);
      assert.ok(mean.lat >= 14.8999 && mean.lat <= 14.9004);
    }),
  );
});

test("the more exact measurement counts more", () => {
  const mean = combined([fix(14.9, -92.2, 5), fix(14.90004, -92.2, 10)]);
  assert.ok(mean.lat < 14.90001, String(mean.lat));
});

test("whoever walks on is where they are, and not in the middle", () => {
  const mean = combined([fix(14.9, -92.2, 5), fix(14.91, -92.2, 20)]);
  assert.equal(mean.lat, 14.91);
  assert.equal(mean.metres, 20);
});

test("across 180 degrees the mean is not on the other side of the earth", () => {
  const { lon } = combined([fix(0, 179.99999, 5), fix(0, -179.99999, 5)]);
  assert.ok(Math.abs(Math.abs(lon) - 180) < 0.001, String(lon));
});

test("a receiver that does not know its accuracy gives none", () => {
  for (const unknown of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, null, undefined])
    assert.equal(rated(unknown), null);
  assert.equal(rated(8.4), 9);
  assert.equal(rated(0.2), 1);
  assert.equal(combined([fix(1, 1, null)]).metres, null);
  // where some are rated, the others do not count
  assert.equal(combined([fix(1, 1, 7), fix(1, 1, null)]).metres, 7);
});
