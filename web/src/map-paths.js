// the paths of all layers: drawn once, shown and hidden, in the order in which they lie above each other
import { byName, layers, map, sheet } from "./map-base.js";
import { tell } from "./map-card.js";
import { draw, ground, pen } from "./map-pens.js";
import { pane } from "./panes.js";
import { points } from "./positions.js";
import * as signs from "./signs.js";
import * as theme from "./theme.js";
import * as variants from "./variants.js";

/** @type {L.Path[]} */
const grounds = [];
export const drawGround = () => {
  // one path a kind: hundreds of rivers as paths of their own would hold up the first picture
  /** @type {Map<string, { kind: string, shape: Shape }>} */
  const kinds = new Map();
  for (const { values, shape } of byName.get("basemap")?.features ?? []) {
    if (!signs.base[values.kind] || !shape) continue;
    const group = `${values.kind} ${shape.kind}`;
    const all = kinds.get(group)?.shape ?? /** @type {Shape} */ ({ kind: shape.kind, positions: [] });
    kinds.set(group, { kind: values.kind, shape: all });
    all.positions.push(.../** @type {any[]} */ (shape.positions));
  }
  for (const { kind, shape } of kinds.values()) {
    const style = signs.base[kind];
    const path = draw(
      shape,
      /** @type {Look} */ ({ ...style(), renderer: ground, interactive: false, smoothFactor: 1 }),
    );
    path.restyle = () => path.setStyle(/** @type {L.PathOptions} */ (style()));
    path.addTo(map);
    grounds.push(path);
  }
};

// the sheet ends where the base map ends: paper beyond, like the margin of a printed map
export const drawMargin = () => {
  pane(map, "margin", 610);
  /** @param {L.LatLngBounds} bounds */
  const ring = (bounds) => [bounds.getSouthWest(), bounds.getNorthWest(), bounds.getNorthEast(), bounds.getSouthEast()];
  const look = () => ({ color: theme.colour("coast"), weight: 1, fillColor: theme.colour("paper"), fillOpacity: 1 });
  const margin = L.polygon([ring(sheet.pad(6)), ring(sheet)], {
    ...look(),
    renderer: L.svg({ pane: "margin", padding: 0.5 }),
    interactive: false,
  });
  margin.restyle = () => margin.setStyle(look());
  grounds.push(margin.addTo(map));
};

// features with the same shape are drawn once and answer together
/** @param {Layer} layer @param {Set<Feature>} others */
const grouped = (layer, others) => {
  /** @type {Map<string | null | undefined, Feature[]>} */
  const groups = new Map();
  for (const feature of layer.features) {
    if (!feature.shape || others.has(feature)) continue;
    const key = feature.shape.kind === "p" ? feature.id : feature.shape.key;
    const group = groups.get(key);
    if (group) group.push(feature);
    else groups.set(key, [feature]);
  }
  return [...groups.values()];
};

// several points of one feature are as many signs
/** @param {Shape} shape @returns {Shape[]} */
const pieces = (shape) =>
  shape.kind === "p" ? shape.positions.map((position) => ({ kind: "p", positions: [position] })) : [shape];

/** @type {Map<string, L.Path[]>} */
export const paths = new Map();
// the layers in the order of the page, whichever of them is drawn first
/** @param {Layer[]} layers */
export const prepare = (layers) => {
  for (const { name } of layers) paths.set(name, []);
};
/** @param {Layer} layer */
export const drawLayer = (layer) => {
  const many = variants.map.crowd(layer);
  if (many) {
    many.layerOf = layer;
    many.on("click", (event) => ask(event.latlng));
    paths.set(layer.name, [many]);
    return;
  }
  const style = signs.styles[layer.name];
  const placed = layer.features.filter((feature) => points(feature).length);
  const crowd = placed.length > (variants.map.cloud?.LEAST ?? Infinity) ? placed : [];
  /** @param {Feature[]} features @param {Shape} shape */
  const drawn = (features, shape) => {
    const path = draw(shape, /** @type {Look} */ ({ ...style(features), ...PLAIN }));
    path.features = features;
    path.layerOf = layer;
    path.restyle = () => path.setStyle(/** @type {L.PathOptions} */ (style(path.features ?? [])));
    path.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      ask(event.latlng);
    });
    const both = [...halo(features[0], shape), path];
    for (const one of both) one.group = features;
    return both;
  };
  const groups = grouped(layer, new Set(crowd));
  const drawings = groups.flatMap((features) =>
    pieces(/** @type {Shape} */ (features[0].shape)).flatMap((shape) => drawn(features, shape)),
  );
  paths.set(layer.name, drawings);
  const cloud = crowd.length ? variants.map.cloud?.of(crowd, (feature) => style([feature])) : null;
  if (!cloud) return;
  cloud.layerOf = layer;
  cloud.on("click", (event) => ask(event.latlng));
  drawings.push(cloud);
};
const PLAIN = { renderer: pen, smoothFactor: 1, bubblingMouseEvents: false };

// how far off a point may be, in metres on the ground
/** @param {Feature} feature @param {Shape} shape */
const halo = ({ values }, shape) => {
  const stated = values.coordinateUncertaintyInMeters;
  const metres = Number(stated?.number ?? stated);
  if (shape.kind !== "p" || !(metres > 0)) return [];
  const look = () => ({
    color: theme.colour("formal"),
    weight: 1,
    opacity: 0.5,
    fillColor: theme.colour("formal"),
    fillOpacity: 0.1,
  });
  const circle = L.circle(shape.positions[0], { ...look(), radius: metres, renderer: pen, interactive: false });
  circle.restyle = () => circle.setStyle(look());
  return [circle];
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
];
/** @param {Layer} layer */
const depth = ({ name, group }) => (group === "own" ? DEPTH.length : DEPTH.indexOf(name));
/** @param {L.Path} path */
const kindOf = (path) => path.features?.[0].shape?.kind;
export const order = () => {
  const shown = layers.filter((layer) => layer.shown);
  for (const layer of shown)
    for (const path of paths.get(layer.name) ?? []) if (kindOf(path) === "a") path.bringToFront();
  shown.sort((a, b) => depth(a) - depth(b));
  for (const rank of ["l", "p"])
    for (const layer of shown)
      for (const path of paths.get(layer.name) ?? []) if ((kindOf(path) ?? "l") === rank) path.bringToFront();
};

// in this frame: the next one is the first that a reader sees
export const drawNow = () => {
  L.Util.cancelAnimFrame(pen._redrawRequest);
  pen._redraw();
};

/** @param {Feature} feature */
export const visible = (feature) => !feature.hidden;
/** @param {Layer} layer @param {boolean} wanted */
export const show = (layer, wanted) => {
  layer.shown = wanted;
  for (const path of paths.get(layer.name) ?? []) {
    if (wanted && (path.group ?? []).some(visible)) path.addTo(map);
    else path.remove();
  }
};
// what a filter hides leaves the group that it was drawn with; a group with nobody left leaves the map
/** @param {Layer} layer @param {(layer: Layer, feature: Feature) => boolean} hides */
export const hide = (layer, hides) => {
  for (const feature of layer.features) feature.hidden = hides(layer, feature);
  for (const path of paths.get(layer.name) ?? []) {
    const left = path.group?.filter(visible) ?? [];
    if (path.features && left.length) path.features = left;
    path.restyle?.();
  }
  show(layer, layer.shown);
};
export const restyle = () => {
  for (const path of [...grounds, ...[...paths.values()].flat()]) path.restyle?.();
};

// what lies under a place, points before lines before areas, the small before the large
const RANK = { p: 0, l: 1, a: 2 };
/** @param {L.LatLng} latlng */
export const ask = (latlng) => {
  const point = map.latLngToLayerPoint(latlng);
  const hits = [...paths.values()]
    .flat()
    .filter((path) => path.features && map.hasLayer(path) && path._containsPoint(point))
    .reverse();
  hits.sort((a, b) => RANK[kindOf(a) ?? "a"] - RANK[kindOf(b) ?? "a"] || size(a) - size(b));
  const [first, ...others] = hits.flatMap((path) =>
    (path.hit ?? path.features ?? []).map((feature) => /** @type {Placed} */ ([path.layerOf, feature])),
  );
  if (first) tell(...first, latlng, others);
};
/** @param {L.Path} path */
const size = (path) => {
  const bounds = path.getBounds?.();
  return bounds ? bounds.getNorthEast().distanceTo(bounds.getSouthWest()) : 0;
};
