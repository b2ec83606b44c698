// the courier: carries sealed notes of other phones to the desk, and the receipts back; it can read neither
import { ask } from "../annotate/dialog.js";
import { byId, el } from "../dom.js";
import * as frame from "../frame.js";
import { scan } from "../handover/camera.js";
import * as codes from "../handover/codes.js";
import { saveReceipt, shareOrSave } from "../handover/saving.js";
import { cardOf, shown } from "../handover/sealed.js";
import * as i18n from "../i18n.js";
import { number, t } from "../i18n.js";
import * as give from "./give.js";
import * as kept from "./kept.js";
import * as take from "./take.js";

const holder = byId("courier");
const status = byId("courier-status");
/** @typedef {import("./kept.js").Carried} Carried */

/** @param {string} words @param {boolean} [wrong] */
const tell = (words, wrong = false) => {
  status.textContent = words;
  status.classList.toggle("fault", wrong);
};
/** @param {string} id @param {string} key @param {() => unknown} act @param {boolean} [main] */
const button = (id, key, act, main = false) =>
  el("button", { type: "button", class: main ? "big primary" : "big", id, onclick: act }, t(key));
const readCard = async () => {
  const card = await scan({ title: t("hand.store.add"), words: t("hand.store.read"), take: kept.codeOf });
  if (card) await kept.keepCard(card);
};
/** @param {File[]} files */
const opened = async (files) => {
  const words = [];
  let wrong = false;
  for (const file of files) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (await kept.add(bytes)) words.push(t("courier.taken", { kb: number(Math.ceil(bytes.length / 1000)) }));
    else {
      const receipt = await new Blob([bytes])
        .text()
        .then(JSON.parse)
        .catch(() => null);
      const fault = receipt ? await kept.addReceipt(receipt) : "courier.file.other";
      wrong ||= fault !== null;
      words.push(t(fault ?? "courier.receipt.taken", { name: file.name }));
    }
  }
  tell(words.join(" "), wrong);
};
/** @param {Carried} one */
const dropped = async (one) => {
  const sure = await ask({
    title: t("courier.drop"),
    body: [
      el("p", { class: one.receipt ? "" : "warning" }, t(one.receipt ? "courier.drop.home" : "courier.drop.here")),
    ],
    buttons: [
      { label: t("note.cancel"), value: null },
      {
        label: t("courier.drop"),
        value: true,
        main: true,
        class: one.receipt ? "big primary" : "big danger",
        id: "drop",
      },
    ],
  });
  if (sure) await kept.drop(one.id);
};
/** @param {import("../handover/receipts.js").Receipt} receipt */
const showReceipt = (receipt) =>
  ask({
    title: t("desk.receipt"),
    wide: true,
    body: [
      el("p", {}, t("courier.receipt.show")),
      codes.picture(JSON.stringify({ ...receipt, ids: [] }), t("desk.receipt")),
    ],
    buttons: [{ label: t("ui.close"), value: true, main: true, id: "receipt-close" }],
  });
/** @param {Carried} one */
const row = (one) => {
  const name = `notes-${one.id.slice(0, 8)}`;
  const { receipt } = one;
  const whole = receipt && receipt.body.notes === receipt.body.of;
  return el(
    "li",
    {},
    el("p", {}, el("bdi", {}, name), ` · ${number(Math.ceil(one.bytes.length / 1000))} kB`),
    el(
      "p",
      { class: "quiet" },
      receipt
        ? t("hand.receipt.says", {
            notes: number(receipt.body.notes),
            of: number(receipt.body.of),
            store: receipt.body.store,
            digest: receipt.body.changes_digest.slice(0, 12),
          })
        : t("courier.waiting", { store: shown(one.fingerprint) }),
    ),
    ...(receipt
      ? [
          ...(whole ? [button(`show-${one.id.slice(0, 8)}`, "desk.receipt", () => showReceipt(receipt))] : []),
          button(`save-${one.id.slice(0, 8)}`, "hand.receipt.save", () => saveReceipt(receipt)),
        ]
      : [
          button(`file-${one.id.slice(0, 8)}`, "courier.file", () =>
            shareOrSave(new File([one.bytes], `${name}.atlashandover`, { type: "application/octet-stream" })),
          ),
        ]),
    button(`drop-${one.id.slice(0, 8)}`, "courier.drop", () => dropped(one)),
  );
};
const draw = async () => {
  const card = await cardOf(kept.storeCard());
  const files = el("input", { type: "file", id: "courier-files", multiple: true });
  files.addEventListener("change", async () => {
    const given = [...(files.files ?? [])];
    files.value = "";
    await opened(given).catch(() => tell(t("courier.full"), true));
  });
  const sets = kept.all();
  holder.replaceChildren(
    card
      ? el("p", { class: "quiet" }, t("courier.for"), " ", el("code", {}, shown(card.fingerprint)))
      : el("p", { class: "hint" }, t("courier.none")),
    button("read-card", "hand.store.add", readCard, !card),
    ...(card ? [button("take", "courier.take", take.open, true)] : []),
    ...(sets.length ? [button("give", "courier.give", give.link, true)] : []),
    el(
      "div",
      { class: "field" },
      el("label", { for: "courier-files" }, t("courier.files")),
      el("div", { class: "pick" }, files, el("span", { "aria-hidden": "true" }, t("note.pick"))),
    ),
    el("h2", {}, t("courier.carried", { count: number(sets.length) })),
    el("ul", { class: "plain", id: "carried" }, ...sets.map(row)),
  );
};
kept.onChange(draw);
i18n.onChange(draw);
frame.start();
kept.start().catch(() => tell(t("courier.keepsnothing"), true));
