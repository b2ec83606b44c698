// the map as a place to point at: a position by tap or by the cross in its middle, or a stretch of the border
import { el, svg } from "../dom.js";
import { byName, map } from "../map.js";
import { lines } from "../positions.js";
import * as theme from "../theme.js";
import * as sight from "./sight.js";

const holder = map.getContainer();
export const reaches = (byName.get("border_reaches")?.features ?? []).filter((feature) => feature.shape);
const byReach = new Map(reaches.map((feature) => [feature.values.reach, feature]));
/** @type {"place" | "reach" | null} */
let mode = null;
/** @type {((picked: any) => void) | null} */
let onPick = null;
/** @type {(latlng: L.LatLng) => boolean | void} whether something was there */
let onTap = () => false;
/** @type {L.Marker | null} */
let pin = null;
/** @type {L.Circle | null} */
let halo = null;
/** @type {L.Polyline | null} */
let band = null;
/** @type {L.LayerGroup | null} */
let self = null;

map.setMaxZoom(18);
// a short border at the street level has nothing to show: let people move on from there
map.options.maxBoundsViscosity = 0.5;
export const sheet = (() => {
  const [west, south, east, north] = (holder.dataset.sheet ?? "").split(",").map(Number);
  return { west, south, east, north };
})();

const cross = el("div", { class: "cross", "aria-hidden": "true" });
cross.hidden = true;
holder.append(cross);

// ── what the form is about ───────────────────────────────────────────────
/** @param {Position | null} position @param {number | null} [metres] */
export const showPin = (position, metres) => {
  pin?.remove();
  halo?.remove();
  pin = halo = null;
  if (!position) return;
  /** @type {LatLon} */
  const at = [position[1], position[0]];
  const ink = theme.colour("focus");
  if (metres && metres > 0)
    halo = L.circle(at, {
      radius: metres,
      color: ink,
      weight: 1.5,
      fillColor: ink,
      fillOpacity: 0.12,
      interactive: false,
    }).addTo(map);
  pin = L.marker(at, {
    icon: L.divIcon({
      className: "pin",
      iconSize: [34, 44],
      iconAnchor: [17, 43],
      html: /** @type {any} */ (
        svg(
          "svg",
          { viewBox: "0 0 34 44", width: 34, height: 44, "aria-hidden": "true" },
          svg("path", { d: "M17 43C8 30 3 24 3 16a14 14 0 0 1 28 0c0 8-5 14-14 27z" }),
          svg("circle", { cx: 17, cy: 16, r: 5 }),
        )
      ),
    }),
    interactive: false,
    keyboard: false,
    zIndexOffset: 2000,
  }).addTo(map);
};
// where the device is, as long as it is measured: a dot and how far off it may be
/** @param {Position | null} position @param {number | null} [metres] */
export const showSelf = (position, metres) => {
  self?.remove();
  self = null;
  if (!position) return;
  /** @type {LatLon} */
  const at = [position[1], position[0]];
  const look = { color: theme.colour("accent"), fillColor: theme.colour("accent"), weight: 1, interactive: false };
  const dot = L.circleMarker(at, { ...look, color: theme.colour("paper"), weight: 2, radius: 7, fillOpacity: 1 });
  self = L.layerGroup([...(metres ? [L.circle(at, { ...look, radius: metres, fillOpacity: 0.15 })] : []), dot]).addTo(
    map,
  );
};
/** @param {string | null} name */
export const showReach = (name) => {
  band?.remove();
  band = null;
  const feature = name ? byReach.get(name) : undefined;
  if (!feature) return;
  band = L.polyline(lines(feature), {
    color: theme.colour("focus"),
    weight: 12,
    opacity: 0.55,
    lineCap: "butt",
    interactive: false,
  }).addTo(map);
};
/** @param {Position} position */
export const lookAt = (position) => {
  map.setView([position[1], position[0]], Math.max(map.getZoom(), 12), { animate: false });
};
/** @param {string} name */
export const lookAtReach = (name) => {
  const feature = byReach.get(name);
  if (feature) map.fitBounds(L.latLngBounds(lines(feature).flat()), { padding: [50, 50], animate: false });
};

// ── pointing ─────────────────────────────────────────────────────────────
/** @param {L.LatLng} latlng */
const nearest = (latlng) => {
  const point = map.latLngToLayerPoint(latlng);
  /** @type {{ far: number, name?: string }} */
  let best = { far: Infinity };
  for (const feature of reaches) {
    for (const line of lines(feature)) {
      const projected = line.map((position) => map.latLngToLayerPoint(position));
      for (let at = 1; at < projected.length; at += 1) {
        const far = L.LineUtil.pointToSegmentDistance(point, projected[at - 1], projected[at]);
        if (far < best.far) best = { far, name: feature.values.reach };
      }
    }
  }
  return best.name ?? null;
};
// a note's longitude is within 180°, wherever the sheet goes on
/** @param {L.LatLng} latlng @returns {Position} */
const within = (latlng) => {
  const { lat, lng } = latlng.wrap();
  return [Number(lng.toFixed(6)), Number(lat.toFixed(6))];
};
/** @param {L.LatLng} latlng */
const pick = (latlng) => {
  if (mode === "reach") onPick?.(nearest(latlng));
  else onPick?.({ position: within(latlng), metres: sight.metres(latlng) });
};
/** @param {"place" | "reach" | null} wanted @param {((picked: any) => void) | null} picked */
export const point = (wanted, picked) => {
  mode = wanted;
  onPick = picked;
  cross.hidden = wanted === null;
  holder.classList.toggle("pointed-at", wanted !== null);
};

// before anything on the map hears of it: a tap while pointing belongs to the note
holder.addEventListener(
  "click",
  (event) => {
    if (/** @type {Element} */ (event.target).closest(".leaflet-control, .leaflet-popup") || map.dragging.moved?.())
      return;
    const latlng = map.mouseEventToLatLng(event);
    if (mode) pick(latlng);
    else if (!onTap(latlng)) return;
    event.stopPropagation();
  },
  true,
);
// a finger that stays, or the right button: a note right here
/** @param {(position: Position, metres: number) => void} listener */
export const onHold = (listener) =>
  map.on("contextmenu", (event) => {
    if (!mode) listener(within(event.latlng), sight.metres(event.latlng));
  });

/** @param {string} name */
export const reach = (name) => byReach.get(name);
export const pickMiddle = () => pick(map.getCenter());
/** @param {(latlng: L.LatLng) => boolean | void} listener */
const whenTapped = (listener) => {
  onTap = listener;
};

export { mode as pointing, whenTapped as onTap };
