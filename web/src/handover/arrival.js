// where notes come in, at the desk and at a courier alike: a camera that reads codes, an offer as a code, its answer as a code or text
import { el } from "../dom.js";
import { t } from "../i18n.js";
import * as codes from "./codes.js";
import * as signal from "./signal.js";

/** @typedef {Awaited<ReturnType<typeof codes.watch>>} Stop ends the camera; null without one */

/** @param {string} label what the code of the offer is called @param {HTMLElement} place where it is shown */
export const arrival = (label, place) => {
  const video = el("video", { class: "camera", hidden: true, "aria-label": t("hand.camera") });
  const offered = el("textarea", { id: "offer-text", rows: 3, readonly: true });
  const answered = el("textarea", { id: "answer-text", rows: 3, autocomplete: "off", spellcheck: "false" });
  /** @type {Awaited<ReturnType<typeof signal.offer>> | null} */
  let link = null;
  return {
    video,
    answered,
    // takes a text for the answer to this offer; whether it was, and the channel is still on its way
    /** @param {string} text */
    answer: async (text) => {
      if (link?.peer.signalingState !== "have-local-offer") return false;
      const right = await link.take(text).catch(() => false);
      return Boolean(right) && link.channel.readyState === "connecting";
    },
    // the camera first: only then do pages give addresses that every hotspot resolves
    /** @param {Promise<Stop>} watching @param {string} fingerprint */
    offer: async (watching, fingerprint) => {
      const stop = await watching;
      video.hidden = !stop;
      link = signal.available() ? await signal.offer(fingerprint).catch(() => null) : null;
      return { link, camera: Boolean(stop) };
    },
    show: () => {
      if (!link) return;
      offered.value = link.text;
      place.replaceChildren(codes.picture(link.text, t(label)));
    },
    // the same as texts, for a machine without a camera
    /** @param {HTMLElement[]} more */
    texts: (...more) =>
      el(
        "details",
        { class: "fold" },
        el("summary", {}, t("desk.receive.texts")),
        el("div", { class: "field" }, el("label", { for: "offer-text" }, t(label)), offered),
        el("div", { class: "field" }, el("label", { for: "answer-text" }, t("desk.link.answer")), answered),
        ...more,
      ),
    /** @param {Promise<Stop>} watching */
    close: async (watching) => {
      link?.peer.close();
      (await watching)?.();
    },
  };
};
