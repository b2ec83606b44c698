// a drawing as SVG, for the page and for a file
import { svg } from "./dom.js";
import * as hatches from "./hatches.js";

const FONT = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif";
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
let made = 0;

/** @param {Mark} given */
const lettered = ({ text = "", x = 0, y = 0, size = 11, bold, italic, middle, fill, halo }) =>
  svg(
    "text",
    {
      x,
      y,
      "font-size": size,
      "font-weight": bold ? 600 : 400,
      "font-style": italic ? "italic" : "normal",
      "text-anchor": middle ? "middle" : "start",
      fill: fill ?? "#1f1f1f",
      ...(halo ? { stroke: halo, "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke" } : {}),
    },
    // what XML cannot hold
    text.replace(CONTROLS, ""),
  );
/** @param {Mark} given @param {string} id */
const drawn = (given, id) => {
  const { d = "", x, y, fill, fillOpacity = 1, stroke, width = 1, dash, opacity = 1, hatch } = given;
  const path = svg("path", {
    d,
    ...(x === undefined ? {} : { transform: `translate(${x} ${y})` }),
    fill: fill ?? "none",
    "fill-opacity": fillOpacity,
    "fill-rule": "evenodd",
    stroke: stroke ?? "none",
    "stroke-width": Math.round(width * 100) / 100,
    "stroke-opacity": opacity,
    "stroke-linejoin": "round",
    ...(dash ? { "stroke-dasharray": dash } : {}),
  });
  return hatch ? [path, svg("path", { d, fill: `url(#${id}-${hatch})`, "fill-rule": "evenodd" })] : [path];
};
/** @param {string} id @param {number} kind */
const pattern = (id, kind) =>
  svg(
    "pattern",
    { id: `${id}-${kind}`, width: hatches.TILE, height: hatches.TILE, patternUnits: "userSpaceOnUse" },
    svg("path", { d: hatches.tile(kind), fill: "none", stroke: hatches.INK, "stroke-width": 0.9 }),
  );

/** @param {Drawing} drawing @returns {SVGSVGElement} */
export const toSvg = ({ width, height, marks }) => {
  made += 1;
  const id = `hatch-${made}`;
  const kinds = [...new Set(marks.map(({ hatch }) => hatch ?? 0))].filter(Boolean);
  return svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, width, height, "font-family": FONT },
    ...(kinds.length ? [svg("defs", {}, ...kinds.map((kind) => pattern(id, kind)))] : []),
    ...marks.flatMap((one) => /** @type {SVGElement[]} */ (one.text === undefined ? drawn(one, id) : [lettered(one)])),
  );
};
/** @param {Drawing} drawing */
export const toFile = (drawing) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(toSvg(drawing))}\n`;

const SHARP = 2;
/** @param {Drawing} drawing */
export const toCanvas = ({ width, height, marks }) => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width * SHARP, height * SHARP];
  const brush = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  brush.scale(SHARP, SHARP);
  brush.lineJoin = "round";
  for (const mark of marks) {
    if (mark.text === undefined) paint(brush, mark);
    else write(brush, mark);
  }
  return canvas;
};
/** @param {CanvasRenderingContext2D} brush @param {Mark} mark */
const paint = (brush, { d, x = 0, y = 0, fill, fillOpacity = 1, stroke, width = 1, dash, opacity = 1, hatch }) => {
  const path = new Path2D(d);
  brush.save();
  brush.translate(x, y);
  for (const ground of [fill, hatch ? hatches.pattern(hatch) : null]) {
    if (!ground) continue;
    brush.globalAlpha = ground === fill ? fillOpacity : 1;
    brush.fillStyle = ground;
    brush.fill(path, "evenodd");
  }
  if (stroke && width > 0) {
    brush.globalAlpha = opacity;
    brush.strokeStyle = stroke;
    brush.lineWidth = width;
    brush.setLineDash((dash ?? "").split(/[ ,]+/).filter(Boolean).map(Number));
    brush.stroke(path);
  }
  brush.restore();
};
/** @param {CanvasRenderingContext2D} brush @param {Mark} mark */
const write = (brush, { text = "", x = 0, y = 0, size = 11, bold, italic, middle, fill, halo }) => {
  brush.font = `${italic ? "italic " : ""}${bold ? 600 : 400} ${size}px ${FONT}`;
  brush.textAlign = middle ? "center" : "left";
  if (halo) {
    brush.strokeStyle = halo;
    brush.lineWidth = 3;
    brush.strokeText(text, x, y);
  }
  brush.fillStyle = fill ?? "#1f1f1f";
  brush.fillText(text, x, y);
};
