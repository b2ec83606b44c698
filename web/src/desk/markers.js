// records on the map; the one that is looked at stands out
import { map } from "../map.js";
import { colour } from "../theme.js";

const pane = map.createPane("desk");
pane.style.zIndex = "630";
const renderer = L.canvas({ pane: "desk" });
const group = L.layerGroup().addTo(map);
const mark = L.layerGroup().addTo(map);

/** @param {Geometry | null} geometry @returns {LatLon | null} */
const at = (geometry) => (geometry?.type === "Point" ? [geometry.coordinates[1], geometry.coordinates[0]] : null);

/** @param {DeskRow[]} rows @param {(id: string) => void} onOpen */
export const show = (rows, onOpen) => {
  group.clearLayers();
  for (const row of rows) {
    const place = at(row.geometry);
    if (!place) continue;
    const ink = row.conflicts.length ? colour("danger") : colour("informal-note");
    L.circleMarker(place, {
      renderer,
      pane: "desk",
      radius: 6,
      weight: 1.5,
      color: colour("paper"),
      fillColor: ink,
      fillOpacity: 0.95,
    })
      .on("click", () => onOpen(row.id))
      .addTo(group);
  }
};
// both sides of a conflict over the place, and what looks like the record
/** @param {Geometry | null} geometry @param {(Geometry | null)[]} others */
export const choose = (geometry, others) => {
  mark.clearLayers();
  /** @type {LatLon[]} */
  const places = [];
  for (const [number, one] of [geometry, ...others].entries()) {
    const place = at(one);
    if (!place) continue;
    places.push(place);
    const dash = number ? "4 4" : undefined;
    L.circleMarker(place, {
      renderer,
      pane: "desk",
      radius: 13,
      weight: 3.5,
      color: colour("focus"),
      fill: false,
      dashArray: dash,
    }).addTo(mark);
  }
  if (places.length && !places.every((place) => map.getBounds().contains(place)))
    map.fitBounds(L.latLngBounds(places), { maxZoom: 12, padding: [80, 80], animate: false });
};
