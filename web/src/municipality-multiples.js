// every figure as a small map of its own, for paper: made when somebody prints
import * as choropleth from "./choropleth.js";
import { pageData } from "./data.js";
import { byId, el, svg } from "./dom.js";
import { byName } from "./map.js";
import { home } from "./map-base.js";
import { classOf, line, outline, sheetOf } from "./municipality-drawing.js";
import { label, names } from "./municipality-figures.js";
import { rowsOf } from "./municipality-legend.js";

const MARGIN = 0.02;
const { inset } = pageData("municipalities");

/** @typedef {{ sheet: ReturnType<typeof sheetOf>, outlines: string[] }} Drawn */
/** @param {Feature[]} features @param {import("./municipality-drawing.js").Box} box @returns {Drawn} */
const drawnIn = (features, box) => {
  const sheet = sheetOf(box);
  return { sheet, outlines: features.map((feature) => outline(sheet, feature)) };
};

/** @param {string} name @param {Feature[]} features @param {Drawn} drawn */
const drawing = (name, features, { sheet, outlines }) =>
  svg(
    "svg",
    { viewBox: `0 0 ${sheet.width} ${sheet.height}`, "aria-hidden": "true", focusable: "false" },
    ...features.map((feature, index) => svg("path", { d: outlines[index], class: classOf(name, feature) })),
    line(sheet, byName.get("border")?.features ?? []),
  );

/** @param {string} name @param {Feature[]} features @param {Drawn[]} both the whole, and what an inset enlarges */
const multiple = (name, features, both) =>
  el(
    "figure",
    {},
    el("figcaption", {}, label(name)),
    el("div", { class: "multiple" }, ...both.map((drawn) => drawing(name, features, drawn))),
    el("ol", { class: "plain ramp" }, ...rowsOf(name, choropleth.figures[name].classes[choropleth.method()])),
  );

window.addEventListener("beforeprint", () => {
  const wide = home.pad(MARGIN);
  const features = (byName.get("municipalities")?.features ?? []).filter(({ shape }) => shape);
  const both = [drawnIn(features, [wide.getWest(), wide.getSouth(), wide.getEast(), wide.getNorth()])];
  if (inset) both.push(drawnIn(features, inset));
  byId("multiples").replaceChildren(...names.map((name) => multiple(name, features, both)));
});
window.addEventListener("afterprint", () => byId("multiples").replaceChildren());
