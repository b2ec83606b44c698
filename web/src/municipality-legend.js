// the legend of the figure that the reader chose, beside the map and on it
import * as choropleth from "./choropleth.js";
import { byId, el, svg } from "./dom.js";
import { number, percent, t } from "./i18n.js";
import { map } from "./map.js";
import { label, measured, plain } from "./municipality-figures.js";

/** @param {number} index */
export const swatch = (index) =>
  svg(
    "svg",
    { viewBox: "0 0 30 16", width: 30, height: 16, class: "swatch", "aria-hidden": "true", focusable: "false" },
    svg("rect", { x: 1, y: 1, width: 28, height: 14, class: `class-${index + 1}` }),
  );
/** @param {string} name @param {[low: number, high: number]} given */
const range = (name, [low, high]) =>
  low === high ? measured(name, low) : t("municipalities.range", { low: plain(name, low), high: measured(name, high) });
/** @param {string} name @param {{ ranges: [number, number][], counts: number[] }} classes */
export const rowsOf = (name, { ranges, counts }) =>
  ranges.map((one, index) =>
    el(
      "li",
      {},
      swatch(index),
      el("span", {}, range(name, one)),
      el("span", { class: "count" }, t("municipalities.count", { count: number(counts[index]) })),
    ),
  );
/** @param {string} name */
const rows = (name) => rowsOf(name, choropleth.classes());
const box = el("div", { class: "map-key", "aria-hidden": "true" });
const Key = L.Control.extend({ onAdd: () => box });
new Key({ position: "topleft" }).addTo(map);
export const legend = () => {
  const name = choropleth.figure();
  const classes = choropleth.classes();
  byId("key-title").textContent = label(name);
  byId("key").replaceChildren(...rows(name));
  box.replaceChildren(el("strong", {}, label(name)), el("ol", { class: "plain" }, ...rows(name)));
  byId("key-method").textContent = t(`municipalities.classes.${choropleth.method()}`, {
    count: number(classes.ranges.length),
    fit: percent(classes.fit),
  });
  byId("key-note").textContent = t(`municipalities.note.${name}`);
};
