// how many points are in each square of the view, of what is shown

/**
 * @param {{ hidden: Set<number>, time: [number, number] | null }} state
 * @returns {(kind: number, bin: number) => boolean}
 */
export const showing = ({ hidden, time }) => {
  const out = new Uint8Array(256);
  for (const one of hidden) out[one] = 1;
  const [from, to] = time ?? [0, 255];
  return (kind, bin) => !out[kind] && bin >= from && bin <= to;
};

/**
 * @param {ArchiveAbout} about
 * @param {{ hidden: Set<number>, time: [number, number] | null }} state
 * @param {{ zoom: number, left: number, top: number, right: number, bottom: number }} window
 * @param {ArchiveTile[]} tiles
 * @param {number} classes
 * @returns {SquareCounts & { across: number }}
 */
export const squaresIn = ({ bits, squareBits }, state, { zoom, left, top, right, bottom }, tiles, classes) => {
  const side = 2 ** squareBits;
  const across = (right - left + 1) * side;
  const down = (bottom - top + 1) * side;
  const counts = new Uint32Array(across * down);
  const each = classes > 1 ? new Uint32Array(across * down * classes) : null;
  const shows = showing(state);
  let sum = 0;
  /** @param {number} x @param {number} y @param {number} kind @param {number} count */
  const add = (x, y, kind, count) => {
    if (x < 0 || y < 0 || x >= across || y >= down) return;
    const at = y * across + x;
    counts[at] += count;
    if (each) each[at * classes + kind] += count;
    sum += count;
  };
  const step = 2 ** (bits - zoom - squareBits);
  for (const { squares, points, column, row } of tiles) {
    if (squares) {
      const { x, y, of, bin, count } = squares;
      const [dx, dy] = [(column - left) * side, (row - top) * side];
      for (let i = 0; i < x.length; i += 1) if (shows(of[i], bin[i])) add(x[i] + dx, y[i] + dy, of[i], count[i]);
    } else if (points) {
      const { x, y, of, bin } = points;
      const [dx, dy] = [left * side, top * side];
      for (let i = 0; i < x.length; i += 1)
        if (shows(of[i], bin[i])) add(Math.floor(x[i] / step) - dx, Math.floor(y[i] / step) - dy, of[i], 1);
    }
  }
  return { counts, each, classes, sum, across };
};

// the single points of some tiles, one after the other, and which of them are shown
/**
 * @param {ArchiveAbout} about
 * @param {{ hidden: Set<number>, time: [number, number] | null }} state
 * @param {ArchiveTile[]} tiles
 */
export const shownOf = ({ bits }, state, tiles) => {
  const held = tiles.flatMap(({ points }) => points ?? []);
  const count = held.reduce((sum, { x }) => sum + x.length, 0);
  const [x, y] = [new Uint32Array(count), new Uint32Array(count)];
  const [of, shown] = [new Uint8Array(count), new Uint8Array(count)];
  const shows = showing(state);
  let at = 0;
  for (const points of held) {
    x.set(points.x, at);
    y.set(points.y, at);
    of.set(points.of, at);
    for (let i = 0; i < points.x.length; i += 1) shown[at + i] = shows(points.of[i], points.bin[i]) ? 1 : 0;
    at += points.x.length;
  }
  const start = Uint32Array.of(0, count);
  return { places: { x, y, start, west: 0, north: 0, wide: 1, high: 1, side: 2 ** bits }, of, shown };
};
