// the map of the page and the sheet that it shows, before anything is drawn
import { all } from "./dom.js";
import { slack, zooms } from "./picture.js";
import * as shapes from "./shapes.js";

export const layers = shapes.layers();
/** @type {Layers} */
export const byName = new Map(layers.map((layer) => [layer.name, layer]));
export const [holder] = all(".atlas-map");
/** @param {string | undefined} text */
const box = (text = "") => {
  const [west, south, east, north] = text.split(",").map(Number);
  return L.latLngBounds([south, west], [north, east]);
};
export const home = box(holder.dataset.bounds);
export const sheet = box(holder.dataset.sheet);

// a sheet across 180° goes on beyond it; what has a longitude of the other side there is drawn on the same turn
const mercator = L.CRS.EPSG3857;
export const across = sheet.getEast() > 180 ? (sheet.getEast() - 360 + sheet.getWest()) / 2 : -Infinity;
/** @type {L.CRS["latLngToPoint"]} */
const latLngToPoint = (given, zoom) => {
  const { lat, lng } = L.latLng(given);
  return mercator.latLngToPoint(L.latLng(lat, lng < across ? lng + 360 : lng), zoom);
};

const moving = !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
export const map = L.map(holder, {
  crs: { ...mercator, latLngToPoint },
  zoomControl: false,
  attributionControl: false,
  fadeAnimation: moving,
  zoomAnimation: moving,
  inertia: moving,
  minZoom: zooms.least,
  maxZoom: zooms.most,
  zoomSnap: zooms.step,
  zoomDelta: 1,
  wheelPxPerZoomLevel: 90,
  maxBounds: sheet.pad(slack),
  maxBoundsViscosity: 0.8,
});
if (!moving) map.panBy = (by, options) => L.Map.prototype.panBy.call(map, by, { ...options, animate: false });
