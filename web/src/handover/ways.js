// the ways of a hand-over: a data channel to the desk, a file, codes from screen to camera
import { ask } from "../annotate/dialog.js";
import { el } from "../dom.js";
import { number, t } from "../i18n.js";
import { scan } from "./camera.js";
import * as codes from "./codes.js";
import * as custody from "./custody.js";
import * as frames from "./frames.js";
import * as outgoing from "./outgoing.js";
import * as receipts from "./receipts.js";
import { shareOrSave } from "./saving.js";
import * as signal from "./signal.js";
import { sender } from "./transfer.js";
import * as wire from "./wire.js";

const FRAME_MS = 350;

/** @typedef {import("./sealed.js").StoreCard} StoreCard */
/** @typedef {import("./receipts.js").Receipt} Receipt */

/** @param {string} words */
const tell = (words) =>
  ask({
    title: t("hand.title"),
    body: [el("p", {}, words)],
    buttons: [{ label: t("ui.close"), value: true, main: true, id: "hand-told" }],
  });
// takes a receipt in and says what it says, or why it is none of ours
/** @param {Stated} receipt */
export const takeReceipt = async (receipt) => {
  const fault = await custody.addReceipt(receipt);
  await tell(fault ? t(`hand.receipt.${fault}`) : receipts.sentence(receipt));
  return !fault;
};

// ── to the desk, on one network ──────────────────────────────────────────
/** @param {RTCDataChannel} channel @param {string} fingerprint @param {HTMLElement} status */
const across = async (channel, fingerprint, status) => {
  const card = await wire.cardOver(channel, fingerprint);
  if (!card) return t("hand.link.store");
  await custody.addStore(card);
  const made = await outgoing.prepare(card);
  if (!made) return t("hand.nothing");
  const set = { ...made.set, way: "link" };
  await custody.begin(set);
  /** @type {Set<Stated>} */
  const right = new Set();
  /** @param {Stated} given */
  const verify = async (given) => {
    if ((await receipts.isSigned(given)) && receipts.covered(given, made.set).length) right.add(given);
  };
  const from = sender(made.sealed, wire.PIECE_BYTES, (given) => right.has(given));
  const { state } = from;
  const done = await wire.run(channel, from, verify, () => {
    status.textContent = state.fault
      ? t(state.fault === "receipt" ? "hand.receipt.other" : "hand.link.fault")
      : t("hand.link.step", { at: number(state.arrived), all: number(from.count) });
  });
  // a courier takes all of it and has no receipt to give
  if (!done && state.arrived === from.count) {
    await custody.handedOver(set);
    return t("hand.link.carried");
  }
  if (!done) return t(state.fault === wire.REFUSED ? "hand.link.fault" : "hand.link.cut");
  const fault = await custody.addReceipt(state.receipt);
  return fault ? t(`hand.receipt.${fault}`) : receipts.sentence(state.receipt);
};
export const link = async () => {
  const offer = await scan({
    title: t("hand.link"),
    words: t("hand.link.read"),
    take: async (text) => {
      const read = signal.read(text);
      return read?.kind === "offer" ? read : null;
    },
  });
  if (!offer) return;
  const answered = await signal.answer(offer).catch(() => null);
  if (!answered) {
    await tell(t("hand.link.missing"));
    return;
  }
  const status = el("p", { role: "status", id: "link-status" }, t("hand.link.waiting"));
  const text = el("textarea", { id: "answer-text", rows: 3, readonly: true });
  text.value = answered.text;
  answered.channel
    .then((channel) => across(channel, offer.store, status))
    // a disk that is full, for one: what is at home stays there, and the desk gives the receipt again
    .catch(() => t("hand.link.broke"))
    .then((words) => {
      status.textContent = words;
    });
  await ask({
    title: t("hand.link"),
    wide: true,
    body: [
      el("p", {}, t("hand.link.show")),
      codes.picture(answered.text, t("hand.link.answer")),
      status,
      el("div", { class: "field" }, el("label", { for: "answer-text" }, t("hand.code.text")), text),
    ],
    buttons: [{ label: t("ui.close"), value: true, main: true, id: "link-close" }],
  });
  answered.peer.close();
};

// ── as a file ────────────────────────────────────────────────────────────
/** @param {StoreCard} card */
export const file = async (card) => {
  const made = await outgoing.prepare(card);
  if (!made) {
    await tell(t("hand.nothing"));
    return;
  }
  const name = `notes-${made.set.id.slice(0, 8)}.atlashandover`;
  const packed = new File([made.sealed], name, { type: "application/octet-stream" });
  if (!(await shareOrSave(packed))) return;
  await custody.handedOver({ ...made.set, way: "file" });
  await tell(t("hand.file.done", { notes: number(made.notes), name }));
};
// ── from screen to camera ────────────────────────────────────────────────
/** @param {StoreCard} card */
export const screen = async (card) => {
  const made = await outgoing.prepare(card);
  if (!made) {
    await tell(t("hand.nothing"));
    return;
  }
  if (made.notes > frames.MOST_NOTES || made.sealed.length > frames.MOST_BYTES) {
    // the way that always works is one tap away
    const next = await ask({
      title: t("hand.codes"),
      body: [el("p", {}, t("hand.codes.large", { most: number(frames.MOST_NOTES) }))],
      buttons: [
        { label: t("ui.close"), value: null },
        { label: t("hand.file"), value: true, main: true, id: "codes-file" },
      ],
    });
    if (next) await file(card);
    return;
  }
  const set = { ...made.set, way: "codes" };
  await custody.begin(set);
  const from = sender(made.sealed, frames.PIECE_BYTES, () => true);
  const canvas = el("canvas", { class: "code", role: "img", "aria-label": t("hand.codes") });
  const status = el("p", { role: "status", class: "hint" });
  let at = -1;
  const show = () => {
    at = (at + 1) % from.count;
    codes.draw(canvas, frames.written(from.piece(at), from.count));
    status.textContent = t("hand.codes.step", { at: number(at + 1), all: number(from.count) });
  };
  show();
  const timer = setInterval(show, FRAME_MS);
  const next = await ask({
    title: t("hand.codes"),
    wide: true,
    body: [el("p", {}, t("hand.codes.show")), canvas, status],
    buttons: [
      { label: t("note.cancel"), value: null },
      { label: t("hand.codes.receipt"), value: true, main: true, id: "codes-receipt" },
    ],
  });
  clearInterval(timer);
  if (!next) return;
  await custody.handedOver(set);
  await readReceipt();
};
export const readReceipt = async () => {
  const receipt = await scan({
    title: t("hand.receipt.scan"),
    words: t("hand.receipt.read"),
    take: async (text) => {
      const read = JSON.parse(text);
      return read?.format === "atlas-field-receipt" ? read : null;
    },
  });
  if (receipt) await takeReceipt(receipt);
};
