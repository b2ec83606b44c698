import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { inLanes, spread, wrapped } from "../src/strip-layout.js";

test("labels that have room stay where they are wanted", () => {
  assert.deepEqual(spread([10, 40, 80], 11, 0), [10, 40, 80]);
});

test("labels that crowd spread about their middle", () => {
  assert.deepEqual(spread([50, 50, 50], 10, 0), [40, 50, 60]);
  assert.deepEqual(spread([2, 3], 10, 5), [5, 15]);
});

test("labels keep their order and their distance, however they crowd", () => {
  fc.assert(
    fc.property(fc.array(fc.float({ min: 0, max: 1000, noNaN: true }), { maxLength: 30 }), (wanted) => {
      const places = spread(
        [...wanted].sort((a, b) => a - b),
        11,
        5,
      );
      assert.ok(places.every((at, index) => at >= 5 - 1e-6 && (index === 0 || at - places[index - 1] >= 11 - 1e-6)));
    }),
    { seed: 13 },
  );
});

test("bars in one lane never touch, and there is no lane too many", () => {
  const bars = fc.array(fc.tuple(fc.nat(500), fc.nat(80)), { minLength: 1, maxLength: 25 });
  fc.assert(
    fc.property(bars, (list) => {
      const placed = inLanes(list, ([from, long]) => [from, from + long], 5);
      assert.equal(placed.length, list.length);
      for (const [one, lane] of placed) {
        for (const [other, same] of placed) {
          if (one === other || lane !== same) continue;
          assert.ok(one[0] + one[1] + 5 <= other[0] || other[0] + other[1] + 5 <= one[0]);
        }
      }
      const lanes = 1 + Math.max(...placed.map(([, lane]) => lane));
      const crowd = list.map(([at]) => list.filter(([from, long]) => from <= at && at < from + long + 5).length);
      assert.ok(lanes <= Math.max(...crowd));
    }),
    { seed: 13 },
  );
});

test("a text is cut between words, and a word that is too wide stands alone", () => {
  const width = (text) => text.length;
  assert.deepEqual(wrapped("a bb ccc", 4, width), ["a bb", "ccc"]);
  assert.deepEqual(wrapped("unbreakable a b", 5, width), ["unbreakable", "a b"]);
  assert.deepEqual(wrapped("", 5, width), [""]);
});
