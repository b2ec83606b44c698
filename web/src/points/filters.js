import { moment } from "./lanes.js";

// which points are shown: all but some kinds, and those of a span of time
/**
 * @param {FilteredCloud} cloud
 * @param {PointFilters} state
 * @returns {number} how many are left
 */
export const hiding = (cloud, { hidden, time }) => {
  const { shown, of, about, lanes } = cloud;
  const codes = time && about.time !== null ? lanes[about.time].codes : null;
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

// what a span of time means where counts know only bins: how many points are left
/** @param {ArchiveAbout} about @param {{ hidden: Set<number>, time: [number, number] | null }} state */
export const leftOf = ({ sums, time }, state) => {
  const wide = (time?.count ?? 0) + 1;
  const [from, to] = state.time ?? [0, wide];
  return sums.reduce((sum, count, at) => {
    const bin = at % wide;
    return state.hidden.has(Math.floor(at / wide)) || bin < from || bin > to ? sum : sum + count;
  }, 0);
};

// the bins of an archive as a range of time; a bin begins with its first moment and ends with its last
/** @param {ArchiveAbout} about @returns {TimeRange | null} */
export const binRange = ({ time }) => {
  if (!time) return null;
  const { first, last, width, count } = time;
  return {
    field: time.field,
    least: 1,
    most: count,
    text: (code, isEnd) => moment(Math.min(last, first + (isEnd ? code * width - 1 : (code - 1) * width)), time),
  };
};

// the first field of times: its name, its ends, and the text of what lies between; nothing where there is none
/** @param {FilteredCloud} cloud @returns {TimeRange | null} */
export const timeRange = (cloud) => {
  const { about, lanes } = cloud;
  if (about.time === null || !lanes[about.time].codes) return null;
  const lane = lanes[about.time];
  const field = about.fields[about.time];
  const [least, most] = [1, field.most ?? 0];
  if (most <= least) return null;
  return { field: field.name, least, most, text: (/** @type {number} */ code) => lane.of(code) };
};
