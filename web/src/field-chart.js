// how the values of a field are spread, beside the map: bars of its classes, of equal steps, or of its words
import * as details from "./details.js";
import { el, svg } from "./dom.js";
import * as i18n from "./i18n.js";
import { number, t, written } from "./i18n.js";
import { index, onChange, portrayal, section, userLayers } from "./map-state.js";

const STEPS = 8;
const MOST = 12;
const WIDE = 150;

/** @typedef {{ text: string, count: number, colour?: string }} Bar */

/** @param {Layer} layer @param {Feature[]} left @returns {Bar[]} */
const ofClasses = (layer, left) => {
  const made = /** @type {Portrayal} */ (portrayal(layer));
  return made.classes.map(([colour, , , empty], at) => ({
    text: t(`map.${layer.name}.class.${at}`),
    count: left.filter((feature) => made.of[index(feature)] === at).length,
    colour: empty ? "#b0b0b0" : colour,
  }));
};
/** @param {number} value */
const plain = (value) => number(value, { maximumSignificantDigits: 4, useGrouping: Math.abs(value) >= 10000 });
/** @param {number[]} values @returns {Bar[]} */
const ofNumbers = (values) => {
  const [low, high] = values.reduce(([a, b], one) => [Math.min(a, one), Math.max(b, one)], [Infinity, -Infinity]);
  if (low === high) return [{ text: plain(low), count: values.length }];
  const step = (high - low) / STEPS;
  const counts = Array(STEPS).fill(0);
  for (const one of values) counts[Math.min(STEPS - 1, Math.floor((one - low) / step))] += 1;
  return counts.map((count, at) => ({
    text: t("own.chart.span", { low: plain(low + at * step), high: plain(low + (at + 1) * step) }),
    count,
  }));
};
/** @param {string[]} texts @returns {Bar[]} */
const ofWords = (texts) => {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const ordered = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const rest = ordered.slice(MOST).reduce((sum, [, count]) => sum + count, 0);
  return [
    ...ordered.slice(0, MOST).map(([text, count]) => ({ text, count })),
    ...(rest ? [{ text: t("own.chart.other"), count: rest }] : []),
  ];
};
/** @param {Layer} layer @param {string} field @returns {Bar[]} */
const bars = (layer, field) => {
  const left = layer.features.filter((feature) => !feature.hidden);
  if (portrayal(layer)?.field === field && portrayal(layer)?.classes.length) return ofClasses(layer, left);
  const held = left
    .map((feature) => feature.values[field])
    .filter((one) => one !== null && one !== undefined && one !== "");
  const numbers = held.map((one) => Number(written(one)));
  const gaps = left.length - held.length;
  const made = held.length && numbers.every(Number.isFinite) ? ofNumbers(numbers) : ofWords(held.map(written));
  return [...made, ...(gaps ? [{ text: t("own.chart.none"), count: gaps, colour: "#b0b0b0" }] : [])];
};
/** @param {Bar} bar @param {number} most */
const row = ({ text, count, colour }, most) =>
  el(
    "li",
    {},
    el("span", { class: "own-bar-text" }, el("bdi", {}, text)),
    svg(
      "svg",
      { width: WIDE, height: 14, viewBox: `0 0 ${WIDE} 14`, "aria-hidden": "true", focusable: "false" },
      svg("rect", {
        x: 0.5,
        y: 1.5,
        width: Math.max(count ? 1 : 0, (count / most) * (WIDE - 1)),
        height: 11,
        ...(colour ? { fill: colour, stroke: "#6b6b6b", "stroke-width": 0.6 } : { class: "own-bar" }),
      }),
    ),
    el("span", { class: "own-bar-count" }, number(count)),
  );

/** @param {Layer} layer @returns {string[]} */
const fieldsOf = (layer) => {
  const made = portrayal(layer);
  const named = layer.fields.map(([name]) => name);
  const first = made?.field && named.includes(made.field) ? [made.field] : [];
  return [...new Set([...first, ...named])];
};

const start = () => {
  const { fold, summary, body } = section("chart");
  const label = el("label", { for: "own-field" });
  const select = el("select", { id: "own-field" });
  const list = el("ul", { class: "plain own-bars" });
  const choices = userLayers.flatMap((layer) => fieldsOf(layer).map((field) => ({ layer, field })));
  for (const [at, { layer, field }] of choices.entries()) {
    const name =
      userLayers.length > 1
        ? `${details.label(layer, field)} – ${t(`layer.${layer.name}.title`)}`
        : details.label(layer, field);
    select.append(el("option", { value: at }, name));
  }
  body.append(el("p", { class: "own-filter" }, label, select), list);
  const draw = () => {
    if (!fold.open) return;
    const { layer, field } = choices[Number(select.value)];
    const made = bars(layer, field);
    const most = Math.max(1, ...made.map(({ count }) => count));
    list.replaceChildren(...made.map((bar) => row(bar, most)));
  };
  select.addEventListener("change", draw);
  fold.addEventListener("toggle", draw);
  const speak = () => {
    summary.textContent = t("own.chart");
    label.textContent = t("own.chart.field");
    draw();
  };
  onChange(draw);
  i18n.onChange(speak);
  speak();
};
if (userLayers.some((layer) => layer.features.length)) start();
