// what a courier carries: sets sealed for a store, which nobody opens on the way, and the receipts that came for them
import { connect, read, write } from "../annotate/database.js";
import { sha256 } from "../annotate/sha256.js";
import * as receipts from "../handover/receipts.js";
import { cardOf } from "../handover/sealed.js";

const NAME = "atlas-courier";
// of the tables that every database of these pages has
const SETS = "photos";
const SETTINGS = "meta";
const CARD = "store";
const MAGIC = "ATLASHO1";
const FINGERPRINT_BYTES = 32;

/** @typedef {import("../handover/receipts.js").Receipt} Receipt */
/** @typedef {{ id: string, fingerprint: string, bytes: Uint8Array<ArrayBuffer>, at: string, receipt: Receipt | null }} Carried */

/** @type {IDBDatabase | null} */
let db = null;
/** @type {Map<string, Carried>} */
let sets = new Map();
/** @type {string} */
let card = "";
/** @type {(() => void)[]} */
const listeners = [];
const changed = () => {
  for (const listener of listeners) listener();
};
/** @param {() => void} listener */
export const onChange = (listener) => listeners.push(listener);

export const start = async () => {
  db = await connect(NAME, () => {
    db = null;
  });
  const all = /** @type {Carried[]} */ (await read(db, SETS, (store) => store.getAll()));
  sets = new Map(all.map((one) => [one.id, one]));
  card = (await read(db, SETTINGS, (store) => store.get(CARD))) ?? "";
  changed();
};
export const all = () => [...sets.values()].sort((a, b) => (a.at < b.at ? -1 : 1));
export const storeCard = () => card;
/** @param {string} text */
export const keepCard = async (text) => {
  await write(db, [SETTINGS], (transaction) => transaction.objectStore(SETTINGS).put(text, CARD));
  card = text;
  changed();
};
/** @param {Carried} one */
const put = async (one) => {
  await write(db, [SETS], (transaction) => transaction.objectStore(SETS).put(one, one.id));
  sets.set(one.id, one);
  changed();
};
/** @param {string} id */
export const drop = async (id) => {
  await write(db, [SETS], (transaction) => transaction.objectStore(SETS).delete(id));
  sets.delete(id);
  changed();
};
// the store that a set is sealed for, or nothing where it is no set
/** @param {Uint8Array} bytes */
const sealedFor = (bytes) => {
  const at = MAGIC.length;
  if (new TextDecoder().decode(bytes.subarray(0, at)) !== MAGIC || bytes.length <= at + FINGERPRINT_BYTES) return null;
  return Array.from(bytes.subarray(at, at + FINGERPRINT_BYTES), (byte) => byte.toString(16).padStart(2, "0")).join("");
};
// on the disk when it resolves; false where it is nothing that is carried
/** @param {Uint8Array<ArrayBuffer>} bytes */
export const add = async (bytes) => {
  const fingerprint = sealedFor(bytes);
  if (!fingerprint) return false;
  const id = sha256(bytes);
  if (!sets.has(id)) await put({ id, fingerprint, bytes, at: new Date().toISOString(), receipt: null });
  return true;
};
// a receipt for what is carried: the key of its text that says why it is none, or nothing
/** @param {Stated} receipt @returns {Promise<string | null>} */
export const addReceipt = async (receipt) => {
  if (!(await receipts.isSigned(receipt))) return "hand.receipt.false";
  const known = sets.get(receipt.body.set);
  if (!known || known.fingerprint !== receipt.body.fingerprint) return "courier.receipt.unknown";
  await put({ ...known, receipt });
  return null;
};
// the code of the store, if a text is one
/** @param {string} text */
export const codeOf = async (text) => ((await cardOf(text)) ? text.trim() : null);
