// where each note is: only here, handed over, or at home; and the receipts that say so
import { held } from "../annotate/locks.js";
import * as notebook from "../annotate/notebook.js";
import * as storage from "../annotate/storage.js";
import * as sync from "../annotate/sync.js";
import * as receipts from "./receipts.js";

const NAME = "handover";
/** @typedef {import("./receipts.js").Receipt} Receipt */
/** @typedef {import("./receipts.js").SentSet} SentSet */
/** @typedef {import("./sealed.js").StoreCard} StoreCard */
/** @typedef {{ stores: StoreCard[], sets: SentSet[], receipts: { receipt: Receipt, ids: string[] }[] }} Kept */

/** @returns {Kept} */
const nothing = () => ({ stores: [], sets: [], receipts: [] });
/** @type {Kept} */
let kept = nothing();
/** @type {Set<string>} */
let sent = new Set();
/** @type {Set<string>} */
let home = new Set();
/** @type {(() => void)[]} */
const listeners = [];

/** @param {Kept} next */
const show = (next) => {
  kept = next;
  sent = new Set(kept.sets.filter(({ begun }) => !begun).flatMap(({ ids }) => ids));
  home = new Set(kept.receipts.flatMap(({ ids }) => ids));
  for (const listener of listeners) listener();
};
/** @returns {Promise<Kept>} */
const stored = async () => ({ ...nothing(), ...((await storage.setting(NAME)) ?? {}) });
export const load = async () => show(storage.ready() ? await stored().catch(nothing) : nothing());
// two windows may change it at once: each reads what the other wrote first
/** @param {(kept: Kept) => Kept} change */
const alter = async (change) => {
  if (!storage.ready()) {
    show(change(kept));
    return;
  }
  await held("exclusive", async () => {
    const next = change(await stored());
    await storage.put("meta", NAME, next);
    show(next);
  });
};

export const stores = () => kept.stores;
export const given = () => kept.receipts;
/** @param {StoreCard} card */
export const addStore = (card) =>
  alter((all) => ({
    ...all,
    stores: [card, ...all.stores.filter(({ fingerprint }) => fingerprint !== card.fingerprint)],
  }));
/** @param {string} fingerprint */
export const dropStore = (fingerprint) =>
  alter((all) => ({ ...all, stores: all.stores.filter((card) => card.fingerprint !== fingerprint) }));
// what is on its way: nobody has it yet, but a receipt for it may come
/** @param {SentSet} set */
export const begin = (set) =>
  alter((all) => ({
    ...all,
    sets: all.sets.some(({ id }) => id === set.id) ? all.sets : [...all.sets, { ...set, begun: true }],
  }));
/** @param {SentSet} set */
export const handedOver = (set) =>
  alter((all) => ({ ...all, sets: [...all.sets.filter(({ id }) => id !== set.id), set] }));

// a receipt for what was sent from here: why it is none, or nothing
/** @param {Stated} receipt @returns {Promise<string | null>} */
export const addReceipt = async (receipt) => {
  if (!(await receipts.isSigned(receipt))) return "false";
  const known = kept.receipts.find((one) => one.receipt.body.set === receipt.body.set);
  // anybody can sign a receipt with a key of their own
  if (known) return known.receipt.body.fingerprint === receipt.body.fingerprint ? null : "other";
  const set = kept.sets.find(({ id }) => id === receipt.body.set);
  if (!set) return "unknown";
  const ids = receipts.covered(receipt, set);
  if (!ids.length) return "other";
  const left = set.ids.filter((id) => !ids.includes(id));
  await alter((all) => ({
    ...all,
    sets: all.sets.filter(({ id }) => id !== set.id).concat(left.length ? { ...set, ids: left } : []),
    receipts: [...all.receipts, { receipt: { ...receipt, ids }, ids }],
  }));
  return null;
};

/** @param {FieldRecord} record @returns {"here" | "sent" | "home"} */
export const stateOf = (record) => {
  let state = /** @type {"here" | "sent" | "home"} */ ("home");
  for (const { change_id: id } of notebook.history(record)) {
    if (home.has(id)) continue;
    if (!sent.has(id)) return "here";
    state = "sent";
  }
  return state;
};
export const counts = () => {
  const count = { here: 0, sent: 0, home: 0 };
  for (const record of notebook.all()) count[stateOf(record)] += 1;
  return count;
};
// what a store has given no receipt for yet
/** @param {string} fingerprint @returns {Change[]} */
export const waiting = (fingerprint) => {
  const there = new Set(
    kept.receipts.filter(({ receipt }) => receipt.body.fingerprint === fingerprint).flatMap(({ ids }) => ids),
  );
  return notebook.all().flatMap((record) => notebook.history(record).filter(({ change_id: id }) => !there.has(id)));
};
/** @param {() => void} listener */
const whenChanged = (listener) => listeners.push(listener);

export { whenChanged as onChange };

let before = "starting";
sync.onChange(({ kind }) => {
  if (kind === before) return;
  before = kind;
  load();
});
