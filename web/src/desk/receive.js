// notes that come in at the desk: over a data channel, from codes before the camera, or as a file; and the receipt for them
import { ask } from "../annotate/dialog.js";
import { el } from "../dom.js";
import { arrival } from "../handover/arrival.js";
import * as codes from "../handover/codes.js";
import * as frames from "../handover/frames.js";
import * as receipts from "../handover/receipts.js";
import { save } from "../handover/saving.js";
import { shown } from "../handover/sealed.js";
import { number, t } from "../i18n.js";
import * as api from "./api.js";

/** @type {() => Promise<void>} */
let reload = async () => {};

/** @typedef {{ status: HTMLElement, place: HTMLElement, taken: Set<string> }} Arrivals what is shown, and the sets that are in */

/** @param {Stated[]} events @param {Arrivals} arrivals */
const tell = (events, { status, place, taken }) => {
  for (const { set, body, fault, kind, detail, aside = [], receipt } of events) {
    status.textContent = fault ? api.refusal(200, { fault: kind, error: fault, detail }) : receipts.sentence({ body });
    if (aside.length)
      status.append(el("span", { class: "row-foot" }, t("desk.aside", { count: number(aside.length) })));
    for (const one of aside) status.append(el("span", { class: "row-foot" }, one));
    // small enough for a code: a phone knows the ids itself
    if (receipt) place.replaceChildren(codes.picture(JSON.stringify(receipt), t("desk.receipt")));
    if (fault) continue;
    taken.add(set);
    reload();
  }
};
// messages go to the store's own process, which has the key, and its answers go back; one after the other
/** @param {(messages: Stated[]) => void} answer @param {(events: Stated[]) => void} onEvents */
const relay = (answer, onEvents) => {
  /** @type {Stated[]} */
  let waiting = [];
  let busy = false;
  const pump = async () => {
    if (busy) return;
    busy = true;
    try {
      while (waiting.length) {
        const batch = waiting.splice(0, 64);
        const { status, body } = await api.post("/api/handover", { messages: batch });
        const why = status === 403 ? "closed" : "unreachable";
        // who sent them has to know that they did not arrive, and sends them again
        const sets = new Set(batch.flatMap((message) => message?.set ?? []));
        const { messages, events } =
          status === 200
            ? body
            : {
                messages: [...sets].map((set) => ({ kind: "fault", set, why })),
                events: [{ fault: api.refusal(status, body) }],
              };
        answer(messages);
        onEvents(events);
      }
    } finally {
      busy = false;
    }
  };
  /** @param {Stated[]} messages */
  return (messages) => {
    waiting = [...waiting, ...messages];
    pump();
  };
};
/** @param {RTCDataChannel} channel @param {Arrivals} arrivals */
const serve = (channel, arrivals) => {
  const take = relay(
    (messages) => {
      for (const message of messages) if (channel.readyState === "open") channel.send(JSON.stringify(message));
    },
    (events) => tell(events, arrivals),
  );
  channel.addEventListener("open", () => {
    arrivals.status.textContent = t("desk.link.open");
  });
  channel.addEventListener("message", ({ data }) => {
    try {
      take([JSON.parse(data)]);
    } catch {
      /* no message */
    }
  });
};
export const open = async () => {
  const { status: code, body: key } = await api.get("/api/key");
  if (code !== 200) {
    await ask({
      title: t("desk.receive"),
      body: [el("p", { class: "fault", role: "alert" }, api.refusal(code))],
      buttons: [{ label: t("ui.close"), value: true, main: true }],
    });
    return;
  }
  const status = el("p", { role: "status", id: "receive-status" }, t("hand.camera.asking"));
  const place = el("div", { id: "receive-code" });
  /** @type {Arrivals} */
  const arrivals = { status, place, taken: new Set() };
  const way = arrival("desk.link.offer", place);
  const card = el("textarea", { id: "card-text", rows: 3, readonly: true });
  card.value = key.card;
  const file = el("input", { type: "file", id: "receive-file", accept: ".atlashandover" });
  file.addEventListener("change", async () => {
    const [given] = file.files ?? [];
    file.value = "";
    if (!given) return;
    const { status: done, body } = await api.send("/api/handover/file", given);
    if (done !== 200) status.textContent = api.refusal(done, body);
    else {
      tell(body.events, arrivals);
      const name = given.name.replace(/\.atlashandover$/, "");
      save(new File([JSON.stringify(body.receipt, null, 1)], `${name}.atlasreceipt`, { type: "application/json" }));
    }
  });
  /** @param {string} text */
  const answer = async (text) => {
    if (await way.answer(text)) status.textContent = t("desk.link.connecting");
  };
  const fromCodes = relay(
    () => {},
    (events) => tell(events, arrivals),
  );
  const watching = codes.watch(way.video, async (text) => {
    const pieces = frames.read(text);
    if (pieces.length) {
      // the phone goes on showing its codes when all have been read: what came of them stays
      if (arrivals.taken.has(pieces[0].set)) return;
      status.textContent = t("desk.codes.step", { at: pieces[1].n + 1, all: pieces[0].count });
      fromCodes(pieces);
    } else await answer(text);
  });
  const begin = async () => {
    const { link, camera } = await way.offer(watching, key.fingerprint);
    // a file may have come first, and what came of it stays
    if (arrivals.taken.size) return;
    if (!link) {
      status.textContent = t("hand.link.missing");
      return;
    }
    serve(link.channel, arrivals);
    way.show();
    status.textContent = t(camera ? "desk.link.waiting" : "desk.link.nocamera");
  };
  begin();
  way.answered.addEventListener("input", () => answer(way.answered.value.trim()));
  await ask({
    title: t("desk.receive"),
    wide: true,
    body: [
      el("p", {}, t("desk.receive.words")),
      el("p", { class: "fingerprint" }, t("desk.fingerprint"), " ", el("code", {}, shown(key.fingerprint))),
      place,
      status,
      way.video,
      way.texts(
        el("div", { class: "field" }, el("label", { for: "card-text" }, t("desk.card")), card),
        el(
          "button",
          {
            type: "button",
            class: "big",
            id: "show-card",
            onclick: () => place.replaceChildren(codes.picture(key.card, t("desk.card"))),
          },
          t("desk.card.show"),
        ),
      ),
      el(
        "div",
        { class: "field" },
        el("label", { for: "receive-file" }, t("desk.receive.file")),
        el("div", { class: "pick" }, file, el("span", { "aria-hidden": "true" }, t("note.pick"))),
      ),
    ],
    buttons: [{ label: t("ui.close"), value: true, main: true, id: "receive-close" }],
  });
  await way.close(watching);
};
/** @param {() => Promise<void>} listener */
export const onTaken = (listener) => {
  reload = listener;
};
