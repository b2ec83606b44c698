// an export that repeats itself: after every change a sealed file at the place that the person chose
import { el } from "../dom.js";
import { t } from "../i18n.js";
import { ask, secret } from "./dialog.js";
import * as exporter from "./exporter.js";
import * as notebook from "./notebook.js";
import * as protect from "./protect.js";
import * as storage from "./storage.js";
import * as sync from "./sync.js";
import * as vault from "./vault.js";

const WAIT_MS = 1500;
const LETTER = "letter";
/** @type {{ name: string | null, at: Date | null, asks: boolean, fault: boolean }} */
export const state = { name: null, at: null, asks: false, fault: false };
/** @type {(() => void)[]} */
const listeners = [];
/** @type {ChosenPlace | null} */
let place = null;
/** @type {LetterKey | null} */
let letter = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;

export const able = () => "showSaveFilePicker" in window;
const tell = () => {
  for (const listener of listeners) listener();
};
const open = () => sync.state.kind === "plain" || sync.state.kind === "sealed";
/** @type {<T>(work: () => Promise<T>) => Promise<T>} windows write one after the other */
const alone = (work) => (navigator.locks ? navigator.locks.request("atlas-notes-backup", work) : work());

const write = async () => {
  const to = place;
  if (!to || !letter || !open() || !notebook.all().length) return;
  if ((await to.queryPermission?.({ mode: "readwrite" })) === "prompt") {
    state.asks = true;
    tell();
    return;
  }
  const at = new Date();
  try {
    const text = JSON.stringify(await vault.sealLetter(letter, await exporter.geojson(notebook.all())));
    // locked meanwhile: then nothing was left to write
    if (!open()) return;
    await alone(async () => {
      const stream = await to.createWritable();
      await stream.write(text);
      await stream.close();
    });
    Object.assign(state, { at, asks: false, fault: false });
    await sync.set({ exported: at.toISOString() });
  } catch {
    state.fault = true;
  }
  tell();
};
const soon = () => {
  clearTimeout(waiting);
  if (place && letter) waiting = setTimeout(write, WAIT_MS);
};
const remember = async () => {
  place = open() ? await storage.place().catch(() => null) : null;
  letter = place ? await storage.setting(LETTER).catch(() => null) : null;
  Object.assign(state, { name: place?.name ?? null, at: null, asks: false, fault: false });
  tell();
  soon();
};
/** @param {string} word @returns {Promise<string | null>} a fault to show, or nothing */
const take = async (word) => {
  let chosen;
  try {
    chosen = await /** @type {{ showSaveFilePicker(options: object): Promise<ChosenPlace> }} */ (
      /** @type {unknown} */ (window)
    ).showSaveFilePicker({ suggestedName: exporter.fileName("atlasnotes") });
  } catch {
    return t("note.backup.unchosen");
  }
  try {
    const made = await vault.letterKey(word);
    await storage.put("meta", LETTER, made);
    await storage.setPlace(chosen);
    [place, letter, state.name] = [chosen, made, chosen.name];
  } catch {
    return t("note.backup.fault");
  }
  await write();
  return state.fault ? t("note.backup.fault") : null;
};
export const choose = async () => {
  const first = secret("backup-secret", t("note.secret"), { fresh: true, hint: t("note.export.secret.hint") });
  const again = secret("backup-again", t("note.secret.again"));
  await ask({
    title: t("note.backup"),
    body: [el("p", {}, t("note.backup.body")), first.box, again.box],
    buttons: [
      { label: t("note.cancel"), value: null },
      {
        label: t("note.backup.choose"),
        value: true,
        main: true,
        id: "backup-yes",
        check: async () => protect.weak(first.input.value, again.input.value) ?? (await take(first.input.value)),
      },
    ],
  });
};
// a browser forgets its leave when it is closed, and gives it again only after a tap
export const goOn = async () => {
  await place?.requestPermission?.({ mode: "readwrite" });
  state.asks = false;
  await write();
};
export const stop = async () => {
  await storage.setPlace(null);
  await storage.remove("meta", LETTER).catch(() => {});
  await remember();
};

notebook.onChange(soon);
let before = "starting";
sync.onChange(({ kind }) => {
  if (kind === before) return;
  before = kind;
  remember();
});
/** @param {() => void} listener */
export const onChange = (listener) => listeners.push(listener);
