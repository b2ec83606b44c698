// lines out of the letters that a page carries them in
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const codes = new Uint8Array(128);
for (let i = 0; i < alphabet.length; i += 1) codes[alphabet.charCodeAt(i)] = i;

/** @param {string} text */
const numbers = (text) => {
  // a number has one letter or more
  const values = new Int32Array(text.length);
  let count = 0,
    value = 0,
    shift = 0;
  for (let i = 0; i < text.length; i += 1) {
    const group = codes[text.charCodeAt(i)];
    value |= (group & 31) << shift;
    if (group & 32) {
      shift += 5;
      continue;
    }
    values[count] = value & 1 ? -((value + 1) >> 1) : value >> 1;
    count += 1;
    value = shift = 0;
  }
  return values.subarray(0, count);
};

// an arc by its number, latitude before longitude, as Leaflet wants them; made when it is first asked for
/**
 * @param {{ perDegree: number, steps: string, sizes: string }} given
 * @returns {{ count: number, arc: (index: number) => LatLon[] }}
 */
export const packed = ({ perDegree, steps, sizes }) => {
  const grid = numbers(steps);
  for (let i = 2; i < grid.length; i += 1) grid[i] += grid[i - 2];
  const lengths = numbers(sizes);
  const ends = new Int32Array(lengths.length + 1);
  for (let i = 0; i < lengths.length; i += 1) ends[i + 1] = ends[i] + lengths[i];
  /** @type {LatLon[][]} */
  const made = [];
  /** @param {number} index */
  const arc = (index) => {
    if (made[index]) return made[index];
    /** @type {LatLon[]} */
    const places = [];
    for (let i = 2 * ends[index]; i < 2 * ends[index + 1]; i += 2)
      places.push([grid[i + 1] / perDegree, grid[i] / perDegree]);
    made[index] = places;
    return places;
  };
  return { count: lengths.length, arc };
};

/** @param {{ perDegree: number, steps: string, sizes: string }} given */
export const unpack = (given) => {
  const { count, arc } = packed(given);
  return Array.from({ length: count }, (_, index) => arc(index));
};
