// a saved map says by itself what it shows: title above, names on it, legend, credit and sources below
import { all } from "./dom.js";
import { has, number, t } from "./i18n.js";
import { holder } from "./map-base.js";
import { portrayal, userLayers } from "./map-state.js";
import * as theme from "./theme.js";

const PAD = 14;
const LINE = 17;
const COLUMN = 230;
const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));

/** @param {string} text @param {number} width @param {number} size */
const wrapped = (text, width, size) => {
  pen.font = `${size}px system-ui, sans-serif`;
  const rows = [""];
  for (const word of text.split(/\s+/)) {
    const longer = rows[rows.length - 1] ? `${rows[rows.length - 1]} ${word}` : word;
    if (pen.measureText(longer).width <= width || !rows[rows.length - 1]) rows[rows.length - 1] = longer;
    else rows.push(word);
  }
  return rows;
};
const ink = () => theme.colour("ink");
/** @param {string} selector @returns {Mark[]} */
const names = (selector) => {
  const frame = holder.getBoundingClientRect();
  return all(selector, holder).map((node) => {
    const box = node.getBoundingClientRect();
    const style = window.getComputedStyle(node);
    return {
      text: node.textContent ?? "",
      x: (box.left + box.right) / 2 - frame.left,
      y: (box.top + box.bottom) / 2 - frame.top + 4,
      size: Number.parseFloat(style.fontSize),
      bold: Number(style.fontWeight) >= 600,
      italic: style.fontStyle === "italic",
      middle: true,
      fill: style.color,
      halo: node.matches(".name-count") ? undefined : theme.colour("paper"),
    };
  });
};
/** @param {number} width @param {number} height @returns {Mark[]} */
const scale = (width, height) => {
  const [line] = all(".leaflet-control-scale-line", holder);
  if (!line) return [];
  const long = line.getBoundingClientRect().width;
  const [right, low] = [width - 12, height - 12];
  return [
    { d: `M${right - long} ${low - 5}v5h${long}v-5`, fill: null, stroke: ink(), width: 1.2 },
    {
      text: line.textContent ?? "",
      x: right - long / 2,
      y: low - 5,
      size: 11,
      middle: true,
      fill: ink(),
      halo: theme.colour("paper"),
    },
  ];
};
/** @typedef {{ text: string, head?: boolean, colour?: string, dash?: boolean, radius?: number, wide?: number }} Row */
/** @returns {Row[]} */
const legend = () => userLayers.filter((layer) => layer.shown).flatMap((layer) => /** @type {Row[]} */ (rowsOf(layer)));
/** @param {Layer} layer @returns {Row[]} */
const rowsOf = (layer) => {
  const made = portrayal(layer);
  const title = { text: t(`layer.${layer.name}.title`), head: true };
  if (!made || !(made.classes.length || made.sizes.length || made.widthSteps.length))
    return [{ text: title.text, colour: theme.colour("focus") }];
  /** @param {string} key */
  const head = (key) => ({ text: t(key), head: true });
  return [
    ...(userLayers.length > 1 ? [title] : []),
    ...(made.sizes.length ? [head(`map.${layer.name}.size`)] : []),
    ...made.sizes.map((share, at) => ({ text: t(`map.${layer.name}.size.${at}`), radius: share * 24 })),
    ...(made.widthSteps.length ? [head(`map.${layer.name}.width`)] : []),
    ...made.widthSteps.map((share, at) => ({ text: t(`map.${layer.name}.width.${at}`), wide: share * 12 })),
    ...(made.classes.length ? [head(`map.${layer.name}.head`)] : []),
    ...made.classes.map(([colour, , , empty], at) => {
      const count = layer.features.filter((one) => !one.hidden && made.of[Number(one.id) - 1] === at).length;
      return { text: `${t(`map.${layer.name}.class.${at}`)} (${number(count)})`, colour, dash: empty };
    }),
  ];
};

const stated = () => {
  const lines = ["credit", "licence"]
    .filter((key) => has(`map.${key}`))
    .map((key) => `${t(["own", key].join("."))}: ${t(`map.${key}`)}`);
  const sources = all("[data-source]").map((node) => t(/** @type {string} */ (node.dataset.source)));
  if (sources.length) lines.push(`${t("own.sources")}: ${sources.join("; ")}`);
  lines.push(...all(".stated [data-missing]").map((node) => node.textContent ?? ""), t("own.share.ground"));
  return lines;
};

/** @param {Drawing} drawing @param {string | null} time @returns {Drawing} */
export const sheetOf = ({ width, height, marks }, time) => {
  const title = wrapped([t("page.own.title"), time].filter(Boolean).join(" – "), width - 2 * PAD, 18);
  const above = PAD + title.length * 23;
  /** @type {Mark[]} */
  const below = [];
  const columns = Math.max(1, Math.floor((width - PAD) / COLUMN));
  const column = (width - PAD) / columns;
  const entries = legend().map((entry) => {
    const indent = entry.head ? 0 : entry.radius ? 56 : 36;
    const rows = wrapped(entry.text, column - indent - PAD, 12);
    return { ...entry, indent, rows, tall: Math.max(rows.length * LINE, 2 * (entry.radius ?? 0) + 3) + 2 };
  });
  const share = entries.reduce((sum, { tall }) => sum + tall, 0) / columns;
  let [at, top, low] = [0, above + height + PAD, above + height + PAD];
  for (const entry of entries) {
    if (top - (above + height + PAD) >= share && at < columns - 1) {
      at += 1;
      top = above + height + PAD;
    }
    const left = PAD + at * column;
    const middle = top + entry.tall / 2;
    if (entry.radius)
      below.push({
        d: `M${left + 24 - entry.radius} ${middle}a${entry.radius} ${entry.radius} 0 1 0 ${2 * entry.radius} 0a${entry.radius} ${entry.radius} 0 1 0 ${-2 * entry.radius} 0Z`,
        fill: null,
        stroke: ink(),
        width: 0.9,
      });
    else if (entry.wide)
      below.push({
        d: `M${left} ${middle}h28`,
        fill: null,
        stroke: theme.colour("focus"),
        width: Math.max(0.8, entry.wide),
      });
    else if (entry.colour)
      below.push({
        d: `M${left} ${middle - 7}h26v13h-26Z`,
        fill: entry.colour,
        stroke: ink(),
        width: 0.7,
        dash: entry.dash ? "3 3" : null,
      });
    for (const [row, text] of entry.rows.entries())
      below.push({
        text,
        x: left + entry.indent,
        y: middle - (entry.rows.length * LINE) / 2 + (row + 0.75) * LINE,
        size: 12,
        bold: entry.head,
        fill: ink(),
      });
    top += entry.tall;
    low = Math.max(low, top);
  }
  low += 6;
  for (const text of stated())
    for (const row of wrapped(text, width - 2 * PAD, 11)) {
      below.push({ text: row, x: PAD, y: low + 11, size: 11, fill: theme.colour("quiet") });
      low += 15;
    }
  const high = Math.ceil(low + PAD);
  /** @param {Mark} mark @returns {Mark} */
  const lowered = (mark) => ({ ...mark, x: mark.x ?? 0, y: (mark.y ?? 0) + above });
  const paper = theme.colour("paper");
  return {
    width,
    height: high,
    marks: [
      ...[...marks, ...names(".name"), ...scale(width, height)].map(lowered),
      // what reaches beyond the map's own frame is covered
      { d: `M0 0h${width}v${above}H0Z`, fill: paper, stroke: null },
      { d: `M0 ${above + height}h${width}v${high - above - height}H0Z`, fill: paper, stroke: null },
      ...title.map((text, row) => ({ text, x: PAD, y: PAD + 15 + row * 23, size: 18, bold: true, fill: ink() })),
      ...below,
    ],
  };
};
