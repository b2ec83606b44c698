// how exactly somebody can point at the map: no better than a fingertip, and no better than what there is to point by
import { pageData } from "../data.js";
import { byName, map } from "../map.js";

const FINGER_PX = 16;
// what is farther off on the screen than this helps nobody to find the place
const NEAR_PX = 120;
const accuracy = pageData("accuracy") ?? {};

// metres that a fingertip covers at this zoom
/** @param {{ lat: number }} given */
const finger = ({ lat }) =>
  Math.max(5, Math.ceil((FINGER_PX * 40075016.7 * Math.cos((lat * Math.PI) / 180)) / 2 ** (map.getZoom() + 8)));

/** @param {L.Point} point @param {LatLon[]} line */
const passes = (point, line) => {
  let before = map.latLngToLayerPoint(line[0]);
  return line.some((position) => {
    const next = map.latLngToLayerPoint(position);
    const far = L.LineUtil.pointToSegmentDistance(point, before, next);
    before = next;
    return far <= NEAR_PX;
  });
};
/** @param {Feature} feature @returns {LatLon[][]} */
const edges = ({ shape }) => {
  if (!shape) return [];
  if (shape.kind === "p") return shape.positions.map((position) => [position]);
  return /** @type {LatLon[][]} */ (shape.kind === "l" ? shape.positions : shape.positions.flat());
};
/** @param {string} name @param {L.LatLng} latlng */
const isNear = (name, latlng) => {
  const layer = byName.get(name);
  if (!layer?.shown) return false;
  const point = map.latLngToLayerPoint(latlng);
  return layer.features.some((feature) => edges(feature).some((line) => line.length > 0 && passes(point, line)));
};
/** @param {L.LatLng} latlng @returns {number} metres */
export const metres = (latlng) => {
  const ground = accuracy.basemap ?? 0;
  const near = Object.keys(accuracy).filter((name) => name !== "basemap" && isNear(name, latlng));
  return Math.max(finger(latlng), Math.min(ground, ...near.map((name) => accuracy[name])));
};
