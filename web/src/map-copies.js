// what a reader takes along: a link to this view, a citation, a frame for another page, the map as PNG and SVG

import { all, el } from "./dom.js";
import { download } from "./download.js";
import { current, scene } from "./drawing.js";
import { toCanvas, toFile } from "./drawing-svg.js";
import * as i18n from "./i18n.js";
import { has, t } from "./i18n.js";
import { map } from "./map.js";
import { section, shownAt, state } from "./map-state.js";
import { sheetOf } from "./saved-sheet.js";

const { fold, summary, body } = section("share");
const escaped = (/** @type {string} */ text) =>
  text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
const file = () => window.location.pathname.split("/").pop() || "map.html";
const cited = () =>
  [
    [has("map.credit") ? t("map.credit") : null, t("page.own.title")].filter(Boolean).join(": "),
    has("map.licence") ? t("map.licence") : null,
    ...all("[data-source]").map((node) => t(/** @type {string} */ (node.dataset.source))),
    t("own.share.ground"),
  ]
    .filter((part) => part !== null)
    .map((part) => part.trim().replace(/\.$/, ""))
    .join(". ")
    .concat(".");

/** @type {[name: string, text: () => string][]} */
const TEXTS = [
  ["link", () => window.location.href],
  ["cite", cited],
  [
    "embed",
    () =>
      `<iframe src="${escaped(file())}" title="${escaped(t("page.own.title"))}" width="100%" height="640" sandbox="allow-scripts allow-popups allow-downloads"></iframe>`,
  ],
];
const fields = TEXTS.map(([name, text]) => {
  const box = el("textarea", { id: `map-${name}`, rows: 3, readonly: true });
  const label = el("label", { for: box.id });
  const status = el("span", { role: "status", class: "quiet" });
  const copy = el("button", { type: "button", class: "reset" });
  copy.addEventListener("click", async () => {
    box.select();
    try {
      await navigator.clipboard.writeText(box.value);
      status.textContent = t("own.share.copied");
    } catch {
      // a page that may not write to the clipboard leaves the text selected
      status.textContent = t("own.share.selected");
    }
  });
  return {
    name,
    text,
    box,
    label,
    status,
    copy,
    node: el("div", { class: "own-share" }, label, box, el("p", { class: "own-buttons" }, copy, status)),
  };
});

const picture = () =>
  sheetOf(scene(current(), { shows: (layer, feature) => shownAt(layer, feature, state.step) }), state.step);
const name = () => file().replace(/\.html?$/i, "") || "map";
const png = el("button", { type: "button", class: "reset" });
const vector = el("button", { type: "button", class: "reset" });
png.addEventListener("click", () =>
  toCanvas(picture()).toBlob((blob) => {
    if (blob) download(blob, `${name()}.png`, "image/png");
  }),
);
vector.addEventListener("click", () => download(toFile(picture()), `${name()}.svg`, "image/svg+xml"));
body.append(el("p", { class: "own-buttons" }, png, vector), ...fields.map(({ node }) => node));

const fill = () => {
  if (fold.open) for (const { box, text } of fields) box.value = text();
};
const speak = () => {
  summary.textContent = t("own.share");
  png.textContent = t("own.share.png");
  vector.textContent = t("own.share.svg");
  for (const { name: key, label, copy, status } of fields) {
    label.textContent = t(["own.share", key].join("."));
    copy.textContent = t("own.share.copy");
    copy.setAttribute("aria-label", `${t("own.share.copy")}: ${t(["own.share", key].join("."))}`);
    status.textContent = "";
  }
  fill();
};
fold.addEventListener("toggle", fill);
// the address follows the map after this
map.on("moveend tell untell", () => setTimeout(fill));
i18n.onChange(speak);
speak();
