// one map with all layers of the page
import * as address from "./address.js";
import * as details from "./details.js";
import { all, byId, el, svg } from "./dom.js";
import * as frame from "./frame.js";
import * as i18n from "./i18n.js";
import { t } from "./i18n.js";
import { mapLabels } from "./labels.js";
import { mapNames } from "./names.js";
import * as picture from "./picture.js";
import { margins, slack, zooms } from "./picture.js";
import * as shapes from "./shapes.js";
import * as signs from "./signs.js";
import * as theme from "./theme.js";
import { layerTree } from "./tree.js";
import * as variants from "./variants.js";

export const layers = shapes.layers();
export const byName = new Map(layers.map((layer) => [layer.name, layer]));
const [holder] = all(".atlas-map");
const box = (text) => {
  const [west, south, east, north] = text.split(",").map(Number);
  return L.latLngBounds([south, west], [north, east]);
};
export const home = box(holder.dataset.bounds);
const sheet = box(holder.dataset.sheet);

const moving = !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
export const map = L.map(holder, {
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
map.createPane("ground").style.zIndex = "200";
map.getPane("ground").style.pointerEvents = "none";
const ground = L.canvas({ pane: "ground", padding: 0.4 });

// canvas strokes that Leaflet has no option for: a hollow middle, a hatch over a band
const Pen = L.Canvas.extend({
  _fillStroke(pen, path) {
    L.Canvas.prototype._fillStroke.call(this, pen, path);
    const { hollow, hatch, ties, weight } = path.options;
    if (!hollow && !hatch && !ties) return;
    pen.save();
    pen.globalAlpha = 1;
    if (ties) {
      pen.setLineDash([1.2, 9]);
      pen.lineWidth = weight + 5;
      pen.strokeStyle = ties;
      pen.stroke();
      pen.restore();
      return;
    }
    pen.lineWidth = hollow ? weight - 3.5 : weight;
    pen.strokeStyle = hollow ?? signs.hatch(hatch);
    pen.stroke();
    pen.restore();
  },
});
export const pen = new /** @type {any} */ (Pen)({ padding: 0.3, tolerance: 5 });

const Disc = L.CircleMarker.extend({
  _updatePath() {
    this._renderer._updateCircle(this);
    const shape = signs.marks[this.options.mark];
    const brush = this._renderer._ctx;
    if (!shape || !this._renderer._drawing || this._empty()) return;
    brush.save();
    brush.translate(this._point.x, this._point.y);
    brush.fillStyle = this.options.ink;
    brush.fill(new Path2D(shape));
    brush.restore();
  },
});

// ── drawing ──────────────────────────────────────────────────────────────
const draw = (feature, options) => {
  const { kind, positions } = feature.shape;
  if (kind === "p") return new /** @type {any} */ (Disc)(positions[0], options);
  return kind === "l" ? L.polyline(positions, options) : L.polygon(positions, options);
};

const drawGround = () => {
  // one path a kind: hundreds of rivers as paths of their own would hold up the first picture
  const kinds = new Map();
  for (const { values, shape } of byName.get("basemap")?.features ?? []) {
    if (!signs.base[values.kind] || !shape) continue;
    const group = `${values.kind} ${shape.kind}`;
    if (!kinds.has(group)) kinds.set(group, { values, shape: { kind: shape.kind, positions: [] } });
    kinds.get(group).shape.positions.push(...shape.positions);
  }
  for (const feature of kinds.values()) {
    const style = signs.base[feature.values.kind];
    const path = draw(feature, { ...style(), renderer: ground, interactive: false, smoothFactor: 1 });
    path.restyle = () => path.setStyle(style());
    path.addTo(map);
    grounds.push(path);
  }
};
const grounds = [];

// the sheet ends where the base map ends: paper beyond, like the margin of a printed map
const drawMargin = () => {
  map.createPane("margin").style.zIndex = "610";
  map.getPane("margin").style.pointerEvents = "none";
  const around = sheet.pad(6);
  const ring = (bounds) => [bounds.getSouthWest(), bounds.getNorthWest(), bounds.getNorthEast(), bounds.getSouthEast()];
  const look = () => ({ color: theme.colour("coast"), weight: 1, fillColor: theme.colour("paper"), fillOpacity: 1 });
  const margin = L.polygon([ring(around), ring(sheet)], {
    ...look(),
    renderer: L.svg({ pane: "margin", padding: 0.5 }),
    interactive: false,
  });
  margin.restyle = () => margin.setStyle(look());
  grounds.push(margin.addTo(map));
};

// features with the same shape are drawn once and answer together
const grouped = (layer, others) => {
  const groups = new Map();
  for (const feature of layer.features) {
    if (!feature.shape || others.has(feature)) continue;
    const key = feature.shape.kind === "p" ? feature.id : feature.shape.key;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(feature);
  }
  return [...groups.values()];
};

// several points of one feature are as many signs
/** @param {Feature} feature */
const pieces = (feature) =>
  feature.shape.kind !== "p"
    ? [feature]
    : feature.shape.positions.map((position) => ({ ...feature, shape: { kind: "p", positions: [position] } }));

export const paths = new Map();
/** @param {Layer} layer */
const drawLayer = (layer) => {
  const style = signs.styles[layer.name];
  const points = layer.features.filter((feature) => feature.shape?.kind === "p");
  const crowd = points.length > (variants.map.cloud?.LEAST ?? Infinity) ? points : [];
  const groups = grouped(layer, new Set(crowd));
  paths.set(
    layer.name,
    groups.flatMap((features) =>
      pieces(features[0]).flatMap((piece) => {
        const path = draw(piece, { ...style(features), renderer: pen, smoothFactor: 1, bubblingMouseEvents: false });
        path.features = features;
        path.layerOf = layer;
        path.restyle = () => path.setStyle(style(path.features));
        path.on("click", (event) => {
          L.DomEvent.stopPropagation(event);
          ask(event.latlng);
        });
        const drawn = [...halo(piece), path];
        for (const one of drawn) one.group = features;
        return drawn;
      }),
    ),
  );
  if (!crowd.length) return;
  const cloud = variants.map.cloud.of(crowd, () => style(crowd.slice(0, 1)));
  cloud.layerOf = layer;
  cloud.on("click", (event) => ask(event.latlng));
  paths.get(layer.name).push(cloud);
};

// how far off a point may be, in metres on the ground
/** @param {Feature} feature */
const halo = (feature) => {
  const stated = feature.values.coordinateUncertaintyInMeters;
  const metres = Number(stated?.number ?? stated);
  if (feature.shape.kind !== "p" || !(metres > 0)) return [];
  const look = () => ({
    color: theme.colour("formal"),
    weight: 1,
    opacity: 0.5,
    fillColor: theme.colour("formal"),
    fillOpacity: 0.1,
  });
  const circle = L.circle(feature.shape.positions[0], { ...look(), radius: metres, renderer: pen, interactive: false });
  circle.restyle = () => circle.setStyle(look());
  return [circle];
};

export const order = () => {
  for (const layer of layers) {
    if (!layer.shown) continue;
    const drawn = paths.get(layer.name) ?? [];
    for (const path of drawn.filter((one) => one.features?.[0].shape.kind === "a")) path.bringToFront();
  }
  for (const rank of ["l", "p"]) {
    for (const layer of sorted()) {
      for (const path of paths.get(layer.name) ?? [])
        if (layer.shown && (path.features?.[0].shape.kind ?? "l") === rank) path.bringToFront();
    }
  }
};
// wide bands under the line that they lie on, the line under the signs
const DEPTH = [
  "border_reaches",
  "crossings_reported",
  "crossings_informal",
  "crossings_vehicular",
  "crossings_formal",
  "border",
  "containment",
  "railways",
  "corridor",
  "checkpoints",
  "released",
  "own",
];
const sorted = () => [...layers].sort((a, b) => DEPTH.indexOf(a.name) - DEPTH.indexOf(b.name));

const show = (layer, wanted) => {
  layer.shown = wanted;
  for (const path of paths.get(layer.name) ?? []) {
    if (wanted && (path.group ?? []).some(isShown)) path.addTo(map);
    else path.remove();
  }
};

// what a filter hides leaves the group that it was drawn with; a group with nobody left leaves the map
/** @param {Feature} feature */
const isShown = (feature) => !feature.hidden;
export const filter = (hides) => {
  for (const layer of layers) {
    if (layer.group === "base") continue;
    for (const feature of layer.features) feature.hidden = hides(layer, feature);
    for (const path of paths.get(layer.name) ?? []) {
      if (path.features && path.group.some(isShown)) path.features = path.group.filter(isShown);
      path.restyle();
    }
    show(layer, layer.shown);
  }
  if (open?.[1].hidden) map.closePopup(popup);
  order();
  rename();
  tree.draw();
};

// ── asking ───────────────────────────────────────────────────────────────
let mark = null;
export const unmark = () => {
  mark?.remove();
  mark = null;
};
/** @param {Feature} feature */
export const highlight = (feature) => {
  unmark();
  if (!feature.shape) return;
  const ink = theme.colour("focus");
  const { kind, positions } = feature.shape;
  mark =
    kind === "p"
      ? L.circleMarker(positions[0], {
          radius: 12,
          color: ink,
          weight: 2.5,
          fill: false,
          interactive: false,
          renderer: pen,
        })
      : /** @type {any} */ (kind === "l" ? L.polyline : L.polygon)(positions, {
          color: ink,
          weight: kind === "l" ? 12 : 2.5,
          opacity: kind === "l" ? 0.35 : 1,
          fill: kind === "a",
          fillOpacity: 0.06,
          fillColor: ink,
          interactive: false,
          renderer: pen,
        });
  mark.addTo(map);
};

const popup = L.popup({
  maxWidth: Math.min(330, holder.clientWidth - 76),
  minWidth: 220,
  maxHeight: Math.min(380, holder.clientHeight * 0.62),
  autoPanPaddingTopLeft: [12, 12],
  autoPanPaddingBottomRight: [58, 12],
  className: "atlas-popup",
});
const speakPopup = () => {
  popup.getElement()?.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", t("ui.close"));
  // a long card scrolls, and must do so by keyboard too
  const content = popup.getElement()?.querySelector(".leaflet-popup-content");
  content?.setAttribute("tabindex", "0");
  content?.setAttribute("role", "group");
  content?.setAttribute("aria-label", details.title(open[0], open[1]));
};
let open = null;
export const tell = (layer, feature, at, others = []) => {
  open = [layer, feature, at, others];
  highlight(feature);
  // a button that leaves the card with its click would count as a click on the map, which closes the card
  const also = others.length
    ? el(
        "div",
        { class: "also" },
        el("h4", {}, t("ui.also")),
        el(
          "ul",
          {},
          ...others.map(([otherLayer, other]) =>
            el(
              "li",
              {},
              el(
                "button",
                {
                  type: "button",
                  onclick: (event) => {
                    L.DomEvent.stopPropagation(event);
                    tell(otherLayer, other, at, [[layer, feature], ...others.filter(([, one]) => one !== other)]);
                  },
                },
                details.isolated(details.title(otherLayer, other)),
                el("span", { class: "quiet" }, ` ${t(`layer.${otherLayer.name}.title`)}`),
              ),
            ),
          ),
        ),
      )
    : null;
  const card = details.card(layer, feature);
  if (also) card.append(also);
  popup.setLatLng(at).setContent(card).openOn(map);
  speakPopup();
  map.fire("tell", { layerOf: layer, feature });
};
popup.on("remove", () => {
  open = null;
  unmark();
  map.fire("untell");
});

const RANK = { p: 0, l: 1, a: 2 };
export const ask = (latlng) => {
  const point = map.latLngToLayerPoint(latlng);
  const hits = [...paths.values()]
    .flat()
    .filter((path) => path.features && map.hasLayer(path) && path._containsPoint(point))
    .reverse();
  hits.sort((a, b) => RANK[a.features[0].shape.kind] - RANK[b.features[0].shape.kind] || size(a) - size(b));
  const pointed = hits.flatMap((path) => (path.hit ?? path.features).map((feature) => [path.layerOf, feature]));
  if (pointed.length) tell(...pointed[0], latlng, pointed.slice(1));
};
const size = (path) =>
  path.getBounds ? path.getBounds().getNorthEast().distanceTo(path.getBounds().getSouthWest()) : 0;

// from the list: show the layer, go there, open the card
const middle = ({ kind, positions }) =>
  kind === "p" ? positions[0] : kind === "l" ? halfway(positions) : widest(positions).getCenter();
// of an area in parts, the middle of its largest
const widest = (parts) =>
  parts.map((part) => L.latLngBounds(part[0])).reduce((best, one) => (extent(one) > extent(best) ? one : best));
const extent = (box) => (box.getEast() - box.getWest()) * (box.getNorth() - box.getSouth());
export const halfway = (lines) => {
  const line = lines.reduce((longest, one) => (one.length > longest.length ? one : longest));
  return line[Math.floor(line.length / 2)];
};
/**
 * @param {Layer} layer
 * @param {Feature} feature
 */
export const openFromList = (layer, feature) => {
  if (!layer.shown) {
    toggle(layer, true);
    byId(`show-${layer.name}`).checked = true;
  }
  frame.closeSheet();
  if (!feature.shape) {
    tell(layer, feature, map.getCenter());
    return;
  }
  const { kind, positions } = feature.shape;
  if (kind === "p") map.setView(positions[0], Math.max(map.getZoom(), 11), { animate: false });
  else
    map.fitBounds(L.latLngBounds(positions.flat(kind === "l" ? 1 : 2)), {
      padding: [40, 40],
      maxZoom: 12,
      animate: false,
    });
  tell(layer, feature, middle(feature.shape));
};

// ── names ────────────────────────────────────────────────────────────────
const labels = mapLabels(map, sheet);
export const rename = () =>
  labels.show(
    mapNames(byName, { tell, middle }),
    (byName.get("crossings_formal")?.shown ? byName.get("crossings_formal").features : [])
      .filter((feature) => isShown(feature) && feature.shape?.kind === "p")
      .map((feature) => ({ at: feature.shape.positions[0], radius: 7 })),
  );

// ── controls ─────────────────────────────────────────────────────────────
const shownInAddress = () =>
  layers
    .filter((layer) => layer.shown && layer.group !== "base")
    .map((layer) => layer.name)
    .join(",");
export const toggle = (layer, wanted) => {
  show(layer, wanted);
  order();
  rename();
  address.set({ layers: shownInAddress() });
};
export const tree = layerTree(layers, { toggle, open: openFromList });
const zoom = L.control.zoom({ position: "topright" }).addTo(map);
L.control.scale({ imperial: false, maxWidth: 130, position: "bottomright" }).addTo(map);
const Home = L.Control.extend({
  speak: () => {},
  onAdd() {
    const button = el("button", { type: "button", class: "whole", onclick: () => map.fitBounds(home, margins) });
    const box = el("div", { class: "leaflet-bar" }, button);
    L.DomEvent.disableClickPropagation(box);
    button.append(
      svg(
        "svg",
        { viewBox: "0 0 20 20", width: 16, height: 16, "aria-hidden": "true" },
        svg("path", {
          d: "M3 8V3h5M12 3h5v5M17 12v5h-5M8 17H3v-5",
          fill: "none",
          stroke: "currentColor",
          "stroke-width": 2,
        }),
      ),
    );
    this.speak = () => {
      button.setAttribute("aria-label", t("ui.whole"));
      button.title = t("ui.whole");
    };
    return box;
  },
});
const whole = new Home({ position: "topright" }).addTo(map);
const speakControls = () => {
  const name = (/** @type {HTMLElement} */ button, /** @type {string} */ key) => {
    button.title = t(key);
    button.setAttribute("aria-label", t(key));
  };
  name(zoom._zoomInButton, "ui.zoomin");
  name(zoom._zoomOutButton, "ui.zoomout");
  whole.speak();
};

const speak = () => {
  tree.draw();
  speakControls();
  rename();
  if (open) tell(...open);
};
export const restyle = () => {
  for (const path of [...grounds, ...[...paths.values()].flat()]) path.restyle();
  tree.draw();
};

const first = new Map(layers.map((layer) => [layer.name, layer.shown]));
const restore = () => {
  const names = address.get("layers")?.split(",");
  for (const layer of layers)
    if (layer.group !== "base") layer.shown = names ? names.includes(layer.name) : first.get(layer.name);
  const [level, lat, lon] = (address.get("map") ?? "").split("/").map(Number);
  if (Math.abs(level) < 30 && Math.abs(lat) < 85 && Math.abs(lon) <= 180)
    map.setView([lat, lon], level, { animate: false });
  else map.fitBounds(home, { ...margins, animate: false });
};
// what a page puts beside the map takes room from it; a reader who asked for no place still sees the whole
const untouched = address.get("map") === null;
export const settle = () => {
  map.invalidateSize({ animate: false });
  if (untouched) map.fitBounds(home, { ...margins, animate: false });
};
const follow = () => {
  restore();
  for (const layer of layers) if (layer.group !== "base") show(layer, layer.shown);
  order();
  rename();
  tree.draw();
};

// a user's own layer may reach far beyond the region
const wide = sheet.getEast() - sheet.getWest() > zooms.wide;
map.setMinZoom(Math.min(7, Math.max(wide ? 0 : 5, map.getBoundsZoom(sheet) - zooms.step)));
restore();
drawGround();
drawMargin();
for (const layer of layers) {
  if (layer.group === "base") continue;
  drawLayer(layer);
  show(layer, layer.shown);
}
order();
i18n.onChange(speak);
theme.onChange(restyle);
address.onChange(follow);
map.on("moveend", () => {
  if (variants.map.printing) return;
  const { lat, lng } = map.getCenter();
  address.set({ map: `${map.getZoom()}/${lat.toFixed(4)}/${lng.toFixed(4)}` });
});
frame.start();
// Leaflet has asked for this frame before, to draw in it
L.Util.requestAnimFrame(picture.remove);
