import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { receiver, sender } from "../src/handover/transfer.js";
import { vectors } from "./vectors.js";

const RUNS = 10000;

test("the machines answer as those in Python do", () => {
  for (const each of vectors("vectors/handover.json").cases) {
    const into = receiver();
    for (const step of each.receiver) {
      const got = step.message
        ? into.receive(step.message)
        : { answers: step.settle ? into.settle(...step.settle) : into.refuse(...step.refuse), whole: null };
      assert.deepEqual(got.answers, step.answers, each.name);
      assert.equal(got.whole ? Buffer.from(got.whole).toString("base64") : undefined, step.whole, each.name);
    }
    const from = sender(new Uint8Array(Buffer.from(each.data, "base64")), each.piece_bytes, Boolean);
    assert.deepEqual(from.start(), each.start);
    for (const step of each.sender) {
      assert.deepEqual(from.receive(step.message), step.answers, each.name);
      assert.equal(from.state.fault, step.fault ?? null, each.name);
    }
  }
});

// what a wire does, one number a step: lose everything, lose one, repeat one, turn the order, mangle a part, start anew
const mangle = (messages, n) => {
  if (!messages.length) return messages;
  const at = n % messages.length;
  switch (n % 7) {
    case 0:
      return [];
    case 1:
      return messages.filter((_, i) => i !== at);
    case 2:
      return [...messages, messages[at]];
    case 3:
      return messages.toReversed();
    case 4: {
      const parts = Object.keys(messages[at]);
      return messages.with(at, { ...messages[at], [parts[n % parts.length]]: [null, 0, "x", [], -1][n % 5] });
    }
    default:
      return messages;
  }
};

test("no cut, repeat or reorder loses, doubles or invents a change", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 120 }),
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.nat(10000), { maxLength: 50 }),
      (data, size, steps) => {
        const taken = [];
        const from = sender(data, size, (receipt) => receipt === "signed");
        let into = receiver();
        let up = from.start();
        let down = [];
        const exchange = () => {
          const sent = up;
          up = [];
          for (const message of sent) {
            const { answers, whole } = into.receive(message);
            down.push(...answers);
            if (whole) {
              taken.push(whole);
              down.push(...into.settle(from.set, "signed"));
            }
          }
          const came = down;
          down = [];
          for (const message of came) up.push(...from.receive(message));
        };
        for (const n of steps) {
          up = mangle(up, n);
          down = mangle(down, Math.floor(n / 7));
          if (n % 11 === 0) into = receiver();
          exchange();
          if (n % 5 === 0) up.push(...from.start());
        }
        assert.ok(!from.state.receipt || taken.length);
        for (let left = 200; left && !from.state.receipt; left -= 1) {
          up.push(...from.start());
          exchange();
        }
        assert.equal(from.state.receipt, "signed");
        for (const whole of taken) assert.deepEqual(whole, data);
      },
    ),
    { numRuns: RUNS },
  );
});

test("a phone that went away in the middle does not keep others out for ever", () => {
  const into = receiver();
  const offer = (n) => into.receive({ kind: "offer", set: n.toString(16).padStart(64, "0"), count: 2 }).answers[0];
  for (let n = 0; n < 16; n += 1) assert.equal(offer(n).kind, "have");
  assert.equal(offer(16).why, "busy");
  for (let n = 0; n < 500; n += 1) offer(0);
  assert.equal(offer(16).kind, "have");
});
