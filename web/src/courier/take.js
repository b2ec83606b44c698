// from another phone to this one: over a data channel, from codes before the camera; the phone's page sees a desk without receipts
import { ask } from "../annotate/dialog.js";
import { el } from "../dom.js";
import { arrival } from "../handover/arrival.js";
import * as codes from "../handover/codes.js";
import * as frames from "../handover/frames.js";
import { cardOf } from "../handover/sealed.js";
import { receiver } from "../handover/transfer.js";
import { number, t } from "../i18n.js";
import * as kept from "./kept.js";

/** @typedef {import("../handover/transfer.js").Message} Message */

// what a phone is answered: pieces are asked for, and a set that is whole is on the disk before it is said to be here
/** @param {(words: string) => void} tell */
const desk = (tell) => {
  const machine = receiver();
  for (const { id, receipt } of kept.all()) if (receipt) machine.settle(id, receipt);
  /** @param {Stated} message @returns {Promise<Message[]>} */
  return async (message) => {
    if (message?.kind === "hello")
      return /** @type {Message[]} */ ([{ kind: "card", set: "", card: kept.storeCard() }]);
    const { answers, whole } = machine.receive(message);
    if (!whole) return answers;
    try {
      if (!(await kept.add(new Uint8Array(whole)))) return machine.refuse(message.set, "refused");
    } catch {
      tell(t("courier.full"));
      return machine.refuse(message.set, "failed");
    }
    tell(t("courier.taken", { kb: number(Math.ceil(whole.length / 1000)) }));
    return answers;
  };
};
/** @param {RTCDataChannel} channel @param {(words: string) => void} tell */
const serve = (channel, tell) => {
  const take = desk(tell);
  // one after the other: the disk is slower than the channel
  let last = Promise.resolve();
  channel.addEventListener("open", () => tell(t("desk.link.open")));
  channel.addEventListener("message", ({ data }) => {
    last = last.then(async () => {
      /** @type {Stated} */
      let message = null;
      try {
        message = JSON.parse(data);
      } catch {
        return;
      }
      for (const answer of await take(message)) if (channel.readyState === "open") channel.send(JSON.stringify(answer));
    });
  });
};

export const open = async () => {
  const fingerprint = (await cardOf(kept.storeCard()))?.fingerprint ?? "";
  const status = el("p", { role: "status", id: "take-status" }, t("hand.camera.asking"));
  /** @param {string} words */
  const tell = (words) => {
    status.textContent = words;
  };
  const place = el("div", { id: "take-code" });
  const way = arrival("courier.take.code", place);
  const fromCodes = desk(tell);
  /** @type {string | null} */
  let done = null;
  const watching = codes.watch(way.video, async (text) => {
    const pieces = frames.read(text);
    if (!pieces.length) await way.answer(text);
    else if (pieces[0].set !== done) {
      tell(t("desk.codes.step", { at: number(pieces[1].n + 1), all: number(Number(pieces[0].count)) }));
      for (const piece of pieces) await fromCodes(piece);
      if (kept.all().some(({ id }) => id === pieces[0].set)) {
        done = pieces[0].set;
        tell(t("courier.codes.taken"));
      }
    }
  });
  const begin = async () => {
    const { link, camera } = await way.offer(watching, fingerprint);
    if (!link) {
      tell(t("hand.link.missing"));
      return;
    }
    serve(link.channel, tell);
    way.show();
    if (!done) tell(t(camera ? "courier.take.waiting" : "courier.take.nocamera"));
  };
  begin();
  way.answered.addEventListener("input", () => way.answer(way.answered.value.trim()));
  await ask({
    title: t("courier.take"),
    wide: true,
    body: [el("p", {}, t("courier.take.words")), place, status, way.video, way.texts()],
    buttons: [{ label: t("ui.close"), value: true, main: true, id: "take-close" }],
  });
  await way.close(watching);
};
