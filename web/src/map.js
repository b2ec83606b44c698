// one map with all layers of the page: what is drawn, told, named, filtered and kept in the address
import * as address from "./address.js";
import { afterDrawing, begin, inPicture } from "./after-drawing.js";
import { byId } from "./dom.js";
import * as frame from "./frame.js";
import * as i18n from "./i18n.js";
import { mapLabels } from "./labels.js";
import { byName, holder, layers, map, sheet } from "./map-base.js";
import { closeHidden, tell, tellAgain } from "./map-card.js";
import { controls } from "./map-controls.js";
import * as drawing from "./map-paths.js";
import { order, visible } from "./map-paths.js";
import { mapNames } from "./names.js";
import * as picture from "./picture.js";
import { zooms } from "./picture.js";
import { points } from "./positions.js";
import * as theme from "./theme.js";
import { layerTree } from "./tree.js";
import * as variants from "./variants.js";

export { byName, home, layers, map } from "./map-base.js";
export { enterCard, highlight, tell, unmark } from "./map-card.js";
export { ask, order, paths } from "./map-paths.js";
export { pen } from "./map-pens.js";

// ── filtering ────────────────────────────────────────────────────────────
/** @param {(layer: Layer, feature: Feature) => boolean} hides */
export const filter = (hides) => {
  for (const layer of layers) if (layer.group !== "base") drawing.hide(layer, hides);
  closeHidden();
  order();
  rename();
  tree.draw();
};

// ── from the list: show the layer, go there, open the card ───────────────
/** @param {L.LatLngBounds} box */
const extent = (box) => (box.getEast() - box.getWest()) * (box.getNorth() - box.getSouth());
// of an area in parts, the middle of its largest
/** @param {LatLon[][][]} parts */
const widest = (parts) =>
  parts.map((part) => L.latLngBounds(part[0])).reduce((best, one) => (extent(one) > extent(best) ? one : best));
/** @param {LatLon[][]} lines */
export const halfway = (lines) => {
  const line = lines.reduce((longest, one) => (one.length > longest.length ? one : longest));
  return line[Math.floor(line.length / 2)];
};
/** @param {Shape} shape @returns {LatLon} */
const middle = (shape) => {
  if (shape.kind === "p") return shape.positions[0];
  if (shape.kind === "l") return halfway(shape.positions);
  const { lat, lng } = widest(shape.positions).getCenter();
  return [lat, lng];
};
/** @param {Layer} layer @param {Feature} feature */
export const openFromList = (layer, feature) => {
  if (!layer.shown) {
    toggle(layer, true);
    /** @type {HTMLInputElement} */ (byId(`show-${layer.name}`)).checked = true;
  }
  frame.closeSheet();
  const { shape } = feature;
  if (!shape) {
    tell(layer, feature, map.getCenter());
    return;
  }
  if (shape.kind === "p") map.setView(shape.positions[0], Math.max(map.getZoom(), 11), { animate: false });
  else
    map.fitBounds(L.latLngBounds(/** @type {LatLon[]} */ (shape.positions.flat(shape.kind === "l" ? 1 : 2))), {
      padding: [40, 40],
      maxZoom: 12,
      animate: false,
    });
  tell(layer, feature, middle(shape));
};

// ── names ────────────────────────────────────────────────────────────────
const labels = mapLabels(map, sheet, byName.get("border")?.features ?? []);
export const rename = () => {
  const formal = byName.get("crossings_formal");
  labels.show(mapNames(byName, { tell, middle }), [
    ...(formal?.shown ? formal.features : [])
      .filter(visible)
      .flatMap((feature) => points(feature).slice(0, 1))
      .map((at) => ({ at, radius: 7 })),
    ...variants.map.obstacles(),
  ]);
};

// ── controls ─────────────────────────────────────────────────────────────
const shownInAddress = () =>
  layers
    .filter((layer) => layer.shown && layer.group !== "base")
    .map((layer) => layer.name)
    .join(",");
/** @param {Layer} layer @param {boolean} wanted */
export const toggle = (layer, wanted) => {
  drawing.show(layer, wanted);
  order();
  rename();
  address.set({ layers: shownInAddress() });
};
export const tree = layerTree(layers, { toggle, open: openFromList });
const buttons = controls();

const speak = () => {
  tree.draw();
  buttons.speak();
  rename();
  tellAgain();
};
export const restyle = () => {
  drawing.restyle();
  tree.draw();
};

// ── the address ──────────────────────────────────────────────────────────
const first = new Map(layers.map((layer) => [layer.name, layer.shown]));
// a frame that is not laid out yet, as in the folded cell of a notebook, has no size
const UNSEEN = [640, 480];
const showFirst = () => {
  const { x, y } = map.getSize();
  const { level, middle } = picture.firstView(holder, x && y ? [x, y] : UNSEEN);
  map.setView(picture.degreesOf(middle, level), level, { animate: false });
};
const restore = () => {
  const names = address.get("layers")?.split(",");
  for (const layer of layers)
    if (layer.group !== "base") layer.shown = names ? names.includes(layer.name) : Boolean(first.get(layer.name));
  const [level, lat, lon] = (address.get("map") ?? "").split("/").map(Number);
  if (Math.abs(level) < 30 && Math.abs(lat) < 85 && Math.abs(lon) <= 360)
    map.setView([lat, lon], level, { animate: false });
  else showFirst();
};
// what a page puts beside the map takes room from it; a reader who asked for no place still sees the whole
const untouched = address.get("map") === null;
export const settle = () => {
  map.invalidateSize({ animate: false });
  if (untouched) showFirst();
};
if (!holder.clientWidth || !holder.clientHeight)
  new ResizeObserver((_, observer) => {
    if (!holder.clientWidth || !holder.clientHeight) return;
    observer.disconnect();
    settle();
  }).observe(holder);
const follow = () => {
  restore();
  for (const layer of layers) if (layer.group !== "base") drawing.show(layer, layer.shown);
  order();
  rename();
  tree.draw();
};

// a user's own layer may reach far beyond the region
const wide = sheet.getEast() - sheet.getWest() > zooms.wide;
// what fits is never less than the least zoom, which a wide sheet must not have
if (wide) map.setMinZoom(0);
map.setMinZoom(Math.min(7, Math.max(wide ? 0 : 5, map.getBoundsZoom(sheet) - zooms.step)));
restore();
inPicture(() => {
  drawing.drawGround();
  drawing.drawMargin();
  // Leaflet has asked for this frame before, to draw in it
  L.Util.requestAnimFrame(picture.remove);
});
if (variants.map.patient) picture.keepGround();
const drawn = layers.filter(({ group }) => group !== "base");
drawing.prepare(drawn);
for (const layer of drawn.filter(({ shown }) => shown)) {
  drawing.drawLayer(layer);
  drawing.show(layer, true);
}
order();
if (variants.map.patient) drawing.drawNow();
afterDrawing(() => {
  for (const layer of drawn.filter(({ shown }) => !shown)) drawing.drawLayer(layer);
});
i18n.onChange(speak);
theme.onChange(restyle);
address.onChange(follow);
map.on("moveend", () => {
  if (variants.map.printing) return;
  const { lat, lng } = map.getCenter();
  address.set({ map: `${map.getZoom()}/${lat.toFixed(4)}/${lng.toFixed(4)}` });
});
afterDrawing(frame.start);
begin();
