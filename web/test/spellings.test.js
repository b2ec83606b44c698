import assert from "node:assert/strict";
import { test } from "node:test";
import { isMoment } from "../src/annotate/dates.js";
import { metres } from "../src/annotate/metres.js";
import { decimal } from "../src/annotate/numbers.js";
import { vectors } from "./vectors.js";

for (const { text, iso } of vectors("vectors/dates.json").cases) {
  test(`takes the date that the import takes: ${text || "nothing"}`, () => assert.equal(isMoment(text), iso !== null));
}

for (const { text, number } of vectors("vectors/numbers.json").cases) {
  test(`reads the number as the import does: ${text.slice(0, 40) || "nothing"}`, () =>
    assert.equal(decimal(text), number));
}

for (const { text, metres: expected } of vectors("vectors/metres.json").cases) {
  test(`reads the metres around a position as the import does: ${text.slice(0, 40)}`, () =>
    assert.equal(metres(text), expected));
}
