// what this device and browser are to the notes: installed or not, for how long they are kept, how much room there is

import { byId, el } from "../dom.js";
import * as i18n from "../i18n.js";
import { number, t } from "../i18n.js";
import * as room from "../site/room.js";
import * as updates from "../site/updates.js";
import * as backup from "./backup.js";
import * as editor from "./editor.js";
import * as notebook from "./notebook.js";
import * as sync from "./sync.js";

const DAY_MS = 86400000;
const DAYS_SAFARI = 7;
const DAYS_UNSAVED = 3;
const holder = byId("device");
/** @type {InstallOffer | null} the browser's offer to install the page, where it makes one */
let offer = null;

/** @param {string} id @param {string} label @param {() => unknown} act */
const button = (id, label, act) => el("button", { type: "button", class: "big", id, onclick: act }, label);
/** @param {number} bytes */
const megabytes = (bytes) => number(Math.round(bytes / 1e6));

// notes with something that has left the page in no export
export const unsaved = () => {
  const since = sync.state.exported ?? "";
  return notebook
    .living()
    .filter((record) =>
      [...record.fields.values()].some(({ changes }) => changes.some((change) => (change.claimed_at ?? "") > since)),
    ).length;
};
const exportedLongAgo = () => {
  const since = sync.state.exported;
  if (since) return Date.now() - Date.parse(since) > DAYS_UNSAVED * DAY_MS;
  const first = notebook
    .living()
    .flatMap((record) =>
      [...record.fields.values()].flatMap(({ changes }) => changes.map((one) => one.claimed_at ?? "")),
    )
    .reduce((least, one) => (one && one < least ? one : least), "9");
  return Date.parse(first) < Date.now() - DAYS_UNSAVED * DAY_MS;
};

// ── a newer version ──────────────────────────────────────────────────────
// every window keeps what is being typed, and only then begins anew
const renew = async () => {
  await sync.settled();
  if (sync.state.kind === "none" || sync.unkept().length || sync.state.trouble) return;
  await editor.leave();
  window.location.reload();
};
const agree = async () => {
  await sync.settled();
  await updates.agree();
};

// ── what a person must know at once ──────────────────────────────────────
/** @returns {{ kind: string, title: string, words: string, button?: HTMLElement, save?: boolean }[]} */
export const warnings = () => {
  const shown = [];
  const inMemory = sync.state.kind === "none" || Boolean(sync.state.trouble);
  if (updates.state.newer)
    shown.push({
      kind: "newer",
      title: t("note.newer"),
      words: t(inMemory ? "note.newer.not" : "note.newer.body"),
      ...(inMemory ? { save: true } : { button: button("newer-yes", t("note.newer.yes"), agree) }),
    });
  if (backup.state.asks || backup.state.fault)
    shown.push({
      kind: "backup",
      title: t(backup.state.asks ? "note.backup.asks" : "note.backup.fault"),
      words: t("note.backup.to", { name: backup.state.name }),
      button: button("backup-on", t("note.backup.on"), backup.goOn),
    });
  if (inMemory || sync.state.kind === "locked" || sync.state.kind === "starting") return shown;
  if (room.low() && updates.site)
    shown.push({ kind: "low", title: t("note.room.low"), words: roomWords(), save: true });
  const count = updates.site && room.state.persisted !== true ? unsaved() : 0;
  if (count && room.forgetful())
    shown.push({
      kind: "evict",
      title: t("note.evict.safari", { day: i18n.date(day(Date.now() + DAYS_SAFARI * DAY_MS)) }),
      words: t("note.evict.safari.body", { count: number(count) }),
      save: true,
    });
  else if (count && exportedLongAgo())
    shown.push({
      kind: "evict",
      title: t("note.evict"),
      words: t("note.evict.body", { count: number(count) }),
      save: true,
    });
  return shown;
};
/** @param {number} at */
const day = (at) => {
  const d = new Date(at);
  return [d.getFullYear(), d.getMonth() + 1, d.getDate()].map((one) => String(one).padStart(2, "0")).join("-");
};

// ── the section ──────────────────────────────────────────────────────────
const roomWords = () =>
  room.state.free === null
    ? t("note.room.unknown")
    : t("note.room", { free: megabytes(room.state.free), used: megabytes(room.state.used ?? 0) });
const installing = () => {
  if (room.standalone()) return [el("p", {}, t("note.install.done"))];
  if (offer)
    return [
      button("install", t("note.install"), async () => {
        offer?.prompt();
        await offer?.userChoice;
        offer = null;
        draw();
      }),
    ];
  return [el("p", {}, t(room.forgetful() ? "note.install.safari" : "note.install.menu"))];
};
const ofSite = () => [
  el(
    "p",
    { id: "device-offline" },
    t(updates.state.fault ? "note.offline.fault" : updates.state.offline ? "note.offline.ready" : "note.offline.wait"),
  ),
  ...installing(),
  el("p", { id: "device-version" }, t("note.version", { version: updates.site?.version })),
  updates.state.looked && !updates.state.newer
    ? el("p", { role: "status" }, t(`note.newer.${updates.state.looked}`))
    : null,
  button("look-newer", t("note.newer.look"), updates.check),
];
const copying = () => {
  if (!backup.able() || (sync.state.kind !== "plain" && sync.state.kind !== "sealed")) return [];
  if (!backup.state.name) return [button("backup", t("note.backup"), backup.choose)];
  return [
    el("p", { id: "backup-state" }, t("note.backup.to", { name: backup.state.name })),
    button("backup-stop", t("note.backup.stop"), backup.stop),
  ];
};
const keeping = () => {
  const { persisted } = room.state;
  return [
    el("p", { id: "device-kept" }, t(persisted ? "note.persist.yes" : "note.persist.no")),
    persisted || !navigator.storage?.persist ? null : button("persist", t("note.persist.ask"), room.ask),
  ];
};
export const draw = () => {
  const focused = document.activeElement?.id;
  const parts = [
    el("p", {}, t(updates.site ? "note.serves.site" : "note.serves.file")),
    ...(updates.site ? ofSite() : []),
    ...keeping(),
    el("p", { id: "device-room" }, roomWords()),
    ...copying(),
    el("p", { class: "hint" }, t("note.unverified")),
  ];
  holder.replaceChildren(...parts.flatMap((part) => part ?? []));
  if (focused && holder.querySelector(`#${CSS.escape(focused)}`)) byId(focused)?.focus({ preventScroll: true });
};

window.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = /** @type {InstallOffer} */ (event);
  draw();
});
window.addEventListener("appinstalled", () => {
  offer = null;
  room.ask();
  draw();
});
// notes are worth keeping from the first one on
let asked = false;
editor.onChange((record) => {
  if (!updates.site || !record || editor.draft || asked) return;
  asked = true;
  if (!room.state.persisted) room.ask();
});
editor.onChange(() => {
  if (!editor.draft) room.look();
});
let before = "starting";
sync.onChange(({ kind }) => {
  if (kind !== before) draw();
  before = kind;
});
for (const source of [updates, room, backup]) source.onChange(draw);
i18n.onChange(draw);
draw();
room.look();
updates.start(renew);
