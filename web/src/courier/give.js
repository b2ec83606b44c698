// from this phone on: to the desk or the next courier over a data channel, or as a file; what comes back are receipts
import { ask } from "../annotate/dialog.js";
import { el } from "../dom.js";
import { scan } from "../handover/camera.js";
import * as codes from "../handover/codes.js";
import * as receipts from "../handover/receipts.js";
import * as signal from "../handover/signal.js";
import { sender } from "../handover/transfer.js";
import * as wire from "../handover/wire.js";
import { number, t } from "../i18n.js";
import * as kept from "./kept.js";

/** @param {RTCDataChannel} channel @param {string} fingerprint @param {(words: string) => void} tell */
const across = async (channel, fingerprint, tell) => {
  if (!(await wire.cardOver(channel, fingerprint))) return t("hand.link.store");
  const waiting = kept.all().filter((one) => one.fingerprint === fingerprint && !one.receipt);
  let home = 0;
  for (const [at, one] of waiting.entries()) {
    /** @type {Set<Stated>} */
    const right = new Set();
    /** @param {Stated} given */
    const verify = async (given) => {
      if (given?.body?.set === one.id && given.body.fingerprint === fingerprint && (await receipts.isSigned(given)))
        right.add(given);
    };
    const from = sender(one.bytes, wire.PIECE_BYTES, (given) => right.has(given));
    const done = await wire.run(channel, from, verify, () =>
      tell(t("courier.give.step", { at: number(at + 1), all: number(waiting.length) })),
    );
    if (done) {
      await kept.addReceipt(from.state.receipt);
      home += 1;
    } else if (channel.readyState !== "open")
      return t(from.state.arrived === from.count ? "hand.link.carried" : "hand.link.cut");
  }
  return t(home === waiting.length ? "courier.give.done" : "courier.give.some", {
    home: number(home),
    all: number(waiting.length),
  });
};
export const link = async () => {
  const offer = await scan({
    title: t("courier.give"),
    words: t("hand.link.read"),
    take: async (text) => {
      const read = signal.read(text);
      return read?.kind === "offer" ? read : null;
    },
  });
  if (!offer) return;
  const status = el("p", { role: "status", id: "give-status" }, t("hand.link.waiting"));
  /** @param {string} words */
  const tell = (words) => {
    status.textContent = words;
  };
  const any = kept.all().some((one) => one.fingerprint === offer.store && !one.receipt);
  const answered = any ? await signal.answer(offer).catch(() => null) : null;
  const text = el("textarea", { id: "answer-text", rows: 3, readonly: true });
  text.value = answered?.text ?? "";
  if (answered)
    answered.channel
      .then((channel) => across(channel, offer.store, tell))
      .catch(() => t("hand.link.broke"))
      .then(tell);
  else tell(t(any ? "hand.link.missing" : "courier.give.nothing"));
  await ask({
    title: t("courier.give"),
    wide: true,
    body: answered
      ? [
          el("p", {}, t("hand.link.show")),
          codes.picture(answered.text, t("hand.link.answer")),
          status,
          el("div", { class: "field" }, el("label", { for: "answer-text" }, t("hand.code.text")), text),
        ]
      : [status],
    buttons: [{ label: t("ui.close"), value: true, main: true, id: "give-close" }],
  });
  answered?.peer.close();
};
