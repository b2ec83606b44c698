import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./page.js";

const { location } = open({}, { hash: "#layers=border,corridor&map=8/15/-92&lang=es" });
const address = await import("../src/address.js");

test("what the reader chose is read out of the address", () => {
  assert.equal(address.get("layers"), "border,corridor");
  assert.equal(address.get("map"), "8/15/-92");
  assert.equal(address.get("year"), null);
});

test("what is set is kept, commas and slashes as they are; null takes it out", () => {
  address.set({ year: 2019, layers: "a,b", map: "9/15.1/-92.2", lang: null });
  assert.equal(location.hash, "#layers=a,b&map=9/15.1/-92.2&year=2019");
  assert.equal(address.get("lang"), null);
});

test("a text of a reader comes back as it was, whatever signs it has", () => {
  for (const text of ["ñ & <b>", "50 %", "a=b#c", "+", "\u202e"]) {
    address.set({ q: text });
    assert.equal(address.get("q"), text);
  }
  address.set({ q: null });
});

test("where one looks is written into no history on a page that keeps it out", () => {
  address.keepOut("map");
  address.set({ map: "10/15/-92", year: null });
  assert.equal(address.get("map"), "9/15.1/-92.2");
});

test("a frame without an address of its own keeps what was chosen all the same", async () => {
  const { location: frame } = open({}, { hash: "", framed: true });
  const framed = await import("../src/address.js?framed");
  framed.set({ year: "2020" });
  assert.equal(frame.hash, "");
  assert.equal(framed.get("year"), "2020");
});
