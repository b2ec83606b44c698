import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./page.js";

open({ form: { fields: [] } });
Object.assign(globalThis.window, { crypto: globalThis.crypto });
Object.assign(globalThis.document, { addEventListener() {} });
// what pages look for now and then would keep the tests from ending
globalThis.setInterval = () => 0;
const { canonical, make } = await import("../src/annotate/changes.js");
const notebook = await import("../src/annotate/notebook.js");
const { base64, joined, utf8 } = await import("../src/handover/bytes.js");
const custody = await import("../src/handover/custody.js");
const { digestOf } = await import("../src/handover/receipts.js");
const { cardOfKeys } = await import("../src/handover/sealed.js");
const { subtle } = globalThis.crypto;

// a store's key, and what it says of a set
const store = async () => {
  const raw = async (keys) => base64(new Uint8Array(await subtle.exportKey("raw", keys.publicKey)));
  const signing = await subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const sealing = await subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  const key = { signing: await raw(signing), sealing: await raw(sealing) };
  const { fingerprint } = await cardOfKeys(key);
  const receipt = async ({ id, ids }) => {
    const counts = { notes: 1, of: 1, changes: ids.length, photos: 0 };
    const body = { store: "s", fingerprint, set: id, ...counts, changes_digest: digestOf(ids) };
    const text = joined([utf8("atlas field receipt 1\n"), utf8(canonical(body))]);
    const signature = await subtle.sign({ name: "ECDSA", hash: "SHA-256" }, signing.privateKey, text);
    return { format: "atlas-field-receipt", version: 1, body, key, signature: base64(new Uint8Array(signature)) };
  };
  return { fingerprint, receipt };
};
const SET = "5".repeat(64);

test("a note is handed over when all of it arrived, and a receipt holds for what was only begun", async () => {
  const [ours, other] = [await store(), await store()];
  const change = make({ record_id: crypto.randomUUID(), field: "note", value: "synthetic" });
  notebook.add(change);
  const [record] = notebook.all();
  const set = { id: SET, fingerprint: ours.fingerprint, ids: [change.change_id], photos: 0, at: "", way: "link" };
  await custody.begin(set);
  assert.equal(custody.stateOf(record), "here");
  await custody.handedOver(set);
  await custody.begin(set);
  assert.equal(custody.stateOf(record), "sent");
  await custody.handedOver({ ...set, begun: true });
  assert.equal(await custody.addReceipt(await other.receipt(set)), "other");
  assert.equal(custody.stateOf(record), "here");
  assert.equal(await custody.addReceipt(await ours.receipt(set)), null);
  assert.equal(custody.stateOf(record), "home");
  // the same again is no news; one that somebody else signed for the same set is none of ours
  assert.equal(await custody.addReceipt(await ours.receipt(set)), null);
  assert.equal(await custody.addReceipt(await other.receipt(set)), "other");
});
