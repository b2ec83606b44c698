// what the browser keeps: a log that only grows, drafts, photos and a few settings, in plain or sealed
import * as database from "./database.js";
import { drop, read, STORES, write } from "./database.js";
import * as vault from "./vault.js";

const NAMES = { plain: "atlas-notes", sealed: "atlas-notes-sealed" };
// where exports go by themselves: a handle is no text, and is the same whether the notes are sealed or not
const PLACE = "atlas-notes-place";
/** @type {IDBDatabase | null} */
let db = null;
/** @type {CryptoKey | null} */
let key = null;
/** @type {(StoreLock & { whole?: boolean }) | null} */
let lock = null;
let onGone = () => {};

// ── a database as promises ───────────────────────────────────────────────
/** @param {string} name */
const connect = (name) =>
  database.connect(name, (gone) => {
    if (gone !== db) return;
    db = null;
    onGone();
  });

// ── in plain or sealed ───────────────────────────────────────────────────
// nothing in clear beside what is sealed: without its key a locked database takes nothing
/** @param {CryptoKey | null} under */
const checked = (under) => {
  if (lock && !under) throw new DOMException("", "InvalidStateError");
  return under;
};
/** @param {any} value @param {CryptoKey | null} [under] */
const enclose = async (value, under = key) =>
  checked(under) ? vault.seal(/** @type {CryptoKey} */ (under), vault.utf8(JSON.stringify(value))) : value;
/** @param {any} stored */
const disclose = async (stored) =>
  key ? JSON.parse(new TextDecoder().decode(await vault.unseal(key, stored))) : stored;
/** @param {Uint8Array<ArrayBuffer>} bytes @param {CryptoKey | null} [under] */
const encloseBytes = async (bytes, under = key) =>
  checked(under) ? vault.seal(/** @type {CryptoKey} */ (under), bytes) : bytes;
/** @param {any} stored @returns {Promise<Uint8Array<ArrayBuffer>>} */
const discloseBytes = async (stored) => (key ? vault.unseal(key, stored) : stored);

// ── does this browser keep anything? ─────────────────────────────────────
const PROBE = "probe";
const PROBE_MS = 60000;
// what in the settings is not the reader's
/** @param {IDBValidKey} name */
const isForItself = (name) => name === "key" || String(name).split(" ")[0] === PROBE;
// windows may begin together, as after an update: each has a key of its own, and takes away what a killed one left
/** @param {IDBDatabase} opened */
const proven = async (opened) => {
  const token = vault.base64(vault.random(9));
  const probe = `${PROBE} ${Date.now()} ${token}`;
  await write(opened, ["meta"], (transaction) => transaction.objectStore("meta").put(token, probe));
  if ((await read(opened, "meta", (store) => store.get(probe))) !== token) throw new Error("forgotten");
  const names = await read(opened, "meta", (store) => store.getAllKeys());
  const over = names.filter((/** @type {IDBValidKey} */ name) => {
    const [kind, since] = String(name).split(" ");
    return name === probe || (kind === PROBE && !(Date.now() - Number(since) < PROBE_MS));
  });
  await write(opened, ["meta"], (transaction) => {
    for (const name of over) transaction.objectStore("meta").delete(name);
  });
};
/** @type {(opened: IDBDatabase) => Promise<(StoreLock & { whole: boolean }) | null>} */
const lockOf = async (opened) => {
  const lock = await read(opened, "meta", (store) => store.get("lock"));
  return lock?.whole ? lock : null;
};

// opening a database makes it, and a full disk has no room for an empty one
/** @param {string} name */
const exists = async (name) =>
  indexedDB.databases ? (await indexedDB.databases()).some((one) => one.name === name) : true;
/** @param {unknown} error */
export const isFull = (error) => /** @type {Error | null} */ (error)?.name === "QuotaExceededError";

// without a passphrase the key lies beside the notes: it protects nothing yet, but what a passphrase later makes unreadable
// must not have been written in clear before, because a browser leaves deleted bytes in its files for a while
/** @param {IDBDatabase} opened */
const openKey = async (opened) => {
  if (!window.crypto.subtle) return null;
  const held = await read(opened, "meta", (store) => store.get("key"));
  if (held) return vault.asKey(held);
  if (await read(opened, "log", (store) => store.count())) return null;
  // of windows that begin together one makes the key: what another one sealed under its own could never be read again
  const fresh = vault.random(32);
  await write(opened, ["meta"], (transaction) => {
    const meta = transaction.objectStore("meta");
    const holding = meta.count("key");
    holding.onsuccess = () => {
      if (!holding.result) meta.put(fresh, "key");
    };
  });
  return vault.asKey(await read(opened, "meta", (store) => store.get("key")));
};

// plain, locked, or none with the reason; a full disk still shows what it has
/** @type {() => Promise<{ kind: "plain" | "locked" | "none", reason?: string, full?: boolean }>} */
export const open = async () => {
  if (location.protocol === "content:") return { kind: "none", reason: "content" };
  try {
    if (await exists(NAMES.sealed)) {
      const sealed = await connect(NAMES.sealed);
      const kept = await lockOf(sealed);
      if (kept) {
        [db, key, lock] = [sealed, null, kept];
        await drop(NAMES.plain);
        return { kind: "locked" };
      }
      sealed.close();
    }
    const plain = await connect(NAMES.plain);
    const full = await proven(plain).then(
      () => false,
      (error) => {
        if (isFull(error)) return true;
        throw error;
      },
    );
    // all at once: what is written meanwhile is written under the key that was there
    [db, key, lock] = [plain, await openKey(plain), null];
    return { kind: "plain", full };
  } catch (error) {
    return { kind: "none", reason: isFull(error) ? "full" : "refused" };
  }
};

/** @param {string} passphrase */
export const unlock = async (passphrase) => {
  if (!db) db = await connect(NAMES.sealed);
  lock = await lockOf(db);
  key = lock && (await vault.open(passphrase, lock));
  return Boolean(key);
};
export const forget = () => {
  key = null;
};

// ── the log, drafts, photos, settings ────────────────────────────────────
/** @param {Change[]} changes */
export const append = async (changes) => {
  const entry = await enclose(changes);
  return write(db, ["log"], (transaction) => transaction.objectStore("log").add(entry));
};
/** @type {(last: IDBValidKey | null) => Promise<{ last: IDBValidKey | null, changes: Change[] }>} */
export const since = async (last) => {
  const beyond = last === null ? null : IDBKeyRange.lowerBound(last, true);
  const keys = await read(db, "log", (store) => store.getAllKeys(beyond));
  /** @type {Change[]} */
  const disclosed = [];
  for (let at = 0; at < keys.length; at += 200) {
    const range = IDBKeyRange.bound(keys[at], keys[Math.min(at + 199, keys.length - 1)]);
    const entries = await read(db, "log", (store) => store.getAll(range));
    for (const changes of await Promise.all(entries.map(disclose))) disclosed.push(...changes);
  }
  return { last: keys.at(-1) ?? last, changes: disclosed };
};
/** @param {string} store @param {IDBValidKey} id @param {any} value */
export const put = async (store, id, value) => {
  const stored = await enclose(value);
  return write(db, [store], (transaction) => transaction.objectStore(store).put(stored, id));
};
/** @param {string} store @param {IDBValidKey} id */
export const remove = (store, id) => write(db, [store], (transaction) => transaction.objectStore(store).delete(id));
/** @type {() => Promise<Draft[]>} */
export const drafts = async () => Promise.all((await read(db, "drafts", (store) => store.getAll())).map(disclose));
/** @type {(name: string) => Promise<any>} */
export const setting = async (name) => {
  const entry = await read(db, "meta", (store) => store.get(name));
  return entry === undefined ? null : disclose(entry);
};
/** @type {() => Promise<ChosenPlace | null>} */
export const place = async () => {
  if (!(await exists(PLACE))) return null;
  const places = await database.connect(PLACE, () => {});
  const handle = await read(places, "meta", (store) => store.get("place"));
  places.close();
  return handle ?? null;
};
/** @param {ChosenPlace | null} handle null to forget it */
export const setPlace = async (handle) => {
  if (!handle) return drop(PLACE);
  const places = await database.connect(PLACE, () => {});
  await write(places, ["meta"], (transaction) => transaction.objectStore("meta").put(handle, "place"));
  places.close();
};
/** @param {PhotoHead} head @param {Uint8Array<ArrayBuffer>} bytes */
export const addPhoto = async (head, bytes) => {
  const entry = { head: await enclose(head), body: await encloseBytes(bytes) };
  return write(db, ["photos"], (transaction) => transaction.objectStore("photos").add(entry));
};
/** @type {() => Promise<Photo[]>} */
export const photoHeads = async () => {
  const keys = await read(db, "photos", (store) => store.getAllKeys());
  return Promise.all(
    keys.map(async (/** @type {IDBValidKey} */ at) => ({
      at,
      ...(await disclose((await read(db, "photos", (store) => store.get(at))).head)),
    })),
  );
};
/** @param {IDBValidKey} at */
export const photo = async (at) => discloseBytes((await read(db, "photos", (store) => store.get(at))).body);
/** @param {IDBValidKey} at */
export const removePhoto = (at) => write(db, ["photos"], (transaction) => transaction.objectStore("photos").delete(at));

// what is deleted stays in a browser's files until it tidies them up; writing and deleting some megabytes makes it do so
const CHURN = { entries: 110, bytes: 48000, rounds: 4, pause: 350 };
/** @param {IDBDatabase} into */
const churn = async (into) => {
  const names = Array.from({ length: CHURN.entries }, (_, number) => `churn-${number}`);
  try {
    for (let round = 0; round < CHURN.rounds; round += 1) {
      await write(into, ["meta"], (transaction) => {
        for (const name of names) transaction.objectStore("meta").put(vault.random(CHURN.bytes), name);
      });
      await write(into, ["meta"], (transaction) => {
        for (const name of names) transaction.objectStore("meta").delete(name);
      });
      await new Promise((resolve) => {
        setTimeout(resolve, CHURN.pause);
      });
    }
  } catch {
    /* no room to tidy up in: then it happens when the browser likes */
  }
};

// ── from plain to sealed: everything copied first, the lock last, then the plain one goes ─────────────
/** @param {string} passphrase */
export const protect = async (passphrase) => {
  await drop(NAMES.sealed);
  const sealed = await connect(NAMES.sealed);
  const made = await vault.create(passphrase);
  for (const store of ["log", "drafts", "meta"]) {
    const keys = await read(db, store, (from) => from.getAllKeys());
    for (const id of keys.filter((/** @type {IDBValidKey} */ one) => store !== "meta" || !isForItself(one))) {
      const entry = await enclose(await disclose(await read(db, store, (from) => from.get(id))), made.key);
      await write(sealed, [store], (transaction) => transaction.objectStore(store).put(entry, id));
    }
  }
  for (const id of await read(db, "photos", (from) => from.getAllKeys())) {
    const { head, body } = await read(db, "photos", (from) => from.get(id));
    const entry = {
      head: await enclose(await disclose(head), made.key),
      body: await encloseBytes(await discloseBytes(body), made.key),
    };
    await write(sealed, ["photos"], (transaction) => transaction.objectStore("photos").put(entry, id));
  }
  await relock(sealed, made.lock);
  const plain = db;
  [db, key] = [sealed, made.key];
  await write(plain, STORES, (transaction) => {
    for (const store of STORES) transaction.objectStore(store).clear();
  });
  plain?.close();
  await drop(NAMES.plain);
  await churn(sealed);
};
/** @param {IDBDatabase} into @param {StoreLock} fresh */
const relock = async (into, fresh) => {
  lock = { ...fresh, whole: true };
  return write(into, ["meta"], (transaction) => transaction.objectStore("meta").put(lock, "lock"));
};
/** @param {string} old @param {string} fresh */
export const changePassphrase = async (old, fresh) => {
  const made = lock && (await vault.change(old, fresh, lock));
  if (db && made) await relock(db, made);
  return Boolean(made);
};

export const erase = async () => {
  db?.close();
  [db, key, lock] = [null, null, null];
  await Promise.all([...Object.values(NAMES), PLACE].map(drop));
  try {
    const empty = await connect(NAMES.plain);
    await churn(empty);
    empty.close();
  } catch {
    /* refused: then nothing was kept */
  }
  await drop(NAMES.plain);
};

/** @param {() => void} listener */
const whenGone = (listener) => {
  onGone = listener;
};
export const sealed = () => lock !== null;
export const ready = () => Boolean(db) && (lock === null || key !== null);
export { whenGone as onGone };
