// lines out of the letters that a page carries them in
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const codes = new Uint8Array(128);
for (let i = 0; i < alphabet.length; i += 1) codes[alphabet.charCodeAt(i)] = i;

/** @param {string} text */
const numbers = (text) => {
  /** @type {number[]} */
  const values = [];
  let value = 0,
    shift = 0;
  for (let i = 0; i < text.length; i += 1) {
    const group = codes[text.charCodeAt(i)];
    value |= (group & 31) << shift;
    if (group & 32) {
      shift += 5;
      continue;
    }
    values.push(value & 1 ? -((value + 1) >> 1) : value >> 1);
    value = shift = 0;
  }
  return values;
};

// latitude before longitude, as Leaflet wants them
/**
 * @param {{ perDegree: number, steps: string, sizes: string }} given
 * @returns {LatLon[][]}
 */
export const unpack = ({ perDegree, steps, sizes }) => {
  const moves = numbers(steps);
  let at = 0,
    lon = 0,
    lat = 0;
  return numbers(sizes).map((size) => {
    /** @type {LatLon[]} */
    const arc = [];
    for (let i = 0; i < size; i += 1, at += 2) {
      lon += moves[at];
      lat += moves[at + 1];
      arc.push([lat / perDegree, lon / perDegree]);
    }
    return arc;
  });
};
