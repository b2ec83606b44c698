// where the parts of a strip stand: nothing in it knows a document

// places at least `step` apart, each cluster about its own middle
export const spread = (wanted, step, least) => {
  const pools = [];
  wanted.forEach((at, index) => {
    let pool = { sum: at - index * step, count: 1 };
    while (pools.length && pools.at(-1).sum / pools.at(-1).count > pool.sum / pool.count) {
      const last = pools.pop();
      pool = { sum: last.sum + pool.sum, count: last.count + pool.count };
    }
    pools.push(pool);
  });
  return pools
    .flatMap(({ sum, count }) => Array(count).fill(sum / count))
    .map((middle, index) => Math.max(middle, least) + index * step);
};

// items in as few lanes as they need, `gap` pixels apart in each, by the pixels that `extent` gives: [item, lane]
export const inLanes = (items, extent, gap) => {
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
export const wrapped = (text, room, widthOf) => {
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && widthOf(longer) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
};
