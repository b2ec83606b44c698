// where the points are: steps of a grid over the world, sorted by cells, so that what lies in a box is soon found
import { integers } from "./lanes.js";

/** @param {CloudAbout} about @param {Uint8Array} bytes @returns {CloudPlaces} */
export const placesOf = (about, bytes) => {
  const { count, shift, west, north, wide, high } = about;
  const cells = wide * high;
  const width = Math.ceil(shift / 8);
  const counts = integers(bytes, 0, cells, 4);
  const y = integers(bytes, 4 * cells, count, width);
  const x = integers(bytes, 4 * cells + width * count, count, width);
  const start = new Uint32Array(cells + 1);
  const side = 2 ** shift;
  let i = 0;
  for (let cell = 0; cell < cells; cell += 1) {
    start[cell] = i;
    const left = (west + (cell % wide)) * side;
    const top = (north + Math.floor(cell / wide)) * side;
    let down = 0;
    for (const end = i + counts[cell]; i < end; i += 1) {
      down += y[i];
      y[i] = top + down;
      x[i] += left;
    }
  }
  start[cells] = i;
  return { x, y, start, west, north, wide, high, side };
};

// runs of points, each of one row of cells, that may lie in a box of steps; the caller looks at each point
/**
 * @param {CloudPlaces} places
 * @param {number[]} box left, top, right, bottom in steps
 * @param {(from: number, to: number) => void} each
 */
export const runs = ({ start, west, north, wide, high, side }, [left, top, right, bottom], each) => {
  const first = Math.max(0, Math.floor(left / side) - west);
  const last = Math.min(wide - 1, Math.floor(right / side) - west);
  const end = Math.min(high - 1, Math.floor(bottom / side) - north);
  if (first > last) return;
  for (let row = Math.max(0, Math.floor(top / side) - north); row <= end; row += 1) {
    const from = start[row * wide + first];
    const to = start[row * wide + last + 1];
    if (from < to) each(from, to);
  }
};

/** @param {CloudAbout} about @param {number} x @param {number} y @returns {LatLon} */
export const latLonOf = ({ bits }, x, y) => {
  const side = 2 ** bits;
  const north = Math.PI * (1 - (2 * (y + 0.5)) / side);
  return [(Math.atan(Math.sinh(north)) * 180) / Math.PI, ((x + 0.5) / side) * 360 - 180];
};
