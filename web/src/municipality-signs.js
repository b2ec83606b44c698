// the municipalities in the colours of a chosen figure, and their names before those of towns
import * as choropleth from "./choropleth.js";
import { classes, colour } from "./choropleth.js";
import { legend } from "./legend.js";
import { areas } from "./positions.js";
import * as signs from "./signs.js";
import * as theme from "./theme.js";
import * as variants from "./variants.js";

signs.styles.municipalities = ([feature]) => {
  const number = classes().of[choropleth.index(feature)] ?? null;
  return {
    stroke: true,
    color: theme.colour("class-edge"),
    weight: 0.9,
    opacity: 1,
    fill: true,
    fillColor: colour(number),
    fillOpacity: number === null ? 0.35 : 0.94,
    lineJoin: "round",
  };
};
// the classes have a legend of their own above the layers
legend.municipalities = [];

// a name from the zoom at which it is about as wide as its municipality, the large ones first
const PIXELS = 5.6;
/** @param {string} text */
const lines = (text) => {
  const middle = [...text.matchAll(/ /g)]
    .map((match) => match.index)
    .sort((a, b) => Math.abs(a - text.length / 2) - Math.abs(b - text.length / 2))[0];
  return text.length > 12 && middle ? `${text.slice(0, middle)}\n${text.slice(middle + 1)}` : text;
};
variants.map.relabel.push((labels, byName) => {
  const bounds = new Map(
    (byName.get("municipalities")?.features ?? [])
      .filter((feature) => feature.shape)
      .map((feature) => [feature.values.name, L.polygon(areas(feature)).getBounds()]),
  );
  /** @param {MapName} label */
  const municipal = (label) => {
    const box = bounds.get(label.text);
    const text = lines(label.text);
    const wide = Math.max(...text.split("\n").map((line) => line.length)) * PIXELS;
    const degrees = box ? box.getEast() - box.getWest() : 0.1;
    const from = Math.max(6, Math.log2((wide * 360) / (256 * degrees * 1.1)));
    return { ...label, text, from, to: 14, weight: 85 + degrees };
  };
  /** @param {MapName} label */
  const town = (label) => ({ ...label, from: Math.max(label.from, label.weight > 80 ? 6 : 9.75) });
  return labels.map((label) =>
    label.kind === "municipality"
      ? municipal(label)
      : label.kind === "country" || label.kind === "state"
        ? { ...label, weight: label.weight - 40 }
        : label.kind === "town" || label.kind === "seat"
          ? town(label)
          : label,
  );
});
