// a tap on a square of many points: the nearest of them, out of the tiles below
import { showing } from "./counting.js";

const MOST_LISTED = 20;
// tiles that one tap may read
const MOST_TILES = 12;

// steps of the grid under a place on the map
/** @param {ArchiveView} layer @param {L.Point} point @returns {[number, number]} */
const stepsAt = (layer, point) => {
  const { x, y } = point.add(layer._map.getPixelOrigin());
  const scale = 2 ** (layer._map.getZoom() + 8 - layer.about.bits);
  return [x / scale, y / scale];
};
/** @param {ArchiveView} layer @param {L.Point} point */
const squareAt = (layer, point) => {
  const { zoom, left, top } = layer._window;
  const { bits, squareBits } = layer.about;
  const step = 2 ** (bits - zoom - squareBits);
  const [column, row] = stepsAt(layer, point).map((one) => Math.floor(one / step));
  const side = 2 ** squareBits;
  const [x, y] = [column - left * side, row - top * side];
  const inside = x >= 0 && y >= 0 && x < layer.grid.across && y < layer.grid.counts.length / layer.grid.across;
  return { column, row, step, count: inside ? layer.grid.counts[y * layer.grid.across + x] : 0 };
};
/** @param {ArchiveView} layer @param {L.Point} point @returns {number} */
export const countAt = (layer, point) => squareAt(layer, point).count;

/** @param {ArchiveView} layer @param {L.Point} point @returns {Promise<Feature[]>} */
export const ask = async (layer, point) => {
  const { about, state } = layer;
  const { column, row, step, count } = squareAt(layer, point);
  if (!count) return [];
  const [px, py] = stepsAt(layer, point);
  const [left, top, right, bottom] = [column * step, row * step, (column + 1) * step, (row + 1) * step];
  const shows = showing(state);
  /** @type {[number, ArchiveTile, number][]} */
  const hits = [];
  /** @param {ArchiveTile} tile */
  const look = (tile) => {
    const { x, y, of, bin } = /** @type {ArchivePoints} */ (tile.points);
    for (let i = 0; i < x.length; i += 1) {
      if (!shows(of[i], bin[i]) || x[i] < left || x[i] >= right || y[i] < top || y[i] >= bottom) continue;
      hits.push([(x[i] - px) ** 2 + (y[i] - py) ** 2, tile, i]);
    }
  };
  // the tiles of the square, the nearest to the finger first, down to those that have single points
  const { zoom } = layer._window;
  const side = 2 ** about.squareBits;
  /** @type {[number, number, number][]} */
  const waiting = [[zoom, Math.floor(column / side), Math.floor(row / side)]];
  for (let read = 0; read < MOST_TILES && waiting.length && hits.length < MOST_LISTED; ) {
    const [at, x, y] = /** @type {[number, number, number]} */ (waiting.shift());
    const tile = await layer._shelf.covering(at, x, y);
    if (!tile) continue;
    if (tile.points) {
      read += 1;
      look(tile);
      continue;
    }
    const half = 2 ** (about.bits - at - 1);
    const below = [0, 1, 2, 3].map((one) => [at + 1, 2 * x + (one & 1), 2 * y + (one >> 1)]);
    /** @param {number[]} address */
    const far = ([, bx, by]) => Math.hypot((bx + 0.5) * half - px, (by + 0.5) * half - py);
    const touched = below.filter(
      ([, bx, by]) => (bx + 1) * half > left && bx * half < right && (by + 1) * half > top && by * half < bottom,
    );
    waiting.unshift(.../** @type {[number, number, number][]} */ (touched.sort((a, b) => far(a) - far(b))));
  }
  hits.sort((a, b) => a[0] - b[0]);
  const features = hits.slice(0, MOST_LISTED).map(([, tile, i]) => layer.featureOf(tile, i));
  if (features.length) features[0].crowd = count;
  return features;
};
