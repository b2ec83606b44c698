// where the parts of a strip stand: nothing in it knows a document

// places at least `step` apart, each cluster about its own middle
/**
 * @param {number[]} wanted
 * @param {number} step
 * @param {number} least
 */
export const spread = (wanted, step, least) => {
  /** @type {{ sum: number, count: number }[]} */
  const pools = [];
  wanted.forEach((at, index) => {
    let pool = { sum: at - index * step, count: 1 };
    for (let last = pools.at(-1); last && last.sum / last.count > pool.sum / pool.count; last = pools.at(-1)) {
      pools.pop();
      pool = { sum: last.sum + pool.sum, count: last.count + pool.count };
    }
    pools.push(pool);
  });
  return pools
    .flatMap(({ sum, count }) => Array(count).fill(sum / count))
    .map((middle, index) => Math.max(middle, least) + index * step);
};

// items in as few lanes as they need, `gap` pixels apart in each, by the pixels that `extent` gives: [item, lane]
/**
 * @template T
 * @param {T[]} items
 * @param {(item: T) => [number, number] | number[]} extent
 * @param {number} gap
 * @returns {[T, number][]}
 */
export const inLanes = (items, extent, gap) => {
  /** @type {number[]} */
  const ends = [];
  return [...items]
    .sort((a, b) => extent(a)[0] - extent(b)[0])
    .map((item) => {
      const [from, to] = extent(item);
      let lane = ends.findIndex((end) => end + gap <= from);
      if (lane < 0) lane = ends.length;
      ends[lane] = to;
      return [item, lane];
    });
};

// a text in lines that are no wider than `room`; a word that is wider has a line to itself
/**
 * @param {string} text
 * @param {number} room
 * @param {(text: string) => number} widthOf
 */
export const wrapped = (text, room, widthOf) => {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && widthOf(longer) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
};
