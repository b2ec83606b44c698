// the names that a user gave the features of a layer: those that have room, the largest first
import { stepsInView, touches } from "./line-names.js";
import { map, rename } from "./map.js";
import { atTime, index, portrayal, state, userLayers } from "./map-state.js";
import { BESIDE, userLook } from "./user-layer-signs.js";
import * as variants from "./variants.js";

const WEIGHT = 250;
const LONGEST = 60;

/** @typedef {{ view: string, steps: { half: number, steps: import("./line-names.js").Step[] }[] }} Cased */
/** @type {Cased} */
let cased = { view: "", steps: [] };
// the lines of the layers, by half their width in pixels, where this view has them
const linesInView = () => {
  const { lat, lng } = map.getCenter();
  const view = [map.getZoom(), lat, lng, map.getSize()].join();
  if (cased.view === view) return cased.steps;
  /** @type {Map<number, Feature[]>} */
  const widths = new Map();
  for (const layer of userLayers.filter(({ shown }) => shown))
    for (const feature of layer.features) {
      if (feature.hidden || feature.shape?.kind !== "l") continue;
      const half = (userLook(feature).weight ?? 3) / 2 + 1;
      widths.set(half, [...(widths.get(half) ?? []), feature]);
    }
  cased = { view, steps: [...widths].map(([half, some]) => ({ half, steps: stepsInView(map, some, 0) })) };
  return cased.steps;
};
/** @param {number[]} box */
const over = ([left, top, right, bottom]) =>
  linesInView().some(({ half, steps }) => touches(steps, [left - half, top - half, right + half, bottom + half]));

/** @param {LatLon[][]} rings */
const inside = (rings) => {
  const [outer] = rings;
  const lats = outer.map(([lat]) => lat);
  const level = (Math.min(...lats) + Math.max(...lats)) / 2 + 1e-9;
  // where the parallel through the middle is within the area, on its longest stretch
  const cuts = rings
    .flatMap((ring) =>
      ring.slice(1).flatMap(([lat, lon], before) => {
        const [lat0, lon0] = ring[before];
        return lat > level !== lat0 > level ? [lon0 + ((level - lat0) / (lat - lat0)) * (lon - lon0)] : [];
      }),
    )
    .sort((a, b) => a - b);
  let best = [outer[0][1], outer[0][1]];
  for (let at = 0; at + 1 < cuts.length; at += 2)
    if (cuts[at + 1] - cuts[at] > best[1] - best[0]) best = [cuts[at], cuts[at + 1]];
  return { at: /** @type {LatLon} */ ([level, (best[0] + best[1]) / 2]), wide: best[1] - best[0] };
};
// shares of a line's positions at which its name may stand, best first
const SHARES = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9, 0, 1];
/** @param {LatLon[][]} positions @returns {LatLon[]} */
const along = (positions) => {
  const line = positions.reduce((longest, one) => (one.length > longest.length ? one : longest));
  return SHARES.map((share) => {
    const place = share * (line.length - 1);
    const [lat, lon] = line[Math.floor(place)];
    const [nextLat, nextLon] = line[Math.ceil(place)];
    const rest = place % 1;
    return [lat + (nextLat - lat) * rest, lon + (nextLon - lon) * rest];
  });
};
/** @param {Shape} shape @returns {{ at: LatLon, or?: LatLon[], wide: number }} */
const spot = (shape) => {
  if (shape.kind === "p") return { at: shape.positions[0], wide: 0 };
  if (shape.kind === "l") {
    const [at, ...or] = along(shape.positions);
    return { at, or, wide: 0 };
  }
  return shape.positions.map(inside).reduce((best, one) => (one.wide > best.wide ? one : best));
};
/** @param {Layer} layer @returns {MapName[]} */
const labels = (layer) => {
  const words = portrayal(layer)?.labels ?? [];
  return layer.features.flatMap((feature) => {
    const text = words[index(feature)];
    if (!text || !feature.shape || feature.hidden || !atTime(layer, feature, state.step)) return [];
    const { at, or, wide } = spot(feature.shape);
    const look = userLook(feature);
    const clear = { a: 0, l: (look.weight ?? 3) / 2 + 2 * BESIDE, p: (look.radius ?? 6) + BESIDE }[feature.shape.kind];
    // in letters, of which some are two of a script's signs
    const letters = [...text];
    return [
      {
        kind: "feature",
        text: letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join("")}…` : text,
        over,
        at,
        or,
        from: 0,
        weight: WEIGHT + Math.min(40, wide * 10),
        clear,
      },
    ];
  });
};
if (userLayers.some((layer) => portrayal(layer)?.labels.length)) {
  variants.map.relabel.push((names) => {
    cased.view = "";
    return [...names, ...userLayers.filter(({ shown }) => shown).flatMap(labels)];
  });
  rename();
}
