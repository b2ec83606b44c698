// between the notebook and the storage: nothing noted is lost, and every window of this page shows the same

import * as changes from "./changes.js";
import { held, openDrafts } from "./locks.js";
import * as notebook from "./notebook.js";
import * as storage from "./storage.js";

const RETRY_MS = 8000;
const LOOK_MS = 4000;
/** @type {((state: SyncState) => void)[]} */
const listeners = [];
// kind: starting, plain, locked, sealed or none (nothing is kept); trouble: full, refused, or nothing
/** @type {SyncState} */
export const state = {
  kind: "starting",
  reason: null,
  trouble: null,
  unkept: 0,
  device: null,
  author: null,
  minutes: 5,
  exported: null,
};
/** @type {Map<string, Photo>} */
export const photos = new Map();
/** @type {IDBValidKey | null} */
let last = null;
/** @type {Change[]} */
let pending = [];
/** @type {Promise<boolean | undefined>} */
let writing = Promise.resolve(true);

const channel = "BroadcastChannel" in window ? new BroadcastChannel("atlas-notes") : null;
/** @param {string} kind */
const say = (kind) => {
  try {
    channel?.postMessage(kind);
  } catch {
    /* a window that is going */
  }
};
const tell = () => {
  state.unkept = pending.length;
  for (const listener of listeners) listener(state);
};

// ── changes ──────────────────────────────────────────────────────────────
/** @type {(made: Change[]) => Promise<boolean | undefined>} */
export const commit = (made) => {
  const fresh = made.filter((change) => notebook.add(change));
  if (!fresh.length) return Promise.resolve(true);
  notebook.tell([...new Set(fresh.map((change) => change.record_id))]);
  pending.push(...fresh);
  if (state.kind !== "none") return flush();
  tell();
  return Promise.resolve(false);
};
export const flush = () => {
  writing = writing.then(async () => {
    while (pending.length && storage.ready()) {
      const batch = pending.slice(0, 2000);
      try {
        await held("shared", () => storage.append(batch));
      } catch (error) {
        failed(error);
        return false;
      }
      pending = pending.slice(batch.length);
      state.trouble = null;
      say("log");
    }
    tell();
    return pending.length === 0;
  });
  return writing;
};
/** @param {unknown} error */
const failed = (error) => {
  state.trouble = storage.isFull(error) ? "full" : "refused";
  tell();
};
// room may have been made, in this window or another
setInterval(() => {
  if (pending.length && state.kind !== "none") flush();
}, RETRY_MS);

// what other windows wrote, and one's own, which is no news
const look = async () => {
  if (!storage.ready()) return;
  try {
    const news = await storage.since(last);
    last = news.last;
    /** @type {Set<string>} */
    const ids = new Set();
    for (const change of news.changes) if (notebook.add(change)) ids.add(change.record_id);
    if (ids.size) notebook.tell([...ids]);
  } catch {
    /* the next look tries again */
  }
};

// ── drafts: what is being typed, one write at a time, the latest wins ─────
/** @type {Map<string, Draft | null>} */
const waiting = new Map();
/** @type {Map<string, Promise<void>>} */
const idle = new Map();
/** @type {(id: string, draft: Draft | null) => Promise<void>} */
export const keepDraft = (id, draft) => {
  waiting.set(id, draft);
  const under = idle.get(id) ?? drain(id).finally(() => idle.delete(id));
  idle.set(id, under);
  return under;
};
/** @param {string} id */
const drain = async (id) => {
  while (waiting.has(id)) {
    const draft = waiting.get(id) ?? null;
    waiting.delete(id);
    if (!storage.ready()) return;
    try {
      await held("shared", () => (draft ? storage.put("drafts", id, draft) : storage.remove("drafts", id)));
      if (state.trouble && !pending.length) {
        state.trouble = null;
        tell();
      }
    } catch (error) {
      failed(error);
    }
  }
};
// drafts that no open window holds, the one typed last before the others
export const orphans = async () => {
  if (!storage.ready()) return [];
  const news = await storage.drafts();
  const open = await openDrafts();
  return news.filter(({ id }) => !open.has(id)).sort((a, b) => (b.typed_at ?? 0) - (a.typed_at ?? 0));
};

// ── photos ───────────────────────────────────────────────────────────────
/** @param {PhotoHead} head @param {Uint8Array<ArrayBuffer>} bytes */
export const addPhoto = async (head, bytes) => {
  if (photos.has(head.name)) return;
  photos.set(head.name, { ...head, bytes });
  if (state.kind === "none") return;
  const at = await held("shared", () => storage.addPhoto(head, bytes));
  photos.set(head.name, { ...head, at });
};
/** @type {(name: string) => Promise<(Photo & { bytes: Uint8Array<ArrayBuffer> }) | null>} */
export const photo = async (name) => {
  const known = photos.get(name);
  if (!known) return null;
  return { ...known, bytes: known.bytes ?? new Uint8Array(await storage.photo(/** @type {IDBValidKey} */ (known.at))) };
};
const lookForPhotos = async () => {
  for (const head of await storage.photoHeads()) if (!photos.has(head.name)) photos.set(head.name, head);
};

// ── beginning, locking, unlocking ────────────────────────────────────────
const fill = async () => {
  last = null;
  await look();
  await lookForPhotos();
  const me = await storage.setting("me");
  state.device = me?.device ?? crypto.randomUUID();
  state.author = me?.author ?? null;
  state.minutes = me?.minutes ?? 5;
  state.exported = me?.exported ?? null;
  if (!me) await remember();
};
const remember = async () => {
  if (!storage.ready()) return;
  try {
    const { device, author, minutes, exported } = state;
    await storage.put("meta", "me", { device, author, minutes, exported });
  } catch (error) {
    failed(error);
  }
};
/** @param {Values} values */
export const set = (values) => {
  Object.assign(state, values);
  tell();
  return remember();
};

export const start = async () => {
  const opened = await storage.open();
  [state.kind, state.reason] = [opened.kind, opened.reason ?? null];
  if (opened.full) state.trouble = "full";
  if (opened.kind === "plain") {
    try {
      await fill();
    } catch {
      [state.kind, state.reason] = ["none", "refused"];
    }
  }
  state.device ??= crypto.randomUUID();
  tell();
  notebook.tell(null);
};
/** @param {string} passphrase */
export const unlock = async (passphrase) => {
  if (!(await storage.unlock(passphrase))) return false;
  state.kind = "sealed";
  await fill();
  for (const change of pending) notebook.add(change);
  tell();
  notebook.tell(null);
  if (pending.length) flush();
  return true;
};
/** @type {(() => Promise<void>)[]} */
const leaving = [];
const close = () => {
  storage.forget();
  photos.clear();
  waiting.clear();
  last = null;
  Object.assign(state, { kind: "locked", author: null, device: null });
  notebook.clear();
  tell();
};
// what is not on the disk yet gets there before the key goes
export const lock = async (everywhere = true) => {
  if (state.kind !== "sealed") return;
  for (const leave of leaving) await leave();
  await settled();
  if (everywhere) say("lock");
  close();
};
/** @param {string} passphrase */
export const protect = async (passphrase) => {
  await settled();
  await held("exclusive", async () => {
    await look();
    await storage.protect(passphrase);
  });
  state.kind = "sealed";
  say("sealed");
  tell();
};
export const erase = async () => {
  say("erase");
  pending = [];
  waiting.clear();
  photos.clear();
  await storage.erase();
  notebook.clear();
  try {
    localStorage.clear();
    sessionStorage.clear();
  } catch {
    /* refused: then nothing is there */
  }
  try {
    // the page itself holds nothing of anybody, and is needed where there is no network to fetch it again
    for (const name of await caches.keys()) if (!name.startsWith("atlas-notes-site ")) await caches.delete(name);
  } catch {
    /* as above */
  }
  Object.assign(state, { kind: "starting", trouble: null, author: null, device: null, exported: null });
  await start();
};
// what is under way is on the disk, or known not to be
export const settled = () => Promise.all([...idle.values(), flush()]);

// another window locked, sealed or erased everything
const reopen = async () => {
  if (state.kind === "none" || state.kind === "starting") return;
  photos.clear();
  storage.forget();
  notebook.clear();
  state.kind = "starting";
  tell();
  await start();
};
/** @type {{ [kind: string]: () => unknown }} */
const heard = {
  log: () =>
    look()
      .then(lookForPhotos)
      .catch(() => {}),
  lock: () => lock(false),
  erase: () => {
    pending = [];
    reopen();
  },
  sealed: () => {},
};
channel?.addEventListener("message", ({ data }) => heard[data]?.());
storage.onGone(() => {
  setTimeout(reopen, 300);
});
window.addEventListener("focus", look);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) look();
});
setInterval(() => {
  if (!document.hidden) look();
}, LOOK_MS);

// ── changes out of values ────────────────────────────────────────────────
/** @type {(record_id: string, field: string, value: any, parents: string[]) => Change} */
export const change = (record_id, field, value, parents) =>
  changes.make({
    record_id,
    field,
    value,
    parents,
    author: state.author,
    device: state.device,
    claimed_at: new Date().toISOString(),
  });

export const unkept = () => pending;
/** @param {() => Promise<void>} leave */
export const onLeave = (leave) => leaving.push(leave);
/** @param {(state: SyncState) => void} listener */
export const onChange = (listener) => listeners.push(listener);
