// a line with its kilometres: where a chainage lies, which chainage is nearest, and how far dividers walk along it
//
// Atlas.measured(positions) takes [latitude, longitude] in degrees; distances are chords of the GRS 80 ellipsoid.
/** @param {LatLon[]} positions */
export const measuredLine = (positions) => {
  const [A, ES] = [6378137, 0.006694380022900787];
  const radians = Math.PI / 180;
  const count = positions.length;
  const space = new Float64Array(count * 3);
  const measure = new Float64Array(count);
  positions.forEach(([lat, lon], i) => {
    const vertical = A / Math.sqrt(1 - ES * Math.sin(lat * radians) ** 2);
    space[i * 3] = vertical * Math.cos(lat * radians) * Math.cos(lon * radians);
    space[i * 3 + 1] = vertical * Math.cos(lat * radians) * Math.sin(lon * radians);
    space[i * 3 + 2] = vertical * (1 - ES) * Math.sin(lat * radians);
    if (i)
      measure[i] =
        measure[i - 1] +
        Math.hypot(
          space[i * 3] - space[i * 3 - 3],
          space[i * 3 + 1] - space[i * 3 - 2],
          space[i * 3 + 2] - space[i * 3 - 1],
        );
  });
  const length = measure[count - 1] / 1000;
  /**
   * @param {number} i
   * @param {number} share
   * @returns {LatLon}
   */
  const between = (i, share) => {
    const [lat, lon] = positions[i],
      [nextLat, nextLon] = positions[i + 1];
    return [lat + (nextLat - lat) * share, lon + (nextLon - lon) * share];
  };

  /** @param {number} metres */
  const segmentAt = (metres) => {
    let low = 0,
      high = count - 2;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (measure[middle] <= metres) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  /** @param {number} km */
  const at = (km) => {
    const metres = Math.min(measure[count - 1], Math.max(0, km * 1000));
    const i = segmentAt(metres);
    return between(i, (metres - measure[i]) / (measure[i + 1] - measure[i]));
  };

  // the nearest place of the line: chainage in km and how far off, in metres
  /** @param {LatLon | number[]} given */
  const nearest = ([lat, lon]) => {
    const wide = A * radians * Math.cos(lat * radians),
      tall = A * radians;
    let best = Infinity,
      km = 0;
    let x = (positions[0][1] - lon) * wide,
      y = (positions[0][0] - lat) * tall;
    for (let i = 1; i < count; i += 1) {
      const nextX = (positions[i][1] - lon) * wide,
        nextY = (positions[i][0] - lat) * tall;
      const dx = nextX - x,
        dy = nextY - y;
      const share = Math.min(1, Math.max(0, -(x * dx + y * dy) / (dx * dx + dy * dy)));
      const off = Math.hypot(x + dx * share, y + dy * share);
      if (off < best) {
        best = off;
        km = (measure[i - 1] + (measure[i] - measure[i - 1]) * share) / 1000;
      }
      x = nextX;
      y = nextY;
    }
    return { km, metres: best };
  };

  // the same walk as in atlas/geometry/ruler.py: each step ends where the line first leaves the circle of one ruler
  /**
   * @param {number} ruler
   * @param {LatLon[] | null} [places]
   */
  const walk = (ruler, places = null) => {
    const reach = ruler * ruler;
    let [x, y, z] = space;
    let segment = 0,
      share = 0,
      steps = 0;
    places?.push(positions[0]);
    for (let i = 1; i < count; ) {
      const offX = space[i * 3] - x,
        offY = space[i * 3 + 1] - y,
        offZ = space[i * 3 + 2] - z;
      if (offX * offX + offY * offY + offZ * offZ < reach) {
        i += 1;
        continue;
      }
      const before = i - 1;
      const startX = space[before * 3],
        startY = space[before * 3 + 1],
        startZ = space[before * 3 + 2];
      const alongX = space[i * 3] - startX,
        alongY = space[i * 3 + 1] - startY,
        alongZ = space[i * 3 + 2] - startZ;
      const fromX = startX - x,
        fromY = startY - y,
        fromZ = startZ - z;
      const square = alongX * alongX + alongY * alongY + alongZ * alongZ;
      const mixed = alongX * fromX + alongY * fromY + alongZ * fromZ;
      const rest = fromX * fromX + fromY * fromY + fromZ * fromZ - reach;
      const root = (-mixed + Math.sqrt(Math.max(mixed * mixed - square * rest, 0))) / square;
      share = Math.min(1, Math.max(before === segment ? share : 0, root));
      segment = before;
      x = startX + alongX * share;
      y = startY + alongY * share;
      z = startZ + alongZ * share;
      steps += 1;
      places?.push(between(segment, share));
    }
    const end = (count - 1) * 3;
    const rest = Math.hypot(space[end] - x, space[end + 1] - y, space[end + 2] - z);
    places?.push(positions[count - 1]);
    return { steps, rest, length: (steps * ruler + rest) / 1000 };
  };

  return { length, positions, at, nearest, walk };
};
