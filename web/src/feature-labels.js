// the names that a user gave the features of a layer: those that have room, the largest first
import { halfway, rename } from "./map.js";
import { atTime, index, portrayal, state, userLayers } from "./map-state.js";
import { userLook } from "./user-layer-signs.js";
import * as variants from "./variants.js";

const WEIGHT = 250;

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
// a line of two positions has no position halfway
/** @param {LatLon[][]} positions @returns {LatLon} */
const along = (positions) => {
  const line = positions.reduce((longest, one) => (one.length > longest.length ? one : longest));
  if (line.length !== 2) return halfway(positions);
  const [[lat, lon], [otherLat, otherLon]] = line;
  return [(lat + otherLat) / 2, (lon + otherLon) / 2];
};
/** @param {Shape} shape */
const spot = (shape) => {
  if (shape.kind === "p") return { at: shape.positions[0], wide: 0 };
  if (shape.kind === "l") return { at: along(shape.positions), wide: 0 };
  return shape.positions.map(inside).reduce((best, one) => (one.wide > best.wide ? one : best));
};
/** @param {Layer} layer @returns {MapName[]} */
const labels = (layer) => {
  const words = portrayal(layer)?.labels ?? [];
  return layer.features.flatMap((feature) => {
    const text = words[index(feature)];
    if (!text || !feature.shape || feature.hidden || !atTime(layer, feature, state.step)) return [];
    const { at, wide } = spot(feature.shape);
    const clear = feature.shape.kind === "a" ? 0 : feature.shape.kind === "l" ? 6 : (userLook(feature).radius ?? 6) + 2;
    return [
      {
        kind: "feature",
        text: text.length > 60 ? `${text.slice(0, 59)}…` : text,
        at,
        from: 0,
        weight: WEIGHT + Math.min(40, wide * 10),
        clear,
      },
    ];
  });
};
if (userLayers.some((layer) => portrayal(layer)?.labels.length)) {
  variants.map.relabel.push((names) => [...names, ...userLayers.filter(({ shown }) => shown).flatMap(labels)]);
  rename();
}
