// the hand-over in the page of notes: which store, by which way, and what has come home
import { ask } from "../annotate/dialog.js";
import * as notebook from "../annotate/notebook.js";
import * as sync from "../annotate/sync.js";
import { byId, el } from "../dom.js";
import * as i18n from "../i18n.js";
import { number, t } from "../i18n.js";
import { scan } from "./camera.js";
import * as codes from "./codes.js";
import * as custody from "./custody.js";
import * as outgoing from "./outgoing.js";
import * as receipts from "./receipts.js";
import { saveReceipt } from "./saving.js";
import { cardOf, shown } from "./sealed.js";
import * as signal from "./signal.js";
import * as ways from "./ways.js";

const holder = byId("handover");

/** @param {string} id @param {string} key @param {() => unknown} act */
const button = (id, key, act) => el("button", { type: "button", class: "big", id, onclick: act }, t(key));

const addStore = async () => {
  const card = await scan({ title: t("hand.store.add"), words: t("hand.store.read"), take: cardOf });
  if (!card) return;
  const same = await ask({
    title: t("hand.store.same"),
    body: [
      el("p", {}, t("hand.store.compare")),
      el("p", { class: "fingerprint" }, el("code", {}, shown(card.fingerprint))),
    ],
    buttons: [
      { label: t("note.cancel"), value: null },
      { label: t("hand.store.yes"), value: true, main: true, id: "store-yes" },
    ],
  });
  if (same) await custody.addStore(card);
};
const openReceipt = async () => {
  const [file] = input.files ?? [];
  input.value = "";
  if (!file) return;
  const receipt = await file
    .text()
    .then(JSON.parse)
    .catch(() => null);
  await ways.takeReceipt(receipt);
};
const input = el("input", {
  type: "file",
  id: "receipt-file",
  accept: ".atlasreceipt,.json,application/json",
  onchange: openReceipt,
});

const offered = () => {
  const [card] = custody.stores();
  const linked = signal.available();
  return [
    linked ? button("hand-link", "hand.link", ways.link) : el("p", { class: "hint" }, t("hand.link.missing")),
    ...(card
      ? [
          el(
            "p",
            { class: "quiet" },
            t("hand.store.known"),
            " ",
            el("code", {}, shown(card.fingerprint)),
            " ",
            el("button", { type: "button", onclick: () => custody.dropStore(card.fingerprint) }, t("hand.store.drop")),
          ),
          button("hand-file", "hand.file", () => ways.file(card)),
          button("hand-codes", "hand.codes", () => ways.screen(card)),
        ]
      : [el("p", { class: "hint" }, t("hand.store.none")), button("hand-store", "hand.store.add", addStore)]),
  ];
};
const given = () =>
  custody.given().length
    ? [
        el(
          "ul",
          { class: "plain receipts" },
          ...custody
            .given()
            .toReversed()
            .map(({ receipt }) =>
              el(
                "li",
                {},
                el("bdi", {}, receipts.sentence(receipt)),
                " ",
                el("button", { type: "button", onclick: () => saveReceipt(receipt) }, t("hand.receipt.save")),
              ),
            ),
        ),
      ]
    : [];
const draw = () => {
  const { kind } = sync.state;
  const busy = kind === "locked" || kind === "starting";
  holder.hidden = busy || !globalThis.crypto?.subtle;
  if (holder.hidden) {
    holder.replaceChildren();
    return;
  }
  const { here, sent, home } = custody.counts();
  holder.replaceChildren(
    el("h3", {}, t("hand.title")),
    el(
      "p",
      { id: "hand-counts", role: "status" },
      t("hand.counts", { here: number(here), sent: number(sent), home: number(home) }),
    ),
    ...offered(),
    ...given(),
    el(
      "div",
      { class: "field" },
      el("label", { for: "receipt-file" }, t("hand.receipt.open")),
      el("div", { class: "pick" }, input, el("span", { "aria-hidden": "true" }, t("note.pick"))),
    ),
    codes.hasCamera() ? button("receipt-scan", "hand.receipt.scan", ways.readReceipt) : "",
  );
};
let asked = 0;
const later = () => {
  cancelAnimationFrame(asked);
  asked = requestAnimationFrame(draw);
};
sync.onChange(({ kind }) => {
  if (kind === "locked") outgoing.forget();
  later();
});
custody.onChange(later);
notebook.onChange(later);
i18n.onChange(later);
