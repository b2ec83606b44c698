// how many bytes of a JPEG's scan are its picture: its codes are followed block by block, as field/readers/huffman.py does it
const BLOCK = 64,
  WINDOW = 16;

// by the sixteen bits that follow, the length of the code that they begin with (0: none), and its value
/**
 * @param {Uint8Array} table
 * @returns {HuffmanCodes}
 */
const codesOf = (table) => {
  const length = new Uint8Array(1 << WINDOW),
    value = new Uint8Array(1 << WINDOW);
  let at = 0,
    taken = WINDOW;
  for (let size = 1; size <= WINDOW; size += 1) {
    for (let left = table[size - 1]; left > 0; left -= 1) {
      const width = 1 << (WINDOW - size);
      length.fill(size, at, at + width);
      value.fill(table[taken], at, at + width);
      at += width;
      taken += 1;
    }
  }
  return { length, value };
};

// bytes of a part between two restarts that hold its units; all of them where it is cut off before
/**
 * @param {Uint8Array} data
 * @param {{ mean: HuffmanCodes, rest: HuffmanCodes }[]} blocks
 * @param {number} units
 */
const used = (data, blocks, units) => {
  const end = 8 * data.length;
  let at = 0;
  const window = () => {
    const byte = at >> 3;
    return (
      ((((data[byte] ?? 0) << 16) | ((data[byte + 1] ?? 0) << 8) | (data[byte + 2] ?? 0)) >> (8 - (at & 7))) & 0xffff
    );
  };
  const wrong = () => {
    if (at < end - WINDOW) throw new Error("its picture has a code that there is not");
    return data.length;
  };
  for (let unit = 0; unit < units && at < end; unit += 1) {
    for (const { mean, rest } of blocks) {
      let bits = window();
      if (!mean.length[bits]) return wrong();
      at += mean.length[bits] + mean.value[bits];
      let covered = 1,
        ended = false;
      while (covered < BLOCK && !ended) {
        bits = window();
        if (!rest.length[bits]) return wrong();
        const run = rest.value[bits] >> 4,
          size = rest.value[bits] & 15;
        at += rest.length[bits] + size;
        if (size || run === 15) covered += run + 1;
        else ended = true;
      }
      if (covered > BLOCK) return wrong();
    }
  }
  return Math.min(Math.ceil(at / 8), data.length);
};

/** @param {Uint8Array} part */
const plain = (part) => part.filter((byte, at) => byte !== 0 || part[at - 1] !== 0xff);
/** @param {Uint8Array} data */
const stuffed = (data) => {
  const made = new Uint8Array(data.length + data.reduce((count, byte) => count + (byte === 0xff ? 1 : 0), 0));
  let at = 0;
  for (const byte of data) {
    made[at] = byte;
    at += byte === 0xff ? 2 : 1;
  }
  return made;
};
// the scan without what stands behind its last block, and before its restarts
/**
 * @param {Uint8Array} scan
 * @param {{ blocks: Uint8Array[][], units: number, every: number }} other
 */
export const cut = (scan, { blocks, units, every }) => {
  const tables = new Map();
  /**
   * @param {Uint8Array} table
   * @returns {HuffmanCodes}
   */
  const codes = (table) => {
    if (!tables.has(table)) tables.set(table, codesOf(table));
    return tables.get(table);
  };
  const followed = blocks.map(([mean, rest]) => ({ mean: codes(mean), rest: codes(rest) }));
  /** @type {Uint8Array[]} */
  const kept = [];
  let left = units;
  for (let from = 0; from <= scan.length; ) {
    let end = from;
    while (end < scan.length && !(scan[end] === 0xff && scan[end + 1] !== 0)) end += 1;
    const data = plain(scan.subarray(from, end));
    kept.push(
      stuffed(data.subarray(0, used(data, followed, Math.min(every || left, left)))),
      scan.subarray(end, end + 2),
    );
    left -= every;
    from = end + 2;
  }
  const whole = new Uint8Array(kept.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of kept) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};
