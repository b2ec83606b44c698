// a layer of the page as a GeoJSON file: what is drawn, for whoever has the page and nothing else
import { el } from "./dom.js";
import { download } from "./download.js";
import * as i18n from "./i18n.js";
import { t } from "./i18n.js";

// a step of the grid is 2 m
const DECIMALS = 5;

// latitude first for Leaflet, longitude first in the file
/** @param {LatLon} given */
const place = ([lat, lon]) => [Number((lon > 180 ? lon - 360 : lon).toFixed(DECIMALS)), Number(lat.toFixed(DECIMALS))];
/**
 * @param {any[]} positions
 * @param {number} depth
 * @returns {any[]}
 */
const nested = (positions, depth) => (depth ? positions.map((part) => nested(part, depth - 1)) : positions.map(place));
/** @type {{ [kind: string]: [string, number] }} */
const KINDS = { p: ["Point", 0], l: ["LineString", 1], a: ["Polygon", 2] };
/** @param {Shape | null} shape */
const geometry = (shape) => {
  if (!shape) return null;
  const [type, depth] = KINDS[shape.kind];
  const parts = nested(shape.positions, depth);
  return parts.length === 1 ? { type, coordinates: parts[0] } : { type: `Multi${type}`, coordinates: parts };
};

// numbers of a user's file keep their digits, which a number of JavaScript may not hold
/** @param {any} value */
const member = (value) => value?.number ?? JSON.stringify(value);
/** @param {Values} values */
const members = (values) =>
  `{${Object.entries(values)
    .map(([name, value]) => `${JSON.stringify(name)}:${member(value)}`)
    .join(",")}}`;
/** @param {Feature} given */
const feature = ({ id, values, shape }) =>
  `{"type":"Feature","id":${JSON.stringify(id)},"properties":${members(values)},"geometry":${JSON.stringify(geometry(shape))}}`;

/** @param {Layer} layer */
const file = (layer) =>
  `${JSON.stringify({
    type: "FeatureCollection",
    title: t(`layer.${layer.name}.title`),
    description: `${t(`layer.${layer.name}.description`)} ${t("ui.save.what")}`,
    licence: i18n.translated(layer.licence),
    attribution: i18n.translated(layer.attribution),
  }).slice(0, -1)},"features":[${layer.features.map(feature).join(",")}]}\n`;
/** @param {Layer} layer */
const save = (layer) => download(file(layer), `${layer.name}.geojson`, "application/geo+json");
/** @param {Layer} layer */
export const button = (layer) =>
  el("button", { type: "button", class: "save", title: t("ui.save.what"), onclick: () => save(layer) }, t("ui.save"));
