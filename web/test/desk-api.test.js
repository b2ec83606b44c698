import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { open } from "./page.js";

open({
  texts: {
    en: {
      "desk.fault.busy": "in use",
      "desk.fault.unexpected": "ours ({detail})",
      "desk.closed": "closed",
      "desk.unreachable": "gone",
    },
    es: {},
  },
});
const api = await import("../src/desk/api.js");

test("a store that another program writes to is not waited for without a word", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const heard = [];
  api.onSlow((waits) => heard.push(waits));
  const free = [];
  globalThis.fetch = () => new Promise((resolve) => free.push(() => resolve(new Response("{}"))));
  const both = [api.get("/api/changes"), api.get("/api/board")];
  mock.timers.tick(2900);
  assert.deepEqual(heard, []);
  mock.timers.tick(200);
  assert.deepEqual(heard, [true, true]);
  for (const answer of free) answer();
  await Promise.all(both);
  assert.deepEqual(heard, [true, true, false]);
  mock.timers.reset();
});

test("what is wrong with the store is in the reader's language, anything else as the desk says it", () => {
  assert.equal(api.refusal(400, { fault: "busy", error: "/x is in use" }), "in use");
  assert.equal(api.refusal(400, { fault: null, error: "no such record" }), "no such record");
  assert.equal(api.refusal(500, { fault: "unexpected", error: "x", detail: "TypeError: y" }), "ours (TypeError: y)");
  assert.equal(api.refusal(403), "closed");
  assert.equal(api.refusal(0, null), "gone");
});
