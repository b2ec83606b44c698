// which points are shown: all but some kinds, and those of a span of time
/**
 * @param {any} cloud
 * @param {{ hidden: Set<number>, time: [number, number] | null }} state
 * @returns {number} how many are left
 */
export const hiding = (cloud, { hidden, time }) => {
  const { shown, of, about, lanes } = cloud;
  const codes = time ? lanes[about.time].codes : null;
  const out = new Uint8Array(256);
  for (const one of hidden) out[one] = 1;
  const [from, to] = time ?? [0, 0];
  let left = 0;
  for (let i = 0; i < shown.length; i += 1) {
    const wanted = !out[of[i]] && (!codes || (codes[i] >= from && codes[i] <= to)) ? 1 : 0;
    shown[i] = wanted;
    left += wanted;
  }
  return left;
};

// the first field of times: its name, its ends, and the text of what lies between; nothing where there is none
/** @param {any} cloud */
export const timeRange = (cloud) => {
  const { about, lanes } = cloud;
  const lane = about.time === null ? null : lanes[about.time];
  if (!lane?.codes) return null;
  const field = about.fields[about.time];
  const [least, most] = [1, field.most];
  if (most <= least) return null;
  return { field: field.name, least, most, text: (/** @type {number} */ code) => lane.of(code) };
};
