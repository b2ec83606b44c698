// the line of the border with its kilometres, and what is said of each of its stretches
import { pageData } from "./data.js";
import * as details from "./details.js";
import { number, t } from "./i18n.js";
import { byName } from "./map.js";
import { measuredLine } from "./measured.js";
import { unpack } from "./packed-arcs.js";

const raw = pageData("line");
const arcs = unpack(raw);
/** @type {{ [part: string]: MeasuredLine }} */
export const lines = Object.fromEntries(raw.neighbours.map((name, index) => [name, measuredLine(arcs[index])]));
lines.both = measuredLine(arcs.flatMap((arc, index) => (index ? arc.slice(1) : arc)));

export const border = /** @type {Layer} */ (byName.get("border"));
export const segments = [...border.features].sort((a, b) => a.values.chainage_from_km - b.values.chainage_from_km);
/** @param {number} km */
export const segmentAt = (km) =>
  segments.find(({ values }) => km <= values.chainage_to_km) ?? segments[segments.length - 1];
/** @param {Feature} feature @param {string} name */
export const shown = (feature, name) => details.shown(border, feature, name) ?? "";
/** @param {Feature} feature */
const river = (feature) => feature.values.river_name?.replace(", then ", t("border.then"));
/** @param {Feature} feature */
export const nature = (feature) => [shown(feature, "nature"), river(feature)].filter(Boolean).join(" ");
// "Salinas (Chixoy), then Usumacinta" → "Salinas, Usumacinta"
/** @param {Feature} feature */
export const bare = (feature) => feature.values.river_name?.replace(", then ", ", ").replace(/ ?\([^()]*\)/g, "");
/** @param {number} km */
const at = (km) => `km ${number(km, { minimumFractionDigits: 1, maximumFractionDigits: 1 })}`;
/** @param {number} km */
export const say = (km) => {
  const feature = segmentAt(km);
  const { municipality_name: municipality, state } = feature.values;
  return `${at(km)} · ${municipality}, ${state} · ${nature(feature)} · ${shown(feature, "neighbour")}`;
};
